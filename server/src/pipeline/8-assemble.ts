import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import * as Block from '../Block.ts'
import type { Working } from '../Context.ts'
import { ahead, range, unless } from '../internal/ahead.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Refused } from '../ports/Press.ts'

/** After how many blocks it is written down how far the verification is. */
const stretch = 16

/**
 * Stamps out every credential with both proofs and verifies each as a stranger would, against the real chain. Not one
 * of a batch is delivered unless all of it is accepted.
 *
 * If we die right after it: nothing is lost, as nothing but the state was stored; 9-deliver stamps the same bytes again.
 * In its midst: it goes on from the last block that was written down. Another anchor begins from the first.
 *
 * @throws {UnsettledError} ANCHOR_UNSETTLED, and {@link RefusedError} SELF_CHECK_FAILED
 */
export async function assemble(
  batch: Batch.Final,
  { store, press, progress, lease, isOver }: Working<'store' | 'press' | 'progress'>,
): Promise<Batch.Batch> {
  const blocks = Block.count(batch.size)
  let done = batch.checked
  const tell = () =>
    progress({ batch: batch.id, step: 'assemble', done: Math.min(done * Block.size, batch.size), total: batch.size })
  tell()
  const rest = unless(isOver, range(done, blocks))
  for await (const refused of ahead(rest, press.width, (place) => press.judge(batch, place))) {
    if (refused?.check === 'anchored') throw new UnsettledError(batch.id, refused)
    if (refused !== undefined) throw new RefusedError(batch.id, refused)
    done++
    tell()
    if (done % stretch !== 0 && done < blocks) continue
    await store.check(batch, done, lease)
    crashpoint('assemble:after-some')
  }
  if (done < blocks) {
    await store.check(batch, done, lease)
    return batch
  }
  crashpoint('assemble:before-save')
  const assembled = await store.move(batch, 'assembled', null, lease)
  crashpoint('assemble:after-save')
  return assembled
}

/**
 * Thrown when the chain does not show the anchor to whoever verifies: it is out of reach, behind, or has just gone back. That
 * is no fault of a document, and is asked again.
 */
export class UnsettledError extends Errors.BaseError<'ANCHOR_UNSETTLED'> {
  override readonly name = 'assemble.UnsettledError'
  constructor(batch: string, { code, message }: Refused) {
    super('ANCHOR_UNSETTLED', `The chain does not show the anchor at the moment (${code}): ${message}`, {
      facts: { batch, verdict: code },
    })
  }
}

/** Thrown when a credential that was about to be delivered would not be accepted by a verifier. */
export class RefusedError extends Errors.BaseError<'SELF_CHECK_FAILED'> {
  override readonly name = 'assemble.RefusedError'
  constructor(batch: string, { check, code, message, credentialId }: Refused) {
    super('SELF_CHECK_FAILED', `A credential does not verify (${check}, ${code}): ${message}`, {
      facts: { batch, credentialId, check, verdict: code },
    })
  }
}
