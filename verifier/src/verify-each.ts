import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as KeepsakeFormat from '@laurel/core/Keepsake'
import * as Parts from './inputs/Parts.ts'
import * as Report from './Report.ts'
import { type Options, read, verifyRead } from './verify.ts'

/** The evidence on one of the credentials that a document holds. */
export type Finding = {
  /** Where in the document it stands (JSON Pointer); absent where it is the document itself. */
  readonly place?: string
  readonly report: Report.Report
  /** The credential as it was read, whatever the report says of it; absent where there is none to be read. */
  readonly credential?: Json.Object
}

/**
 * Gathers the evidence on a document and on the credentials that it holds: on those of a presentation, on a record as a
 * whole and on those in it, on any other document alone. One finding at least. See `verify`.
 */
export async function verifyEach(input: Uint8Array | string, options: Options): Promise<readonly Finding[]> {
  let bundle: ReturnType<typeof Parts.of>
  try {
    bundle = Parts.of(input)
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    return [await find(Report.failed(error.code, error.message), options)]
  }
  const parts = bundle?.parts ?? []
  const findings: Finding[] = []
  if (bundle?.kind !== 'presentation' || parts.length === 0) findings.push(await find(read(input), options))
  for (const { place, input } of parts) findings.push({ place, ...(await find(read(input), options)) })
  return findings
}

async function find(opened: ReturnType<typeof read>, options: Options): Promise<Finding> {
  const report = await verifyRead(opened, options)
  const value = 'outcome' in opened ? undefined : opened.value
  const credential = value !== undefined && KeepsakeFormat.isKeepsake(value) ? value.credential : value
  return { report, ...(Json.isObject(credential) && { credential }) }
}
