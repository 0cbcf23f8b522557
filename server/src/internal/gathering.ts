import type * as Batch from '../Batch.ts'
import type { Working } from '../Context.ts'

/** How long a batch waits for others whose roots may go out with its own, in milliseconds. */
const patience = 5_000

/**
 * Whether a batch had better wait for others of its account that are in one of these stages, so that their roots go out in
 * one transaction. Never for long.
 */
export async function gathering(
  batch: Batch.Rooted,
  stages: readonly Batch.State[],
  { store, clock }: Working<'store' | 'clock'>,
): Promise<boolean> {
  if (clock.now() - rootedAt(batch) >= patience) return false
  return store.othersIn(stages, batch)
}

/** When the root was fixed, to the second, in milliseconds since 1970. */
function rootedAt({ anchoring }: Batch.Rooted): number {
  const { created } = JSON.parse(anchoring.manifest) as { readonly created: string }
  return Date.parse(created)
}
