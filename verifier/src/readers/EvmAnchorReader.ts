import * as AnchorSlot from '@laurel/core/AnchorSlot'
import type * as Bytes from '@laurel/core/Bytes'
import * as StorageProof from '@laurel/core/StorageProof'
import * as Checkpoint from '../Checkpoint.ts'
import type { Anchor, Readers } from '../Readers.ts'
import type * as Trust from '../Trust.ts'
import * as EvmState from './EvmState.ts'
import * as JsonRpc from './JsonRpc.ts'
import * as Sharing from './Sharing.ts'

/**
 * Reads anchors from the registry's storage over JSON-RPC, as {@link EvmState.read} does. An anchor that a block shows which
 * the trust names itself needs no quorum: once there, it stays.
 *
 * A final anchor is remembered for as long as the reader lives; everything else is asked again. What is asked while an
 * answer is on its way is asked together.
 */
export function create(fetch: JsonRpc.Fetch): Readers['anchor'] {
  const of = Sharing.perChain((chain) => ({
    ask: Sharing.gather((slots: readonly Bytes.Hex[]) => ask(fetch, chain, slots)),
    keep: Sharing.keep<Anchor>(({ kind }) => kind === 'final'),
  }))
  return (chain, account, root) => {
    const { ask, keep } = of(chain)
    const slot = AnchorSlot.of(account, root)
    return keep(slot, () => ask(slot))
  }
}

/** Answers for each slot, in order. Never rejects. */
async function ask(fetch: JsonRpc.Fetch, chain: Trust.Chain, slots: readonly Bytes.Hex[]): Promise<readonly Anchor[]> {
  const shown = await EvmState.readAtCheckpoint(fetch, chain, chain.registry, slots)
  const known = shown.map((each) => each && Checkpoint.anchor(each, chain))
  const rest = slots.filter((_, i) => known[i] === undefined)
  const answers = rest.length === 0 ? [] : await EvmState.read(fetch, chain, chain.registry, rest)
  let next = 0
  return known.map((anchor) => anchor ?? toAnchor(answers[next++]))
}

function toAnchor(answer: EvmState.Answer = { kind: 'unreachable' }): Anchor {
  if (answer.kind !== 'stored') return answer
  const { hasCode, word, isFinal, latest, latestTime } = answer
  if (!hasCode) return { kind: 'no-registry' }
  const anchored = AnchorSlot.read(word)
  // What no registry writes.
  if (anchored !== undefined && anchored.time > JsonRpc.lastSecond) return { kind: 'no-registry' }
  if (anchored !== undefined) return isFinal ? { kind: 'final', ...anchored } : { kind: 'recent' }
  return latest.some((each) => each !== 0n) ? { kind: 'recent' } : { kind: 'absent', asOf: latestTime }
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
    const proof = EvmState.toProof(header, answer, 0)
    return StorageProof.read(proof, registry, slot).word === 0n ? undefined : proof
  } catch {
    return undefined
  }
}
