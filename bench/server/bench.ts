/**
 * Puts a load on a server on loopback, and prints what it does beside its goals: `npm run bench:server`. A stranger counts
 * along: where anything that was promised is lost or doubled, there are no figures.
 *
 *     --quick   rosters of a few hundred: within two minutes, measures little
 *     --write   publishes the figures in docs/performance.md
 */
import { parseArgs } from 'node:util'
import { generate } from '../generate.ts'
import * as Page from '../Page.ts'
import * as Publication from '../Publication.ts'
import type { Stage } from './Figure.ts'
import * as Served from './Served.ts'
import { type Made, run, scales, stages } from './stages.ts'
import * as World from './World.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})
if (options.write && options.quick) {
  process.stderr.write('✖ What is published comes from a full run: leave out --quick.\n')
  process.exitCode = 1
} else await measure()

async function measure(): Promise<void> {
  const now = Publication.now()
  const world = await World.create()
  try {
    const made: Made = {}
    const measured: Stage[] = []
    for (const name of Object.keys(stages)) {
      process.stderr.write(`${name} …\n`)
      measured.push(await run(name, world, options.quick ? scales.quick : scales.full, made))
    }
    process.stderr.write('a stranger counts …\n')
    const findings = await world.audit()
    const machine = Publication.machine()
    const served: Served.Served = { machine, ...now, stages: measured, findings: Served.sum(findings) }
    Served.demandWhole(served, world.people.length)
    console.log(`\n${Page.served(served)}\n\n${Page.servedFacts(served)}`)
    Served.write(Served.last, served)
    if (!options.write) return
    Served.write(Served.published, served)
    await generate()
  } finally {
    await world.close()
  }
}
