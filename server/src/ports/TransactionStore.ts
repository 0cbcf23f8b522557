import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'

/**
 * Something that is to happen on a chain once: one account, one call, one subject. The same purpose and subject a second
 * time is the same intent.
 */
export type Intent = {
  readonly chainId: number
  readonly account: Bytes.Hex
  readonly to: Bytes.Hex
  readonly data: Bytes.Hex
  /** What it is for, in a word: `anchor`, `directory`, `award`. Those for `anchor` may share a transaction. */
  readonly purpose: string
  /** What makes it the only one of its purpose, at this contract and by this account. */
  readonly subject: string
}

export type Stored = Intent & {
  readonly id: number
  /** `open` until its outcome was seen at a final block; open again when the chain has lost that. */
  readonly state: 'open' | 'done' | 'refused'
  /** The transaction that did it. */
  readonly transactionHash: Bytes.Hex | null
  /** How many nonces it was given so far. */
  readonly tries: number
}

/** The block in which a transaction was seen. */
export type Block = { readonly number: bigint; readonly hash: Bytes.Hex }

/** A nonce that was taken for one or more intents, and every transaction that was signed with it. */
export type Place = {
  readonly chainId: number
  readonly account: Bytes.Hex
  readonly nonce: number
  /** `mined`: one of its transactions is in a final block. `lost`: somebody else has used the nonce. */
  readonly state: 'open' | 'mined' | 'lost'
  /** Where one of its transactions was seen last. */
  readonly block: Block | null
  /** How often the chain has gone back behind that. */
  readonly reorgs: number
  /** What it has cost or, while that is open, what it may cost at most: in wei. */
  readonly cost: bigint
  /** Oldest first. The same call in each, for higher fees. */
  readonly attempts: readonly Batch.Attempt[]
  readonly intents: readonly Stored[]
}

/** What may keep an account from sending, or what it has sent from being taken. */
export const conditions = [
  'FEE_ABOVE_CEILING',
  'FUNDS_MISSING',
  'SPENDING_CAP',
  'NONCE_CONFLICT',
  'CHAIN_MISMATCH',
  'TRANSACTION_REFUSED',
  'TRANSACTION_STUCK',
] as const

/** Why an account sends nothing now, as a code of the error catalogue, and what would help. */
export type Condition = {
  readonly code: (typeof conditions)[number]
  readonly facts: Readonly<Record<string, string | number>>
}

/** One account on one chain. */
export type Lane = {
  readonly chainId: number
  readonly account: Bytes.Hex
  /** Every transaction of the account from this nonce on has to be one of ours. */
  readonly floor: number
  readonly condition: Condition | null
  /** Since when that is so, in milliseconds since 1970. */
  readonly since: number
}

/**
 * Remembers what is to happen on chains, and every transaction that was signed for it.
 *
 * Every method is one transaction of the database and has reached the disk when it returns. Any number of processes may
 * call them at once: a nonce is given out once, and an intent has one nonce at a time.
 */
export type TransactionStore = {
  /** Stores an intent, or answers with the one of the same purpose and subject that is open or done. */
  intend(intent: Intent, now: number): Promise<Stored>
  /** What has become of an intent that was stored here. */
  get(id: number): Promise<Stored>
  /** The intent of the same purpose and subject that is open or done. */
  find(intent: Omit<Intent, 'data'>): Promise<Stored | undefined>
  /** What is open, oldest first. */
  open(chainId: number, account: Bytes.Hex): Promise<readonly Stored[]>
  /** The transactions signed for an intent, oldest first. */
  attempts(intent: Stored): Promise<readonly Batch.Attempt[]>
  /** The nonce that an intent was given last. */
  place(intent: Stored): Promise<Place | undefined>
  /** The places that are open, and all with this nonce or a later one, in the order of their nonces. */
  places(chainId: number, account: Bytes.Hex, nonce: number): Promise<readonly Place[]>
  /** The places that were mined in this block or a later one, the highest nonce first; `limit` at most. */
  mined(chainId: number, account: Bytes.Hex, block: bigint, limit: number): Promise<readonly Place[]>
  /** The highest nonce that was ever taken for an account; `null`: none. */
  highestNonce(chainId: number, account: Bytes.Hex): Promise<number | null>
  /** How many nonces from one to the one before another were taken here and not lost to somebody else. */
  count(chainId: number, account: Bytes.Hex, from: number, to: number): Promise<number>
  /** What the nonces that were taken since then have cost or may cost, in wei. */
  spent(chainId: number, account: Bytes.Hex, since: number): Promise<bigint>

  /**
   * Takes a nonce for intents and commits the transaction that was signed with it, before anybody sees it (rule R2).
   *
   * @throws {NonceTakenError} when the nonce, or one of the intents, was taken meanwhile: nothing was stored
   */
  take(intents: readonly Stored[], attempt: Batch.Attempt, cost: bigint): Promise<void>
  /**
   * Commits another transaction with the nonce of a place, before it is sent.
   *
   * @throws {NonceTakenError} when somebody else has replaced the last one meanwhile
   */
  replace(place: Place, attempt: Batch.Attempt, cost: bigint): Promise<void>
  /** Notes in which block a transaction of an open place is; `null`: in none any more. */
  see(place: Place, block: Block | null): Promise<void>
  /**
   * Concludes an open place. Of its intents, those named get their outcome; the others stay open, for another nonce.
   * Somebody else who has concluded it meanwhile has seen the same.
   */
  conclude(
    place: Place,
    outcome: { readonly state: 'mined' | 'lost'; readonly block: Block | null; readonly cost: bigint },
    intents: readonly Outcome[],
  ): Promise<void>
  /** Opens a mined place again, and what it had brought about: the chain has gone back behind it. */
  reopen(place: Place): Promise<void>
  /** Stores the outcome of an open intent that has no nonce. */
  settle(intent: Stored, outcome: Omit<Outcome, 'intent'>): Promise<void>

  /** Every account that was ever held up, or of which something was accepted. */
  lanes(): Promise<readonly Lane[]>
  lane(chainId: number, account: Bytes.Hex): Promise<Lane>
  /** Notes why an account sends nothing; `null`: nothing keeps it. `since` stays while the code is the same. */
  note(lane: Lane, condition: Condition | null, now: number): Promise<void>
  /** Takes every transaction before this nonce for accounted for. */
  accept(chainId: number, account: Bytes.Hex, floor: number): Promise<void>
  /** Remembers the hash of a chain's first block, or answers with the one that was remembered. */
  pin(chainId: number, genesis: Bytes.Hex): Promise<Bytes.Hex>
  /** The hash of the first block of each chain, as it was when that was used first. */
  chains(): Promise<ReadonlyMap<number, Bytes.Hex>>
  close(): Promise<void>
}

export type Outcome = {
  readonly intent: Stored
  readonly state: 'done' | 'refused'
  readonly transactionHash: Bytes.Hex | null
}

/** Thrown when a nonce was handed out for something else meanwhile; another one is to be taken. */
export class NonceTakenError extends Errors.BaseError<'NONCE_TAKEN'> {
  override readonly name = 'TransactionStore.NonceTakenError'
  constructor(account: Bytes.Hex, nonce: number) {
    super('NONCE_TAKEN', 'Another transaction has taken this place meanwhile.', { facts: { account, nonce } })
  }
}
