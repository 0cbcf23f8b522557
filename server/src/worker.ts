import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import * as Batch from './Batch.ts'
import type { Context, Working } from './Context.ts'
import { reorged } from './internal/reorged.ts'
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

type Step = {
  readonly name: string
  readonly work: (batch: Batch.Batch, context: Working<keyof Context>) => Promise<Batch.Batch>
}

/** Which step leads on from which state. */
const steps: Partial<Record<Batch.State, Step>> = {
  accepted: { name: 'draft', work: draft },
  drafted: { name: 'sign', work: sign },
  signed: { name: 'root', work: root },
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

/** How often the chain is asked whether it still has what was delivered, in milliseconds. */
const watchTime = 15_000

export type Options = {
  /** Asked before every step; the worker returns once it says yes. */
  readonly until: () => Promise<boolean>
  /** The batches that are tried again although they are blocked: somebody has looked at them. */
  readonly retry?: ReadonlySet<string>
  /** Hears how long a step has taken, in milliseconds. */
  readonly onStep?: (batch: Batch.Batch, step: string, milliseconds: number) => void
  /** Hears of what could not be done now and will be tried again: for one batch, or for all. */
  readonly onTrouble?: (batch: string | undefined, error: Error) => void
}

/**
 * Does the work of all open batches, the oldest first, one step at a time. A batch that has to wait lets the next one
 * pass. Only the holder of the lease works; whoever has not got it looks on, and takes over when the holder has died.
 *
 * If we die anywhere: what was saved stands, and the next worker runs the same code from there.
 */
export async function work(
  context: Context,
  { until, retry = new Set(), onStep = () => {}, onTrouble = () => {} }: Options,
): Promise<void> {
  const { store, clock, chain } = context
  const owner = { host: hostname(), pid: process.pid }
  // Where one block is final, the chain is on this machine and answers at once.
  const interval = chain.confirmations === 1 ? 100 : 2_000
  const retried = new Set<string>()
  let lease: BatchStore.Lease | undefined
  let renewal: NodeJS.Timeout | undefined
  let restored = Number.NEGATIVE_INFINITY
  try {
    while (!(await until())) {
      if (lease === undefined) {
        lease = await store.lease(owner, clock.now(), leaseTime)
        if (lease === undefined) {
          await pause(interval)
          continue
        }
        const held = lease
        renewal = setInterval(() => store.renew(held, clock.now(), leaseTime).catch(() => {}), leaseTime / 3)
        renewal.unref()
        restored = Number.NEGATIVE_INFINITY
      }
      try {
        if (clock.now() - restored > watchTime) {
          await restoreAnchors({ ...context, lease })
          restored = clock.now()
        }
        if (!(await round({ ...context, lease }, retried, { retry, onStep, onTrouble }))) await pause(interval)
      } catch (error) {
        if (error instanceof BatchStore.LeaseLostError) {
          clearInterval(renewal)
          lease = undefined
        } else if (error instanceof Errors.BaseError) {
          onTrouble(undefined, error)
          await pause(interval)
        } else throw error
      }
    }
  } finally {
    clearInterval(renewal)
    if (lease !== undefined) await store.release(lease)
  }
}

/** Runs the next step of the first batch that gets anywhere. Answers whether one did. */
async function round(
  context: Working<keyof Context>,
  retried: Set<string>,
  { retry, onStep, onTrouble }: Required<Omit<Options, 'until'>>,
): Promise<boolean> {
  const { store, chain, terms, lease } = context
  await publishLists(context)
  for (const batch of await store.list()) {
    if (!Batch.isOpen(batch)) continue
    if (batch.terms.chainId !== chain.chainId || batch.terms.account !== terms.account) continue
    if (batch.terms.issuer.id !== terms.issuer.id || batch.terms.registry !== chain.registry) continue
    if (batch.state === 'blocked') {
      if (!retry.has(batch.id) || retried.has(batch.id)) continue
      retried.add(batch.id)
    }
    const step = steps[Batch.stage(batch)]
    if (step === undefined) continue
    const began = performance.now()
    try {
      const next = await step.work(batch, context)
      if (next.epoch !== batch.epoch) return true
    } catch (error) {
      if (error instanceof BatchStore.LeaseLostError) throw error
      if (error instanceof BatchStore.ConflictError) return true
      if (!(error instanceof Errors.BaseError)) throw error
      onTrouble(batch.id, error)
      if (isPassing(error)) continue
      await store.move(batch, 'blocked', error.code, lease)
      return true
    } finally {
      onStep(batch, step.name, performance.now() - began)
    }
  }
  return false
}

/** Whether the world, not the batch, is at fault: then waiting helps, or trying again. */
function isPassing(error: Errors.BaseError): boolean {
  return error.code.endsWith('_UNREACHABLE') || error.code === 'THREAD_LOST'
}
