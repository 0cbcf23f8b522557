import { setTimeout as sleep } from 'node:timers/promises'
import * as StatusHistory from '@laurel/core/StatusHistory'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type * as StatusHistoryStore from '../ports/StatusHistoryStore.ts'
import type { StatusRegistry } from '../ports/StatusRegistry.ts'
import { carryOut, type Options } from '../transactions/carry-out.ts'

/** What has to be there to record digests on a chain; the signer's account anchors nothing. */
export type Recording = Pick<Context, 'store' | 'history' | 'issuing'> &
  Options & {
    readonly registry: StatusRegistry
    /** At most one digest of a list is recorded in this time, in milliseconds: what is decided within it goes together. */
    readonly gather: number
  }

/** How often it is looked whether something is to be recorded, in milliseconds. */
const interval = 2_000

/**
 * Records the digests of the lists of this home's issuers on the chain, each when a decision has changed its list and its time of
 * gathering is over, and returns when they are final. Lists that were only signed anew are not recorded again.
 *
 * If we die in its midst: what was planned is carried out by the next run before anything else of its list, so that our
 * history has the order of the chain's; the same digest is one transaction, however often it is asked for.
 *
 * @returns how many were recorded
 * @throws what carrying a transaction out throws
 */
export async function recordDigests(recording: Recording): Promise<number> {
  const { store, history, issuing, clock, chain, signer, registry } = recording
  const recorder = { chainId: chain.chainId, account: signer.address }
  for (const list of await store.lists()) {
    const newest = await history.published(list, clock.now())
    if (newest === undefined || !isDue(newest, await history.last(list, recorder), recording)) continue
    if (!(await issuing.signs(list.issuer))) continue
    await history.plan(newest, list, recorder, clock.now())
    crashpoint('digest:after-plan')
  }
  const planned = await history.planned(recorder)
  for (const each of planned) {
    const call = registry.publication(StatusHistory.listId(each.url), each.digest)
    const intent = { ...recorder, ...call, purpose: 'status', subject: `publish ${each.digest} of ${each.url}` }
    const hash = await carryOut(intent, recording)
    const time = await registry.timeOf(hash)
    // The chain went back after all: the next run carries it out again.
    if (time === undefined) continue
    crashpoint('digest:before-settle')
    await history.settle(each, recorder, hash, time)
    crashpoint('digest:after-settle')
  }
  return planned.length
}

function isDue(
  newest: StatusHistoryStore.Published,
  last: StatusHistoryStore.Planned | undefined,
  { clock, gather }: Recording,
): boolean {
  return last === undefined || (newest.version > last.version && clock.now() - last.plannedAt >= gather)
}

/**
 * Records digests until the signal says that it is enough. No decision and no batch waits for it. The operator hears of
 * each kind of trouble once, and again only after all was well in between.
 */
export async function keepRecorded(
  recording: Recording,
  { signal, alarm }: { readonly signal: AbortSignal; readonly alarm: (error: Error) => void },
): Promise<void> {
  const { raise, clear } = Alarm.once(alarm)
  const pausing: Recording = {
    ...recording,
    pause: async () => {
      // To be told to end is like dying here, which the next run makes up for.
      signal.throwIfAborted()
      await recording.pause()
    },
  }
  while (!signal.aborted) {
    try {
      await recordDigests(pausing)
      clear()
    } catch (error) {
      if (signal.aborted) return
      raise(error as Error)
    }
    await sleep(interval, undefined, { signal }).catch(() => {})
  }
}
