import type * as Chain from '../support/Chain.ts'

/** Looks at a chain as a stranger would, block by block, and remembers what has been final on it. */
export type Watch = {
  /** Looks at what has been mined since. */
  readonly look: () => Promise<void>
  /** Takes blocks back, and these calls with them, after a last look: so that nothing is missed that was final before. */
  readonly reorganise: (depth: number) => Promise<void>
  /** Whether a root has ever had so many confirmations that it is final, as of the last look. */
  readonly hasBeenFinal: (root: string) => boolean
}

type Transaction = { readonly hash: string; readonly input: string }

/** @param confirmations how many blocks, its own included, make a block final */
export function create(chain: Chain.Chain, confirmations: number): Watch {
  /** The roots of each block, which are n × 32 bytes of the call and nothing else. */
  const blocks: string[][] = []
  const final = new Set<string>()
  let looking: Promise<void> = Promise.resolve()
  const read = async () => {
    const head = Number(await chain.rpc('eth_blockNumber'))
    for (let number = blocks.length; number <= head; number++) {
      const block = await chain.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, true)
      const { transactions } = block as { readonly transactions: readonly Transaction[] }
      const anchoring = transactions.filter(({ input }) => /^0x([0-9a-f]{64})+$/.test(input))
      blocks.push(anchoring.flatMap(({ input }) => input.slice(2).match(/.{64}/g) ?? []))
    }
    for (const roots of blocks.slice(0, head - confirmations + 2)) for (const root of roots) final.add(`0x${root}`)
  }
  // One after another: a look in the midst of a reorganisation sees half of it.
  const after = (work: () => Promise<void>) => {
    looking = looking.then(work)
    return looking
  }
  return {
    look: () => after(read),
    reorganise: (depth) =>
      after(async () => {
        await chain.rpc('evm_setIntervalMining', 0)
        await read()
        await chain.rpc('anvil_reorg', depth, [])
        blocks.length -= depth
        await chain.rpc('evm_setIntervalMining', 1)
      }),
    hasBeenFinal: (root) => final.has(root),
  }
}
