import { compareWithCore } from './StatusRegistry.differential.ts'

describe('the committed registry of status lists and its twin in core', () => {
  it('folds as core folds, for 2,000 random versions', async function () {
    this.timeout(1_200_000)
    await compareWithCore(2_000)
  })
})
