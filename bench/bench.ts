/**
 * Measures Laurel against its peers, in turns and in one process: `npm run bench`, within a minute. `--smoke` only sees
 * that it runs; `--write` puts the table into bench/README.md.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import { credentials } from './credentials.ts'
import * as Duel from './Duel.ts'
import { tree } from './tree.ts'

const { values: options } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})
const rounds = options.smoke ? 1 : 5
const trees = tree(options.smoke ? 1_000 : 10_000)
const [theirRoot, ourRoot] = [await trees.theirs(), await trees.ours()]
if (!Bytes.equals(theirRoot as Uint8Array, ourRoot as Uint8Array)) throw new Error('The two trees have different roots')

const duels = [
  ...(await credentials()).map((duel) => ({ duel, calls: options.smoke ? 1 : 3 })),
  { duel: trees, calls: options.smoke ? 1 : 4 },
]
const results: Duel.Result[] = []
for (const { duel, calls } of duels) {
  process.stderr.write(`${duel.work} …\n`)
  results.push(await Duel.fight(duel, { rounds, calls }))
}

const table = Duel.toTable(results)
const machine = `${rounds} rounds on ${cpus().length} cores, Node ${process.versions.node}`
console.log(`\n${table}\n\n${machine}`)
if (!options.smoke) writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
if (options.write) {
  const file = new URL('README.md', import.meta.url)
  const text = readFileSync(file, 'utf8')
  const marks = /(<!-- table -->\n)[\s\S]*?(\n<!-- end of table -->)/
  if (!marks.test(text)) throw new Error('bench/README.md has lost the marks of its table')
  writeFileSync(file, text.replace(marks, `$1\n${table}\n\n${machine}\n$2`))
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  execFileSync(process.execPath, [biome, 'format', '--write', fileURLToPath(file)], { stdio: 'ignore' })
}
