import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as browser from '../../core/src/internal/Sha256.ts'
import * as node from '../../core/src/node/Sha256.ts'
import * as Sha256 from '../../core/src/Sha256.ts'

const text = (bytes: Uint8Array) => Bytes.toHex(bytes).slice(2)

describe('Sha256', () => {
  // NIST, examples of SHA-256.
  const published: Readonly<Record<string, string>> = {
    '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ['a'.repeat(1_000_000)]: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  }

  for (const [name, engine] of Object.entries({ 'under Node': node, 'in a browser': browser }))
    describe(name, () => {
      for (const [input, digest] of Object.entries(published))
        it(`reproduces the digest of ${input.length} letters`, () => {
          expect(text(engine.digest(Bytes.fromUtf8(input)))).to.equal(digest)
          expect(text(engine.digest(input))).to.equal(digest)
          expect(engine.hex(Bytes.fromUtf8(input))).to.equal(digest)
          expect(engine.hex(input)).to.equal(digest)
        })

      it('agrees with the hash of OpenSSL, on bytes that are nobody else’s', () => {
        fc.assert(
          fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), (bytes, input) => {
            const inside = Bytes.concat(Uint8Array.of(1), bytes, Uint8Array.of(2)).subarray(1, -1)
            const digest = engine.digest(inside)
            expect(digest).to.be.instanceOf(Uint8Array)
            expect(Object.getPrototypeOf(digest)).to.equal(Uint8Array.prototype)
            expect(digest.buffer.byteLength).to.equal(32)
            expect(text(digest)).to.equal(createHash('sha256').update(bytes).digest('hex'))
            // A half of a surrogate pair becomes U+FFFD in both.
            expect(engine.hex(input)).to.equal(createHash('sha256').update(input, 'utf8').digest('hex'))
          }),
        )
      })
    })

  it('joins its parts', () => {
    const all = createHash('sha256').update('abcdef').digest('hex')
    expect(text(Sha256.digest(...['ab', '', 'cde', 'f'].map(Bytes.fromUtf8)))).to.equal(all)
    expect(text(Sha256.digest(Bytes.fromUtf8('abcdef')))).to.equal(all)
    expect(text(Sha256.digest())).to.equal(published[''])
    expect(text(Sha256.digestOf('abcdef'))).to.equal(all)
    expect(Sha256.hex('abcdef')).to.equal(all)
  })
})
