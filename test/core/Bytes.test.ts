import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import { failure } from './support.ts'

describe('Bytes', () => {
  it('writes hexadecimal as node does, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Bytes.toHex(bytes)
        expect(text).to.equal(`0x${Buffer.from(bytes).toString('hex')}`)
        expect(Bytes.fromHex(text)).to.deep.equal(bytes)
        expect(Bytes.fromHex(`0x${text.slice(2).toUpperCase()}`, bytes.length)).to.deep.equal(bytes)
      }),
    )
  })

  for (const text of ['', '00', '0X00', '0x0', '0x0g', '0x00 ', ' 0x00', '0x00\n', '0x-1', '0x٠٠'])
    it(`refuses ${JSON.stringify(text)} as hexadecimal`, () => {
      expect(failure(() => Bytes.fromHex(text))).to.include({ code: 'HEX_INVALID', name: 'Bytes.InvalidHexError' })
    })

  it('refuses hexadecimal of another size than demanded', () => {
    const error = failure(() => Bytes.fromHex('0x0011', 3))
    expect(error.message).to.contain('6 hexadecimal digits')
    expect(Bytes.fromHex('0x', 0)).to.have.length(0)
  })

  it('joins byte strings in order', () => {
    expect(Bytes.concat()).to.have.length(0)
    expect(Bytes.concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).to.deep.equal(Uint8Array.of(1, 2, 3))
  })

  it('compares byte strings', () => {
    expect(Bytes.equals(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).to.equal(true)
    expect(Bytes.equals(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).to.equal(false)
    expect(Bytes.equals(Uint8Array.of(1, 2), Uint8Array.of(1))).to.equal(false)
  })

  it('writes unsigned integers with the most significant byte first', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        const hex = value.toString(16).padStart(64, '0')
        expect(Bytes.toHex(Bytes.fromUint(value, 32))).to.equal(`0x${hex}`)
      }),
    )
    expect(Bytes.fromUint(258, 4)).to.deep.equal(Uint8Array.of(0, 0, 1, 2))
  })

  it('takes an integer that does not fit for a programming error', () => {
    expect(() => Bytes.fromUint(65536, 2)).to.throw(TypeError)
    expect(() => Bytes.fromUint(-1, 2)).to.throw(TypeError)
    expect(() => Bytes.fromUint(1, 0)).to.throw(TypeError)
  })
})
