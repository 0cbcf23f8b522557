import { compareWithCore } from './differential.ts'

describe('the committed directory and its twin in core', () => {
  it('agree in 200 random cases', async function () {
    this.timeout(300_000)
    await compareWithCore(200)
  })
})
