import { expect } from 'chai'
import fc from 'fast-check'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as EvmAddress from '../../core/src/EvmAddress.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import { hash } from './support.ts'

const did = 'did:web:issuer.example.org'
const id = `${did}#key`
const multikey = { id, type: 'Multikey', controller: did, publicKeyMultibase: Multikey.fromEd25519(hash(1)) }
const key = { kind: 'Ed25519', bytes: hash(1) }
const jwk = { id, type: 'JsonWebKey', controller: did, publicKeyJwk: DidDocument.toJwk(hash(1)) }

function documentOf(method: unknown, changes: object = {}): DidDocument.DidDocument {
  const base = { '@context': [], id: did, verificationMethod: [method], assertionMethod: [id], ...changes }
  return base as unknown as DidDocument.DidDocument
}

describe('DidDocument', () => {
  it('finds a key as Multikey and as JsonWebKey', () => {
    expect(DidDocument.publicKey(documentOf(multikey), id)).to.deep.equal(key)
    expect(DidDocument.publicKey(documentOf(jwk), id)).to.deep.equal(key)
  })

  it('finds a key under the purpose demanded only', () => {
    expect(DidDocument.publicKey(documentOf(multikey), id, 'authentication')).to.equal(undefined)
    const listed = documentOf(multikey, { assertionMethod: [], authentication: [id] })
    expect(DidDocument.publicKey(listed, id, 'authentication')).to.deep.equal(key)
    expect(DidDocument.publicKey(listed, id)).to.equal(undefined)
  })

  it('writes a JSON Web Key as RFC 8037 appendix A has it', () => {
    const key = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
    expect(DidDocument.toJwk(key)).to.deep.equal({
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    })
  })

  const { x } = DidDocument.toJwk(hash(1))
  const hostile: Readonly<Record<string, DidDocument.DidDocument>> = {
    'no methods': documentOf(multikey, { verificationMethod: undefined }),
    'methods that are no list': documentOf(multikey, { verificationMethod: multikey }),
    'methods that are a text': documentOf(multikey, { verificationMethod: id }),
    'null among the methods and the key missing': documentOf(null),
    'a purpose that is no list': documentOf(multikey, { assertionMethod: id }),
    'a purpose that lists another key': documentOf(multikey, { assertionMethod: [`${id}2`] }),
    'a purpose that embeds the key': documentOf(multikey, { assertionMethod: [multikey] }),
    'two methods of one id': documentOf(multikey, { verificationMethod: [multikey, jwk] }),
    'another controller': documentOf({ ...multikey, controller: 'did:web:evil.example' }),
    'no controller': documentOf({ ...multikey, controller: undefined }),
    'no key': documentOf({ id, type: 'Multikey', controller: did }),
    'a key of another kind': documentOf({
      ...multikey,
      publicKeyMultibase: 'z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq',
    }),
    'a key that is a number': documentOf({ ...multikey, publicKeyMultibase: 5 }),
    'a JWK that is null': documentOf({ ...jwk, publicKeyJwk: null }),
    'a JWK that is a text': documentOf({ ...jwk, publicKeyJwk: 'x' }),
    'an X25519 JWK': documentOf({ ...jwk, publicKeyJwk: { kty: 'OKP', crv: 'X25519', x } }),
    'an EC JWK': documentOf({ ...jwk, publicKeyJwk: { kty: 'EC', crv: 'Ed25519', x } }),
    'a JWK without x': documentOf({ ...jwk, publicKeyJwk: { kty: 'OKP', crv: 'Ed25519' } }),
    'a JWK of 31 bytes': documentOf({ ...jwk, publicKeyJwk: DidDocument.toJwk(hash(1).slice(1)) }),
    'a JWK with padding': documentOf({ ...jwk, publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: `${x}=` } }),
    'a JWK whose last bits are set': documentOf({
      ...jwk,
      publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: `${x.slice(0, -1)}p` },
    }),
  }
  for (const [what, document] of Object.entries(hostile))
    it(`gives no key for ${what}`, () => {
      expect(DidDocument.publicKey(document, id)).to.equal(undefined)
    })

  describe('evmAddress', () => {
    // The generator of secp256k1 (SEC 2 §2.4.1), the public key of the private key 1.
    const point = {
      x: Buffer.from('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798', 'hex'),
      y: Buffer.from('483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8', 'hex'),
    }
    const key = { kty: 'EC', crv: 'secp256k1', x: point.x.toString('base64url'), y: point.y.toString('base64url') }
    const withKey = (publicKeyJwk: unknown) => documentOf({ ...jwk, publicKeyJwk })

    it('is the address of the key', () => {
      expect(EvmAddress.fromPublicKey(point.x, point.y)).to.equal('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf')
      expect(DidDocument.evmAddress(withKey(key), id)).to.equal('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf')
      expect(() => EvmAddress.fromPublicKey(point.x.subarray(1), point.y)).to.throw(TypeError)
      expect(() => EvmAddress.fromPublicKey(point.x, Buffer.concat([point.y, point.y]))).to.throw(TypeError)
    })

    it('is none for a key that is not listed, of another controller or in two places', () => {
      const method = { ...jwk, publicKeyJwk: key }
      for (const document of [
        documentOf(method, { assertionMethod: [], authentication: [id] }),
        documentOf({ ...method, controller: 'did:web:evil.example' }),
        documentOf(method, { verificationMethod: [method, method] }),
        documentOf(method, { verificationMethod: [] }),
      ])
        expect(DidDocument.evmAddress(document, id)).to.equal(undefined)
    })

    it('is none for what is no such key', () => {
      const { y: _, ...flat } = key
      for (const other of [
        ...[
          undefined,
          null,
          'x',
          5,
          [],
          {},
          flat,
          { ...key, kty: 'OKP' },
          { ...key, crv: 'P-256' },
          { ...key, y: null },
        ],
        ...[
          { ...key, x: 5 },
          { ...key, x: `${key.x}=` },
          { ...key, y: key.y.slice(0, -2) },
          DidDocument.toJwk(hash(1)),
        ],
      ])
        expect(DidDocument.evmAddress(withKey(other), id), JSON.stringify(other)).to.equal(undefined)
    })
  })

  it('skips null and strangers among the methods', () => {
    const document = documentOf(multikey, { verificationMethod: [null, 5, 'x', { id: `${id}2` }, multikey] })
    expect(DidDocument.publicKey(document, id)).to.deep.equal(key)
  })

  it('says from when on nothing counts that a method has signed, and nothing where it does not', () => {
    const from = (...revoked: readonly unknown[]) =>
      DidDocument.revokedFrom(
        documentOf(multikey, { verificationMethod: revoked.map((each) => ({ ...multikey, revoked: each })) }),
        id,
      )
    expect(from(undefined)).to.equal(undefined)
    expect(DidDocument.revokedFrom(DidDocument.revoke(documentOf(multikey), id, 1_772_323_200), id)).to.equal(
      Date.parse('2026-03-01T00:00:00Z'),
    )
    expect(DidDocument.revokedFrom(DidDocument.revoke(documentOf(multikey), `${id}2`, 1), id)).to.equal(undefined)
    expect(from('2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z')).to.equal(Date.parse('2026-02-01T00:00:00Z'))
    for (const nonsense of [null, 5, '', 'yesterday', '2026-03-01', {}])
      expect(from('2026-03-01T00:00:00Z', nonsense)).to.equal(Number.NEGATIVE_INFINITY)
  })

  it('never throws, whatever the members are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (verificationMethod, assertionMethod) => {
        const document = documentOf(multikey, { verificationMethod, assertionMethod })
        expect(DidDocument.publicKey(document, id)).to.equal(undefined)
        expect(DidDocument.revokedFrom(document, id)).to.equal(undefined)
      }),
    )
  })
})
