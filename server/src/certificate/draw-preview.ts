import { readFile } from 'node:fs/promises'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { escaped } from '../internal/escaped.ts'
import * as Fonts from './Fonts.ts'

/** What other sites show of a link to a badge. It is kept there for ever: so it names no person. */
export type Preview = {
  readonly name: string
  readonly issuer: string
  /** A PNG. */
  readonly image: Uint8Array
}

/** As large as sites show it at most, in pixels. */
export const size = { width: 1_200, height: 630 } as const

const left = 520
const right = 1_130
/** How large a name may be, in pixels, and on how many lines; the smaller, the more. */
const settings = [
  { size: 76, lines: 2 },
  { size: 60, lines: 3 },
  { size: 48, lines: 4 },
] as const

/** Draws a preview as a PNG. The same preview gives the same bytes. */
export async function drawPreview({ name, issuer, image }: Preview): Promise<Uint8Array> {
  const [fonts] = await Promise.all([Fonts.load(), ready()])
  const fitting = settings.map(({ size, lines }) => ({ size, all: wrap(fonts.bold, name, size), lines }))
  const chosen = fitting.find(({ all, lines }) => all.length <= lines) ?? fitting.at(-1)
  if (chosen === undefined) throw new TypeError('There is a setting')
  const lines = shorten(chosen.all, chosen.lines)
  const leading = chosen.size * 1.2
  const top = size.height / 2 - (leading * (lines.length - 1)) / 2 + chosen.size * 0.1
  const [by = ''] = shorten(wrap(fonts.regular, issuer, 32), 1)
  // Each line begins where its reader does.
  const begin = (line: string) =>
    /^[^\p{L}]*[\p{sc=Arab}\p{sc=Hebr}]/u.test(line) ? `x="${right}" text-anchor="end"` : `x="${left}"`
  const text = lines.map((line, i) => `<text ${begin(line)} y="${top + i * leading}">${escaped(line)}</text>`).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}">
<rect width="100%" height="100%" fill="#f6f4ee"/>
<rect width="460" height="100%" fill="#17463f"/>
<image x="70" y="155" width="320" height="320" href="data:image/png;base64,${Buffer.from(image).toString('base64')}"/>
<g font-family="Noto Serif" font-weight="700" font-size="${chosen.size}" fill="#17211f">${text}</g>
<text ${begin(by)} y="${top + lines.length * leading + 12}" font-family="Noto Serif" font-size="32" fill="#54605c">${escaped(by)}</text>
</svg>`
  const faces = [...fonts.regular, ...fonts.bold].map(({ bytes }) => bytes)
  const drawing = new Resvg(svg, { font: { fontBuffers: faces, defaultFontFamily: 'Noto Serif' } })
  try {
    const picture = drawing.render()
    try {
      return picture.asPng()
    } finally {
      picture.free()
    }
  } finally {
    drawing.free()
  }
}

let initialised: Promise<void> | undefined

function ready(): Promise<void> {
  initialised ??= readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))).then(initWasm)
  return initialised
}

/** A text on lines between two blanks, or within a word where that alone is too long. */
function wrap(faces: readonly Fonts.Face[], text: string, size: number): readonly string[] {
  const most = (right - left) / size
  const width = (part: string) =>
    [...Fonts.clusters.segment(part)].reduce(
      (sum, { segment }) => sum + (Fonts.find(faces, segment) ?? (faces[0] as Fonts.Face)).width(segment),
      0,
    )
  const lines: string[] = []
  let line = ''
  for (const word of Fonts.printable(faces, text).split(/\s+/).filter(Boolean)) {
    for (const part of width(word) <= most ? [word] : pieces(word)) {
      const longer = line === '' ? part : `${line} ${part}`
      if (width(longer) <= most) line = longer
      else {
        if (line !== '') lines.push(line)
        line = part
      }
    }
    // More is shown by nobody.
    if (lines.length > 8) break
  }
  return line === '' ? lines : [...lines, line]

  function pieces(word: string): readonly string[] {
    const found: string[] = ['']
    for (const { segment } of Fonts.clusters.segment(word)) {
      const last = found.at(-1) ?? ''
      if (width(last + segment) <= most) found[found.length - 1] = last + segment
      else found.push(segment)
      if (found.length > 8) break
    }
    return found
  }
}

function shorten(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]?.slice(0, -1)}…`]
}
