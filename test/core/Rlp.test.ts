import { expect } from 'chai'
import fc from 'fast-check'
import { toRlp } from 'viem'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Rlp from '../../core/src/Rlp.ts'
import { failure } from './support.ts'

describe('Rlp', () => {
  const anyItem: fc.Arbitrary<Rlp.Item> = fc.letrec<{ item: Rlp.Item }>((tie) => ({
    item: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.uint8Array({ maxLength: 70 }),
      fc.array(tie('item'), { maxLength: 8 }),
    ),
  })).item
  const theirs = (item: Rlp.Item) => toRlp(item as Uint8Array, 'hex')

  for (const [what, item] of [
    ['nothing', new Uint8Array()],
    ['a small byte', Uint8Array.of(0x7f)],
    ['a large byte', Uint8Array.of(0x80)],
    ['55 bytes', new Uint8Array(55)],
    ['56 bytes', new Uint8Array(56)],
    ['300 bytes', new Uint8Array(300)],
    ['an empty list', []],
    ['a list of 60 items', Array.from({ length: 60 }, () => Uint8Array.of(1))],
    ['lists in lists', [[], [[]], [[], [[]]]]],
  ] as const)
    it(`encodes ${what} as viem does`, () => {
      expect(Bytes.toHex(Rlp.encode(item))).to.equal(theirs(item))
    })

  it('encodes anything as viem does, and decodes it again', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const bytes = Rlp.encode(item)
        expect(Bytes.toHex(bytes)).to.equal(theirs(item))
        expect(Rlp.decode(bytes)).to.deep.equal(item)
      }),
    )
  })

  it('decodes nothing that is cut off, or that something follows', () => {
    const bytes = Rlp.encode([new Uint8Array(60).fill(1), new Uint8Array()])
    expect(failure(() => Rlp.decode(bytes.subarray(0, -1))).code).to.equal('RLP_INVALID')
    expect(failure(() => Rlp.decode(Bytes.concat(bytes, Uint8Array.of(1)))).code).to.equal('RLP_INVALID')
  })

  for (const [what, hex] of [
    ['no bytes at all', '0x'],
    ['a small byte in a string', '0x8100'],
    ['a short string with a long head', '0xb80100'],
    ['a length with a leading zero', `0xb90038${'00'.repeat(56)}`],
    ['a length beyond any', '0xbbffffffff'],
    ['a length of eight bytes', '0xbfffffffffffffffff'],
    ['an item that ends behind its list', '0xc283ffff'],
    ['an item beyond its list, within the bytes', '0xc4c182ffff'],
    ['lists in lists without end', `0x${Array.from({ length: 40 }, (_, i) => (0xc0 + 39 - i).toString(16)).join('')}`],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(failure(() => Rlp.decode(Bytes.fromHex(hex))).code).to.equal('RLP_INVALID')
    })

  it('reads nothing that it would write differently', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let item: Rlp.Item
        try {
          item = Rlp.decode(bytes)
        } catch (error) {
          expect(error).to.be.instanceOf(Rlp.EncodingError)
          return
        }
        expect(Rlp.encode(item)).to.deep.equal(bytes)
      }),
    )
  })

  it('writes integers without leading zeros', () => {
    expect(Rlp.integer(0)).to.deep.equal(new Uint8Array())
    expect(Rlp.integer(255)).to.deep.equal(Uint8Array.of(255))
    expect(Rlp.integer(256n)).to.deep.equal(Uint8Array.of(1, 0))
  })
})
