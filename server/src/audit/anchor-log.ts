import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { carryOut, type Options } from '../transactions/carry-out.ts'
import type { Anchor } from './Anchoring.ts'

/** What has to be there to anchor the audit log; the signer's account anchors nothing else. */
export type Recording = Pick<Context, 'audit'> & Options

/** How often it is looked whether the log is to be anchored, in milliseconds. */
const interval = 60_000

/**
 * Anchors the heads of the audit log: their digest, 32 bytes, by an account of its own in the registry in which batches are
 * anchored too. Returns when that is final; where nothing was noted since the last time, nothing is anchored.
 *
 * If we die in its midst: what was planned is carried out by the next run before anything else is planned; the same digest
 * is one transaction, however often it is asked for.
 *
 * @throws what carrying a transaction out throws
 */
export async function anchorLog(recording: Recording): Promise<Anchor | undefined> {
  const { audit, chain, signer, clock } = recording
  const last = (await audit.anchors()).at(-1)
  if (last?.settled !== null && !(await hasGrown(recording, last))) return undefined
  const account = signer.address
  const anchor = await audit.plan({ chainId: chain.chainId, registry: chain.registry, account }, clock.now())
  crashpoint('audit:after-plan')
  const { registry, digest, number } = anchor
  const intent = {
    chainId: chain.chainId,
    account,
    to: registry,
    data: digest,
    purpose: 'audit',
    subject: `log ${number}`,
  }
  const transactionHash = await carryOut(intent, recording)
  const anchored = await chain.anchoredAt(account, digest)
  // The chain went back after all: the next run carries it out again.
  if (anchored === null) return undefined
  const settled = { transactionHash, time: anchored.time }
  crashpoint('audit:before-settle')
  await audit.settle(anchor, settled)
  crashpoint('audit:after-settle')
  return { ...anchor, settled }
}

async function hasGrown({ audit }: Recording, last: Anchor | undefined): Promise<boolean> {
  const heads = await audit.heads()
  const before = new Map(last?.heads.map(({ organisation, sequence }) => [organisation, sequence]))
  return heads.some(({ organisation, sequence }) => sequence > (before.get(organisation) ?? 0))
}

/**
 * Anchors the audit log each time that so many milliseconds have gone by, until the signal says that it is enough. No
 * operation waits for it. The operator hears of each kind of trouble once, and again only after all was well in between.
 */
export async function keepAnchored(
  recording: Recording,
  every: number,
  { signal, alarm }: { readonly signal: AbortSignal; readonly alarm: (error: Error) => void },
): Promise<void> {
  const { audit, clock } = recording
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
      const last = (await audit.anchors()).at(-1)
      if (last === undefined || last.settled === null || clock.now() - last.at >= every) await anchorLog(pausing)
      clear()
    } catch (error) {
      if (signal.aborted) return
      raise(error as Error)
    }
    await sleep(interval, undefined, { signal }).catch(() => {})
  }
}
