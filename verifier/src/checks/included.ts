import * as Bytes from '@laurel/core/Bytes'
import * as Commitment from '@laurel/core/Commitment'
import * as Errors from '@laurel/core/Errors'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type { Anchor } from '../Anchor.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'

/**
 * Whether the credential, with the signature that the merkle proof names, leads by its path to the root, and stands at a
 * place that a batch of the declared size has.
 */
export async function included({ document, signatures, unsecured }: Subject, anchor: Anchor): Promise<Result> {
  const { proof, opened, manifest } = anchor
  if (signatures[0]?.id !== proof.previousProof)
    return failed('PROOF_PREVIOUS', 'The anchor does not name the signature of this credential.')
  let digest: Uint8Array
  try {
    digest = Commitment.documentDigest(document, proof.previousProof, unsecured)
  } catch (error) {
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
  if (!Bytes.equals(digest, proof.documentDigest))
    return failed('MERKLE_INVALID', 'The anchor was made for another document.')
  if (!Bytes.equals(InclusionProof.fold(digest, proof.path), proof.root))
    return failed('MERKLE_INVALID', 'Its path does not lead to the root of the batch.')
  if (manifest === undefined)
    return unknown('MANIFEST_UNAVAILABLE', 'The description of its batch cannot be had at the moment.')
  if (InclusionProof.position(opened.treePath, manifest.size) === undefined)
    return failed('MERKLE_POSITION', 'It stands at a place that a batch of the declared size does not have.')
  return passed('INCLUDED', 'It is part of the batch that was anchored.')
}
