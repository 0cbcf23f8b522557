/** A chain whose name is known here. */
export type Network = {
  readonly chainId: number
  /** What it is called on a command line. */
  readonly name: string
  /** What it is called in a sentence. */
  readonly title: string
  /** Whether its coins are worth nothing. */
  readonly test: boolean
  /** Whether somebody runs it on their own machine, so that it gets contracts and coins by itself. */
  readonly development: boolean
  /**
   * How many blocks, its own included, make a transaction final unless the operator says otherwise. Roll-ups make many
   * small blocks; but a full node remembers the state of the last 128 blocks only, and anchors are read at a final one.
   */
  readonly confirmations: number
  /** The page of the block explorer. */
  readonly explorer?: string
}

const local = { test: true, development: true, confirmations: 1 } as const
const layer1 = { development: false, confirmations: 12 } as const
const rollUp = { development: false, confirmations: 64 } as const

/** Every network that is known by name. Any other EVM chain works too, by its RPC alone. */
export const networks: readonly Network[] = [
  { chainId: 31_337, name: 'hardhat', title: 'the local chain', ...local },
  { chainId: 31_337, name: 'anvil', title: 'the local chain', ...local },
  { chainId: 1_337, name: 'local', title: 'the local chain 1337', ...local },
  { chainId: 1, name: 'mainnet', title: 'Ethereum', test: false, ...layer1, explorer: 'https://etherscan.io' },
  {
    chainId: 11_155_111,
    name: 'sepolia',
    title: 'Sepolia',
    test: true,
    ...layer1,
    explorer: 'https://sepolia.etherscan.io',
  },
  { chainId: 560_048, name: 'hoodi', title: 'Hoodi', test: true, ...layer1, explorer: 'https://hoodi.etherscan.io' },
  { chainId: 8_453, name: 'base', title: 'Base', test: false, ...rollUp, explorer: 'https://basescan.org' },
  {
    chainId: 84_532,
    name: 'base-sepolia',
    title: 'Base Sepolia',
    test: true,
    ...rollUp,
    explorer: 'https://sepolia.basescan.org',
  },
  { chainId: 137, name: 'polygon', title: 'Polygon', test: false, ...rollUp, explorer: 'https://polygonscan.com' },
  {
    chainId: 80_002,
    name: 'polygon-amoy',
    title: 'Polygon Amoy',
    test: true,
    ...rollUp,
    explorer: 'https://amoy.polygonscan.com',
  },
  { chainId: 42_161, name: 'arbitrum', title: 'Arbitrum One', test: false, ...rollUp, explorer: 'https://arbiscan.io' },
  {
    chainId: 421_614,
    name: 'arbitrum-sepolia',
    title: 'Arbitrum Sepolia',
    test: true,
    ...rollUp,
    explorer: 'https://sepolia.arbiscan.io',
  },
  {
    chainId: 10,
    name: 'optimism',
    title: 'OP Mainnet',
    test: false,
    ...rollUp,
    explorer: 'https://optimistic.etherscan.io',
  },
  {
    chainId: 11_155_420,
    name: 'optimism-sepolia',
    title: 'OP Sepolia',
    test: true,
    ...rollUp,
    explorer: 'https://optimism-sepolia.blockscout.com',
  },
  { chainId: 100, name: 'gnosis', title: 'Gnosis', test: false, ...layer1, explorer: 'https://gnosisscan.io' },
]

/** What is known about a chain: of one that is not in the table, that its coins may be worth something. */
export function byChainId(chainId: number): Network {
  return (
    networks.find((network) => network.chainId === chainId) ?? {
      chainId,
      name: `chain-${chainId}`,
      title: `chain ${chainId}`,
      test: false,
      ...layer1,
    }
  )
}

/** The network of this name. */
export function byName(name: string): Network | undefined {
  return networks.find((network) => network.name === name)
}
