import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as KeepsakeFormat from '@laurel/core/Keepsake'
import * as Parts from './inputs/Parts.ts'
import * as Presentation from './inputs/Presentation.ts'
import * as Report from './Report.ts'
import { type Options, read, verifyRead } from './verify.ts'
import { type PresentationOptions, verifyPresented } from './verify-presentation.ts'

/** The evidence on one of the credentials that a document holds. */
export type Finding = {
  /** Where in the document it stands (JSON Pointer); absent where it is the document itself. */
  readonly place?: string
  readonly report: Report.Report
  /** The credential as it was read, whatever the report says of it; absent where there is none to be read. */
  readonly credential?: Json.Object
}

/** The evidence on a document: on who presents what is in it, where somebody does, and on the credentials that it holds. */
export type Findings = { readonly presented?: Report.Presented; readonly findings: readonly Finding[] }

/**
 * Gathers the evidence on the credentials that a document holds: on those of a presentation, on a record as a whole and on
 * those in it, on any other document alone. One finding at least. See `verify`.
 */
export async function verifyEach(input: Uint8Array | string, options: Options): Promise<readonly Finding[]> {
  const { findings } = await verifyDocument(input, options)
  return findings.length > 0 ? findings : [await find(read(input), options)]
}

/**
 * The same, and the evidence on who presents them. A presentation that nobody has signed is a bundle: of it nothing is said,
 * unless it was to answer something.
 */
export async function verifyDocument(input: Uint8Array | string, options: PresentationOptions): Promise<Findings> {
  const presentation = Presentation.open(input)
  if (presentation !== undefined && 'outcome' in presentation) return { findings: [await find(presentation, options)] }
  const opened = read(input)
  let parts: readonly Parts.Part[]
  try {
    parts =
      presentation === undefined
        ? partsOf(opened, options.maximumCredentials)
        : Parts.ofPresentation(presentation.document, options.maximumCredentials)
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    return { findings: [await find(Report.failed(error.code, error.message), options)] }
  }
  const { challenge, domain } = options
  const isBundle = presentation !== undefined && !Presentation.isSigned(presentation)
  const isAsked = challenge !== undefined || domain !== undefined
  const presented =
    presentation === undefined || (isBundle && !isAsked)
      ? undefined
      : await verifyPresented(presentation, parts, options)
  const findings: Finding[] = []
  if (presentation === undefined || (parts.length === 0 && presented === undefined))
    findings.push(await find(opened, options))
  for (const { place, input } of parts) findings.push({ place, ...(await find(read(input), options)) })
  return { ...(presented && { presented }), findings }
}

/** What is in a record. */
function partsOf(opened: ReturnType<typeof read>, most?: number): readonly Parts.Part[] {
  return 'outcome' in opened ? [] : Parts.ofRecord(opened.value, most)
}

async function find(opened: ReturnType<typeof read>, options: Options): Promise<Finding> {
  const report = await verifyRead(opened, options)
  const value = 'outcome' in opened ? undefined : opened.value
  const credential = value !== undefined && KeepsakeFormat.isKeepsake(value) ? value.credential : value
  return { report, ...(Json.isObject(credential) && { credential }) }
}
