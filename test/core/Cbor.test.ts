import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Cbor from '../../core/src/internal/Cbor.ts'
import { failure, runs } from './support.ts'

const hex = (text: string) => Bytes.fromHex(`0x${text}`)

describe('Cbor', () => {
  // RFC 8949 appendix A, as far as this part of CBOR goes.
  const published: readonly (readonly [string, Cbor.Item])[] = [
    ['00', 0],
    ['01', 1],
    ['17', 23],
    ['1818', 24],
    ['1864', 100],
    ['1903e8', 1000],
    ['1a000f4240', 1000000],
    ['1b000000e8d4a51000', 1000000000000],
    ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['18ff', 255],
    ['190100', 256],
    ['19ffff', 65535],
    ['1a00010000', 65536],
    ['1affffffff', 4294967295],
    ['1b0000000100000000', 4294967296],
    ['40', new Uint8Array(0)],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['80', []],
    ['a0', new Map()],
    [
      'a201020304',
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    ['83010203', [1, 2, 3]],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    [`9819${'0102030405060708090a0b0c0d0e0f101112131415161718181819'}`, Array.from({ length: 25 }, (_, i) => i + 1)],
  ]
  for (const [text, item] of published)
    it(`writes and reads ${text} (RFC 8949 appendix A)`, () => {
      expect(Bytes.toHex(Cbor.encode(item))).to.equal(`0x${text}`)
      expect(Cbor.decode(hex(text))).to.deep.equal(item)
    })

  it('reads back what it writes', () => {
    const { item } = fc.letrec((tie) => ({
      item: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeNat(),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(tie('item') as fc.Arbitrary<Cbor.Item>, { maxLength: 5 }),
        fc
          .array(fc.tuple(fc.maxSafeNat(), tie('item') as fc.Arbitrary<Cbor.Item>), { maxLength: 5 })
          .map((entries) => new Map(entries)),
      ),
    }))
    fc.assert(
      fc.property(item as fc.Arbitrary<Cbor.Item>, (value) => {
        expect(Cbor.decode(Cbor.encode(value))).to.deep.equal(value)
      }),
    )
  })

  it('reads no bytes but those that it would write', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let item: Cbor.Item
        try {
          item = Cbor.decode(bytes)
        } catch {
          return
        }
        expect(Cbor.encode(item)).to.deep.equal(bytes)
      }),
      { numRuns: 10 * runs },
    )
  })

  const wrong: Readonly<Record<string, string>> = {
    nothing: '',
    'two items': '0000',
    'a byte behind an array': '8000',
    '23 in two bytes': '1817',
    '255 in three bytes': '1900ff',
    '65,535 in five bytes': '1a0000ffff',
    '2^32 - 1 in nine bytes': '1b00000000ffffffff',
    'a length in two bytes that fits in one': '580101',
    'an unsafe integer': '1b0020000000000000',
    'the largest integer': '1bffffffffffffffff',
    'a head cut short': '19ff',
    'a head without its argument': '18',
    'a byte string cut short': '440102',
    'a byte string of gigabytes': '5affffffff',
    'an array of gigabytes': '9affffffff',
    'an array cut short': '8201',
    'a negative integer': '20',
    'a text': '6161',
    'a map whose keys are out of order': 'a203040102',
    'a map with a key twice': 'a201020102',
    'a map whose key is a text': 'a1616102',
    'a map of gigabytes': 'baffffffff',
    'a map cut short': 'a101',
    'a tag': 'c100',
    'a false': 'f4',
    'a null': 'f6',
    'a float': 'f93c00',
    'an indefinite byte string': '5f4101ff',
    'an indefinite array': '9f01ff',
    'a reserved head': '1c',
    'six levels': '8181818181818100',
  }
  for (const [what, text] of Object.entries(wrong))
    it(`refuses ${what}`, () => {
      expect(failure(() => Cbor.decode(hex(text)))).to.include({ code: 'CBOR_INVALID', name: 'Cbor.EncodingError' })
    })

  it('takes numbers that it cannot write for programming errors', () => {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => Cbor.encode(value)).to.throw(TypeError)
  })
})
