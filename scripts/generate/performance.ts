/**
 * Writes the tables and charts of docs/performance.md from the published results.
 *
 *   node scripts/generate/performance.ts            writes them
 *   node scripts/generate/performance.ts --check    fails where what is committed is not what would be written
 */
import * as Growth from '../../bench/Growth.ts'
import * as Page from '../../bench/Page.ts'
import * as Publication from '../../bench/Publication.ts'
import * as Served from '../../bench/server/Served.ts'
import * as Generated from '../Generated.ts'

const peers = Publication.read(Publication.published)
if (peers === undefined) throw new Error('bench/results/published.json is missing: npm run bench -- --write')
const growth = Growth.read()
const under = Served.read(Served.published)

const page = 'docs/performance.md'
const files = {
  [page]: Page.fill(Generated.committed(page), peers, { grown: growth, under }),
  ...Page.charts(peers, growth),
}
for (const [name, text] of Object.entries(files)) Generated.write(name, text)
