import { compareWithSolidity } from './commitments.ts'

describe('leaves and roots in core and in Solidity', () => {
  it('agree in 200 random batches', async function () {
    this.timeout(300_000)
    await compareWithSolidity(200)
  })
})
