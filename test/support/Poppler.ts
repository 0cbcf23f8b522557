import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A word on a page, and where it stands, in points from the top left. */
export type Word = {
  readonly text: string
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Programs of others that read PDF. */
const programs = ['pdftotext', 'pdfinfo', 'pdfdetach', 'pdftoppm', 'pdffonts'] as const

/** Why PDF cannot be read here; nothing where it can. */
export function missing(): string | undefined {
  const isThere = (program: string) => spawnSync(program, ['-v'], { stdio: 'ignore' }).error === undefined
  return programs.every(isThere) ? undefined : 'poppler-utils is not installed'
}

/** Does something with a file that has these bytes, within a folder of its own. */
function within<result>(bytes: Uint8Array, work: (file: string, folder: string) => result): result {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-pdf-'))
  try {
    const file = join(folder, 'file.pdf')
    writeFileSync(file, bytes)
    return work(file, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = (program: (typeof programs)[number], ...args: readonly string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 })

/** What stands on the pages, as whoever copies it has it. */
export function text(pdf: Uint8Array): string {
  return within(pdf, (file) => run('pdftotext', '-layout', file, '-'))
}

export function words(pdf: Uint8Array): readonly Word[] {
  const page = within(pdf, (file) => run('pdftotext', '-bbox', file, '-'))
  return [
    ...page.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)<\/word>/g),
  ].map(([, left, top, right, bottom, text]) => ({
    text: text as string,
    left: Number(left),
    top: Number(top),
    right: Number(right),
    bottom: Number(bottom),
  }))
}

export function info(pdf: Uint8Array): Readonly<Record<string, string>> {
  const lines = within(pdf, (file) => run('pdfinfo', file)).split('\n')
  return Object.fromEntries(lines.flatMap((line) => [...line.matchAll(/^([^:]+):\s*(.*)$/g)].map(([, a, b]) => [a, b])))
}

/** The names of the fonts, and whether each of them is embedded. */
export function fonts(pdf: Uint8Array): readonly { readonly name: string; readonly embedded: boolean }[] {
  const lines = within(pdf, (file) => run('pdffonts', file))
    .trim()
    .split('\n')
    .slice(2)
  return lines.map((line) => ({
    name: line.split(/\s+/)[0] as string,
    embedded: /\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+/.exec(line)?.[1] === 'yes',
  }))
}

/** The one file that is attached. */
export function attached(pdf: Uint8Array): Uint8Array {
  return within(pdf, (file, folder) => {
    const out = join(folder, 'attached')
    run('pdfdetach', '-save', '1', '-o', out, file)
    return readFileSync(out)
  })
}

/** The first page as pixels, four bytes each. */
export function pixels(
  pdf: Uint8Array,
  dotsPerInch = 150,
): { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number } {
  const bytes = within(pdf, (file, folder) => {
    run('pdftoppm', '-r', String(dotsPerInch), '-singlefile', file, join(folder, 'page'))
    return readFileSync(join(folder, 'page.ppm'))
  })
  const [head = '', width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 40)) ?? []
  const data = new Uint8ClampedArray(Number(width) * Number(height) * 4).fill(255)
  for (let from = head.length, to = 0; from < bytes.length; from += 3, to += 4)
    data.set(bytes.subarray(from, from + 3), to)
  return { data, width: Number(width), height: Number(height) }
}
