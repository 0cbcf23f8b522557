import { fileURLToPath } from 'node:url'
import { keccak256, toBeHex } from 'ethers'
import hre from 'hardhat'

/** The compiler profiles of hardhat.config.ts, under each of which every test must pass. */
export const profiles = ['default', 'production'] as const
export type Profile = (typeof profiles)[number]

export type Code = { readonly initCode: string; readonly runtimeCode: string }

/** A connection to a new in-process chain. Close it. */
export type Chain = Awaited<ReturnType<typeof chain>>

/** Starts an in-process chain whose first block is dated 2026-03-01, so that no test depends on today. */
export function chain(chainId = 31_337) {
  return hre.network.create({
    network: 'default',
    chainType: 'l1',
    override: { chainId, initialDate: '2026-03-01T00:00:00Z' },
  })
}

const compiled = new Map<string, Promise<Code>>()

/** Compiles a contract as `hardhat build` does, without writing artifacts that another process may be reading. */
export function compile(profile: Profile, name = 'AnchorRegistry', folder = 'contracts'): Promise<Code> {
  const key = `${profile} ${folder} ${name}`
  let code = compiled.get(key)
  if (code === undefined) {
    code = compileNow(profile, name, folder)
    compiled.set(key, code)
  }
  return code
}

async function compileNow(buildProfile: Profile, name: string, folder: string): Promise<Code> {
  const source = fileURLToPath(new URL(`../../${folder}/${name}.sol`, import.meta.url))
  const options = { buildProfile, force: true, quiet: true }
  const jobs = await hre.solidity.getCompilationJobs([source], options)
  if (!jobs.success) throw new Error(jobs.formattedReason)
  const job = jobs.compilationJobsPerFile.get(source)
  if (job === undefined) throw new Error('no compilation job for the contract')
  const { output } = await hre.solidity.runCompilationJob(job, options)
  // A warning is an error, but for a mutant: it is for the tests to notice it.
  const isTolerated = process.env.LAUREL_COMPILER_WARNINGS === 'allowed'
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error' || !isTolerated)
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'))
  const { [name]: contract } = Object.assign({}, ...Object.values(output.contracts ?? {}))
  return {
    initCode: `0x${contract.evm.bytecode.object}`,
    runtimeCode: `0x${contract.evm.deployedBytecode.object}`,
  }
}

/** The n-th of an endless row of roots. None has a zero byte, which makes them the dearest of calldata. */
export function root(n: number): string {
  return keccak256(toBeHex(n, 32)).replace(/(?<=^0x(?:..)*)00/g, '01')
}
