import { createHash } from 'node:crypto'
import { bugs } from './planted/bugs.ts'
import { shouldBeNoticed } from './planted/notice.ts'

/** How many CI plants; which, the seed says. `npm run test:faults` plants them all. */
const size = process.env.FAULTS === 'all' ? bugs.length : 6
const seed = process.env.PLANTED_SEED ?? 'laurel'
const draw = (name: string) => createHash('sha256').update(`${seed}/${name}`).digest('hex')
const drawn = bugs.toSorted((a, b) => (draw(a.name) < draw(b.name) ? -1 : 1)).slice(0, size)

describe('Planted bugs, one after the other', function () {
  this.timeout(300_000)
  before(() => console.log(`    ${drawn.length} of ${bugs.length}, PLANTED_SEED=${seed}`))
  for (const bug of drawn) shouldBeNoticed(bug)
})
