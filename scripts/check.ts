/** Holds the whole project against its rules: `npm run check`, or `npm run check -- biome knip` for some of them. */
import { existsSync, globSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { styleText } from 'node:util'
import * as Command from './Command.ts'
import { forbiddenWords } from './check/forbidden-words.ts'
import { layering } from './check/layering.ts'
import { lockFile } from './check/lock-file.ts'

const root = resolve(import.meta.dirname, '..')
const fromPackage = (path: string) => join(root, 'node_modules', path)

/** A check answers with what is wrong; nothing is good. */
type Check = { readonly name: string; readonly run: () => Promise<readonly string[]> | readonly string[] }

const checks: readonly Check[] = [
  { name: 'types', run: () => node(fromPackage('typescript/bin/tsc'), '--noEmit') },
  { name: 'biome', run: () => node(fromPackage('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings') },
  { name: 'layering', run: () => layering(root) },
  { name: 'knip', run: () => node(fromPackage('knip/bin/knip.js'), '--no-progress') },
  {
    name: 'solhint',
    run: () =>
      existsSync(join(root, '.solhint.json'))
        ? node(fromPackage('solhint/solhint.js'), '--max-warnings', '0', 'contracts/**/*.sol')
        : [],
  },
  { name: 'generated', run: () => node(join(root, 'scripts/generate.ts'), '--check') },
  { name: 'lock-file', run: lockFiles },
  { name: 'words', run: () => forbiddenWords(root) },
]

const wanted = process.argv.slice(2)
const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
if (chosen.length === 0) {
  console.error(`There are ${checks.map(({ name }) => name).join(', ')}.`)
  process.exitCode = 1
}
for (const { name, run } of chosen) {
  const start = performance.now()
  const problems = await run()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const mark = problems.length === 0 ? styleText('green', '✔') : styleText('red', '✖')
  console.log(`${mark} ${name} ${styleText('dim', `(${seconds} s)`)}`)
  for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`)
  if (problems.length > 0) process.exitCode = 1
}

/** Those of the packages apart from the workspaces as well. */
function lockFiles(): readonly string[] {
  const files = globSync('{,test/*/,bench/,bench/peers/*/}package-lock.json', { cwd: root })
  return files.flatMap((file) => lockFile(join(root, dirname(file))).map((problem) => `${file}: ${problem}`))
}

async function node(...command: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await Command.run([process.execPath, ...command], { cwd: root })
  return code === 0 ? [] : [output.trim() || `ended with ${code}`]
}
