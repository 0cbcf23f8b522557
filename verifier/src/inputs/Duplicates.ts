import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import { idOf } from '../Subject.ts'

/** What of a credential is compared. */
export type Traits = {
  /** Of all that it says and of its proofs. */
  readonly digest: Bytes.Hex
  readonly id: string | undefined
  /** Who awards what to whom; `undefined` where that cannot be told. */
  readonly award: string | undefined
}

/** What one of several is like, by their names. */
export type Likeness = {
  /** The first that is the same credential, be it written or baked otherwise. */
  readonly duplicateOf?: string
  /** The first that has the same id, or is about the same award, but is another credential. */
  readonly similarTo?: string
}

/** What is compared of a document. */
export function traits(document: Json.Object): Traits {
  const { id, issuer, credentialSubject: subject } = document
  const achievement = Json.isObject(subject) ? idOf(subject.achievement) : undefined
  const recipient = Json.isObject(subject) ? (subject.id ?? subject.identifier) : undefined
  const award =
    achievement === undefined || recipient === undefined
      ? undefined
      : Jcs.text([idOf(issuer) ?? null, achievement, recipient])
  return { digest: Bytes.toHex(Jcs.digest(document)), id: typeof id === 'string' ? id : undefined, award }
}

/** Compares many, in order; of those that are nothing to compare, nothing is said. */
export function find(
  all: readonly { readonly name: string; readonly traits: Traits | undefined }[],
): readonly Likeness[] {
  const first = { digest: new Map<string, string>(), id: new Map<string, string>(), award: new Map<string, string>() }
  return all.map(({ name, traits }) => {
    if (traits === undefined) return {}
    const seen = (kind: keyof typeof first) => {
      const value = traits[kind]
      if (value === undefined) return undefined
      const other = first[kind].get(value)
      if (other === undefined) first[kind].set(value, name)
      return other
    }
    const [duplicateOf, sameId, sameAward] = [seen('digest'), seen('id'), seen('award')]
    if (duplicateOf !== undefined) return { duplicateOf }
    const similarTo = sameId ?? sameAward
    return similarTo === undefined ? {} : { similarTo }
  })
}
