import { agreeOnAchievements, agreeOnBatches } from './stamps.ts'

/** With `FAST_CHECK_RUNS=1200` it is a hundred thousand credentials. */
const batches = Math.ceil(0.4 * Number(process.env.FAST_CHECK_RUNS ?? 100))

describe('Stamp, of many credentials', function () {
  this.timeout(0)

  it('makes the same as jsonld, rdf-canonize and JSON.stringify of any batch', async () => {
    await agreeOnBatches(batches, 4, 50)
  })

  it('makes the same whatever the achievement, of which every text is a field', async () => {
    await agreeOnAchievements(400, 10)
  })
})
