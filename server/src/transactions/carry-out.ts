import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import { crashpoint } from '../internal/crashpoint.ts'
import { type Chain, RevertedError } from '../ports/Chain.ts'
import type { ChainSigner } from '../ports/ChainSigner.ts'
import type { Clock } from '../ports/Clock.ts'
import * as TransactionStore from '../ports/TransactionStore.ts'
import * as Transactions from './Transactions.ts'

/** What was estimated is exceeded where the chain moves on before the transaction lands: a quarter more is offered. */
export const margin = (gas: bigint) => gas + gas / 4n

export type Options = {
  readonly transactions: TransactionStore.TransactionStore
  readonly chain: Chain
  readonly signer: ChainSigner
  readonly clock: Clock
  /** The most that is paid for a unit of gas, in wei. */
  readonly maximumFee: bigint
  /** Waits until the chain may have moved on. */
  readonly pause: () => Promise<void>
}

/**
 * Makes something happen on chain once, and returns when it is final.
 *
 * The transaction is signed and stored before it is sent (rule R2), and what was stored is sent again, as often as it
 * takes. Another nonce is taken only where the old one was used up and the transaction is in no block at a final one
 * (rule R3). An account does one thing after the other: what it has signed before is brought to its end first.
 *
 * If we die anywhere: what was intended is stored; the same request finds it, and goes on from there. Whatever was
 * signed is brought to its end by the next request of its account, whichever that is.
 *
 * @returns the hash of the transaction that did it
 * @throws {Chain.RevertedError} CALL_REVERTED when the contract refuses it before anything was sent
 * @throws {RefusedError} CALL_REFUSED when it was sent and the contract refused it then
 * @throws {UnaffordableError} FEE_ABOVE_CEILING or FUNDS_MISSING when it cannot be paid for now
 */
export async function carryOut(intent: TransactionStore.Intent, options: Options): Promise<Bytes.Hex> {
  const { transactions, chain, clock } = options
  await restore(intent.account, options)
  const stored = await transactions.intend(intent, clock.now())
  crashpoint('call:after-intent')
  for (const earlier of await transactions.open(chain.chainId, intent.account)) {
    if (earlier.id === stored.id || (await transactions.attempts(earlier)).length === 0) continue
    // Whether it was done is of no concern here: whoever asks for it again hears of it.
    await settle(earlier, options).catch((error) => {
      if (!(error instanceof RevertedError)) throw error
    })
  }
  const { state, transactionHash } = await settle(stored, options)
  if (state === 'refused' || transactionHash === null) throw new RefusedError(intent.purpose)
  return transactionHash
}

/**
 * Sends again what the account has signed and the chain does not know: it was never sent, or the chain has lost it, as
 * an embedded one does that was killed before it had written its last second down.
 */
async function restore(account: Bytes.Hex, { transactions, chain }: Options): Promise<void> {
  const nonce = await chain.nonce(account)
  for (const { hash, raw } of await transactions.signed(chain.chainId, account, nonce))
    if (!(await chain.transaction(hash))) await chain.send(raw)
}

async function settle(intent: TransactionStore.Stored, options: Options): Promise<TransactionStore.Stored> {
  for (let stored = intent; ; await options.pause()) {
    if (stored.state === 'open') stored = await advance(stored, options)
    else if (await isLost(stored, options)) await restore(stored.account, options)
    else return stored
  }
}

/** Whether the chain has gone back to before a transaction that had been final. */
async function isLost(stored: TransactionStore.Stored, { transactions, chain }: Options): Promise<boolean> {
  const attempt = (await transactions.attempts(stored)).find(({ hash }) => hash === stored.transactionHash)
  return attempt !== undefined && (await chain.nonce(stored.account)) <= attempt.nonce
}

async function advance(stored: TransactionStore.Stored, options: Options): Promise<TransactionStore.Stored> {
  const { transactions, chain } = options
  const attempts = await transactions.attempts(stored)
  const { number } = await chain.head()
  for (const { hash } of attempts.toReversed()) {
    const receipt = await chain.receipt(hash)
    if (receipt === null) continue
    if (number - receipt.blockNumber + 1n < BigInt(chain.confirmations)) return stored
    crashpoint('call:before-settle')
    const settled = await transactions.settle(stored, receipt.succeeded ? 'done' : 'refused', hash)
    crashpoint('call:after-settle')
    return settled
  }
  const last = attempts.at(-1)
  if (last !== undefined && (await chain.nonce(stored.account)) <= last.nonce) {
    await restore(stored.account, options)
    return stored
  }
  const finalBlock = number - BigInt(chain.confirmations - 1)
  if (last !== undefined && (finalBlock < 0n || (await chain.nonce(stored.account, finalBlock)) <= last.nonce))
    return stored
  await attempt(stored, options)
  return stored
}

async function attempt(stored: TransactionStore.Stored, options: Options): Promise<void> {
  const { transactions, chain, signer, clock, maximumFee } = options
  const { account, to, data } = stored
  const gas = margin(
    await chain.estimate({ from: account, to, data }).catch(async (error) => {
      // Nothing that was signed can land any more, so it may be asked for again once the contract takes it.
      if (error instanceof RevertedError) await transactions.settle(stored, 'refused', null)
      throw error
    }),
  )
  const fees = await chain.fees()
  if (fees.maxFeePerGas > maximumFee) throw new UnaffordableError('FEE_ABOVE_CEILING', account)
  if ((await chain.balance(account)) < gas * fees.maxFeePerGas) throw new UnaffordableError('FUNDS_MISSING', account)
  const highest = await transactions.highestNonce(stored.chainId, account)
  const nonce = Math.max(await chain.nonce(account), (highest ?? -1) + 1)
  const call = { to, data, gas }
  const { raw, hash } = await Transactions.sign({ chainId: stored.chainId, signer, nonce, call, fees })
  crashpoint('call:before-commit')
  try {
    await transactions.attempt(stored, { raw, hash, nonce, createdAt: clock.now() })
  } catch (error) {
    // Somebody else in this home was faster; the next round takes another nonce.
    if (error instanceof TransactionStore.NonceTakenError) return
    throw error
  }
  crashpoint('call:before-send')
  await chain.send(raw)
  crashpoint('call:after-send')
}

/** Thrown when the contract refused what was sent, because the chain had changed since it was asked. */
export class RefusedError extends Errors.BaseError<'CALL_REFUSED'> {
  override readonly name = 'carryOut.RefusedError'
  constructor(purpose: string) {
    super('CALL_REFUSED', 'The contract has refused the transaction.', { facts: { purpose } })
  }
}

/** Thrown when a transaction cannot be paid for: it is dearer than the ceiling, or the account has too little. */
export class UnaffordableError extends Errors.BaseError<'FEE_ABOVE_CEILING' | 'FUNDS_MISSING'> {
  override readonly name = 'carryOut.UnaffordableError'
  constructor(code: 'FEE_ABOVE_CEILING' | 'FUNDS_MISSING', account: Bytes.Hex) {
    const why = code === 'FUNDS_MISSING' ? `${account} has not enough to pay for it` : 'the fee is above the ceiling'
    super(code, `The transaction was not sent: ${why}.`, { facts: { account } })
  }
}
