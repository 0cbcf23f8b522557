import { compareCommitments, compareWithCore } from './differential.ts'

describe('a collection of badge tokens under the production profile and its twin in core', () => {
  it('agree in 2,000 random cases', async function () {
    this.timeout(1_800_000)
    await compareWithCore(2_000)
  })

  it('agree on 2,000 random tickets of each kind, and the roots to which they lead', async function () {
    this.timeout(1_800_000)
    await compareCommitments(2_000)
  })
})
