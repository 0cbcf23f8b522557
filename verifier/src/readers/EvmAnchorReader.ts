import type * as Bytes from '@laurel/core/Bytes'
import { encodeAbiParameters, keccak256 } from 'viem'
import type { Anchor } from '../Readers.ts'
import type * as Trust from '../Trust.ts'

type Fetch = typeof globalThis.fetch

/** How long an endpoint may take for one answer, in milliseconds. */
const timeout = 10_000

/**
 * Reads anchors from the registry's storage over JSON-RPC: from every endpoint of the chain at once, and believes what
 * as many of them say as the quorum demands. Needs no archive node: it looks no further back than a final block.
 *
 * A final anchor is remembered for as long as the reader lives.
 */
export function create(fetch: Fetch): (chain: Trust.Chain, account: Bytes.Hex, root: Bytes.Hex) => Promise<Anchor> {
  const known = new Map<string, Promise<Anchor>>()
  return (chain, account, root) => {
    const key = [chain.chainId, chain.registry, account, root].join()
    const answer = known.get(key) ?? ask(fetch, chain, slot(account, root))
    known.set(key, answer)
    answer.then(({ kind }) => kind !== 'final' && known.delete(key))
    return answer
  }
}

/** Where the registry keeps an anchor: `keccak256(abi.encode(account, root))`. */
export function slot(account: Bytes.Hex, root: Bytes.Hex): Bytes.Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [account, root]))
}

async function ask(fetch: Fetch, chain: Trust.Chain, slot: Bytes.Hex): Promise<Anchor> {
  const answers = await Promise.all(chain.rpc.map((url) => askOne(fetch, url, chain, slot)))
  const reached = answers.filter(({ kind }) => kind !== 'unreachable')
  if (reached.length === 0) return { kind: 'unreachable' }
  for (const answer of reached) {
    const alike = reached.filter((other) => isSame(answer, other))
    // Not a majority, but all who answer: one honest endpoint is enough to show that another lies.
    if (alike.length >= chain.quorum && alike.length === reached.length) return answer
  }
  return reached.length < chain.quorum ? { kind: 'unreachable' } : { kind: 'disagreement' }
}

function isSame(a: Anchor, b: Anchor): boolean {
  if (a.kind === 'final' && b.kind === 'final') return a.time === b.time && a.block === b.block
  return a.kind === b.kind
}

async function askOne(fetch: Fetch, url: string, chain: Trust.Chain, slot: Bytes.Hex): Promise<Anchor> {
  try {
    const { registry, confirmations } = chain
    const [id, head] = await batch(fetch, url, [
      ['eth_chainId', []],
      ['eth_getBlockByNumber', ['latest', false]],
    ])
    const chainId = Number(quantity(id))
    if (chainId !== chain.chainId) return { kind: 'other-chain', chainId }
    const { number: newest, timestamp } = head as { readonly number?: unknown; readonly timestamp?: unknown }
    const number = quantity(newest)
    const absent = { kind: 'absent', asOf: Number(quantity(timestamp)) } as const
    const final = number - BigInt(confirmations - 1)
    const at = (block: bigint) => ['eth_getStorageAt', [registry, slot, `0x${block.toString(16)}`]] as const
    const [code, recent, settled] = await batch(fetch, url, [
      ['eth_getCode', [registry, 'latest']],
      at(number),
      ...(final >= 0n && final !== number ? [at(final)] : []),
    ])
    if (typeof code !== 'string' || code === '0x') return { kind: 'no-registry' }
    if (final < 0n) return quantity(recent) === 0n ? absent : { kind: 'recent' }
    const value = quantity(final === number ? recent : settled)
    if (value !== 0n) return { kind: 'final', time: Number(value & 0xffff_ffff_ffff_ffffn), block: value >> 64n }
    return quantity(recent) === 0n ? absent : { kind: 'recent' }
  } catch {
    return { kind: 'unreachable' }
  }
}

type Call = readonly [method: string, params: readonly unknown[]]

/** JSON-RPC 2.0 §6. Rejects when anything but a whole answer comes back. */
async function batch(fetch: Fetch, url: string, calls: readonly Call[]): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))),
    signal: AbortSignal.timeout(timeout),
  })
  const answers: unknown = await response.json()
  if (!Array.isArray(answers)) throw new TypeError('A batch is answered by a list')
  return calls.map((_, id) => {
    const answer = answers.find((each) => each?.id === id)
    if (answer === undefined || answer.error !== undefined) throw new TypeError('A call was not answered')
    return answer.result
  })
}

function quantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw new TypeError('This is not a quantity')
  return BigInt(value)
}
