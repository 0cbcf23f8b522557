import { compareWithSolidity } from './commitments.ts'

describe('leaves and roots in core and in Solidity', () => {
  it('agree in 2,000 random batches', async function () {
    this.timeout(1_200_000)
    await compareWithSolidity(2_000)
  })
})
