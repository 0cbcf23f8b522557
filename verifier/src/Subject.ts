import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Json from '@laurel/core/Json'
import * as Repertoire from '@laurel/core/Repertoire'
import * as UnsecuredDocument from '@laurel/core/UnsecuredDocument'
import type { Envelope } from './Jwt.ts'
import * as Memory from './Memory.ts'

/** A document that conforms, taken apart. Only what `conforms` has passed may be read like this. */
export type Subject = {
  readonly document: Json.Object
  readonly issuer: string
  /** The proofs that somebody signed, in order. */
  readonly signatures: readonly Json.Object[]
  /** The merkle proofs, in order. */
  readonly anchors: readonly Json.Object[]
  /** The token that it came in. */
  readonly envelope: Envelope | undefined
  /** The document without its proofs, brought into statements by the first check that asks for them. */
  readonly unsecured: () => UnsecuredDocument.UnsecuredDocument
}

/** Takes a conforming document apart, and with it the token that it came in. */
export function read(document: Json.Object, envelope?: Envelope): Subject {
  const proofs = proofsOf(document)
  return {
    document,
    issuer: idOf(document.issuer) ?? '',
    signatures: proofs.filter((proof) => !AnchorProof.isAnchorProof(proof)),
    anchors: proofs.filter(AnchorProof.isAnchorProof),
    envelope,
    unsecured: () => unsecured(document),
  }
}

/** The document without its proofs, read once. What is made of it goes by what was met before. */
export const unsecured = Memory.once((document: Json.Object) => UnsecuredDocument.read(document, repertoire))

const repertoire = Repertoire.create()

/** The id of what is named, or described, by an id. */
export function idOf(value: Json.Value | undefined): string | undefined {
  const id = Json.isObject(value) ? value.id : value
  return typeof id === 'string' ? id : undefined
}

/** What stands in a member that may have one value or several. */
export function listOf(value: Json.Value | undefined): readonly Json.Value[] {
  return Json.isArray(value) ? value : value === undefined ? [] : [value]
}

/** The proofs of a document, in order. */
export function proofsOf({ proof }: Json.Object): readonly Json.Object[] {
  return listOf(proof).filter(Json.isObject)
}
