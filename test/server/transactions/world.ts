import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Bytes from '@laurel/core/Bytes'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import { expect } from 'chai'
import * as EvmChain from '../../../server/src/adapters/chain/EvmChain.ts'
import { open } from '../../../server/src/adapters/chain/open.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import { anchorOf } from '../../../server/src/internal/anchor-of.ts'
import type { Condition, Place, Stored, TransactionStore } from '../../../server/src/ports/TransactionStore.ts'
import { advance } from '../../../server/src/transactions/advance.ts'
import type * as Lane from '../../../server/src/transactions/Lane.ts'
import * as Transactions from '../../../server/src/transactions/Transactions.ts'
import { anyRoot, createSigner, type Node } from '../adapters/chain.ts'

export { anyRoot } from '../adapters/chain.ts'

/** One account with its own store on a node's chain, and what a test does with them. */
export type World = Lane.Options & {
  readonly node: Node
  readonly registry: Bytes.Hex
  readonly path: string
  /** The account's private key. */
  readonly secret: Bytes.Hex
  /** Moves the clock of this world on, in milliseconds. */
  readonly later: (milliseconds: number) => void
  /** Intends to anchor roots; new ones, unless they are named. */
  readonly anchor: (...roots: readonly Bytes.Hex[]) => Promise<readonly Stored[]>
  readonly step: (over?: Partial<Lane.Options>) => Promise<Condition | null>
  /** Steps until an intent is settled. */
  readonly settled: (intent: Stored, over?: Partial<Lane.Options>) => Promise<Stored>
  readonly place: (intent: Stored) => Promise<Place>
  /** Signs and sends a transaction of the account behind the store's back, and waits until it is in a block. */
  readonly elsewhere: (root?: Bytes.Hex) => Promise<void>
  /** How many times the registry was told of a root by the account. */
  readonly anchored: (root: Bytes.Hex) => Promise<number>
  readonly sent: () => Promise<number>
  readonly mine: (blocks?: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Makes an account with coins, on a chain that has the contracts. */
export async function create(
  node: Node,
  {
    confirmations = 1,
    development = true,
    url = node.url,
    ...over
  }: Partial<Lane.Options> & {
    readonly confirmations?: number
    readonly development?: boolean
    /** Where the lane finds the chain, when it is not where the test does. */
    readonly url?: string
  } = {},
): Promise<World> {
  const secret = anyRoot()
  const signer = createSigner(secret)
  const registry = AnchorRegistry.address
  const embedded = { embedded: true, account: signer.address, chainId: undefined, confirmations: 1 }
  const direct = await open({ url: node.url, ...embedded })
  const chain = EvmChain.create(direct.chainId, EvmChain.createClient(url), {
    url,
    registry,
    confirmations,
    finality: 'confirmations',
    test: true,
    development,
  })
  const folder = await mkdtemp(join(tmpdir(), 'laurel-lane-'))
  const path = join(folder, 'laurel.db')
  const transactions: TransactionStore = await SqlTransactionStore.open(path)
  let offset = 0
  const options: Lane.Options = {
    transactions,
    chain,
    signer,
    clock: { now: () => Date.now() + offset },
    maximumFee: 10n ** 12n,
    ...over,
  }
  const step = (more: Partial<Lane.Options> = {}) => advance({ ...options, ...more })
  return {
    ...options,
    node,
    registry,
    path,
    secret,
    later: (milliseconds) => {
      offset += milliseconds
    },
    anchor: async (...roots) => {
      const intents: Stored[] = []
      for (const root of roots.length === 0 ? [anyRoot()] : roots)
        intents.push(
          await transactions.intend(anchorOf({ terms: { ...chain, account: signer.address }, root }), Date.now()),
        )
      return intents
    },
    step,
    settled: async (intent, more) => {
      for (;;) {
        const condition = await step(more)
        if (condition !== null) expect.fail(`held up: ${JSON.stringify(condition)}`)
        const stored = await transactions.get(intent.id)
        if (stored.state !== 'open') return stored
      }
    },
    place: async (intent) => {
      const place = await transactions.place(intent)
      return place ?? expect.fail('it has no nonce')
    },
    elsewhere: async (root = anyRoot()) => {
      const nonce = await direct.nonce(signer.address)
      const call = Transactions.anchoring(registry, [root])
      const fees = await direct.fees()
      const { raw, hash } = await Transactions.sign({ chainId: direct.chainId, signer, nonce, call, fees })
      await direct.send(raw)
      while ((await direct.receipt(hash)) === null);
    },
    anchored: async (root) => {
      const topics = [topic, `0x${signer.address.slice(2).padStart(64, '0')}`, root]
      const logs = await node.rpc('eth_getLogs', { address: registry, topics, fromBlock: '0x0', toBlock: 'latest' })
      return (logs as unknown[]).length
    },
    sent: () => direct.nonce(signer.address),
    mine: async (blocks = 1) => {
      for (let i = 0; i < blocks; i++) await node.rpc('evm_mine')
    },
    close: async () => {
      await transactions.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** keccak256 of `Anchored(address,bytes32)`, as other tools compute it. */
const topic = '0xee1610244dfc4b116b1433dd4459fd7b1d3d2bf737a05fc3f6d8f173005d7147'
