import { expect } from 'chai'
import * as agreement from './agreement.ts'
import * as Corpus from './Corpus.ts'

describe('Library, terminal, browser and HTTP', function () {
  this.timeout(900_000)

  it('say the same of every document that there is: every check, its outcome, its code and its sentence', async function () {
    const corpus = await Corpus.gather()
    const answers = await agreement.ask(corpus)
    const found = agreement.disagreements(corpus, answers)
    const faces = Object.values(answers).filter((each) => each !== undefined).length
    const verdicts = answers.program.flat().map(({ verdict }) => verdict)
    const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
    console.log(
      `      ${corpus.documents.length} documents by ${faces} faces: ${found.length} disagreements; ` +
        `${count('accepted')} accepted, ${count('rejected')} rejected, ${count('unknown')} could not be told`,
    )
    expect(found).to.deep.equal([])
    expect(count('accepted')).to.be.greaterThan(20)
    expect(corpus.documents.length).to.be.greaterThan(150)
    if (answers.browser === undefined) this.skip()
  })
})
