import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as DidJwk from '../../core/src/DidJwk.ts'
import * as PublicKey from '../../core/src/PublicKey.ts'
import { failure } from './support.ts'

const didOf = (jwk: unknown) =>
  `did:jwk:${Buffer.from(typeof jwk === 'string' ? jwk : JSON.stringify(jwk)).toString('base64url')}`

describe('DidJwk', () => {
  // The first example of the method's specification.
  const example =
    'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'

  it('stands for the published document', () => {
    const { verificationMethod, assertionMethod, authentication, id } = DidJwk.document(example)
    expect(id).to.equal(example)
    expect(verificationMethod).to.deep.equal([
      {
        id: `${example}#0`,
        type: 'JsonWebKey2020',
        controller: example,
        publicKeyJwk: {
          crv: 'P-256',
          kty: 'EC',
          x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
          y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
        },
      },
    ])
    expect([assertionMethod, authentication]).to.deep.equal([[`${example}#0`], [`${example}#0`]])
  })

  for (const [kind, jwk] of [
    ['Ed25519', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })],
  ] as const)
    it(`gives its ${kind} key to whoever reads its document, for assertions unless it is for encryption`, () => {
      const did = didOf(jwk)
      const key = DidDocument.publicKey(DidJwk.document(did), DidJwk.verificationMethod(did))
      expect(key).to.deep.equal(PublicKey.fromJwk(jwk))
      expect(key?.kind).to.equal(kind)
      const other = didOf({ ...jwk, use: 'enc' })
      expect(DidDocument.publicKey(DidJwk.document(other), DidJwk.verificationMethod(other))).to.equal(undefined)
    })

  const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  for (const [what, did] of [
    ['nothing', ''],
    ['no key', 'did:jwk:'],
    ['another method', didOf(jwk).replace('jwk', 'key')],
    ['padding', `${didOf(jwk)}=`],
    ['a fragment', `${didOf(jwk)}#0`],
    ['what is no JSON', didOf('{')],
    ['a member twice', didOf(`{"kty":"OKP","kty":"OKP","crv":"Ed25519","x":"${jwk.x}"}`)],
    ['a private key', didOf({ ...jwk, d: jwk.x })],
    ['a key that is not read here', didOf({ ...jwk, crv: 'X25519' })],
    ['one of megabytes', didOf({ ...jwk, alg: 'x'.repeat(2 ** 20) })],
  ] as const)
    it(`refuses ${what}`, () => {
      expect(failure(() => DidJwk.document(did))).to.include({ code: 'DID_INVALID', name: 'DidJwk.InvalidDidError' })
    })
})
