import { agreeOnAchievements, agreeOnBatches } from './stamps.ts'

describe('Stamp, of many credentials', () => {
  it('makes the same as jsonld, rdf-canonize and JSON.stringify of any batch', async function () {
    this.timeout(0)
    await agreeOnBatches(40, 4, 50)
  })

  it('makes the same whatever the achievement, of which every text is a field', async function () {
    this.timeout(0)
    await agreeOnAchievements(400, 10)
  })
})
