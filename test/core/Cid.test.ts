import { expect } from 'chai'
import fc from 'fast-check'
import * as Cid from '../../core/src/Cid.ts'
import { anyBytes, failure, hash } from './support.ts'

describe('Cid', () => {
  it('knows the address of the empty block', () => {
    expect(Cid.fromBytes(new Uint8Array(0))).to.equal('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anyBytes(32), (digest) => {
        const cid = Cid.fromDigest(digest)
        expect(cid).to.match(/^bafkrei[a-z2-7]{52}$/)
        expect(Cid.toDigest(cid)).to.deep.equal(digest)
      }),
    )
  })

  const cid = Cid.fromDigest(hash(1))
  for (const text of [
    ...[
      '',
      'b',
      cid.slice(0, -1),
      `${cid}a`,
      cid.toUpperCase(),
      `B${cid.slice(1)}`,
      `f${cid.slice(1)}`,
      ` ${cid}`,
      `${cid}\n`,
    ],
    ...[
      `ipfs://${cid}`,
      `${cid}=`,
      'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG',
      cid.replace('bafkrei', 'bafybei'),
    ],
    ...[
      cid.replace('bafkrei', 'bafkrej'),
      `${cid.slice(0, -1)}${cid.endsWith('7') ? 'a' : '7'}`,
      cid.replace(/.$/, '1'),
    ],
  ])
    it(`refuses ${JSON.stringify(text).slice(0, 80)}`, () => {
      expect(failure(() => Cid.toDigest(text))).to.include({ code: 'CID_INVALID', name: 'Cid.InvalidCidError' })
    })

  it('takes a digest of another size for a programming error', () => {
    expect(() => Cid.fromDigest(new Uint8Array(31))).to.throw(TypeError)
  })
})
