import * as Errors from '@laurel/core/Errors'
import * as Tree from '@laurel/core/Tree'
import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'
import * as Document from '../Document.ts'
import { crashpoint } from '../internal/crashpoint.ts'

/** How many documents are verified at a time: enough to keep the chain's answers coming. */
const together = 8

/**
 * Stamps out every credential with both proofs and verifies each as a stranger would, against the real chain. Not one
 * of a batch is delivered unless all of it is accepted.
 *
 * If we die right after it: nothing is lost, as nothing but the state was stored; 9-deliver stamps the same bytes again.
 */
export async function assemble(
  batch: Batch.Final,
  { store, createJudge, progress, lease }: Working<'store' | 'createJudge' | 'progress'>,
): Promise<Batch.Batch> {
  const recipients = Document.allPlaced(await store.recipients(batch.id))
  const tree = Document.tree(recipients)
  const stamp = Document.stamp(batch)
  const judge = createJudge()
  let done = 0
  const rest = recipients.values()
  const verifyRest = async () => {
    for (const recipient of rest) {
      const refusal = await judge(Document.text(stamp, batch, recipient, Tree.path(tree, recipient.position)))
      if (refusal !== undefined) throw new RefusedError(batch.id, recipient.draft.credentialId, refusal)
      progress({ batch: batch.id, step: 'assemble', done: ++done, total: batch.size })
    }
  }
  await Promise.all(Array.from({ length: together }, verifyRest))
  crashpoint('assemble:before-save')
  const assembled = await store.move(batch, 'assembled', null, lease)
  crashpoint('assemble:after-save')
  return assembled
}

/** Thrown when a credential that was about to be delivered would not be accepted by a verifier. */
export class RefusedError extends Errors.BaseError<'SELF_CHECK_FAILED'> {
  override readonly name = 'assemble.RefusedError'
  constructor(batch: string, credentialId: string, refusal: { check: string; code: string; message: string }) {
    super('SELF_CHECK_FAILED', `A credential does not verify (${refusal.check}, ${refusal.code}): ${refusal.message}`, {
      facts: { batch, credentialId, check: refusal.check, verdict: refusal.code },
    })
  }
}
