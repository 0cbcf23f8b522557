/**
 * Measures the gas of Laurel's contracts and of their peers' at the same work, and holds it against bench/gas.json:
 * `npm run bench:gas`. A difference fails and is printed. `--ours` leaves the peers out, and so needs no package of
 * theirs; `--write` writes what was measured, and the tables and documents that are made of it.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as Figures from './Figures.ts'
import * as Peers from './Peers.ts'
import * as Side from './Side.ts'
import { laurel } from './sides/laurel.ts'
import * as Table from './Table.ts'

const { values: options } = parseArgs({
  options: { ours: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})
const figures: Record<string, Figures.Sentences> = {}
const takings = await Side.measure(laurel)
figures[laurel.name] = Figures.toSentences(takings, true)
if (!options.ours) {
  await Peers.install()
  // Loads what `install` has brought.
  const { peers } = await import('./sides/peers.ts')
  for (const side of await peers()) figures[side.name] = Figures.toSentences(await Side.measure(side), false)
}

console.log(`\n${Table.render({ ...Figures.read(), ...figures })}\n`)
const problems = Figures.missed(takings)
const differences = options.write ? [] : Figures.compare(Figures.read(), figures, { complete: !options.ours })
if (options.write) {
  Figures.write(figures, { complete: !options.ours })
  const generate = resolve(import.meta.dirname, '../../scripts/generate/gas.ts')
  spawnSync(process.execPath, [generate], { stdio: 'inherit' })
}
for (const problem of [...problems, ...differences]) console.error(problem)
if (differences.length > 0)
  console.error('If that is meant, run npm run bench:gas -- --write and commit it with the reason.')
if (problems.length + differences.length > 0) process.exitCode = 1
else console.log('Every figure is as committed, and no target is missed without an excuse.')
