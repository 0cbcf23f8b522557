import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import type * as Json from '@laurel/core/Json'
import type { Context } from '../Context.ts'
import { together } from '../internal/together.ts'

/** What was forgotten at one time, without a word of whom. */
export type Erasure = {
  /** A UUID. */
  readonly id: string
  /** In milliseconds since 1970. */
  readonly at: number
  readonly credentials: readonly Erased[]
  /** How many orders and rows of rosters there were that never became credentials, and badges of others. */
  readonly others: number
  /** Signed once nothing is left; `null` until then. */
  readonly receipt: Json.Object | null
}

/** A credential of which its id, its leaf and its place in a status list are left. */
export type Erased = {
  /** `urn:uuid:`… */
  readonly id: string
  readonly batch: string
  readonly row: number
  readonly revoked: boolean
  /** Whether its learner was given a ticket: then there may be a token, which is on a chain for good unless it is burnt. */
  readonly redeemable: boolean
}

/** What erasure has destroyed, and what it leaves, as receipts say it. */
export const destroyed = [
  'name, addresses, identifiers and results',
  'secret: blind, salt and claim key follow from it',
  'signature and document digest',
  'files, images and tickets kept by the issuer',
  'orders, reasons and receipts of requests',
  'badges of others that were imported',
] as const
export const kept = [
  'id of the credential',
  'leaf, on which the proofs of others rest',
  'place in its status list',
] as const

/**
 * The receipt of an erasure: what its issuer declares, signed with its credential key (`eddsa-jcs-2022`) for anybody to
 * verify by the issuer's DID document. It has ids and nothing about a person.
 *
 * @param now milliseconds since 1970
 */
export async function receipt(
  { id, at, credentials, others }: Erasure,
  now: number,
  { identity, credentialSigner }: Pick<Context, 'identity' | 'credentialSigner'>,
): Promise<Json.Object> {
  const document = {
    type: 'LaurelErasureReceipt',
    version: 1,
    id: `urn:uuid:${id}`,
    issuer: identity.id,
    asked: new Date(at).toISOString(),
    finished: new Date(now).toISOString(),
    credentials: credentials.map(({ id, revoked }) => ({ id, revoked })),
    others,
    destroyed: [...destroyed],
    kept: [...kept],
  }
  const created = DateTimeStamp.fromSeconds(Math.floor(now / 1_000))
  const options = { created, verificationMethod: identity.verificationMethod }
  const proof = await DataIntegrity.createJcs(document, options, together(credentialSigner.sign))
  return { ...document, proof: proof as unknown as Json.Object }
}
