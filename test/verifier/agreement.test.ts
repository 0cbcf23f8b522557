import type { Check } from '@laurel/verifier'
import { expect } from 'chai'
import * as agreement from './agreement.ts'
import * as Corpus from './Corpus.ts'

describe('Library, terminal, browser and HTTP', function () {
  this.timeout(180_000)

  it('say the same of a sample of all documents', async () => {
    const { documents, known } = await Corpus.gather()
    const sample = { documents: documents.filter((_, i) => i % 13 === 0), known }
    const answers = await agreement.ask(sample)
    expect(answers.program.length).to.be.greaterThan(10)
    expect(agreement.disagreements(sample, answers)).to.deep.equal([])
    // Whoever says less, or something else of one check, is found.
    const [first = [], ...rest] = answers.HTTP
    const other = first.map((each) => ({
      ...each,
      checks: each.checks.with(0, { ...each.checks[0], code: 'X' } as Check),
    }))
    for (const HTTP of [[other, ...rest], answers.HTTP.slice(0, -1)])
      expect(agreement.disagreements(sample, { ...answers, HTTP })).to.have.length(1)
  })
})
