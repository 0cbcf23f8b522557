import type * as PublicKey from '@laurel/core/PublicKey'
import { expect } from 'chai'
import * as Memory from '../../verifier/src/Memory.ts'

describe('Memory', () => {
  it('works once on an object, and again on another of the same content', () => {
    let count = 0
    const size = Memory.once((bytes: Uint8Array) => {
      count++
      return bytes.length
    })
    const bytes = Uint8Array.of(1, 2)
    expect([size(bytes), size(bytes), size(Uint8Array.of(1, 2))]).to.deep.equal([2, 2, 2])
    expect(count).to.equal(2)
  })

  it('keeps what was thrown, and an answer that is nothing', () => {
    let count = 0
    const refuse = Memory.once((_: object) => {
      count++
      throw new RangeError(`${count}`)
    })
    const subject = {}
    expect(() => refuse(subject)).to.throw(RangeError, '1')
    expect(() => refuse(subject)).to.throw(RangeError, '1')
    const nothing = Memory.once((_: object) => {
      count++
      return undefined
    })
    expect([nothing(subject), nothing(subject)]).to.deep.equal([undefined, undefined])
    expect(count).to.equal(2)
  })

  it('tells keys apart', () => {
    const asked: string[] = []
    const isFirst = Memory.onceForKey((subject: { readonly name: string }, { kind, bytes: [key] }) => {
      asked.push(`${subject.name}${key}`)
      return kind === 'Ed25519' && key === 1
    })
    const key = (byte: number, kind: PublicKey.Kind = 'Ed25519') => ({ kind, bytes: Uint8Array.of(byte) })
    const [a, b] = [{ name: 'a' }, { name: 'b' }]
    for (let i = 0; i < 2; i++) {
      expect(isFirst(a, key(1))).to.equal(true)
      expect(isFirst(a, key(2))).to.equal(false)
      expect(isFirst(a, key(1, 'RSA'))).to.equal(false)
      expect(isFirst(b, key(1))).to.equal(true)
    }
    expect(asked).to.deep.equal(['a1', 'a2', 'a1', 'b1'])
  })

  it('works anew on a text only after another', () => {
    const asked: string[] = []
    const length = Memory.last((text) => {
      asked.push(text)
      if (text === '') throw new RangeError('empty')
      return text.length
    })
    expect(['ab', 'ab', 'c', 'ab'].map(length)).to.deep.equal([2, 2, 1, 2])
    for (let i = 0; i < 2; i++) expect(() => length('')).to.throw(RangeError, 'empty')
    expect(asked).to.deep.equal(['ab', 'c', 'ab', ''])
  })
})
