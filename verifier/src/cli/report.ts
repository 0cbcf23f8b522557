import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import * as Errors from '@laurel/core/Errors'
import * as Report from '../Report.ts'
import type { Verified } from './output.ts'

/** How a report is written, by the ending of its file's name. */
const formats: Readonly<Record<string, (all: readonly Verified[]) => string>> = { csv, json }

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
export type Format = (all: readonly Verified[]) => string

/** @throws {ReportError} REPORT_FORMAT for a name that ends in neither .csv nor .json */
export function formatOf(path: string): Format {
  const format = formats[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '']
  if (format === undefined) throw new ReportError('REPORT_FORMAT', 'The name of a report ends in .csv or in .json.')
  return format
}

/**
 * Writes the report in place of an earlier one. It is seen under its name once it is whole; a crash before that leaves the
 * earlier one, and a file beside it.
 *
 * @throws {ReportError} REPORT_UNWRITABLE
 */
export async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, text, { flag: 'wx' })
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

/** Thrown when a report cannot be written. */
export class ReportError extends Errors.BaseError<'REPORT_FORMAT' | 'REPORT_UNWRITABLE'> {
  override readonly name = 'report.ReportError'
  constructor(code: ReportError['code'], message: string, cause?: unknown) {
    super(code, message, { cause })
  }
}
