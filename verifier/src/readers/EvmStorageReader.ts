import * as Bytes from '@laurel/core/Bytes'
import type { Readers, Words } from '../Readers.ts'
import type * as Trust from '../Trust.ts'
import * as EvmState from './EvmState.ts'
import type * as JsonRpc from './JsonRpc.ts'
import * as Sharing from './Sharing.ts'

/** For how long a final word is not asked for again, in milliseconds. It comes with the time of its block all the while. */
const maximumAge = 60_000

/** One word, or why there is none. */
type Word =
  | { readonly kind: 'final' | 'checkpoint'; readonly word: bigint; readonly asOf: number }
  | Exclude<Words, { readonly words: unknown }>

/**
 * Reads what a contract stores over JSON-RPC, at a final block, as {@link EvmState.read} does. Where the endpoints cannot
 * settle it, what one of them shows at a block that the trust names is given out, as of that block.
 *
 * What is stored may change: a final word is remembered for a minute, unless one of a later block is wanted; everything else
 * is asked again. What is asked while an answer is on its way is asked together.
 *
 * @param clock milliseconds since any moment
 */
export function create(
  fetch: JsonRpc.Fetch,
  clock: () => number = () => performance.now(),
): NonNullable<Readers['words']> {
  const of = Sharing.perChain((chain) => {
    const contracts = new Map<Bytes.Hex, Read>()
    return (contract: Bytes.Hex) => {
      const read = contracts.get(contract) ?? remember((slots) => ask(fetch, chain, contract, slots), clock)
      contracts.set(contract, read)
      return read
    }
  })
  return async (chain, contract, slots, since = 0) => {
    const read = of(chain)(contract)
    return together(await Promise.all(slots.map((slot) => read(slot, since))))
  }
}

type Read = (slot: Bytes.Hex, since: number) => Promise<Word>

function remember(ask: (slots: readonly Bytes.Hex[]) => Promise<readonly Word[]>, clock: () => number): Read {
  const gathered = Sharing.gather(ask)
  const known = new Map<Bytes.Hex, { readonly answer: Promise<Word>; readonly asked: number }>()
  const isLate = (word: Word, since: number) => word.kind === 'final' && word.asOf < since
  return async (slot, since) => {
    const before = known.get(slot)
    if (before !== undefined && clock() - before.asked < maximumAge) {
      const word = await before.answer
      if (!isLate(word, since)) return word
    }
    const answer = gathered(slot)
    known.set(slot, { answer, asked: clock() })
    answer.then(({ kind }) => kind !== 'final' && known.get(slot)?.answer === answer && known.delete(slot))
    return answer
  }
}

/** Answers for each slot, in order. Never rejects. */
async function ask(
  fetch: JsonRpc.Fetch,
  chain: Trust.Chain,
  contract: Bytes.Hex,
  slots: readonly Bytes.Hex[],
): Promise<readonly Word[]> {
  const answers = (await EvmState.read(fetch, chain, contract, slots)).map(toWord)
  if (answers.every(({ kind }) => kind === 'final' || kind === 'no-contract')) return answers
  const shown = await EvmState.readAtCheckpoint(fetch, chain, contract, slots)
  return answers.map((answer, i) => {
    const known = shown[i]
    return known === undefined || !known.hasCode || answer.kind === 'final' || answer.kind === 'no-contract'
      ? answer
      : { kind: 'checkpoint', word: known.word, asOf: known.block.time }
  })
}

function toWord(answer: EvmState.Answer): Word {
  if (answer.kind === 'other-chain') return { kind: 'disagreement' }
  if (answer.kind !== 'stored') return answer
  const { hasCode, word, isFinal, time } = answer
  if (!isFinal) return { kind: 'unreachable' }
  return hasCode ? { kind: 'final', word, asOf: time } : { kind: 'no-contract' }
}

/** All words, as of the earliest of their blocks; or the first thing that is in the way. */
function together(all: readonly Word[]): Words {
  const words: Uint8Array[] = []
  let asOf = Number.POSITIVE_INFINITY
  let kind: 'final' | 'checkpoint' = 'final'
  for (const each of all) {
    if (!('word' in each)) return each
    words.push(Bytes.fromUint(each.word, 32))
    asOf = Math.min(asOf, each.asOf)
    if (each.kind === 'checkpoint') kind = each.kind
  }
  return { kind, words, asOf }
}
