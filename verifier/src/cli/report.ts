import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import * as Report from '../Report.ts'
import type { Verified } from './output.ts'
import * as pdf from './pdf.ts'
import * as signature from './pdf-signature.ts'
import { ReportError } from './report-error.ts'

/** How a report is written, by the ending of its file's name; one in PDF is drawn, and may be signed. */
const texts: Readonly<Record<string, (all: readonly Verified[]) => string>> = { csv, json }

/** What a row says before its checks. */
const columns = [
  'file',
  'verdict',
  'code',
  'message',
  'credentialId',
  'issuer',
  'achievement',
  'holder',
  'duplicateOf',
  'similarTo',
] as const

/** How the report at a path is written. */
export type Format = (all: readonly Verified[]) => Promise<string | Uint8Array>

/** What a report in PDF may have beside. */
export type Extras = { readonly key?: string; readonly passphraseFile?: string; readonly font?: string }

/**
 * How the report at a path is written. What it is to be drawn and signed with is tried here, before anything is verified.
 *
 * @throws {ReportError} REPORT_FORMAT for a name that ends in neither .csv, .json nor .pdf, and for a key where nothing is
 *   signed; REPORT_KEY, REPORT_FONT, REPORT_PACKAGES
 */
export async function formatOf(path: string, { key, passphraseFile, font }: Extras): Promise<Format> {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  if (ending === 'pdf') {
    const signer = key === undefined ? undefined : await signature.open(key, passphraseFile)
    const drawn = font === undefined ? {} : { font }
    await pdf.draw([], { now: 0, ...drawn })
    return (all) => pdf.draw(all, { now: Date.now(), ...drawn, ...(signer && { signer }) })
  }
  const text = texts[ending]
  if (text === undefined) throw new ReportError('REPORT_FORMAT', 'The name of a report ends in .csv, .json or .pdf.')
  if (key !== undefined) throw new ReportError('REPORT_FORMAT', 'Only a report whose name ends in .pdf is signed.')
  return async (all) => text(all)
}

/**
 * Writes the report in place of an earlier one. It is seen under its name once it is whole; a crash before that leaves the
 * earlier one, and a file beside it.
 *
 * @throws {ReportError} REPORT_UNWRITABLE
 */
export async function write(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, content, { flag: 'wx' })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new ReportError('REPORT_UNWRITABLE', `The report ${path} cannot be written.`, cause)
  }
}

function json(all: readonly Verified[]): string {
  return `${JSON.stringify(
    all.map((each) => ({ ...row(each), checks: each.report.checks })),
    null,
    2,
  )}\n`
}

/** RFC 4180, with a column for each check. */
function csv(all: readonly Verified[]): string {
  const head = [...columns, ...Report.names]
  const lines = all.map((each) => {
    const cells: Readonly<Record<string, string | undefined>> = row(each)
    const checks = new Map(each.report.checks.map(({ check, outcome, code }) => [check, `${outcome} ${code}`]))
    return [...columns.map((name) => cells[name] ?? ''), ...Report.names.map((name) => checks.get(name) ?? '')]
  })
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

function row({
  file,
  report,
  decision,
  likeness,
}: Verified): Readonly<Partial<Record<(typeof columns)[number], string>>> {
  const { verdict, code, message } = decision
  const { credentialId, issuer, achievement, holder } = report
  return {
    file,
    verdict,
    code,
    message,
    ...(credentialId === undefined ? {} : { credentialId }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(achievement === undefined ? {} : { achievement }),
    ...(holder === undefined ? {} : { holder }),
    ...likeness,
  }
}

/** What comes out of a document must not be run by a spreadsheet: it takes what begins like this for a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
