import { createRequire } from 'node:module'
import hardhatEthers from '@nomicfoundation/hardhat-ethers'
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers'
import hardhatIgnitionEthers from '@nomicfoundation/hardhat-ignition-ethers'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import { configVariable, defineConfig, overrideTask } from 'hardhat/config'
import { networks as known } from './server/src/networks.ts'

const require = createRequire(import.meta.url)

// The compiler is the npm package's: nothing is downloaded, and the lock file vouches for it.
const solc = { version: '0.8.37', path: require.resolve('solc/soljson.js') }

// Without a metadata hash the bytecode does not depend on where and under which names the sources lie.
const settings = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 10_000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
}

// Inside a container Hardhat's node would listen on every interface, with its well-known keys.
const node = overrideTask('node')
  .setInlineAction((args, _hre, runSuper) => runSuper({ ...args, hostname: args.hostname ?? '127.0.0.1' }))
  .build()

/** How much the Solidity tests try: little while developing, much in the slow tests. */
const setting = (name: string, fast: number) => Number(process.env[name] ?? fast)

// The same names as `laurel deploy --network` has, and the same variable for the RPC. Ignition takes a key of its own,
// from LAUREL_DEPLOYER_KEY: none of a home's keys ever leaves its keystore.
const networks = Object.fromEntries(
  known.map(({ name, chainId, development }) => [
    name,
    development
      ? { type: 'http' as const, chainId, url: 'http://127.0.0.1:8545' }
      : {
          type: 'http' as const,
          chainId,
          url: configVariable('LAUREL_CHAIN_RPC'),
          accounts: [configVariable('LAUREL_DEPLOYER_KEY')],
        },
  ]),
)

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatIgnitionEthers, hardhatNetworkHelpers],
  tasks: [node],
  solidity: {
    profiles: {
      default: { ...solc, settings },
      production: { ...solc, isolated: true, settings: { ...settings, viaIR: true } },
    },
  },
  networks: {
    ...networks,
    default: { type: 'edr-simulated', chainType: 'l1', chainId: 31_337, hardfork: 'osaka' },
    node: { type: 'edr-simulated', chainType: 'l1', chainId: 31_337, hardfork: 'osaka' },
  },
  paths: { tests: { solidity: './test/contracts' } },
  test: {
    solidity: {
      // A fixed seed: a run that fails fails again. Who wants other inputs sets SOLIDITY_FUZZ_SEED.
      fuzz: { runs: setting('SOLIDITY_FUZZ_RUNS', 512), seed: process.env.SOLIDITY_FUZZ_SEED ?? '0x1a07e1' },
      invariant: {
        runs: setting('SOLIDITY_INVARIANT_RUNS', 64),
        depth: setting('SOLIDITY_INVARIANT_DEPTH', 32),
        failOnRevert: true,
      },
      fsPermissions: { readFile: ['test/vectors/badge-collection-v1.json', 'test/vectors/issuer-directory-v1.json'] },
    },
  },
})
