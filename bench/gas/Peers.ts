import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import hre from 'hardhat'
import solc from 'solc'
import type { Abi, Hex } from 'viem'
import * as Command from '../../scripts/Command.ts'

/** A contract that can be deployed. */
export type Contract = { readonly abi: Abi; readonly initCode: Hex }

const folder = import.meta.dirname
const modules = join(folder, 'node_modules')

/**
 * EAS, taken out of its package: as a dependency it would bring an old Hardhat of its own into the tree. The hash is
 * that of the registry's lock entry, so that other bytes under the same version are refused.
 */
const eas = {
  name: '@ethereum-attestation-service/eas-contracts',
  version: '1.9.0',
  integrity: 'L60y1fgKlY3a45xxnPlgRbiGQY8RF/lF+AzF1iVoR7/aEzitS0Nuyyjq8+IXs1sSSU0dl2+yGSmELxVeB6FelA==',
}

/** The versions of the peers, as package.json and the pin above have them. */
export function versions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { ...dependencies, [eas.name]: eas.version }
}

/** Brings the peers' packages where they are not: those of the lock file, and EAS. Says nothing if it succeeds. */
export async function install(): Promise<void> {
  if (!existsSync(join(modules, '.package-lock.json'))) await npm(folder, 'ci', '--ignore-scripts')
  if (existsSync(join(modules, eas.name))) return
  const temporary = mkdtempSync(join(tmpdir(), 'laurel-eas-'))
  try {
    await npm(temporary, 'pack', `${eas.name}@${eas.version}`, '--pack-destination', temporary)
    const tarball = `${eas.name.slice(1).replace('/', '-')}-${eas.version}.tgz`
    const hash = createHash('sha512')
      .update(readFileSync(join(temporary, tarball)))
      .digest('base64')
    if (hash !== eas.integrity) throw new Error(`${tarball} is not the package that was pinned: sha512-${hash}`)
    // Renamed at the end: an unpacking that was broken off is done again.
    const part = join(modules, '.eas')
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part)
    await succeed(temporary, 'tar', '-xzf', tarball, '-C', part, '--strip-components', '1')
    mkdirSync(dirname(join(modules, eas.name)), { recursive: true })
    renameSync(part, join(modules, eas.name))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  return process.platform === 'win32' ? succeed(cwd, 'cmd', '/c', 'npm', ...args) : succeed(cwd, 'npm', ...args)
}

async function succeed(cwd: string, ...command: readonly string[]): Promise<void> {
  const { code, output } = await Command.run(command, { cwd })
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`)
}

/** Compiles contracts of bench/gas/contracts and of the peers' packages as our own are compiled for production. */
export function compile(sources: readonly string[]): Readonly<Record<string, Contract>> {
  const [production] = hre.config.solidity.profiles.production?.compilers ?? []
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources.map((name) => [name, { content: read(name) }])),
    settings: {
      ...production?.settings,
      outputSelection: Object.fromEntries(
        sources.map((name) => [name, { [contractOf(name)]: ['abi', 'evm.bytecode.object'] }]),
      ),
    },
  }
  const find = (name: string) => ({ contents: read(name) })
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: find }))
  for (const error of errors) if (error.severity === 'error') throw new Error(error.formattedMessage)
  return Object.fromEntries(
    sources.map((name) => {
      const { abi, evm } = contracts[name][contractOf(name)]
      return [contractOf(name), { abi, initCode: `0x${evm.bytecode.object}` as const }]
    }),
  )
}

/** A file holds one contract of its own name. */
function contractOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/\.sol$/, '')
}

/** EAS demands the compiler of its day. One compiler for all is what makes the figures comparable. */
function read(name: string): string {
  const own = join(folder, 'contracts', name)
  const text = readFileSync(existsSync(own) ? own : join(modules, name), 'utf8')
  return name.startsWith(eas.name) ? text.replace('pragma solidity 0.8.29;', 'pragma solidity ^0.8.29;') : text
}
