/**
 * Writes the tables and charts of docs/performance.md from the published results.
 *
 *   node scripts/generate/performance.ts            writes them
 *   node scripts/generate/performance.ts --check    fails where what is committed is not what would be written
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as Growth from '../../bench/Growth.ts'
import * as Page from '../../bench/Page.ts'
import * as Publication from '../../bench/Publication.ts'
import * as Served from '../../bench/server/Served.ts'

const root = resolve(import.meta.dirname, '../..')
const peers = Publication.read(Publication.published)
if (peers === undefined) throw new Error('bench/results/published.json is missing: npm run bench -- --write')
const growth = Growth.read()
const under = Served.read(Served.published)

const page = 'docs/performance.md'
const text = readFileSync(resolve(root, page), 'utf8')
const files = { [page]: Page.fill(text, peers, { grown: growth, under }), ...Page.charts(peers, growth) }
for (const [name, fresh] of Object.entries(files)) {
  const target = resolve(root, name)
  if (existsSync(target) && readFileSync(target, 'utf8') === fresh) {
    console.log(`${name} is fresh`)
  } else if (process.argv.includes('--check')) {
    console.error(`${name} is stale: run npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(target, fresh)
    console.log(`wrote ${name}`)
  }
}
