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

  describe('of PEM by OpenSSL', () => {
    const pairs = {
      'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      Ed25519: generateKeyPairSync('ed25519'),
      'RSA of 2,048 bits': generateKeyPairSync('rsa', { modulusLength: 2048 }),
      'RSA of 4,096 bits': generateKeyPairSync('rsa', { modulusLength: 4096 }),
    }
    for (const [kind, pair] of Object.entries(pairs))
      it(`reads ${kind}`, () => {
        const key = PublicKey.fromPem(pair.publicKey.export({ type: 'spki', format: 'pem' }) as string)
        expect(key).to.deep.equal(PublicKey.fromJwk(jwkOf(pair)))
      })

    const rsa = pairs['RSA of 2,048 bits'].publicKey
    const text = rsa.export({ type: 'spki', format: 'pem' }) as string

    it('reads RSA as PKCS #1, lines of any length, and spaces around it', () => {
      const key = PublicKey.fromPem(text)
      expect(PublicKey.fromPem(rsa.export({ type: 'pkcs1', format: 'pem' }) as string)).to.deep.equal(key)
      expect(PublicKey.fromPem(` \r\n${text.replaceAll('\n', '\r\n')}\n`)).to.deep.equal(key)
    })

    const small = { modulusLength: 1024 }
    const odd = { modulusLength: 2048, publicExponent: 3 }
    const spki = (options: { modulusLength: number; publicExponent?: number }) =>
      generateKeyPairSync('rsa', options).publicKey.export({ type: 'spki', format: 'pem' }) as string
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const der = rsa.export({ type: 'spki', format: 'der' })
    const wrap = (bytes: Uint8Array) =>
      `-----BEGIN PUBLIC KEY-----\n${Buffer.from(bytes).toString('base64')}\n-----END PUBLIC KEY-----\n`
    const changed = (at: number, value: number) => Uint8Array.from(der, (byte, i) => (i === at ? value : byte))
    const refused: Readonly<Record<string, string>> = {
      'a private key': pairs.Ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      'a certificate’s label': text.replaceAll('PUBLIC KEY', 'CERTIFICATE'),
      'two labels': text.replace('BEGIN PUBLIC', 'BEGIN RSA PUBLIC'),
      'something before it': `x${text}`,
      'two keys': text + text,
      'RSA of 1,024 bits': spki(small),
      'RSA with the exponent 3': spki(odd),
      'a key of another curve': other.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      'nothing in it': wrap(new Uint8Array()),
      'a byte behind it': wrap(Uint8Array.from([...der, 0])),
      'a byte too few': wrap(der.subarray(0, -1)),
      'a length in a longer spelling': wrap(Uint8Array.from([0x30, 0x83, 0, ...der.subarray(2)])),
      'unused bits': wrap(changed(23, 1)),
      'another algorithm': wrap(changed(12, 0x86)),
      'a point that is none': wrap(
        Uint8Array.from(pairs['P-256'].publicKey.export({ type: 'spki', format: 'der' }), (byte, i) =>
          i === 90 ? byte ^ 1 : byte,
        ),
      ),
      'a megabyte': wrap(new Uint8Array(1024 * 1024)),
    }
    for (const [what, pem] of Object.entries(refused))
      it(`refuses ${what}`, () => expect(failure(() => PublicKey.fromPem(pem)).code).to.equal('KEY_INVALID'))

    it('refuses whatever byte of the frame is changed, and never fails otherwise', () => {
      for (let at = 0; at < 32; at++) {
        const wrong = wrap(changed(at, (der[at] as number) ^ 0x40))
        expect(failure(() => PublicKey.fromPem(wrong)).code, String(at)).to.equal('KEY_INVALID')
      }
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
