import { createSign, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import * as PublicKey from '../../core/src/PublicKey.ts'
import { failure, hash } from './support.ts'

type Group = {
  readonly key: string
  readonly exponent?: string
  readonly tests: readonly (readonly [message: string, signature: string, result: 'valid' | 'acceptable' | 'invalid'])[]
}

const wycheproof = JSON.parse(
  readFileSync(new URL('../vectors/data-integrity/wycheproof.json', import.meta.url), 'utf8'),
) as Readonly<Record<'P-256' | 'P-384' | 'RSA', readonly Group[]>>

const bytesOf = (hex: string) => Bytes.fromHex(`0x${hex}`)
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const jwkOf = ({ publicKey }: { readonly publicKey: KeyObject }) => publicKey.export({ format: 'jwk' })

/** The key of a group as a JSON Web Key; a point has its coordinates in full length. */
function keyOf(kind: 'P-256' | 'P-384' | 'RSA', { key, exponent = '' }: Group): object {
  const bytes = bytesOf(key)
  if (kind === 'RSA') return { kty: 'RSA', n: text(bytes), e: text(bytesOf(exponent)) }
  const size = (bytes.length - 1) / 2
  return { kty: 'EC', crv: kind, x: text(bytes.subarray(1, 1 + size)), y: text(bytes.subarray(1 + size)) }
}

describe('PublicKey', function () {
  this.timeout(30_000)

  for (const kind of ['P-256', 'P-384', 'RSA'] as const)
    it(`says of every signature of Wycheproof with ${kind} what it is`, () => {
      let count = 0
      for (const group of wycheproof[kind]) {
        // RFC 8017 lets any exponent be; here it is 65,537 for all.
        if (group.exponent === '03') {
          expect(failure(() => PublicKey.fromJwk(keyOf(kind, group))).code).to.equal('KEY_INVALID')
          continue
        }
        const key = PublicKey.fromJwk(keyOf(kind, group))
        for (const [message, signature, result] of group.tests) {
          count++
          const verdict = PublicKey.verify(key, bytesOf(signature), bytesOf(message))
          // "acceptable" is a DigestInfo without its NULL: what is compared byte for byte has one.
          expect(verdict, `${message} ${signature}`).to.equal(result === 'valid')
        }
      }
      expect(count).to.be.greaterThan(200)
    })

  describe('of keys and signatures by OpenSSL', () => {
    const message = hash(7)
    for (const namedCurve of ['P-256', 'P-384'] as const)
      it(`reads ${namedCurve}`, () => {
        const pair = generateKeyPairSync('ec', { namedCurve })
        const key = PublicKey.fromJwk(jwkOf(pair))
        const signature = signWith(namedCurve === 'P-256' ? 'sha256' : 'sha384', message, {
          key: pair.privateKey,
          dsaEncoding: 'ieee-p1363',
        })
        expect(PublicKey.verify(key, signature, message)).to.equal(true)
        expect(PublicKey.verify(key, signature, hash(8))).to.equal(false)
        const der = createSign('sha256').update(message).sign(pair.privateKey)
        expect(PublicKey.verify(key, der, message), 'DER').to.equal(false)
        const prefix = namedCurve === 'P-256' ? [0x80, 0x24] : [0x81, 0x24]
        const multikey = Multibase.toBase58(Bytes.concat(Uint8Array.from(prefix), key.bytes))
        expect(multikey).to.match(namedCurve === 'P-256' ? /^zDna/ : /^z82L/)
        expect(PublicKey.fromMultikey(multikey)).to.deep.equal(key)
      })

    it('reads Ed25519, as Multikey and as JSON Web Key', () => {
      const pair = generateKeyPairSync('ed25519')
      const key = PublicKey.fromJwk(jwkOf(pair))
      expect(PublicKey.verify(key, signWith(null, message, pair.privateKey), message)).to.equal(true)
      expect(PublicKey.fromMultikey(Multikey.fromEd25519(key.bytes))).to.deep.equal(key)
    })

    for (const modulusLength of [2048, 3072])
      it(`reads RSA of ${modulusLength} bits`, () => {
        const pair = generateKeyPairSync('rsa', { modulusLength })
        const key = PublicKey.fromJwk(jwkOf(pair))
        const signature = signWith('sha256', message, pair.privateKey)
        expect(PublicKey.verify(key, signature, message)).to.equal(true)
        expect(PublicKey.verify(key, signature, hash(8))).to.equal(false)
        expect(PublicKey.verify(key, signature.subarray(1), message)).to.equal(false)
        expect(PublicKey.verify(key, signWith('sha384', message, pair.privateKey), message)).to.equal(false)
      })
  })

  it('tells keys apart by kind and bytes', () => {
    const ed = PublicKey.fromMultikey(Multikey.fromEd25519(hash(1)))
    expect(PublicKey.equals(ed, PublicKey.fromJwk(DidDocument.toJwk(hash(1))))).to.equal(true)
    expect(PublicKey.equals(ed, PublicKey.fromJwk(DidDocument.toJwk(hash(2))))).to.equal(false)
    expect(PublicKey.equals(ed, { ...ed, kind: 'RSA' })).to.equal(false)
  })

  const ec = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })) as Readonly<Record<string, string>>
  const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 })) as Readonly<Record<string, string>>
  const refused: Readonly<Record<string, unknown>> = {
    nothing: undefined,
    null: null,
    'a text': 'x',
    'a list': [ec],
    'no kind': {},
    'another curve': { ...ec, crv: 'P-521' },
    'the curve of another kind': { ...ec, crv: 'Ed25519' },
    'coordinates of another curve': { ...ec, crv: 'P-384' },
    'a point off the curve': { ...ec, y: ec.x },
    'a coordinate that is too short': { ...ec, x: 'AA' },
    'a coordinate that is too long': { ...ec, x: `AAAA${ec.x}` },
    'a coordinate with padding': { ...ec, x: `${ec.x}=` },
    'a coordinate that is a number': { ...ec, x: 5 },
    'no coordinate': { ...ec, y: undefined },
    'a private key': { ...ec, d: ec.x },
    'a private key without value': { ...ec, d: null },
    'an RSA key of 1,024 bits': jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
    'an RSA key with zeros before it': { ...rsa, n: `AAAA${rsa.n}` },
    'an RSA key of 16,384 bits': { ...rsa, n: `_${'A'.repeat(2729)}B` },
    'an even RSA key': { ...rsa, n: text(new Uint8Array(256).fill(0xfe)) },
    'another exponent': { ...rsa, e: 'Aw' },
    'a symmetric key': { kty: 'oct', k: 'AAAA' },
  }
  for (const [what, jwk] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(failure(() => PublicKey.fromJwk(jwk))).to.include({
        code: 'KEY_INVALID',
        name: 'PublicKey.InvalidKeyError',
      })
    })

  it('refuses Multikeys of other kinds, of points off their curve and of another size', () => {
    const { bytes } = PublicKey.fromJwk(ec)
    for (const [prefix, key] of [
      [[0xec, 0x01], hash(1)],
      [[0xe7, 0x01], bytes],
      [[0x80, 0x24], bytes.slice(1)],
      [[0x81, 0x24], bytes],
      [[0x80, 0x24], Bytes.concat(Uint8Array.of(2), new Uint8Array(32).fill(0xff))],
      [[0x80, 0x24], Bytes.concat(Uint8Array.of(5), bytes.slice(1))],
      [[0xed, 0x01], bytes],
    ] as const) {
      const text = Multibase.toBase58(Bytes.concat(Uint8Array.from(prefix), key))
      expect(failure(() => PublicKey.fromMultikey(text)).code, text).to.equal('KEY_INVALID')
    }
  })

  it('says false of what is no signature, whatever the key', () => {
    const keys = [PublicKey.fromJwk(ec), PublicKey.fromJwk(rsa), PublicKey.fromMultikey(Multikey.fromEd25519(hash(1)))]
    for (const key of keys)
      for (const size of [0, 1, 63, 64, 65, 96, 256, 257])
        for (const fill of [0, 1, 0xff])
          expect(PublicKey.verify(key, new Uint8Array(size).fill(fill), hash(1))).to.equal(false)
  })
})
