import type { RequestHandler } from 'express'
import type { Context } from '../Context.ts'
import { allowed } from '../internal/in-time.ts'
import { patiently } from '../internal/patiently.ts'

/** One thing that is needed. `skipped`: it is not, here. */
export type Check = {
  readonly check: 'database' | 'workers' | 'lane' | 'chain' | 'work' | 'outbox'
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it has failed. */
  readonly code?: string
}

export type Readiness = {
  readonly checks: readonly Check[]
  readonly chainId: number
  /** The number of the newest block. */
  readonly block: string | null
}

type Needed = Pick<Context, 'census' | 'chain' | 'terms' | 'clock'>

/** For how long an answer is given to others who ask, in milliseconds: asking often costs nothing. */
const kept = 1_000

/**
 * Looks whether all is there that issuing needs: the database, workers, an account that may send, a chain that goes on, and
 * nothing that has waited for too long.
 *
 * @param overdue how long open work and what is to be told may wait, in milliseconds
 */
export async function examine({ census, chain, terms, clock }: Needed, overdue: number): Promise<Readiness> {
  const [figures, head] = await Promise.all([
    patiently(census.take(), 'DATABASE_UNREACHABLE'),
    patiently(chain.head(), 'CHAIN_UNREACHABLE'),
  ])
  const checks: Check[] = []
  const say = (check: Check['check'], code: string | null) =>
    checks.push(code === null ? { check, outcome: 'passed' } : { check, outcome: 'failed', code })
  const skip = (...names: readonly Check['check'][]) => {
    for (const check of names) checks.push({ check, outcome: 'skipped' })
  }
  say('database', 'failure' in figures ? figures.failure : null)
  if ('failure' in figures) skip('workers', 'lane', 'work', 'outbox')
  else {
    const { at, workers, lanes, batches, deliveries } = figures.value
    const isLate = (since: number | null) => since !== null && at - since > overdue
    const lane = lanes.find((each) => each.chainId === chain.chainId && each.account === terms.account)
    say('workers', workers === 0 ? 'WORKERS_MISSING' : null)
    say('lane', lane?.condition ?? null)
    // What waits for a person is no fault of the server's.
    const late = batches.some(({ state, oldest }) => !['held', 'blocked'].includes(state) && isLate(oldest))
    say('work', late ? 'WORK_OVERDUE' : null)
    say('outbox', isLate(deliveries.oldest) ? 'OUTBOX_OVERDUE' : null)
  }
  if ('failure' in head) say('chain', head.failure)
  // A chain for development makes blocks when it is asked to.
  else say('chain', !chain.development && clock.now() / 1_000 - head.value.time > allowed ? 'CHAIN_STALE' : null)
  return { checks, chainId: chain.chainId, block: 'failure' in head ? null : head.value.number.toString() }
}

/** Answers 200 where all is well, else 503, with what is not; nothing in it is about a person. */
export function create(needed: Needed, overdue: number): RequestHandler {
  let last: { readonly at: number; readonly answer: Promise<Readiness> } | undefined
  return async (_request, response) => {
    if (last === undefined || performance.now() - last.at > kept)
      last = { at: performance.now(), answer: examine(needed, overdue) }
    const { checks, ...chain } = await last.answer
    const isReady = checks.every(({ outcome }) => outcome !== 'failed')
    response.set('Cache-Control', 'no-store').status(isReady ? 200 : 503)
    response.json({ status: isReady ? 'ready' : 'not ready', ...chain, checks })
  }
}
