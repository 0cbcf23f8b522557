import * as Errors from '@laurel/core/Errors'
import * as presented from './checks/presented.ts'
import * as Parts from './inputs/Parts.ts'
import * as Presentation from './inputs/Presentation.ts'
import * as Report from './Report.ts'
import { idOf, listOf } from './Subject.ts'
import { type Options, read, verifyRead } from './verify.ts'

export type PresentationOptions = Options &
  presented.Asked & {
    /** How many credentials may be in it, or in a record; 1,000 where nothing is said. */
    readonly maximumCredentials?: number
  }

/** How many credentials are verified at a time, each of which may have somebody asked. */
const together = 8

/**
 * Gathers the evidence on a verifiable presentation: who presents it, whether that is an answer to this verifier's challenge,
 * and on each credential in it all that `verify` says of it. Nothing is decided here; see `Policy.decidePresentation`.
 *
 * A challenge is good for one presentation: whoever draws it remembers that it was used. Total for any input, as `verify` is.
 *
 * @param input the bytes or the text of a presentation as JSON or as a token
 */
export async function verifyPresentation(
  input: Uint8Array | string,
  options: PresentationOptions,
): Promise<Report.PresentationReport> {
  const opened =
    Presentation.open(input) ??
    Report.failed('PRESENTATION_MISSING', 'It is no verifiable presentation: neither JSON of that type nor a token.')
  if ('outcome' in opened) return { checks: fill({ conforms: opened }), credentials: [] }
  let parts: readonly Parts.Part[]
  try {
    parts = Parts.ofPresentation(opened.document, options.maximumCredentials)
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    return { checks: fill({ conforms: Report.failed(error.code, error.message) }), credentials: [] }
  }
  const { challenge: _, domain: __, maximumCredentials: ___, ...own } = options
  const credentials: Report.PresentationReport['credentials'][number][] = new Array(parts.length)
  const queue = parts.entries()
  const worker = async () => {
    for (const [i, { place, input }] of queue) credentials[i] = { place, report: await verifyRead(read(input), own) }
  }
  await Promise.all(Array.from({ length: together }, worker))
  return { ...(await verifyPresented(opened, parts, options)), credentials }
}

/** The evidence on who presents some credentials, without that on each of them. */
export async function verifyPresented(
  presentation: Presentation.Presentation,
  parts: readonly Parts.Part[],
  options: PresentationOptions,
): Promise<Report.Presented> {
  const conforms = presented.conforms(presentation, options.now)
  if (conforms.outcome !== 'passed') return { checks: fill({ conforms }) }
  const signed = await presented.signed(presentation, options, options)
  if (signed.outcome !== 'passed') return { checks: fill({ conforms, signed }) }
  const holder = presented.holderOf(presentation)
  const answers = presented.answers(presentation, options)
  if (answers.outcome === 'failed') return { ...(holder && { holder }), checks: fill({ conforms, signed, answers }) }
  const bound = presented.holder(holder, options, parts.map(subjectsOf))
  return { ...(holder && { holder }), checks: fill({ conforms, signed, answers, holder: bound }) }
}

function subjectsOf({ input }: Parts.Part): readonly (string | undefined)[] {
  const opened = read(input)
  return 'outcome' in opened ? [] : listOf(opened.value.credentialSubject).map(idOf)
}

function fill(results: Partial<Record<Report.PresentationName, Report.Result>>) {
  return Report.fill(Report.presentationNames, results)
}
