import * as BlockHeader from '@laurel/core/BlockHeader'
import * as Bytes from '@laurel/core/Bytes'
import * as StorageProof from '@laurel/core/StorageProof'
import * as Checkpoint from '../Checkpoint.ts'
import type * as Trust from '../Trust.ts'
import * as JsonRpc from './JsonRpc.ts'

/** What stands in one slot of a contract at the block on which the endpoints of a chain agree. */
export type Stored = {
  readonly kind: 'stored'
  /** Whether there is code at the address. */
  readonly hasCode: boolean
  readonly word: bigint
  /** Whether the block is as deep as the trust demands; the chain is too short for that otherwise. */
  readonly isFinal: boolean
  /** The time of the block, in seconds since 1970. */
  readonly time: number
  /** What the endpoints say of their newest blocks, and the time of the oldest of these. */
  readonly latest: readonly bigint[]
  readonly latestTime: number
}

/** The same as far as the endpoints could be asked. */
export type Answer =
  | Stored
  | { readonly kind: 'other-chain'; readonly chainId: number }
  /** The endpoints do not agree. */
  | { readonly kind: 'disagreement' }
  /** They agree, but none has shown it by a storage proof, and the trust demands one. */
  | { readonly kind: 'unproven' }
  /** None of them answers, or fewer than the quorum. */
  | { readonly kind: 'unreachable' }

/**
 * Reads slots (32 bytes each) of a contract over JSON-RPC, from every endpoint of the chain at once, in their order. Never
 * rejects.
 *
 * The endpoints have to agree, as many of them as the quorum demands, on the hash of one final block. What stands in the
 * contract at that block one of them shows by a storage proof (`eth_getProof`), which the others cannot talk away: so
 * nobody who is alone in lying makes a word, or hides one. Where no endpoint proves anything, all of them have to say the
 * same of the slot. Needs no archive node: it looks no further back than a final block.
 */
export async function read(
  fetch: JsonRpc.Fetch,
  chain: Trust.Chain,
  contract: Bytes.Hex,
  slots: readonly Bytes.Hex[],
): Promise<readonly Answer[]> {
  const all = (answer: Answer) => slots.map(() => answer)
  const heads = await Promise.all(chain.rpc.map((url) => readHead(fetch, url, chain)))
  const reached = heads.filter((head) => head !== undefined)
  if (reached.length === 0) return all({ kind: 'unreachable' })
  const strangers = reached.filter((head) => 'chainId' in head)
  const [stranger] = strangers
  if (stranger !== undefined && strangers.length === reached.length)
    return all({ kind: 'other-chain', chainId: stranger.chainId })
  if (stranger !== undefined) return all({ kind: 'disagreement' })
  const own = reached.filter((head) => 'number' in head)

  // The one furthest behind has the block, and the others have it too.
  const newest = Math.min(...own.map(({ number }) => number))
  const settled = newest - (chain.confirmations - 1)
  const place = { contract, slots, number: settled < 0 ? newest : settled }
  const answers = await Promise.all(own.map(({ url }) => readSlots(fetch, url, place)))
  const common = { isFinal: settled >= 0, latestTime: Math.min(...own.map(({ time }) => time)) }
  return slots.map((_, i) => {
    const statements = answers.flatMap((answer) => answer?.[i] ?? [])
    return decide(chain, statements, common)
  })
}

type Head = { readonly url: string; readonly number: number; readonly time: number }

/** What an endpoint says about one slot at the common block; `latest` is the word at its own newest block. */
type Statement = {
  readonly blockHash: string
  readonly time: number
  readonly hasCode: boolean
  readonly word: bigint
  readonly latest: bigint
  readonly isProven: boolean
}

function decide(
  chain: Trust.Chain,
  statements: readonly Statement[],
  common: Pick<Stored, 'isFinal' | 'latestTime'>,
): Answer {
  const [first] = statements
  if (first === undefined || statements.length < chain.quorum) return { kind: 'unreachable' }
  // Not a majority, but all who answer: one honest endpoint is enough to show that another lies.
  if (statements.some(({ blockHash }) => blockHash !== first.blockHash)) return { kind: 'disagreement' }
  const proven = statements.find(({ isProven }) => isProven)
  if (proven === undefined && chain.proof === 'required') return { kind: 'unproven' }
  const isAlike = ({ hasCode, word }: Statement) => hasCode === first.hasCode && word === first.word
  if (proven === undefined && !statements.every(isAlike)) return { kind: 'disagreement' }
  const { hasCode, word } = proven ?? first
  // A header that is not held against its hash could be dated by whoever hands it out.
  const time = proven?.time ?? Math.min(...statements.map((each) => each.time))
  return { kind: 'stored', hasCode, word, time, latest: statements.map(({ latest }) => latest), ...common }
}

/** Where an endpoint stands; or which other chain it is of; `undefined` where it does not answer. */
async function readHead(
  fetch: JsonRpc.Fetch,
  url: string,
  chain: Trust.Chain,
): Promise<Head | { readonly chainId: number } | undefined> {
  try {
    const [id, head] = await JsonRpc.batch(fetch, url, [
      ['eth_chainId', []],
      ['eth_getBlockByNumber', ['latest', false]],
    ])
    const chainId = Number(JsonRpc.quantity(id))
    if (chainId !== chain.chainId) return { chainId }
    const { number, timestamp } = head as Readonly<Record<string, unknown>>
    return { url, number: Number(JsonRpc.quantity(number)), time: JsonRpc.time(timestamp) }
  } catch {
    return undefined
  }
}

/** Slots of a contract at a block. */
type Place = { readonly contract: Bytes.Hex; readonly slots: readonly Bytes.Hex[]; readonly number: number }

async function readSlots(
  fetch: JsonRpc.Fetch,
  url: string,
  { contract, slots, number }: Place,
): Promise<readonly Statement[] | undefined> {
  const block = `0x${number.toString(16)}`
  try {
    const [header, proof, code, ...words] = await JsonRpc.batch(fetch, url, [
      ['eth_getBlockByNumber', [block, false]],
      ['eth_getProof', [contract, slots, block]],
      ['eth_getCode', [contract, block]],
      ...slots.map((slot) => ['eth_getStorageAt', [contract, slot, block]] as const),
      ...slots.map((slot) => ['eth_getStorageAt', [contract, slot, 'latest']] as const),
    ])
    const { hash, timestamp } = header as { readonly hash?: unknown; readonly timestamp?: unknown }
    const time = JsonRpc.time(timestamp)
    if (typeof hash !== 'string' || typeof code !== 'string') return undefined
    return slots.map((slot, i) => {
      const shown = show(header, proof, contract, slot, i)
      const latest = JsonRpc.quantity(words[slots.length + i])
      if (shown !== undefined && shown.block.number === BigInt(number) && Bytes.toHex(shown.trusted) === hash)
        return { blockHash: hash, time, hasCode: shown.hasCode, word: shown.word, latest, isProven: true }
      const word = JsonRpc.quantity(words[i])
      return { blockHash: hash, time, hasCode: code !== '0x', word, latest, isProven: false }
    })
  } catch {
    return undefined
  }
}

/**
 * What stood in the slots at the newest block that the trust names, as shown by any endpoint that still has the state of
 * that block; `undefined` where none does. A full node remembers it of the last 128 blocks or so. It needs no quorum, and
 * what came later it does not say.
 */
export async function readAtCheckpoint(
  fetch: JsonRpc.Fetch,
  chain: Trust.Chain,
  contract: Bytes.Hex,
  slots: readonly Bytes.Hex[],
): Promise<readonly (StorageProof.Shown | undefined)[]> {
  const checkpoint = chain.checkpoints?.toSorted((a, b) => b.number - a.number)[0]
  if (checkpoint === undefined) return slots.map(() => undefined)
  const block = `0x${checkpoint.number.toString(16)}`
  const answers = await Promise.all(
    chain.rpc.map((url) =>
      JsonRpc.batch(fetch, url, [
        ['eth_getBlockByHash', [checkpoint.hash, false]],
        ['eth_getProof', [contract, slots, block]],
      ]).catch(() => []),
    ),
  )
  return slots.map((slot, i) => {
    for (const [header, proof] of answers) {
      const shown = show(header, proof, contract, slot, i)
      if (shown !== undefined && Checkpoint.isOne(shown.trusted, chain)) return shown
    }
    return undefined
  })
}

/** What an answer to `eth_getProof` shows of one of the slots; `undefined` where it shows nothing. */
function show(
  header: unknown,
  answer: unknown,
  contract: Bytes.Hex,
  slot: Bytes.Hex,
  i: number,
): StorageProof.Shown | undefined {
  try {
    return StorageProof.read(toProof(header, answer, i), contract, slot)
  } catch {
    // It is not asked why: an endpoint need not know the method, and one that lies has shown nothing either.
    return undefined
  }
}

/** The proof of one of the slots out of an answer to `eth_getProof`. Throws anything where the answers are not of this form. */
export function toProof(header: unknown, answer: unknown, i: number): StorageProof.StorageProof {
  const { accountProof, storageProof } = answer as { accountProof: string[]; storageProof: { proof: string[] }[] }
  const bytes = (nodes: readonly string[]) => nodes.map((node) => Bytes.fromHex(node))
  return {
    headers: [BlockHeader.fromJsonRpc(header as Readonly<Record<string, unknown>>)],
    account: bytes(accountProof),
    storage: bytes(storageProof[i]?.proof ?? []),
  }
}
