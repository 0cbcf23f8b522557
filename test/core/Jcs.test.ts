import canonicalize from 'canonicalize'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import * as Json from '../../core/src/Json.ts'
import { bytesOf, jsonOf, published, textOf } from './support.ts'

const text = (value: Json.Value) => new TextDecoder().decode(Jcs.bytes(value))

describe('Jcs', () => {
  published('the vectors of RFC 8785', 'jcs', () => {
    for (const name of ['arrays', 'french', 'structures', 'unicode', 'values', 'weird'])
      it(`reproduces ${name}`, () => {
        const canonical = Jcs.bytes(jsonOf(`jcs/input/${name}.json`))
        expect(Bytes.toHex(canonical)).to.equal(Bytes.toHex(bytesOf(`jcs/output/${name}.json`)))
        expect(Bytes.toHex(canonical)).to.equal(`0x${textOf(`jcs/outhex/${name}.txt`).replace(/\s/g, '')}`)
      })
  })

  for (const { value, digest } of jsonOf('laurel-v1/vectors.json').jcsDigests)
    it(`reproduces the digest of ${JSON.stringify(value).slice(0, 60)}`, () => {
      expect(Bytes.toHex(Jcs.digest(value))).to.equal(digest)
    })

  it('is stable: canonical text read strictly and written again is the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)))
        const canonical = text(value as Json.Value)
        expect(canonical).to.equal(canonicalize(value))
        expect(text(Json.parse(canonical))).to.equal(canonical)
      }),
    )
  })

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed())
        expect(text(reversed)).to.equal(text(value))
      }),
    )
  })

  it('orders members by UTF-16 code units (RFC 8785 §3.2.3)', () => {
    expect(text({ '\ufb33': 1, '😀': 2, é: 3, '10': 4, '9': 5, '': 6 })).to.equal(
      '{"":6,"10":4,"9":5,"é":3,"😀":2,"\ufb33":1}',
    )
  })

  it('keeps a member __proto__', () => {
    expect(text(Json.parse('{"b":1,"__proto__":{"a":2}}'))).to.equal('{"__proto__":{"a":2},"b":1}')
  })

  it('takes what JSON has not for a programming error', () => {
    for (const value of [
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '\ud800',
      ['\udc00'],
      { '\ud800': 1 },
      1n,
      () => 1,
    ])
      expect(() => Jcs.bytes(value as Json.Value), String(value)).to.throw(TypeError)
    expect(() => Jcs.bytes({ a: undefined } as unknown as Json.Value)).to.throw(TypeError)
  })
})
