import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** A copy of the project in which contracts can be changed and tested, while others work in the project itself. */
export type Copy = { readonly folder: string; readonly remove: () => void }

export const root = resolve(import.meta.dirname, '../..')

/**
 * What has to be a file of its own there: modules find their neighbours by the place where they really lie, and Hardhat
 * lets a Solidity test read no other.
 */
const copied = [
  'contracts',
  'test/contracts',
  'test/support',
  'test/vectors',
  'hardhat.config.ts',
  'package.json',
  '.mocharc.json',
]

/** What only is read, and finds its own neighbours. */
const linked = ['node_modules', 'core', 'server', 'ignition', 'bench', 'scripts', 'samples']

/** Makes a copy in the folder for temporary files, with artifacts and cache of its own. Remove it. */
export function create(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-contracts-'))
  const place = (path: string) => {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    return target
  }
  for (const path of copied) cpSync(join(root, path), place(path), { recursive: true })
  for (const path of linked) symlinkSync(join(root, path), place(path), 'junction')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * The commands that run the contracts' tests in a copy: those of the sources under the default profile. Tests of the
 * committed bytes say so in their titles; they run no source of the copy.
 */
export const tests = {
  mocha: (files: readonly string[], ...args: readonly string[]): readonly string[] => [
    process.execPath,
    join(root, 'node_modules/mocha/bin/mocha.js'),
    ...['--invert', '--grep', 'committed|production profile'],
    ...args,
    ...files,
  ],
  solidity: (files: readonly string[], ...args: readonly string[]): readonly string[] => [
    process.execPath,
    join(root, 'node_modules/hardhat/dist/src/cli.js'),
    ...args,
    ...['test', 'solidity', ...files],
  ],
}
