import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'

/** A credential in a document that holds several: where it stands (JSON Pointer), and what is to be verified. */
export type Part = { readonly place: string; readonly input: string }

/** How many credentials a document may hold. */
const most = 1_000

/**
 * The credentials that a document holds: those of a verifiable presentation (Data Model 2.0 §4.13), and those embedded in
 * a Comprehensive Learner Record 2.0, which has a signature of its own as well. None of any other document.
 *
 * A presentation's own proof, by which its holder shows to be one for a challenge, is nothing that a file can show, and is
 * not looked at.
 *
 * @throws {PartsError} PARTS_LIMIT
 */
export function of(
  input: Uint8Array | string,
): { readonly kind: 'presentation' | 'record'; readonly parts: readonly Part[] } | undefined {
  const document = parse(input)
  if (document === undefined) return undefined
  if (isOf(document, 'VerifiablePresentation'))
    return { kind: 'presentation', parts: parts(document.verifiableCredential, '/verifiableCredential') }
  const subject = document.credentialSubject
  if (isOf(document, 'ClrCredential') && Json.isObject(subject))
    return { kind: 'record', parts: parts(subject.verifiableCredential, '/credentialSubject/verifiableCredential') }
  return undefined
}

function parse(input: Uint8Array | string): Json.Object | undefined {
  // Whatever else is wrong with it stands in its report.
  try {
    return Json.parseObject(input)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function isOf({ type }: Json.Object, name: string): boolean {
  return type === name || (Json.isArray(type) && type.includes(name))
}

function parts(value: Json.Value | undefined, place: string): readonly Part[] {
  if (value === undefined) return []
  if (!Json.isArray(value)) return [{ place, input: inputOf(value) }]
  if (value.length > most) throw new PartsError()
  return value.map((item, i) => ({ place: `${place}/${i}`, input: inputOf(item) }))
}

/** An enveloped credential is a `data:` URL (§4.12.1); older presentations have the token itself. */
function inputOf(value: Json.Value): string {
  const token = typeof value === 'string' ? value : envelope(value)
  return token ?? JSON.stringify(value)
}

function envelope(value: Json.Value): string | undefined {
  if (!Json.isObject(value) || !isOf(value, 'EnvelopedVerifiableCredential') || typeof value.id !== 'string')
    return undefined
  return /^data:application\/(?:vc\+)?(?:ld\+)?(?:jwt|json\+jwt)(?:;[^,]*)?,(.+)$/s.exec(value.id)?.[1]
}

/** Thrown when a document holds more credentials than one may. */
export class PartsError extends Errors.BaseError<'PARTS_LIMIT'> {
  override readonly name = 'Parts.PartsError'
  constructor() {
    super('PARTS_LIMIT', `More than ${most} credentials are in one document.`)
  }
}
