import { compareCommitments, compareWithCore } from './differential.ts'

describe('a collection of badge tokens under the production profile and its twin in core', () => {
  it('agree in 200 random cases', async function () {
    this.timeout(600_000)
    await compareWithCore(200)
  })

  it('agree on 200 random tickets of each kind, and the roots to which they lead', async function () {
    this.timeout(600_000)
    await compareCommitments(200)
  })
})
