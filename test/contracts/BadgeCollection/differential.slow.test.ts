import { compareWithCore } from './differential.ts'

describe('a collection of badge tokens and its twin in core', () => {
  it('agree in 2,000 random cases', async function () {
    this.timeout(1_800_000)
    await compareWithCore(2_000)
  })
})
