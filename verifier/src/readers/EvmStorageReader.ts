import * as Bytes from '@laurel/core/Bytes'
import type { Words } from '../Readers.ts'
import type * as Trust from '../Trust.ts'
import * as JsonRpc from './JsonRpc.ts'

/**
 * Reads what a contract stores over JSON-RPC, at a final block: from every endpoint of the chain at once, and believes what
 * as many of them say as the quorum demands, if nobody contradicts. Asked anew each time: what is stored may change.
 */
export function create(
  fetch: JsonRpc.Fetch,
): (chain: Trust.Chain, contract: Bytes.Hex, slots: readonly Bytes.Hex[]) => Promise<Words> {
  return async (chain, contract, slots) => {
    const answers = await Promise.all(chain.rpc.map((url) => askOne(fetch, url, chain, contract, slots)))
    const reached = answers.filter(({ kind }) => kind !== 'unreachable')
    const [first] = reached
    if (first === undefined || reached.length < chain.quorum) return { kind: 'unreachable' }
    // Those who are a block behind say the same in another second: the earliest is what all of them know.
    if (!reached.every((other) => isSame(first, other))) return { kind: 'disagreement' }
    if (first.kind !== 'final') return first
    return { ...first, asOf: Math.min(...reached.map((each) => (each.kind === 'final' ? each.asOf : 0))) }
  }
}

async function askOne(
  fetch: JsonRpc.Fetch,
  url: string,
  { chainId, confirmations }: Trust.Chain,
  contract: Bytes.Hex,
  slots: readonly Bytes.Hex[],
): Promise<Words> {
  try {
    const [id, head] = await JsonRpc.batch(fetch, url, [
      ['eth_chainId', []],
      ['eth_getBlockByNumber', ['latest', false]],
    ])
    if (Number(JsonRpc.quantity(id)) !== chainId) return { kind: 'disagreement' }
    const newest = JsonRpc.quantity((head as { readonly number?: unknown }).number)
    const final = newest - BigInt(confirmations - 1)
    if (final < 0n) return { kind: 'unreachable' }
    const block = `0x${final.toString(16)}`
    const [code, settled, ...values] = await JsonRpc.batch(fetch, url, [
      ['eth_getCode', [contract, block]],
      ['eth_getBlockByNumber', [block, false]],
      ...slots.map((slot) => ['eth_getStorageAt', [contract, slot, block]] as const),
    ])
    if (typeof code !== 'string') return { kind: 'unreachable' }
    if (code === '0x') return { kind: 'no-contract' }
    return {
      kind: 'final',
      words: values.map((value) => Bytes.fromUint(JsonRpc.quantity(value), 32)),
      asOf: Number(JsonRpc.quantity((settled as { readonly timestamp?: unknown }).timestamp)),
    }
  } catch {
    return { kind: 'unreachable' }
  }
}

function isSame(a: Words, b: Words): boolean {
  if (a.kind !== 'final' || b.kind !== 'final') return a.kind === b.kind
  return a.words.every((word, i) => Bytes.equals(word, b.words[i] ?? new Uint8Array()))
}
