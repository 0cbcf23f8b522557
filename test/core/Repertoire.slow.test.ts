import { expect } from 'chai'
import { agreeOnDocuments } from './repertoires.ts'
import { runs } from './support.ts'

const documents = 10 * runs
const each = 30

describe('Repertoire, of many documents', function () {
  this.timeout(0)

  it(`agrees with the general way on ${(documents * each).toLocaleString('en')}, of any kind, changed anywhere`, async () => {
    const { remembered, generally } = await agreeOnDocuments(documents, each)
    expect(remembered).to.be.above((remembered + generally) / 50)
  })
})
