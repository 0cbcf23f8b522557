import type { Chain } from '../ports/Chain.ts'
import type { ChainSigner } from '../ports/ChainSigner.ts'
import type { Clock } from '../ports/Clock.ts'
import type { Condition, TransactionStore } from '../ports/TransactionStore.ts'
import { advance } from './advance.ts'

/** What an account may spend, in wei. */
export type Budget = {
  /** The most that is paid for a unit of gas. */
  readonly maximumFee: bigint
  /** The most that is spent within 24 hours; nothing limits it when absent. */
  readonly maximumSpending?: bigint
}

/** All that is needed to send transactions of one account. */
export type Options = Budget & {
  readonly transactions: TransactionStore
  readonly chain: Chain
  readonly signer: ChainSigner
  readonly clock: Clock
  /** After how many milliseconds a transaction that waits is offered more for, if more is asked. */
  readonly patience?: number
}

/**
 * The lane of one account on one chain: what it intends goes out in order, one transaction at a time. Nobody who uses it
 * needs to know a nonce.
 */
export type Lane = Options & {
  /**
   * Goes one step on; see {@link advance}. Whoever asks while a step is being made, or within `interval` of it, is
   * answered with that one.
   */
  readonly advance: () => Promise<Condition | null>
}

/** @param interval how long a step counts as made just now, in milliseconds */
export function create(options: Options, interval: number): Lane {
  let last: { readonly at: number; readonly step: Promise<Condition | null> } | undefined
  let underway = false
  return {
    ...options,
    advance: () => {
      if (last !== undefined && (underway || performance.now() - last.at < interval)) return last.step
      underway = true
      const step = advance(options).finally(() => {
        underway = false
        last = { at: performance.now(), step }
      })
      last = { at: performance.now(), step }
      return step
    },
  }
}
