import { compareWithCore } from './differential.ts'

describe('the committed directory and its twin in core', () => {
  it('agree in 2,000 random cases', async function () {
    this.timeout(1_200_000)
    await compareWithCore(2_000)
  })
})
