/**
 * Takes rosters of growing size from their file to a finished export, as an operator would: `laurel issue`, then
 * `laurel export --format ndjson`. Prints how long every stage took and the most memory, and whether a million holds the
 * promises: `npm run bench:million`.
 *
 *     --sizes 1000,10000   other sizes
 *     --write              publishes the results in docs/performance.md, beside those of other sizes
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import * as Roster from './fixtures/Roster.ts'
import * as Growth from './Growth.ts'
import { generate } from './generate.ts'
import * as Page from './Page.ts'
import * as Publication from './Publication.ts'

const { values: options } = parseArgs({
  options: { sizes: { type: 'string', default: '10000,100000,1000000' }, write: { type: 'boolean', default: false } },
})
const sizes = options.sizes.split(',').map(Number)
const cli = join(import.meta.dirname, '../server/src/cli.ts')
const achievement = join(import.meta.dirname, '../samples/achievement.json')

const machine = Publication.machine()
const runs: Growth.Run[] = []
for (const size of sizes) {
  process.stderr.write(`${size.toLocaleString('en')} people …\n`)
  runs.push(await run(size))
  console.log(`\n${Page.growth(runs)}\n`)
}
if (options.write) {
  Growth.write(Growth.merge(Growth.read(), { machine, runs }))
  await generate()
}

async function run(size: number): Promise<Growth.Run> {
  const now = Publication.now()
  const folder = await mkdtemp(join(tmpdir(), 'laurel-million-'))
  try {
    const roster = join(folder, 'roster.csv')
    await pipeline(Roster.source(size), createWriteStream(roster))
    const issued = await laurel(folder, 'issue', roster, '--achievement', achievement, '--json')
    const { batch, measures } = JSON.parse(issued.answer)
    const stages = (measures.stages as Measures).map(({ stage, ...rest }): Growth.Stage => ({ name: stage, ...rest }))
    const told = stages.reduce((sum, { seconds }) => sum + seconds, 0)
    const target = join(folder, 'credentials.ndjson')
    const exported = await laurel(folder, 'export', batch, target, '--format', 'ndjson', '--json')
    await expectLines(target, size)
    return {
      size,
      ...now,
      stages: [
        ...stages,
        // Node, the home, the embedded chain, and closing them.
        { name: 'begin and end', seconds: issued.seconds - told, credentials: 0 },
        { name: 'export', seconds: exported.seconds, credentials: size },
      ],
      cpu: issued.cpu + exported.cpu,
      peakRss: Math.max(issued.peakRss, exported.peakRss),
      delay: measures.eventLoopDelay,
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What `laurel issue --json` says of its stages. */
type Measures = readonly { readonly stage: string; readonly seconds: number; readonly credentials: number }[]

type Ended = { readonly answer: string; readonly seconds: number; readonly cpu: number; readonly peakRss: number }

/** Runs the command as a user would, in a home of its own, and answers with what it said and took. */
async function laurel(folder: string, ...args: readonly string[]): Promise<Ended> {
  const usage = join(folder, `${args[0]}.usage`)
  const reporter = new URL('report-usage.js', import.meta.url).href
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', reporter, cli, ...args], {
    env: { ...process.env, LAUREL_HOME: join(folder, 'home'), LAUREL_BENCH_USAGE: usage, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`laurel ${args[0]} ended with ${code}:\n${answer}`)
  return { answer, seconds: (performance.now() - start) / 1000, ...JSON.parse(await readFile(usage, 'utf8')) }
}

/** What was exported is whole: a credential on every line. */
async function expectLines(file: string, count: number): Promise<void> {
  let lines = 0
  for await (const line of createInterface(createReadStream(file))) if (line.startsWith('{"@context":')) lines++
  if (lines !== count) throw new Error(`${lines} of ${count} credentials were exported`)
}
