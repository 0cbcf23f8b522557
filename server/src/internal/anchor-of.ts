import type * as Bytes from '@laurel/core/Bytes'
import type * as Batch from '../Batch.ts'
import type { Intent } from '../ports/TransactionStore.ts'

/** That a batch's root is to be anchored. */
export function anchorOf({
  terms: { chainId, account, registry },
  root,
}: {
  readonly terms: Pick<Batch.Terms, 'chainId' | 'account' | 'registry'>
  readonly root: Bytes.Hex
}): Intent {
  return { chainId, account, to: registry, data: root, purpose: 'anchor', subject: root }
}
