import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto'
import * as DidDocument from '@laurel/core/DidDocument'
import * as DidJwk from '@laurel/core/DidJwk'
import type * as Json from '@laurel/core/Json'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as jose from 'jose'
import * as Badges from '../support/Badges.ts'

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }

const pairs: Readonly<Record<string, Pair>> = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const attacker = generateKeyPairSync('ed25519')
const jwkOf = ({ publicKey }: Pair) => publicKey.export({ format: 'jwk' }) as Json.Object
const didOf = (jwk: Json.Object) => `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
const text = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const key = pairs.EdDSA as Pair
const issuer = didOf(jwkOf(key))
const kid = `${issuer}#0`
const credential = Badges.badge(issuer)
const times = { nbf: Date.parse('2026-03-01T09:00:00Z') / 1000, exp: Date.parse('2031-03-01T09:00:00Z') / 1000 }

/** The claims of an Open Badge as a JWT (Open Badges 3.0 §8.2.4.1). */
const claims = (document: Json.Object, did = issuer): Json.Object => ({
  ...document,
  iss: did,
  jti: document.id ?? '',
  ...times,
})
const payload = claims(credential)

/** A token as anybody may write it: any header, any payload, signed by OpenSSL. */
function write(header: unknown, body: unknown = payload, signer: KeyObject = key.privateKey): string {
  const input = `${text(header)}.${text(body)}`
  return `${input}.${signWith(null, Buffer.from(input), signer).toString('base64url')}`
}

const decide = async (token: string, trust: Trust = Badges.trusting(issuer), readers: Partial<Readers> = {}) => {
  const report = await verify(token, { trust, readers: { ...nobody, ...readers }, now: Badges.now })
  const { verdict, check, code } = Policy.decide(report)
  return [verdict, check, code].join(' ')
}

const signWithJose = (document: Json.Object, header: jose.CompactJWSHeaderParameters, pair: Pair) =>
  new jose.CompactSign(Buffer.from(JSON.stringify(document))).setProtectedHeader(header).sign(pair.privateKey)

describe('A credential as a JWT', function () {
  this.timeout(60_000)

  for (const [alg, pair] of Object.entries(pairs))
    describe(`signed with ${alg} by jose`, () => {
      const did = didOf(jwkOf(pair))
      const trust = Badges.trusting(did)
      const badge = Badges.badge(did)
      const method = `${did}#0`

      it('is accepted in the form of Open Badges, with a kid, a jwk or both', async () => {
        const jwk = jwkOf(pair) as jose.JWK
        for (const header of [
          { kid: method },
          { jwk },
          { kid: method, jwk },
          { kid: method, typ: 'JWT' },
          { kid: '#0' },
        ])
          expect(await decide(await signWithJose(claims(badge, did), { alg, ...header }, pair), trust)).to.equal(
            'accepted  ACCEPTED',
          )
      })

      it('is accepted in the form of VC-JOSE-COSE, with claims and without', async () => {
        for (const body of [badge, claims(badge, did), { ...badge, iat: times.nbf }])
          for (const header of [{ typ: 'vc+jwt' }, { typ: 'application/vc+jwt', cty: 'vc', iss: did }])
            expect(await decide(await signWithJose(body, { alg, kid: method, ...header }, pair), trust)).to.equal(
              'accepted  ACCEPTED',
            )
      })

      it('is rejected once it is changed, and of an issuer who is somebody else', async () => {
        const token = await signWithJose(claims(badge, did), { alg, kid: method }, pair)
        const [header, , signature] = token.split('.')
        const changed = `${header}.${text({ ...claims(badge, did), name: 'Diver' })}.${signature}`
        expect(await decide(changed, trust)).to.equal('rejected signed PROOF_INVALID')
        const other = Badges.badge('did:web:other.example')
        const forged = await signWithJose(claims(other, 'did:web:other.example'), { alg, kid: method }, pair)
        expect(await decide(forged, trust)).to.equal('rejected signed KEY_FOREIGN')
      })
    })

  it('names its subject, or does not', async () => {
    const credentialSubject = { ...(credential.credentialSubject as Json.Object), id: 'did:example:ada' }
    const body = { ...payload, credentialSubject }
    expect(await decide(write({ alg: 'EdDSA', kid }, body))).to.equal('accepted  ACCEPTED')
    expect(await decide(write({ alg: 'EdDSA', kid }, { ...body, sub: 'did:example:ada' }))).to.equal(
      'accepted  ACCEPTED',
    )
    expect(await decide(write({ alg: 'EdDSA', kid }, { ...body, sub: 'did:example:eve' }))).to.equal(
      'rejected conforms JWT_CLAIM',
    )
  })

  it('is rejected once its key was stolen, by whichever name it calls it', async () => {
    const stolen = 'rejected issuer-bound COMPROMISED'
    const trust = Badges.trusting(issuer)
    const didDocument = DidDocument.revoke(DidJwk.document(issuer), kid, Badges.now / 1_000)
    const issuers = trust.issuers.map((each) => ({ ...each, didDocument }))
    for (const header of [{ kid }, { kid: '#0' }, { kid: issuer }, { jwk: jwkOf(key) }])
      expect(await decide(write({ alg: 'EdDSA', ...header }), { ...trust, issuers })).to.equal(stolen)

    const did = 'did:web:issuer.example'
    const method = `${did}#key-1`
    const revoked = {
      ...{ '@context': [], id: did, assertionMethod: [method] },
      verificationMethod: [
        { id: method, type: 'JsonWebKey', controller: did, publicKeyJwk: jwkOf(key), revoked: '2026-05-01T00:00:00Z' },
      ],
    }
    const readers = { did: async () => revoked as unknown as Json.Object }
    for (const header of [{ kid: method }, { kid: '#key-1' }, { jwk: jwkOf(key) }])
      expect(
        await decide(write({ alg: 'EdDSA', ...header }, claims(Badges.badge(did), did)), Badges.trusting(did), readers),
      ).to.equal(stolen)
  })

  it('is read from bytes, with a line break behind it', async () => {
    const trust = Badges.trusting(issuer)
    const token = new TextEncoder().encode(`${write({ alg: 'EdDSA', kid })}\n`)
    const report = await verify(token, { trust, readers: nobody, now: Badges.now })
    expect(Policy.decide(report).verdict).to.equal('accepted')
  })

  it('has to hold with the proof that is inside of it', async () => {
    const author = await Badges.author()
    const inner = await Badges.sign(Badges.badge(author.did), 'eddsa-rdfc-2022', author)
    const pair = pairs.EdDSA as Pair
    // The issuer's token and the issuer's proof, by two keys that its DID document lists.
    const did = 'did:web:issuer.example'
    const method = `${did}#${author.did.slice('did:key:'.length)}`
    const signer = { ...author.signer, id: method, sign: (author.signer as unknown as { sign: unknown }).sign }
    const document = await Badges.sign(Badges.badge(did), 'eddsa-rdfc-2022', { did, signer })
    const didDocument = {
      '@context': [],
      id: did,
      verificationMethod: [
        { id: method, type: 'Multikey', controller: did, publicKeyMultibase: author.did.slice('did:key:'.length) },
        { id: `${did}#jwk`, type: 'JsonWebKey', controller: did, publicKeyJwk: jwkOf(pair) },
      ],
      assertionMethod: [method, `${did}#jwk`],
    }
    const readers = { did: async () => didDocument as unknown as Json.Object }
    const trust = Badges.trusting(did)
    const token = (body: Json.Object) => write({ alg: 'EdDSA', kid: `${did}#jwk` }, claims(body, did))
    expect(await decide(token(document), trust, readers)).to.equal('accepted  ACCEPTED')
    expect(await decide(token({ ...document, name: 'Diver' }), trust, readers)).to.equal(
      'rejected signed PROOF_INVALID',
    )
    expect(await decide(token({ ...document, proof: inner.proof as Json.Value }), trust, readers)).to.equal(
      'rejected signed KEY_FOREIGN',
    )
  })

  describe('of an issuer with a DID document', () => {
    const did = 'did:web:issuer.example'
    const method = `${did}#key-1`
    const document = (change: object = {}) => ({
      '@context': [],
      id: did,
      verificationMethod: [{ id: method, type: 'JsonWebKey', controller: did, publicKeyJwk: jwkOf(key) }],
      assertionMethod: [method],
      ...change,
    })
    const serving = (change?: object) => ({ did: async () => document(change) as unknown as Json.Object })
    const body = claims(Badges.badge(did), did)
    const trust = Badges.trusting(did)

    it('is accepted by a key that is listed, by name or by itself', async () => {
      for (const header of [{ kid: method }, { kid: '#key-1' }, { jwk: jwkOf(key) }])
        expect(await decide(write({ alg: 'EdDSA', ...header }, body), trust, serving())).to.equal('accepted  ACCEPTED')
    })

    it('cannot be told by a key that is not, and without the document', async () => {
      const own = write({ alg: 'EdDSA', jwk: jwkOf(attacker) }, body, attacker.privateKey)
      expect(await decide(own, trust, serving())).to.equal('unknown signed KEY_UNKNOWN')
      expect(await decide(own, trust)).to.equal('unknown signed KEY_UNAVAILABLE')
      const unused = serving({ assertionMethod: [], authentication: [method] })
      expect(await decide(write({ alg: 'EdDSA', kid: method }, body), trust, unused)).to.equal(
        'rejected signed KEY_NOT_AUTHORISED',
      )
      expect(await decide(write({ alg: 'EdDSA', jwk: jwkOf(key) }, body), trust, unused)).to.equal(
        'unknown signed KEY_UNKNOWN',
      )
    })
  })

  const es256 = pairs.ES256 as Pair
  const { d: _, ...publicPart } = key.privateKey.export({ format: 'jwk' })
  const cases: Readonly<Record<string, readonly [() => string, string]>> = {
    'without an algorithm': [() => write({ kid }), 'rejected signed JWT_ALG'],
    'with an algorithm that is not verified here': [
      () => write({ alg: 'PS256', kid }),
      'unknown signed PROOF_UNSUPPORTED',
    ],
    'with the algorithm of another key': [() => write({ alg: 'ES256', kid }), 'rejected signed JWT_ALG'],
    'with no name of a key': [() => write({ alg: 'EdDSA' }), 'rejected signed JWT_HEADER_KEY'],
    'with a kid that is a number': [() => write({ alg: 'EdDSA', kid: 5 }), 'rejected signed JWT_HEADER_KEY'],
    'with another jwk than its kid': [
      () => write({ alg: 'EdDSA', kid, jwk: jwkOf(attacker) }),
      'rejected signed JWT_HEADER_KEY',
    ],
    'with a private jwk': [
      () => write({ alg: 'EdDSA', jwk: { ...publicPart, d: 'AAAA' } }),
      'rejected signed JWT_HEADER_KEY',
    ],
    'with more in its header than an Open Badge may have': [
      () => write({ alg: 'EdDSA', kid, cty: 'vc' }),
      'rejected conforms JWT_HEADER',
    ],
    'with another issuer in its header': [
      () => write({ alg: 'EdDSA', kid, typ: 'vc+jwt', iss: 'did:web:other.example' }),
      'rejected conforms JWT_CLAIM',
    ],
    'with a header that has a member twice': [
      () => write(`{"alg":"none","alg":"EdDSA","kid":"${kid}"}`),
      'rejected conforms JSON_DUPLICATE_KEY',
    ],
    'with a payload that has a member twice': [
      () => write({ alg: 'EdDSA', kid }, `{"name":"Diver",${JSON.stringify(payload).slice(1)}`),
      'rejected conforms JSON_DUPLICATE_KEY',
    ],
    'with a member that no standard has': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, grade: 'A' }),
      'rejected conforms SHAPE_MEMBER_UNKNOWN',
    ],
    'without an issuer': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, iss: undefined }),
      'rejected conforms JWT_CLAIM',
    ],
    'without a number': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, jti: undefined }),
      'rejected conforms JWT_CLAIM',
    ],
    'without a beginning': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, nbf: undefined }),
      'rejected conforms JWT_CLAIM',
    ],
    'without the end that the credential has': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, exp: undefined }),
      'rejected conforms JWT_CLAIM',
    ],
    'with an end that the credential does not have': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, validUntil: undefined }),
      'rejected conforms JWT_CLAIM',
    ],
    'with a subject that the credential does not have': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, sub: 'did:example:eve' }),
      'rejected conforms JWT_CLAIM',
    ],
    'with a credential in its credential': [
      () => write({ alg: 'EdDSA', kid }, { ...payload, vc: credential }),
      'rejected conforms JWT_CLAIM',
    ],
    'whose signature has expired': [
      () => write({ alg: 'EdDSA', kid, typ: 'vc+jwt' }, { ...credential, exp: times.nbf }),
      'rejected signed PROOF_EXPIRED',
    ],
    'whose signature is not to be used yet': [
      () => write({ alg: 'EdDSA', kid, typ: 'vc+jwt' }, { ...credential, nbf: times.exp }),
      'rejected conforms JWT_CLAIM',
    ],
    'with a signature in DER': [
      () => {
        const did = didOf(jwkOf(es256))
        const input = `${text({ alg: 'ES256', kid: `${did}#0` })}.${text(claims(Badges.badge(did), did))}`
        return `${input}.${signWith('sha256', Buffer.from(input), es256.privateKey).toString('base64url')}`
      },
      'rejected signed PROOF_INVALID',
    ],
    'keyed with the public key': [
      () => {
        const input = `${text({ alg: 'HS256', kid })}.${text(payload)}`
        const secret = key.publicKey.export({ type: 'spki', format: 'pem' })
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      },
      'rejected signed JWT_ALG',
    ],
  }
  for (const [how, [make, decision]] of Object.entries(cases))
    it(`${how}: ${decision}`, async () => expect(await decide(make())).to.equal(decision))

  it('is refused in every other spelling', async () => {
    const token = write({ alg: 'EdDSA', kid })
    const [header = '', body = '', signature = ''] = token.split('.')
    // The last letter of 64 bytes has four unused bits.
    const other = `${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`
    for (const spelling of [
      `${token}=`,
      `${header}.${body}.${other}`,
      `${header}.${body} .${signature}`,
      `${header}.${body}\n.${signature}`,
      `${header}.${body}.${signature}.`,
      `${header}.${body}.`,
      `${header}.${body}`,
      `${header}..${signature}`,
      `${header}.${body}.${signature.replaceAll(/[-_]/g, '+')}+`,
    ])
      expect(await decide(spelling), spelling.slice(-90)).to.match(
        /^rejected (conforms JWT_FORMAT|signed PROOF_INVALID)$/,
      )
  })

  it('is not accepted with any part of another', async () => {
    const tokens = [write({ alg: 'EdDSA', kid }), write({ alg: 'EdDSA', kid }, { ...payload, name: 'Diver' })]
    const [first = [], second = []] = tokens.map((token) => token.split('.'))
    expect(await decide([first[0], second[1], first[2]].join('.'))).to.equal('rejected signed PROOF_INVALID')
    expect(await decide([first[0], first[1], second[2]].join('.'))).to.equal('rejected signed PROOF_INVALID')
  })
})
