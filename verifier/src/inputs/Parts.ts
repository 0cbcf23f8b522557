import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'

/** A credential in a document that holds several: where it stands (JSON Pointer), and what is to be verified. */
export type Part = { readonly place: string; readonly input: string }

/** How many credentials a document may hold. */
const maximumParts = 1_000

/**
 * The credentials in a verifiable presentation (Data Model 2.0 §4.13), each to be verified by itself.
 *
 * @throws {PartsError} PARTS_LIMIT
 */
export function ofPresentation({ verifiableCredential }: Json.Object, most = maximumParts): readonly Part[] {
  return parts(verifiableCredential, '/verifiableCredential', most)
}

/**
 * The credentials embedded in a Comprehensive Learner Record 2.0, which has a signature of its own as well. None of any other
 * document.
 *
 * @throws {PartsError} PARTS_LIMIT
 */
export function ofRecord(document: Json.Object, most = maximumParts): readonly Part[] {
  const subject = document.credentialSubject
  return isOf(document, 'ClrCredential') && Json.isObject(subject)
    ? parts(subject.verifiableCredential, '/credentialSubject/verifiableCredential', most)
    : []
}

/** Whether a document is of a type, among others or alone. */
export function isOf({ type }: Json.Object, name: string): boolean {
  return type === name || (Json.isArray(type) && type.includes(name))
}

function parts(value: Json.Value | undefined, place: string, most: number): readonly Part[] {
  if (value === undefined) return []
  if (!Json.isArray(value)) return [{ place, input: inputOf(value) }]
  if (value.length > most) throw new PartsError(most)
  return value.map((item, i) => ({ place: `${place}/${i}`, input: inputOf(item) }))
}

/** An enveloped credential is a `data:` URL (§4.12.1); older presentations have the token itself. */
function inputOf(value: Json.Value): string {
  const token = typeof value === 'string' ? value : envelope(value)
  return token ?? JSON.stringify(value)
}

function envelope(value: Json.Value): string | undefined {
  return Json.isObject(value) && isOf(value, 'EnvelopedVerifiableCredential') ? enveloped(value) : undefined
}

/** The token in the `data:` URL of what is enveloped. */
export function enveloped({ id }: Json.Object): string | undefined {
  if (typeof id !== 'string') return undefined
  return /^data:application\/(?:v[cp]\+)?(?:ld\+)?(?:jwt|json\+jwt)(?:;[^,]*)?,(.+)$/s.exec(id)?.[1]
}

/** Thrown when a document holds more credentials than one may. */
export class PartsError extends Errors.BaseError<'PARTS_LIMIT'> {
  override readonly name = 'Parts.PartsError'
  constructor(most: number) {
    super('PARTS_LIMIT', `More than ${most} credentials are in one document.`)
  }
}
