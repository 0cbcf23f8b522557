import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as IssuerHistory from '../../core/src/IssuerHistory.ts'
import { vectors } from '../support/IssuerDirectoryVectors.ts'
import { hash } from './support.ts'

const history: readonly IssuerHistory.Entry[] = vectors.history.log.map(({ topics, data, time }) => ({
  topics: topics.map((topic) => Bytes.fromHex(topic)),
  data: Bytes.fromHex(data),
  time,
}))

describe('IssuerHistory', () => {
  it('begins with zero', () => {
    expect(IssuerHistory.head([])).to.deep.equal(new Uint8Array(32))
  })

  it('folds to the head that the directory has', () => {
    expect(history).to.have.lengthOf(15)
    expect(Bytes.toHex(IssuerHistory.head(history))).to.equal(vectors.history.head)
  })

  it('folds to another head when an entry is left out, moved, changed or dated otherwise', () => {
    const heads = [
      history,
      ...history.map((_, i) => history.toSpliced(i, 1)),
      ...history.slice(1).map((entry, i) => history.toSpliced(i, 2, entry, history[i] as IssuerHistory.Entry)),
      ...history.map((entry, i) => history.with(i, { ...entry, time: entry.time + 1 })),
      ...history.map((entry, i) => history.with(i, { ...entry, topics: [...entry.topics.slice(0, -1), hash(i)] })),
      ...history.map((entry, i) => history.with(i, { ...entry, data: Bytes.concat(entry.data, hash(i)) })),
    ].map((each) => Bytes.toHex(IssuerHistory.head(each)))
    expect(new Set(heads).size).to.equal(heads.length)
  })

  it('takes a topic of another size for a mistake', () => {
    expect(() => IssuerHistory.head([{ topics: [new Uint8Array(31)], data: new Uint8Array(), time: 1 }])).to.throw(
      TypeError,
    )
  })
})
