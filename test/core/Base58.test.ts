import { base58 as scure } from '@scure/base'
import { expect } from 'chai'
import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import * as Base58 from '../../core/src/internal/Base58.ts'
import { anyBytes } from './support.ts'

/** Byte strings with zeros and with ones in front, behind and throughout, where conversions between bases go wrong. */
const awkward = fc
  .tuple(fc.uint8Array({ maxLength: 80 }), fc.nat(60), fc.nat(60), fc.constantFrom(0, 1, 255))
  .map(([bytes, front, behind, fill]) =>
    Uint8Array.from([...new Array(front).fill(fill), ...bytes, ...new Array(behind).fill(fill)]),
  )
const any = fc.oneof(awkward, fc.uint8Array({ maxLength: 1500, size: 'max' }))

describe('Base58', () => {
  it('writes what @scure/base writes, and reads it back', () => {
    fc.assert(
      fc.property(any, (bytes) => {
        const text = scure.encode(bytes)
        expect(Base58.encode(bytes)).to.equal(text)
        expect(Base58.decode(text)).to.deep.equal(bytes)
      }),
    )
  })

  it('writes every number of bytes to 300, of the lowest and of the highest value', () => {
    for (let length = 0; length <= 300; length++)
      for (const fill of [0, 1, 255]) {
        const bytes = new Uint8Array(length).fill(fill)
        const text = scure.encode(bytes)
        expect(Base58.encode(bytes)).to.equal(text)
        expect(Base58.decode(text)).to.deep.equal(bytes)
      }
  })

  it('is exact for the largest numbers it takes', () => {
    const largest = new Uint8Array(Base58.maximumBytes).fill(255)
    // @scure/base writes no numbers as long as this one.
    const text = base58btc.baseEncode(largest)
    expect(Base58.encode(largest)).to.equal(text)
    expect(Base58.decode(text)).to.deep.equal(largest)
    expect(Base58.decode('z'.repeat(text.length))).to.equal(undefined)
  })

  it('takes more bytes for a programming error, and refuses a longer text', () => {
    expect(() => Base58.encode(new Uint8Array(Base58.maximumBytes + 1))).to.throw(TypeError)
    expect(Base58.decode('1'.repeat(4 * 1024 * 1024))).to.equal(undefined)
  })

  it('writes one after the other what it writes by themselves', () => {
    const neighbours = fc
      .tuple(anyBytes(400), fc.array(fc.tuple(fc.nat(430), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 }))
      .map(([bytes, changes]) => changes.map(([at, change]) => splice(bytes, at, change)))
    fc.assert(
      fc.property(fc.oneof(neighbours, fc.array(any, { maxLength: 6 })), (list) => {
        const encode = Base58.encoder()
        for (const bytes of list) expect(encode(bytes)).to.equal(scure.encode(bytes))
      }),
    )
  })

  it('reads every text of its alphabet as bytes of their own, and no other', () => {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 200 }), (text) => {
        const bytes = Base58.decode(text)
        expect(scure.encode(bytes as Uint8Array)).to.equal(text)
      }),
    )
    for (let code = 0; code < 0x300; code++) {
      const letter = String.fromCharCode(code)
      expect(Base58.decode(`2${letter}2`) !== undefined, letter).to.equal(alphabet.includes(letter))
    }
  })
})

function splice(bytes: Uint8Array, at: number, change: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  changed.set(change.subarray(0, Math.max(0, changed.length - at)), Math.min(at, changed.length))
  return changed
}
