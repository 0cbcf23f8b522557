import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as BlockHeader from '@laurel/core/BlockHeader'
import * as Bytes from '@laurel/core/Bytes'
import * as StorageProof from '@laurel/core/StorageProof'
import * as Checkpoint from '../Checkpoint.ts'
import type { Anchor } from '../Readers.ts'
import type * as Trust from '../Trust.ts'
import * as JsonRpc from './JsonRpc.ts'

/** How many anchors are asked for at once. */
const together = 64

/**
 * Reads anchors from the registry's storage over JSON-RPC, from every endpoint of the chain at once.
 *
 * The endpoints have to agree, as many of them as the quorum demands, on the hash of one final block. What stands in the
 * registry at that block one of them shows by a storage proof (`eth_getProof`), which the others cannot talk away: so
 * nobody who is alone in lying makes an anchor, or hides one. A block that the trust names itself needs no quorum. Where
 * no endpoint proves anything, all of them have to say the same of the slot. Needs no archive node: it looks no further
 * back than a final block.
 *
 * A final anchor is remembered for as long as the reader lives; everything else is asked again. What is asked while an
 * answer is on its way is asked together.
 */
export function create(
  fetch: JsonRpc.Fetch,
): (chain: Trust.Chain, account: Bytes.Hex, root: Bytes.Hex) => Promise<Anchor> {
  const known = new Map<string, Promise<Anchor>>()
  const queues = new Map<string, Ask>()
  return (chain, account, root) => {
    const slot = AnchorSlot.of(account, root)
    const place = JSON.stringify(chain)
    const queue = queues.get(place) ?? gather((slots) => ask(fetch, chain, slots))
    queues.set(place, queue)
    const key = `${place} ${slot}`
    const answer = known.get(key) ?? queue(slot)
    known.set(key, answer)
    answer.then(({ kind }) => kind !== 'final' && known.delete(key))
    return answer
  }
}

type Ask = (slot: Bytes.Hex) => Promise<Anchor>

/** Asks at once, and for all that comes in the meantime together afterwards. */
function gather(ask: (slots: readonly Bytes.Hex[]) => Promise<readonly Anchor[]>): Ask {
  const waiting: { readonly slot: Bytes.Hex; readonly settle: (answer: Anchor) => void }[] = []
  let busy = false
  const work = async () => {
    busy = true
    while (waiting.length > 0) {
      const some = waiting.splice(0, together)
      const answers = await ask(some.map(({ slot }) => slot))
      for (const [i, { settle }] of some.entries()) settle(answers[i] as Anchor)
    }
    busy = false
  }
  return (slot) =>
    new Promise((settle) => {
      waiting.push({ slot, settle })
      if (!busy) void work()
    })
}

type Head = { readonly url: string; readonly number: number; readonly time: number }

/** What an endpoint says about one slot at the common block; `latest` is the word at its own newest block. */
type Statement = {
  readonly blockHash: string
  readonly hasCode: boolean
  readonly word: bigint
  readonly latest: bigint
  readonly isProven: boolean
}

/** Answers for each slot, in order. Never rejects. */
async function ask(fetch: JsonRpc.Fetch, chain: Trust.Chain, slots: readonly Bytes.Hex[]): Promise<readonly Anchor[]> {
  const all = (answer: Anchor) => slots.map(() => answer)
  const heads = await Promise.all(chain.rpc.map((url) => readHead(fetch, url, chain)))
  const reached = heads.filter((head) => head !== undefined)
  if (reached.length === 0) return all({ kind: 'unreachable' })
  const strangers = reached.filter((head) => 'chainId' in head)
  const [stranger] = strangers
  if (stranger !== undefined && strangers.length === reached.length)
    return all({ kind: 'other-chain', chainId: stranger.chainId })
  if (stranger !== undefined) return all({ kind: 'disagreement' })
  const own = reached.filter((head) => 'number' in head)

  const shown = await askAtCheckpoint(fetch, chain, own, slots)
  // The one furthest behind has the block, and the others have it too.
  const newest = Math.min(...own.map(({ number }) => number))
  const settled = newest - (chain.confirmations - 1)
  const block = settled < 0 ? undefined : settled
  const rest = slots.filter((_, i) => shown[i] === undefined)
  const answers =
    rest.length === 0 ? [] : await Promise.all(own.map((head) => readSlots(fetch, head, chain, rest, block ?? newest)))
  const asOf = Math.min(...own.map(({ time }) => time))
  let next = 0
  return slots.map((_, i) => {
    const known = shown[i]
    if (known !== undefined) return known
    const at = next++
    const statements = answers.flatMap((answer) => answer?.[at] ?? [])
    return decide(chain, statements, block !== undefined, asOf)
  })
}

function decide(chain: Trust.Chain, statements: readonly Statement[], isFinal: boolean, asOf: number): Anchor {
  const [first] = statements
  if (first === undefined || statements.length < chain.quorum) return { kind: 'unreachable' }
  // Not a majority, but all who answer: one honest endpoint is enough to show that another lies.
  if (statements.some(({ blockHash }) => blockHash !== first.blockHash)) return { kind: 'disagreement' }
  const proven = statements.find(({ isProven }) => isProven)
  if (proven === undefined && chain.proof === 'required') return { kind: 'unproven' }
  const isAlike = ({ hasCode, word }: Statement) => hasCode === first.hasCode && word === first.word
  if (proven === undefined && !statements.every(isAlike)) return { kind: 'disagreement' }
  const { hasCode, word } = proven ?? first
  if (!hasCode) return { kind: 'no-registry' }
  const anchored = AnchorSlot.read(word)
  if (anchored !== undefined) return isFinal ? { kind: 'final', ...anchored } : { kind: 'recent' }
  return statements.some(({ latest }) => latest !== 0n) ? { kind: 'recent' } : { kind: 'absent', asOf }
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
    return { url, number: Number(JsonRpc.quantity(number)), time: Number(JsonRpc.quantity(timestamp)) }
  } catch {
    return undefined
  }
}

async function readSlots(
  fetch: JsonRpc.Fetch,
  { url }: Head,
  chain: Trust.Chain,
  slots: readonly Bytes.Hex[],
  number: number,
): Promise<readonly Statement[] | undefined> {
  const block = `0x${number.toString(16)}`
  try {
    const [header, proof, code, ...words] = await JsonRpc.batch(fetch, url, [
      ['eth_getBlockByNumber', [block, false]],
      ['eth_getProof', [chain.registry, slots, block]],
      ['eth_getCode', [chain.registry, block]],
      ...slots.map((slot) => ['eth_getStorageAt', [chain.registry, slot, block]] as const),
      ...slots.map((slot) => ['eth_getStorageAt', [chain.registry, slot, 'latest']] as const),
    ])
    const { hash } = header as { readonly hash?: unknown }
    if (typeof hash !== 'string' || typeof code !== 'string') return undefined
    return slots.map((slot, i) => {
      const shown = show(header, proof, chain, slot, i)
      const latest = JsonRpc.quantity(words[slots.length + i])
      if (shown !== undefined && shown.block.number === BigInt(number) && Bytes.toHex(shown.trusted) === hash)
        return { blockHash: hash, hasCode: shown.hasCode, word: shown.word, latest, isProven: true }
      const word = JsonRpc.quantity(words[i])
      return { blockHash: hash, hasCode: code !== '0x', word, latest, isProven: false }
    })
  } catch {
    return undefined
  }
}

/**
 * Which anchors stood there already at the newest block that the trust names, as shown by any endpoint that still has
 * the state of that block. A full node remembers it of the last 128 blocks or so.
 */
async function askAtCheckpoint(
  fetch: JsonRpc.Fetch,
  chain: Trust.Chain,
  heads: readonly Head[],
  slots: readonly Bytes.Hex[],
): Promise<readonly (Anchor | undefined)[]> {
  const checkpoint = chain.checkpoints?.toSorted((a, b) => b.number - a.number)[0]
  if (checkpoint === undefined) return slots.map(() => undefined)
  const block = `0x${checkpoint.number.toString(16)}`
  const answers = await Promise.all(
    heads.map(({ url }) =>
      JsonRpc.batch(fetch, url, [
        ['eth_getBlockByHash', [checkpoint.hash, false]],
        ['eth_getProof', [chain.registry, slots, block]],
      ]).catch(() => []),
    ),
  )
  return slots.map((slot, i) => {
    for (const [header, proof] of answers) {
      const shown = show(header, proof, chain, slot, i)
      const anchor = shown && Checkpoint.anchor(shown, chain)
      if (anchor !== undefined) return anchor
    }
    return undefined
  })
}

/**
 * What shows the anchor of (account, root) at the newest final block, for a keepsake; `undefined` where the endpoint cannot
 * prove it. It is held against nothing but itself: whoever asks trusts the endpoint.
 */
export async function prove(
  fetch: JsonRpc.Fetch,
  url: string,
  { registry, confirmations }: Pick<Trust.Chain, 'registry' | 'confirmations'>,
  account: Bytes.Hex,
  root: Bytes.Hex,
): Promise<StorageProof.StorageProof | undefined> {
  const slot = AnchorSlot.of(account, root)
  try {
    const [newest] = await JsonRpc.batch(fetch, url, [['eth_blockNumber', []]])
    const block = `0x${(JsonRpc.quantity(newest) - BigInt(confirmations - 1)).toString(16)}`
    const [header, answer] = await JsonRpc.batch(fetch, url, [
      ['eth_getBlockByNumber', [block, false]],
      ['eth_getProof', [registry, [slot], block]],
    ])
    const proof = toProof(header, answer, 0)
    return StorageProof.read(proof, registry, slot).word === 0n ? undefined : proof
  } catch {
    return undefined
  }
}

/** What an answer to `eth_getProof` shows of one of the slots; `undefined` where it shows nothing. */
function show(
  header: unknown,
  answer: unknown,
  { registry }: Trust.Chain,
  slot: Bytes.Hex,
  i: number,
): StorageProof.Shown | undefined {
  try {
    return StorageProof.read(toProof(header, answer, i), registry, slot)
  } catch {
    // It is not asked why: an endpoint need not know the method, and one that lies has shown nothing either.
    return undefined
  }
}

/** Throws anything where the answers are not of this form. */
function toProof(header: unknown, answer: unknown, i: number): StorageProof.StorageProof {
  const { accountProof, storageProof } = answer as { accountProof: string[]; storageProof: { proof: string[] }[] }
  const bytes = (nodes: readonly string[]) => nodes.map((node) => Bytes.fromHex(node))
  return {
    headers: [BlockHeader.fromJsonRpc(header as Readonly<Record<string, unknown>>)],
    account: bytes(accountProof),
    storage: bytes(storageProof[i]?.proof ?? []),
  }
}
