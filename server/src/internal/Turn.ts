import type { BatchStore, Lease } from '../ports/BatchStore.ts'

/**
 * The time for which a batch is worked on before others have their turn. A long step ends early when it is over, with
 * what was stored until then, and goes on from there in the next.
 */
export type Turn = {
  readonly isOver: () => boolean
  /** No longer watches. */
  readonly end: () => void
}

export type Options = {
  readonly store: Pick<BatchStore, 'renew'>
  readonly lease: Lease
  /** How long a lease lasts unless it is renewed, and how long a turn where others wait, in milliseconds. */
  readonly leaseTime: number
  readonly turnTime: number
  /** Whether others wait. */
  readonly isWaiting: () => Promise<boolean>
  /** Whether the worker is to stop. */
  readonly isStopping: () => Promise<boolean>
}

/** How often it is looked whether a turn is over, in milliseconds. */
const interval = 250

/** Begins a turn, whose lease is renewed for as long as it goes on. */
export function begin({ store, lease, leaseTime, turnTime, isWaiting, isStopping }: Options): Turn {
  const began = performance.now()
  let renewed = began
  let over = false
  let looking = false
  const look = async () => {
    if (looking || over) return
    looking = true
    try {
      if (performance.now() - renewed > leaseTime / 3) {
        await store.renew(lease, leaseTime)
        renewed = performance.now()
      }
      over = (await isStopping()) || (performance.now() - began > turnTime && (await isWaiting()))
    } catch {
      // Whether the lease is lost or the database out of reach: the next change tells.
      over = true
    } finally {
      looking = false
    }
  }
  const timer = setInterval(look, interval)
  timer.unref()
  return {
    isOver: () => over,
    end: () => clearInterval(timer),
  }
}
