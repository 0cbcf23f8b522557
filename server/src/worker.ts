import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import * as Batch from './Batch.ts'
import type { Context, Working } from './Context.ts'
import { demandTime } from './internal/in-time.ts'
import { owner } from './internal/owner.ts'
import * as Presence from './internal/Presence.ts'
import { reorged } from './internal/reorged.ts'
import * as Turn from './internal/Turn.ts'
import { draft } from './pipeline/2-draft.ts'
import { sign } from './pipeline/3-sign.ts'
import { root } from './pipeline/4-root.ts'
import { publish } from './pipeline/5-publish.ts'
import { submit } from './pipeline/6-submit.ts'
import { confirm } from './pipeline/7-confirm.ts'
import { assemble } from './pipeline/8-assemble.ts'
import { deliver } from './pipeline/9-deliver.ts'
import * as BatchStore from './ports/BatchStore.ts'
import { publishLists } from './status/publish-lists.ts'
import { restoreAnchors } from './status/restore-anchors.ts'
import * as HeldUp from './transactions/HeldUp.ts'

type Step = {
  readonly name: string
  /** Whether it signs something with a date. */
  readonly dates?: true
  readonly work: (batch: Batch.Batch, context: Working<keyof Context>) => Promise<Batch.Batch>
}

/** Which step leads on from which state. */
const steps: Partial<Record<Batch.State, Step>> = {
  accepted: { name: 'draft', work: draft },
  drafted: { name: 'sign', work: sign, dates: true },
  signed: { name: 'root', work: root, dates: true },
  rooted: { name: 'publish', work: (batch, context) => publish(Batch.rooted(batch), context) },
  published: { name: 'submit', work: (batch, context) => submit(Batch.rooted(batch), context) },
  submitted: { name: 'confirm', work: (batch, context) => confirm(Batch.rooted(batch), context) },
  final: {
    name: 'assemble',
    work: async (batch, context) =>
      (await reorged(Batch.final(batch), context)) ?? (await assemble(Batch.final(batch), context)),
  },
  assembled: {
    name: 'deliver',
    work: async (batch, context) =>
      (await reorged(Batch.final(batch), context)) ?? (await deliver(Batch.final(batch), context)),
  },
}

/** How long a lease lasts unless it is renewed, in milliseconds. */
const leaseTime = 30_000

/** How long a batch is worked on before another has its turn that waits, in milliseconds. */
const turnTime = 2_000

/** The second of the two batches that a worker does at once has no more recipients: the last step of a large one takes long. */
const small = 1_000

/** How often the chain is asked whether it still has what was delivered, in milliseconds. */
const watchTime = 15_000

export type Options = {
  /** Asked before every step and, several times a second, within one; the worker returns once it says yes. */
  readonly until: () => Promise<boolean>
  /** The batches that are tried again although they are blocked: somebody has looked at them. */
  readonly retry?: ReadonlySet<string>
  /** Hears how long a step has taken, in milliseconds. */
  readonly onStep?: (batch: Batch.Batch, step: string, milliseconds: number) => void
  /** Hears of what could not be done now and will be tried again: for one batch, or for all. */
  readonly onTrouble?: (batch: string | undefined, error: Error) => void
}

type Listening = Required<Omit<Options, 'until' | 'retry'>>

/**
 * Does the work of open batches beside any number of other workers, each batch under a lease of its own: the batch that
 * has waited longest first, for a turn of a few seconds where others wait. A large batch and a small one are worked on at
 * once, so that nobody waits for the whole of a large one.
 *
 * If we die anywhere: what was saved stands, and whoever takes the lease over runs the same code from there.
 */
export async function work(
  context: Context,
  { until, retry = new Set(), onStep = () => {}, onTrouble = () => {} }: Options,
): Promise<void> {
  const { chain, terms, clock } = context
  const untried = new Set(retry)
  // Where one block is final, the chain is on this machine and answers at once.
  const interval = chain.confirmations === 1 ? 100 : 2_000
  let stopping = false
  let restored = Number.NEGATIVE_INFINITY
  const isStopping = async () => {
    stopping ||= await until()
    return stopping
  }
  const tell = (error: unknown) => {
    // Somebody else is at it by now.
    if (error instanceof BatchStore.LeaseLostError) return
    if (!(error instanceof Errors.BaseError)) throw error
    onTrouble(undefined, error)
  }
  /** What belongs to no batch: whatever keeps it from being done keeps no batch waiting. */
  const chores = async () => {
    if (clock.now() - restored > watchTime) {
      await restoreAnchors(context)
      restored = clock.now()
    }
    await publishLists(context)
  }
  const presence = Presence.begin(context.store, leaseTime)
  const hand = async (largest?: number) => {
    while (!(await patient(isStopping, onTrouble))) {
      try {
        const wanted = {
          chainId: chain.chainId,
          account: terms.account,
          issuer: terms.issuer.id,
          registry: chain.registry,
          retry: [...untried],
          ...(largest === undefined ? {} : { largest }),
        }
        if (!(await presence.hold())) {
          await pause(interval)
          continue
        }
        if (largest === undefined) await chores().catch(tell)
        const claim = await context.store.claim(owner(), wanted, leaseTime)
        if (claim === undefined) await pause(interval)
        else {
          untried.delete(claim.batch.id)
          await take(claim, wanted, { context, interval, isStopping, onStep, onTrouble })
        }
      } catch (error) {
        if (error instanceof BatchStore.LeaseLostError) continue
        tell(error)
        await pause(interval)
      }
    }
  }
  const hands = [hand(), hand(small)].map((each) =>
    each.finally(() => {
      stopping = true
    }),
  )
  await Promise.allSettled(hands)
  await presence.end()
  await Promise.all(hands)
}

/** One turn of a batch: its next steps, for as long as it gets anywhere and the turn is not over. */
async function take(
  { batch: claimed, lease }: BatchStore.Claim,
  wanted: BatchStore.Wanted,
  {
    context,
    interval,
    isStopping,
    onStep,
    onTrouble,
  }: Listening & {
    readonly context: Context
    readonly interval: number
    readonly isStopping: () => Promise<boolean>
  },
): Promise<void> {
  const { store } = context
  const turn = Turn.begin({
    store,
    lease,
    leaseTime,
    turnTime,
    isWaiting: () => store.waiting(wanted),
    isStopping,
  })
  let batch = claimed
  let wait = 0
  try {
    while (wait === 0 && Batch.isOpen(batch) && !turn.isOver() && !(await isStopping())) {
      const { epoch } = batch
      batch = await advance(batch, { ...context, lease, isOver: turn.isOver }, { onStep, onTrouble })
      if (batch.state === 'blocked') return
      if (batch.epoch === epoch && !turn.isOver()) wait = interval
    }
  } catch (error) {
    // It is read again by whoever takes it next; so it is where somebody else was faster.
    if (!(error instanceof BatchStore.ConflictError)) throw error
  } finally {
    turn.end()
    if (Batch.isOpen(batch)) await store.release(lease, wait)
  }
}

/** Runs the next step of a batch. Where it cannot go on now, the batch is as it was; where it never can, it is blocked. */
async function advance(
  batch: Batch.Batch,
  context: Working<keyof Context>,
  { onStep, onTrouble }: Listening,
): Promise<Batch.Batch> {
  const step = steps[Batch.stage(batch)]
  if (step === undefined) throw new TypeError(`No step leads on from ${batch.state}`)
  const began = performance.now()
  try {
    if (step.dates) await demandTime(context)
    return await step.work(batch, context)
  } catch (error) {
    if (error instanceof BatchStore.LeaseLostError || error instanceof BatchStore.ConflictError) throw error
    if (!(error instanceof Errors.BaseError)) {
      // Where somebody else has the batch by now, what went wrong is that: a file is gone which they have removed.
      await context.store.renew(context.lease, leaseTime)
      throw error
    }
    onTrouble(batch.id, error)
    if (isPassing(error)) return batch
    return context.store.move(batch, 'blocked', error.code, context.lease)
  } finally {
    onStep(batch, step.name, performance.now() - began)
  }
}

/** Whether the answer is yes; where the database does not answer, it is no. */
async function patient(ask: () => Promise<boolean>, onTrouble: Listening['onTrouble']): Promise<boolean> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    onTrouble(undefined, error)
    return false
  }
}

/** Whether the world, not the batch, is at fault: then waiting helps, or trying again. */
function isPassing(error: Errors.BaseError): boolean {
  const passing = /_(UNREACHABLE|BUSY|FULL)$|^SIGNER_|^(THREAD_LOST|CLOCK_SKEW|ANCHOR_UNSETTLED)$/
  return passing.test(error.code) || error instanceof HeldUp.HeldUpError
}
