import * as Errors from '@laurel/core/Errors'
import { type BatchStore, type Lease, LeaseLostError } from '../ports/BatchStore.ts'
import { owner } from './owner.ts'

/** What somebody holds who lets no worker work: the keys change under them. */
export const rotation = 'rotation'

/** How the leases begin that workers hold for as long as they are there. */
export const workers = 'worker/'

/** A worker's saying that it is there. */
export type Presence = {
  /** Says so, or renews it. Answers whether the worker may work: not while somebody holds {@link rotation}. */
  readonly hold: () => Promise<boolean>
  readonly end: () => Promise<void>
}

let count = 0

/**
 * Begins to be there. Whoever rotates keys first says so, then looks for workers; a worker first says that it is there,
 * then looks for a rotation. So at least one of the two sees the other.
 *
 * @param leaseTime how long it counts unless it is renewed, in milliseconds
 */
export function begin(
  store: Pick<BatchStore, 'lease' | 'leased' | 'sweep' | 'renew' | 'release'>,
  leaseTime: number,
): Presence {
  const { host, pid } = owner()
  const name = `${workers}${host}/${pid}/${++count}`
  let lease: Lease | undefined
  let renewed = Number.NEGATIVE_INFINITY
  let holding: Promise<boolean> | undefined
  const end = async () => {
    if (lease === undefined) return
    const held = lease
    lease = undefined
    try {
      await store.release(held)
      await store.sweep(name)
    } catch (error) {
      // It runs out by itself.
      if (!(error instanceof Errors.BaseError)) throw error
    }
  }
  const hold = async () => {
    if (lease !== undefined && performance.now() - renewed < leaseTime / 3) return true
    renewed = performance.now()
    try {
      if (lease !== undefined) await store.renew(lease, leaseTime)
      else {
        // Those who were killed have left theirs.
        await store.sweep(workers)
        lease = await store.lease(name, owner(), leaseTime)
      }
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error
      lease = await store.lease(name, owner(), leaseTime)
    }
    if (lease !== undefined && !(await store.leased(rotation))) return true
    await end()
    return false
  }
  return {
    hold: () => {
      holding ??= hold().finally(() => {
        holding = undefined
      })
      return holding
    },
    end,
  }
}
