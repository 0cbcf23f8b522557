import { agreeOnAchievements, agreeOnBatches } from './stamps.ts'
import { runs } from './support.ts'

// Eighty credentials for each run, and twenty.
const batches = { count: Math.ceil(0.4 * runs), outlines: 4, each: 50 }
const achievements = { count: 2 * runs, each: 10 }
const credentials = (count: number) => `${count.toLocaleString('en')} credentials`

describe('Stamp, of many credentials', function () {
  this.timeout(0)
  const { count, outlines, each } = batches

  it(`makes ${credentials(count * outlines * each)} as jsonld, rdf-canonize and JSON.stringify do, in any batch`, async () => {
    await agreeOnBatches(count, outlines, each)
  })

  it(`makes ${credentials(achievements.count * achievements.each)} the same, every text of which is a field`, async () => {
    await agreeOnAchievements(achievements.count, achievements.each)
  })
})
