import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import { anyBytes, failure, hash } from './support.ts'

describe('Multikey', () => {
  it('writes z6Mk… and reads it back', () => {
    fc.assert(
      fc.property(anyBytes(32), (key) => {
        const text = Multikey.fromEd25519(key)
        expect(text).to.match(/^z6Mk/)
        expect(Multikey.toEd25519(text)).to.deep.equal(key)
      }),
    )
  })

  it('takes a key of another size for a programming error', () => {
    expect(() => Multikey.fromEd25519(new Uint8Array(31))).to.throw(TypeError)
    expect(() => Multikey.fromEd25519(new Uint8Array(33))).to.throw(TypeError)
  })

  const prefixed = (...prefix: readonly number[]) => Bytes.concat(Uint8Array.from(prefix), hash(1))
  const others: Readonly<Record<string, string>> = {
    nothing: '',
    'only a prefix': 'z6Mk',
    'an X25519 key': Multibase.toBase58(prefixed(0xec, 0x01)),
    'a P-256 key': Multibase.toBase58(Bytes.concat(prefixed(0x80, 0x24), Uint8Array.of(1))),
    'a byte too many': Multibase.toBase58(Bytes.concat(prefixed(0xed, 0x01), Uint8Array.of(0))),
    'a byte too few': Multibase.toBase58(prefixed(0xed, 0x01).slice(0, -1)),
    'a varint not in its shortest form': Multibase.toBase58(prefixed(0xed, 0x81, 0x00)),
    base64url: Multibase.toBase64Url(prefixed(0xed, 0x01)),
    'a space behind it': `${Multikey.fromEd25519(hash(1))} `,
  }
  for (const [what, text] of Object.entries(others))
    it(`refuses ${what}`, () => {
      expect(failure(() => Multikey.toEd25519(text))).to.include({
        code: 'KEY_INVALID',
        name: 'Multikey.InvalidKeyError',
      })
    })
})
