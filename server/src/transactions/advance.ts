import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { type Chain, type Fees, type Head, type Receipt, RevertedError } from '../ports/Chain.ts'
import * as TransactionStore from '../ports/TransactionStore.ts'
import { afford } from './afford.ts'
import type { Options } from './Lane.ts'
import * as Transactions from './Transactions.ts'

type Condition = TransactionStore.Condition
type Place = TransactionStore.Place
type Stored = TransactionStore.Stored

/** After how many milliseconds more is offered for a transaction that waits. */
const defaultPatience = 60_000

/** How many blocks behind the newest one it is watched whether the chain still has what it had. */
const watched = 256n

/** What was estimated is exceeded where the chain moves on before the transaction lands: a quarter more is offered. */
export const margin = (gas: bigint) => gas + gas / 4n

/** What one step has seen of the chain before it does anything. */
type View = {
  readonly head: Head
  readonly final: bigint
  /** How many transactions of the account are in blocks. */
  readonly nonce: number
}

/**
 * Goes one step on with what an account intends on a chain, and answers why it cannot send, if so.
 *
 * 1. What was final and is not there any more is opened again (reorganisations; 256 blocks, or any depth where the chain
 *    counts fewer transactions than we have sent).
 * 2. What was sent is looked for. In a final block: its intents are settled. Unknown to the chain: its bytes are sent
 *    again, the very same (rule R2). Waiting too long, and more is asked than was offered: it is replaced, with the same
 *    nonce and the same call.
 * 3. Where nothing waits to be mined, the oldest intent that has no nonce gets one: all that wait to anchor go together,
 *    in one transaction; every other call goes alone. An intent gets another nonce only when the one before was used up
 *    and has not brought it about, at a final block (rule R3).
 *
 * Transactions of the account that were not made here stop it from signing (not from sending again) until somebody
 * accepts them.
 *
 * If we die anywhere: whatever was signed is stored, and the next step, by whoever makes it, goes on from there. Any
 * number of processes may do so at once.
 */
export async function advance(options: Options): Promise<Condition | null> {
  const { transactions, chain, signer, clock } = options
  const lane = await transactions.lane(chain.chainId, signer.address)
  const condition = await step(lane, options)
  if (JSON.stringify(condition) !== JSON.stringify(lane.condition))
    await transactions.note(lane, condition, clock.now())
  return condition
}

async function step(lane: TransactionStore.Lane, options: Options): Promise<Condition | null> {
  const { transactions, chain, signer } = options
  const head = await chain.head()
  const view: View = { head, final: await chain.final(head), nonce: await chain.nonce(signer.address) }
  if (!(await goBack(view, options))) return lane.condition

  let condition: Condition | null = null
  let waits = false
  for (const place of await transactions.places(chain.chainId, signer.address, view.nonce)) {
    if (place.state !== 'open' || (await look(place, view, options))) continue
    const isFirst = !waits
    waits = true
    condition ??= await push(place, isFirst, lane, view, options)
  }
  condition ??= await strangers(lane, view, options)
  if (condition !== null || waits) return condition
  return sendNext(options)
}

/**
 * Opens places whose block is not on the chain any more. `false` when the chain answers from a time before what it has
 * shown already: a node behind the others, whose word for what is absent does not count.
 */
async function goBack({ head, nonce }: View, { transactions, chain, signer }: Options): Promise<boolean> {
  const from = head.number > watched ? head.number - watched : 0n
  const settled = (limit: number) => transactions.mined(chain.chainId, signer.address, from, limit)
  const [newest] = await settled(1)
  if ((newest?.block?.number ?? 0n) > head.number && !chain.development) return false
  const lost = new Map<number, Place>()
  // There is a block of every number up to the newest one: whoever has none does not know.
  if (newest?.block && newest.block.number <= head.number && (await chain.blockHash(newest.block.number)) === null)
    return false
  if (newest !== undefined && !(await isCanonical(newest, chain)))
    for (const place of await settled(Number(watched))) {
      if (await isCanonical(place, chain)) break
      lost.set(place.nonce, place)
    }
  // A place without a block was mined before blocks were kept; its nonce tells all the same.
  for (const place of await transactions.places(chain.chainId, signer.address, nonce))
    if (place.state === 'mined') lost.set(place.nonce, place)
  for (const place of [...lost.values()].toSorted((a, b) => a.nonce - b.nonce)) {
    crashpoint('call:before-reopen')
    await transactions.reopen(place)
    crashpoint('call:after-reopen')
  }
  return true
}

async function isCanonical({ block }: Place, chain: Chain): Promise<boolean> {
  return block !== null && (await chain.blockHash(block.number)) === block.hash
}

/** Looks for what was sent with a place. Answers whether one of its transactions is in a block, or never will be. */
async function look(place: Place, view: View, options: Options): Promise<boolean> {
  const { transactions, chain } = options
  const mined = place.nonce < view.nonce ? await receiptOf(place, options) : undefined
  if (mined === undefined) {
    if (place.block !== null) await transactions.see(place, null)
    if (place.nonce < view.nonce) await giveUp(place, view, options)
    return place.nonce < view.nonce
  }
  const { attempt, receipt } = mined
  const block = { number: receipt.blockNumber, hash: receipt.blockHash }
  // The node has gone on since it was asked for.
  if (!(await isCanonical({ ...place, block }, chain))) return true
  if (place.block?.hash !== block.hash) await transactions.see(place, block)
  if (block.number > view.final) return true
  const outcomes = await Promise.all(
    place.intents.filter(isOpen).map((intent) => outcomeOf(intent, attempt, receipt, view, options)),
  )
  crashpoint('call:before-settle')
  await transactions.conclude(
    place,
    { state: 'mined', block, cost: receipt.gasUsed * receipt.gasPrice },
    outcomes.filter((outcome) => outcome !== undefined),
  )
  crashpoint('call:after-settle')
  return true
}

async function receiptOf(
  place: Place,
  { chain }: Options,
): Promise<{ readonly attempt: Batch.Attempt; readonly receipt: Receipt } | undefined> {
  for (const attempt of place.attempts.toReversed()) {
    const receipt = await chain.receipt(attempt.hash)
    if (receipt !== null) return { attempt, receipt }
  }
  return undefined
}

/** What a transaction in a final block has made of an intent; `undefined`: nothing, and another one may. */
async function outcomeOf(
  intent: Stored,
  attempt: Batch.Attempt,
  { succeeded }: Receipt,
  { final }: View,
  { chain }: Options,
): Promise<TransactionStore.Outcome | undefined> {
  if (succeeded) return { intent, state: 'done', transactionHash: attempt.hash }
  if (!isAnchor(intent)) return { intent, state: 'refused', transactionHash: attempt.hash }
  if (await isAnchored(intent, chain, final))
    return { intent, state: 'done', transactionHash: await anchorOf(intent, [attempt], chain) }
  // One of several roots makes the registry refuse them all; alone it shows which one it was.
  return intent.tries > 1 ? { intent, state: 'refused', transactionHash: attempt.hash } : undefined
}

async function isAnchored({ account, data }: Stored, chain: Chain, block?: bigint): Promise<boolean> {
  return (block === undefined || block >= 0n) && (await chain.anchoredAt(account, data, block)) !== null
}

/** The transaction that has anchored a root; the newest of ours, where the chain numbers its blocks in another way. */
async function anchorOf(
  { account, data }: Stored,
  attempts: readonly Batch.Attempt[],
  chain: Chain,
): Promise<Bytes.Hex | null> {
  const anchor = await chain.anchoredAt(account, data)
  const hash = anchor === null ? null : await chain.anchoredBy(account, data, anchor.block)
  return hash ?? attempts.at(-1)?.hash ?? null
}

/**
 * A place whose nonce is used up, by nothing of ours as far as the chain says. At a final block that is so for ever, and
 * what it was to bring about may get another nonce, unless it is there all the same.
 */
async function giveUp(place: Place, { final }: View, options: Options): Promise<void> {
  const { transactions, chain } = options
  if (final < 0n || (await chain.nonce(place.account, final)) <= place.nonce) return
  // It may have been mined since it was asked for.
  if ((await receiptOf(place, options)) !== undefined) return
  const outcomes: TransactionStore.Outcome[] = []
  for (const intent of place.intents.filter(isOpen)) {
    if (!isAnchor(intent) || !(await isAnchored(intent, chain, final))) continue
    outcomes.push({ intent, state: 'done', transactionHash: await anchorOf(intent, place.attempts, chain) })
  }
  // A node that has forgotten its receipts: whatever is anchored was anchored by us.
  const isOurs = outcomes.some(({ transactionHash }) => place.attempts.some(({ hash }) => hash === transactionHash))
  const cost = isOurs ? place.cost : 0n
  await transactions.conclude(place, { state: isOurs ? 'mined' : 'lost', block: null, cost }, outcomes)
}

/** Sends a place's bytes again where the chain does not know them, and offers more where they wait too long. */
async function push(
  place: Place,
  isFirst: boolean,
  lane: TransactionStore.Lane,
  view: View,
  options: Options,
): Promise<Condition | null> {
  const { chain, clock, patience = defaultPatience } = options
  const last = place.attempts.at(-1)
  if (last === undefined) throw new TypeError('A nonce is taken together with what was signed')
  const waited = clock.now() - last.createdAt
  let refused: Condition | null = null
  if (!(await chain.transaction(last.hash))) refused = await send(last, options)
  if (!isFirst || (refused === null && waited < patience)) return refused
  const { call, fees: offered } = Transactions.read(last.raw)
  const asked = await chain.fees()
  if (isLess(offered, asked)) {
    const conflict = await strangers(lane, view, options)
    return conflict ?? (await replace(place, call, offered, options))
  }
  if (refused !== null || waited < 10 * patience) return refused
  return { code: 'TRANSACTION_STUCK', facts: { account: place.account, nonce: place.nonce, hash: last.hash } }
}

function isLess(offered: Fees, asked: Fees): boolean {
  return offered.maxFeePerGas < asked.maxFeePerGas || offered.maxPriorityFeePerGas < asked.maxPriorityFeePerGas
}

async function replace(
  place: Place,
  call: Transactions.Call,
  offered: Fees,
  options: Options,
): Promise<Condition | null> {
  const { transactions, chain, signer, clock } = options
  const offer = await afford(call, options, { replaced: { place, offered } })
  if ('condition' in offer) return offer.condition
  const stranger = await otherChain(options)
  if (stranger !== null) return stranger
  const { fees } = offer
  const { raw, hash } = await Transactions.sign({ chainId: chain.chainId, signer, nonce: place.nonce, call, fees })
  const attempt = { raw, hash, nonce: place.nonce, createdAt: clock.now() }
  crashpoint('replace:before-commit')
  try {
    await transactions.replace(place, attempt, Transactions.cost(call, fees))
  } catch (error) {
    if (error instanceof TransactionStore.NonceTakenError) return null
    throw error
  }
  crashpoint('replace:before-send')
  const refused = await send(attempt, options)
  crashpoint('replace:after-send')
  return refused
}

/** Transactions of the account on the chain that are not ours. */
async function strangers(
  { floor }: TransactionStore.Lane,
  { nonce }: View,
  { transactions, chain, signer }: Options,
): Promise<Condition | null> {
  const account = signer.address
  if (nonce <= floor) return null
  const unknown = nonce - floor - (await transactions.count(chain.chainId, account, floor, nonce))
  return unknown <= 0 ? null : { code: 'NONCE_CONFLICT', facts: { account, unknown, nonce } }
}

/** Whether somebody else answers for the chain than when it was opened: asked before anything is signed. */
async function otherChain({ chain }: Options): Promise<Condition | null> {
  const { chainId } = await chain.identify()
  if (chainId === chain.chainId) return null
  return { code: 'CHAIN_MISMATCH', facts: { expected: chain.chainId, found: chainId } }
}

/** Gives the oldest of what has no nonce one, together with what may share it, and sends it. */
async function sendNext(options: Options): Promise<Condition | null> {
  for (;;) {
    const group = await nextGroup(options)
    if (group.length === 0) return null
    const call = await callOf(group, options)
    if (call === undefined) continue
    const offer = await afford(call, options)
    if ('condition' in offer) return offer.condition
    const stranger = await otherChain(options)
    if (stranger !== null) return stranger
    if (await isThere(group, options)) continue
    return dispatch(group, call, offer.fees, options)
  }
}

async function nextGroup({ transactions, chain, signer }: Options): Promise<readonly Stored[]> {
  const group: Stored[] = []
  for (const intent of await transactions.open(chain.chainId, signer.address)) {
    const [first] = group
    if (first !== undefined && (!isAnchor(intent) || intent.to !== first.to || intent.tries > 0)) continue
    if (intent.tries > 0 && (await transactions.place(intent))?.state === 'open') continue
    group.push(intent)
    // What was refused in company goes alone, and so does whatever is no root.
    if (!isAnchor(intent) || intent.tries > 0 || group.length === Transactions.mostRoots) break
  }
  return group
}

/** The call that brings about what is intended; `undefined` when the contract has refused it before it was sent. */
async function callOf(
  group: readonly Stored[],
  { transactions, chain }: Options,
): Promise<Transactions.Call | undefined> {
  const [first] = group
  if (first === undefined) throw new TypeError('A call is made for something')
  const { to, data, account } = first
  if (isAnchor(first)) {
    const roots = group.map((intent) => intent.data)
    return Transactions.anchoring(to, roots)
  }
  try {
    return { to, data, gas: margin(await chain.estimate({ from: account, to, data })) }
  } catch (error) {
    if (!(error instanceof RevertedError)) throw error
    // Nothing that was signed can land any more, so it may be asked for again once the contract takes it.
    await transactions.settle(first, { state: 'refused', transactionHash: null })
    return undefined
  }
}

/**
 * Whether a root is anchored already, as it is where a database was restored from before that: it is settled instead of
 * being sent.
 */
async function isThere(group: readonly Stored[], { transactions, chain }: Options): Promise<boolean> {
  let found = false
  for (const intent of group) {
    if (!isAnchor(intent) || !(await isAnchored(intent, chain))) continue
    const transactionHash = await anchorOf(intent, await transactions.attempts(intent), chain)
    await transactions.settle(intent, { state: 'done', transactionHash })
    found = true
  }
  return found
}

async function dispatch(
  group: readonly Stored[],
  call: Transactions.Call,
  fees: Fees,
  options: Options,
): Promise<Condition | null> {
  const { transactions, chain, signer, clock } = options
  const highest = await transactions.highestNonce(chain.chainId, signer.address)
  // The chain's count is a floor only: what is signed and waits here has its nonces too (rule R3).
  const nonce = Math.max(await chain.nonce(signer.address), (highest ?? -1) + 1)
  const { raw, hash } = await Transactions.sign({ chainId: chain.chainId, signer, nonce, call, fees })
  const attempt = { raw, hash, nonce, createdAt: clock.now() }
  crashpoint('call:before-commit')
  try {
    await transactions.take(group, attempt, Transactions.cost(call, fees))
  } catch (error) {
    // Somebody else was faster; the next step sees what they did.
    if (error instanceof TransactionStore.NonceTakenError) return null
    throw error
  }
  crashpoint('call:before-send')
  const refused = await send(attempt, options)
  crashpoint('call:after-send')
  return refused
}

/** Hands stored bytes to the chain. */
async function send({ raw, hash }: Batch.Attempt, { chain, signer }: Options): Promise<Condition | null> {
  try {
    await chain.send(raw)
    return null
  } catch (error) {
    if (!(error instanceof Errors.BaseError) || error.code !== 'TRANSACTION_REFUSED') throw error
    return { code: 'TRANSACTION_REFUSED', facts: { account: signer.address, hash, why: String(error.facts.why) } }
  }
}

function isOpen({ state }: Stored): boolean {
  return state === 'open'
}

function isAnchor({ purpose }: Stored): boolean {
  return purpose === 'anchor'
}
