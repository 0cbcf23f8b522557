import * as Bytes from '@laurel/core/Bytes'
import type { Readers, Transaction } from '../Readers.ts'
import type * as Trust from '../Trust.ts'
import * as JsonRpc from './JsonRpc.ts'
import * as Sharing from './Sharing.ts'

/** What an endpoint says of a transaction. */
type Statement = {
  readonly head: number
  readonly number: number
  readonly from: Bytes.Hex
  readonly input: Bytes.Hex
  readonly succeeded: boolean
  readonly time: number
  readonly blockHash: Bytes.Hex
}

/**
 * Reads transactions over JSON-RPC, from every endpoint of the chain at once, which have to agree on all that is said of one,
 * as many of them as the quorum demands. Nothing of it is proven: where the trust demands proofs, nothing is believed.
 *
 * One that is final is remembered for as long as the reader lives.
 */
export function create(fetch: JsonRpc.Fetch): NonNullable<Readers['transaction']> {
  const of = Sharing.perChain(() => Sharing.keep<Transaction>(({ kind }) => kind === 'final'))
  return (chain, hash) => of(chain)(hash, () => ask(fetch, chain, hash))
}

/** Never rejects. */
async function ask(fetch: JsonRpc.Fetch, chain: Trust.Chain, hash: Bytes.Hex): Promise<Transaction> {
  if (chain.proof === 'required') return { kind: 'unproven' }
  const answers = await Promise.all(chain.rpc.map((url) => read(fetch, url, hash)))
  const reached = answers.filter((answer) => answer !== undefined)
  if (reached.length < Math.max(1, chain.quorum)) return { kind: 'unreachable' }
  const strangers = reached.filter(({ chainId }) => chainId !== chain.chainId)
  const [stranger] = strangers
  if (stranger !== undefined)
    return strangers.length === reached.length
      ? { kind: 'other-chain', chainId: stranger.chainId }
      : { kind: 'disagreement' }
  const found = reached.flatMap(({ statement }) => statement ?? [])
  const [first] = found
  if (first === undefined) return { kind: 'absent' }
  // Not a majority, but all who answer: one honest endpoint is enough to show that another lies.
  if (found.length < reached.length || !found.every((each) => nameOf(each) === nameOf(first)))
    return { kind: 'disagreement' }
  const newest = Math.min(...found.map(({ head }) => head))
  if (first.number > newest - (chain.confirmations - 1)) return { kind: 'recent' }
  const { from, input, succeeded, time } = first
  return { kind: 'final', from, input, succeeded, time }
}

function nameOf({ head: _, ...statement }: Statement): string {
  return JSON.stringify(statement)
}

type Answer = { readonly chainId: number; readonly statement?: Statement }

/** What an endpoint says; without a statement where it knows no such transaction in a block. */
async function read(fetch: JsonRpc.Fetch, url: string, hash: Bytes.Hex): Promise<Answer | undefined> {
  try {
    const [id, head, transaction, receipt] = await JsonRpc.batch(fetch, url, [
      ['eth_chainId', []],
      ['eth_blockNumber', []],
      ['eth_getTransactionByHash', [hash]],
      ['eth_getTransactionReceipt', [hash]],
    ])
    const chainId = Number(JsonRpc.quantity(id))
    if (!isMined(transaction) || !isMined(receipt)) return { chainId }
    const { from, input, blockHash, blockNumber, hash: own } = transaction
    if (receipt.blockHash !== blockHash || receipt.transactionHash !== hash || own !== hash) return undefined
    const [block] = await JsonRpc.batch(fetch, url, [['eth_getBlockByHash', [blockHash, false]]])
    if (!isObject(block) || block.hash !== blockHash || block.number !== blockNumber) return undefined
    const statement = {
      head: Number(JsonRpc.quantity(head)),
      number: Number(JsonRpc.quantity(blockNumber)),
      from: hex(from, 20),
      input: hex(input),
      succeeded: JsonRpc.quantity(receipt.status) === 1n,
      time: JsonRpc.time(block.timestamp),
      blockHash: hex(blockHash, 32),
    }
    return { chainId, statement }
  } catch {
    return undefined
  }
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isMined(value: unknown): value is Fields {
  return isObject(value) && typeof value.blockHash === 'string'
}

function hex(value: unknown, size?: number): Bytes.Hex {
  return Bytes.toHex(Bytes.fromHex(String(value), size))
}
