import { compareWithCore } from './differential.ts'

describe('a collection of badge tokens and its twin in core', () => {
  it('agree in 200 random cases', async function () {
    this.timeout(600_000)
    await compareWithCore(200)
  })
})
