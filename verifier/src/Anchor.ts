import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Errors from '@laurel/core/Errors'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as Memory from './Memory.ts'
import type { Readers } from './Readers.ts'
import { failed, type Result } from './Report.ts'

/** A merkle proof that can be read, with its path taken apart, and the manifest that the path leads to. */
export type Anchor = {
  readonly proof: AnchorProof.Options & AnchorProof.Content
  readonly opened: InclusionProof.Opened
  /** `undefined` where it cannot be had. */
  readonly manifest: Manifest.Manifest | undefined
}

/**
 * Reads a merkle proof and fetches its manifest. What is wrong with either is a failed result: the manifest's bytes are
 * those that the path commits to, so nobody but the issuer can have spoilt them.
 */
export async function read(proof: Json.Object, readers: Pick<Readers, 'content'>): Promise<Anchor | Result> {
  try {
    const parsed = AnchorProof.parse(proof)
    const opened = InclusionProof.open(parsed.path)
    const bytes = await readers.content(opened.manifestDigest)
    return { proof: parsed, opened, manifest: bytes === undefined ? undefined : parse(bytes) }
  } catch (error) {
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
}

const parse = Memory.once(Manifest.parse)

/** Whether reading ended in a result instead of an anchor. */
export function isResult(value: Anchor | Result): value is Result {
  return 'outcome' in value
}
