import * as Contexts from '@laurel/core/Contexts'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import * as Keys from '../Keys.ts'
import type { Readers } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

/**
 * Whether the issuer signed the document: one `eddsa-rdfc-2022` or `eddsa-jcs-2022` proof (VC EdDSA Cryptosuites 1.0)
 * for the purpose of an assertion, by a key that the issuer's DID document lists for it, and not beyond
 * the day on which the proof expires.
 *
 * @param now in milliseconds since 1970
 */
export async function signed(
  subject: Subject,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
  now: number,
): Promise<Result> {
  const { issuer, signatures, anchors } = subject
  const [proof, second] = signatures
  if (proof === undefined) return failed('PROOF_MISSING', 'It carries no signature.')
  // A set of several signatures has rules of its own, which nobody here has checked.
  if (second !== undefined) return unknown('PROOF_SEVERAL', 'It carries several signatures, which are not judged here.')
  const suite = proof.cryptosuite
  if (proof.type !== 'DataIntegrityProof' || (suite !== 'eddsa-rdfc-2022' && suite !== 'eddsa-jcs-2022'))
    return unknown('PROOF_UNSUPPORTED', 'It is signed in a way that this verifier does not know.')
  if (anchors.length > 0 && suite !== 'eddsa-rdfc-2022')
    return failed('PROOF_OPTIONS', 'An anchored credential is signed with eddsa-rdfc-2022.')
  if (proof.proofPurpose !== 'assertionMethod' || typeof proof.verificationMethod !== 'string')
    return failed('PROOF_OPTIONS', 'Its signature was not made to assert something.')

  if (typeof proof.expires === 'string' && now > DateTimeStamp.toMilliseconds(proof.expires))
    return failed('PROOF_EXPIRED', `Its signature was good until ${proof.expires}.`)

  const key = await Keys.find(proof.verificationMethod, issuer, trust, readers)
  switch (key.kind) {
    case 'foreign':
      return failed('KEY_FOREIGN', 'It is signed with a key that is not the issuer’s.')
    case 'unresolved':
      return unknown('KEY_UNAVAILABLE', 'The issuer’s keys cannot be had at the moment.')
    case 'unlisted':
      return unknown('KEY_UNKNOWN', 'The issuer does not list the key that signed it.')
    case 'unauthorised':
      return failed('KEY_NOT_AUTHORISED', 'The issuer does not use the key that signed it for assertions.')
    case 'found':
      return verify(subject, proof, key.publicKey)
  }
}

function verify({ document, unsecured }: Subject, proof: Json.Object, publicKey: Uint8Array): Result {
  try {
    const isValid =
      proof.cryptosuite === 'eddsa-jcs-2022'
        ? DataIntegrity.verifyJcs(document, proof, publicKey)
        : DataIntegrity.verifyRdfc(document, proof, publicKey, unsecured)
    return isValid
      ? passed('SIGNED', 'The issuer signed it, and nothing was changed since.')
      : failed('PROOF_INVALID', 'It was changed after it was signed, or the signature is not the issuer’s.')
  } catch (error) {
    // What cannot be brought into canonical form was not signed in it; a damaged copy of a context is our own fault.
    if (error instanceof Contexts.DigestError) return unknown(error.code, error.message)
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
}
