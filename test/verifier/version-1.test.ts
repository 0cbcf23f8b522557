import { generateKeyPairSync, sign as signWith } from 'node:crypto'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import { type CredentialPayload, createVerifiableCredentialJwt } from 'did-jwt-vc'
import * as digitalbazaar from '../../scripts/judges/digitalbazaar.ts'
import * as Badges from '../support/Badges.ts'

const decide = async (
  input: Json.Object | string,
  trust: Trust,
  now = Badges.now,
  readers: Partial<Readers> = {},
): Promise<string> => {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  const report = await verify(text, { trust, readers: { ...nobody, ...readers }, now })
  const { verdict, check, code } = Policy.decide(report)
  return [verdict, check, code].join(' ')
}

const before2026 = Date.parse('2026-02-28T00:00:00Z')
const after2031 = Date.parse('2031-03-02T00:00:00Z')

describe('A credential of the VC Data Model 1.1', function () {
  this.timeout(30_000)

  for (const format of Badges.formatsV1)
    describe(`signed with ${format} by @digitalcredentials/vc`, () => {
      for (const context of ['context.json', 'context-3.0.1.json', 'context-3.0.2.json', 'context-3.0.3.json'])
        it(`is accepted in ${context}, and rejected when it is changed`, async () => {
          const author = await Badges.author()
          const document = await Badges.signV1(Badges.badgeV1(author.did, context), format, author)
          const trust = Badges.trusting(author.did)
          expect(await decide(document, trust)).to.equal('accepted  ACCEPTED')
          expect(await decide({ ...document, name: 'Diver' }, trust)).to.equal('rejected signed PROOF_INVALID')
        })

      it('begins and ends when it says so', async () => {
        const { document, trust } = await Badges.trustedV1(format)
        expect(await decide(document, trust, before2026)).to.equal('rejected valid-period NOT_YET_VALID')
        expect(await decide(document, trust, after2031)).to.equal('rejected valid-period EXPIRED')
      })
    })

  it('is accepted by @digitalbazaar/vc as well, which made none of it', async () => {
    const { document } = await Badges.trustedV1('eddsa-rdfc-2022')
    const { judge } = digitalbazaar.create(new Map(Contexts.urls().map((url) => [url, Contexts.load(url)])))
    expect(await judge(document)).to.deep.equal({ accepted: true })
  })

  it('has the period that its version has, and no other', async () => {
    const author = await Badges.author()
    const { issuanceDate, ...timeless } = Badges.badgeV1(author.did) as Readonly<Record<string, Json.Value>>
    for (const [document, code] of [
      [{ ...Badges.badgeV1(author.did), validUntil: '2041-01-01T00:00:00Z' }, 'SHAPE_MEMBER_UNKNOWN'],
      [timeless, 'SHAPE_MEMBER_MISSING'],
      [{ ...timeless, validFrom: issuanceDate }, 'SHAPE_MEMBER_UNKNOWN'],
      [{ ...Badges.badge(author.did), expirationDate: '2041-01-01T00:00:00Z' }, 'SHAPE_MEMBER_UNKNOWN'],
      [{ ...timeless, issuanceDate: '2026-03-01' }, 'SHAPE_VALUE'],
    ] as const)
      expect(await decide(document as Json.Object, Badges.trusting(author.did))).to.equal(`rejected conforms ${code}`)
  })

  it('may have an endorsement of its version, and one of the newer', async () => {
    const author = await Badges.author()
    const { validFrom, ...newer } = Badges.endorsement(author.did, Badges.badge(author.did).id as string)
    const contexts = Badges.badgeV1(author.did)['@context'] as Json.Value
    const older = { ...newer, '@context': contexts, issuanceDate: validFrom as Json.Value }
    const endorsement = [await Badges.signV1(older, 'Ed25519Signature2020', author)]
    const document = Badges.badgeV1(author.did, undefined, { endorsement })
    const signed = await Badges.signV1(document, 'Ed25519Signature2020', author)
    const trust = Badges.trusting(author.did)
    const report = await verify(JSON.stringify(signed), { trust, readers: nobody, now: Badges.now })
    expect(Policy.decide(report).verdict).to.equal('accepted')
    expect(report.endorsements?.map((each) => Policy.decide(each).verdict)).to.deep.equal(['accepted'])
  })

  it('is not one of ours with an anchor', async () => {
    const { document, trust } = await Badges.trustedV1('Ed25519Signature2020')
    const anchor = { type: 'DataIntegrityProof', cryptosuite: 'merkle-proof-2019' }
    const proof = [document.proof as Json.Object, anchor]
    expect(await decide({ ...document, proof }, trust)).to.equal('rejected conforms CONTEXT_FORM')
  })

  describe('as a JWT by did-jwt-vc', () => {
    it('is accepted, though only its claims say who issued it, and until when it is valid', async () => {
      const { token, trust } = await Badges.tokenV1()
      const { vc } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
      expect(vc).to.not.have.any.keys('issuanceDate', 'expirationDate', 'id')
      expect(await decide(token, trust)).to.equal('accepted  ACCEPTED')
      expect(await decide(token, Badges.trusting())).to.equal('unknown included ANCHOR_MISSING')
      expect(await decide(token, trust, before2026)).to.equal('rejected valid-period NOT_YET_VALID')
      expect(await decide(token, trust, after2031)).to.equal('rejected valid-period EXPIRED')
    })

    it('is refused where a part of it stands beside it', async () => {
      const issuer = await Badges.didJwtIssuer()
      const document = Badges.badgeV1(issuer.did) as unknown as CredentialPayload
      const token = await createVerifiableCredentialJwt(document, issuer)
      const { vc, ...claims } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
      expect([vc.name, claims.name]).to.deep.equal([undefined, 'Lifeguard'])
      expect(await decide(token, Badges.trusting(issuer.did))).to.equal('rejected conforms JWT_CLAIM')
    })

    it('is rejected when it is changed, or of somebody else', async () => {
      const { token, trust } = await Badges.tokenV1()
      const other = await Badges.tokenV1({ name: 'Diver' })
      const [header, , signature] = token.split('.')
      expect(await decide([header, other.token.split('.')[1], signature].join('.'), other.trust)).to.equal(
        'rejected signed PROOF_INVALID',
      )
      expect(await decide(other.token, trust)).to.equal('unknown included ANCHOR_MISSING')
    })

    it('is signed by a key that its issuer lists, by its name or without', async () => {
      const did = 'did:web:issuer.example'
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const { publicKey: another } = generateKeyPairSync('ed25519')
      const method = (id: string, key: typeof publicKey) => ({
        id: `${did}#${id}`,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: key.export({ format: 'jwk' }),
      })
      const serving = (assertionMethod: readonly string[]) => ({
        did: async () =>
          ({ id: did, verificationMethod: [method('a', another), method('b', publicKey)], assertionMethod }) as never,
      })
      const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const write = (header: object) => {
        const input = `${text({ alg: 'EdDSA', typ: 'JWT', ...header })}.${text({ iss: did, vc: Badges.badgeV1(did) })}`
        return `${input}.${signWith(null, Buffer.from(input), privateKey).toString('base64url')}`
      }
      const trust = Badges.trusting(did)
      const both = serving([`${did}#a`, `${did}#b`])
      for (const header of [{}, { kid: `${did}#b` }])
        expect(await decide(write(header), trust, Badges.now, both)).to.equal('accepted  ACCEPTED')
      expect(await decide(write({ kid: `${did}#a` }), trust, Badges.now, both)).to.equal(
        'rejected signed PROOF_INVALID',
      )
      expect(await decide(write({}), trust, Badges.now, serving([`${did}#a`]))).to.equal('unknown signed KEY_UNKNOWN')
      expect(await decide(write({}), trust)).to.equal('unknown signed KEY_UNAVAILABLE')
    })

    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const did = `did:jwk:${Buffer.from(JSON.stringify(publicKey.export({ format: 'jwk' }))).toString('base64url')}`
    const vc = Badges.badgeV1(did)
    const { issuer: _, ...anonymous } = vc
    const seconds = (time: string) => Date.parse(time) / 1000
    const cases: Readonly<Record<string, readonly [Json.Object, string]>> = {
      'whole and without claims': [{ vc }, 'accepted  ACCEPTED'],
      'with its profile completed by its claims': [
        { iss: did, vc: { ...vc, issuer: { type: ['Profile'], name: 'The Swimming School' } } },
        'accepted  ACCEPTED',
      ],
      'with an issuer in its claims alone': [{ iss: did, vc: anonymous }, 'accepted  ACCEPTED'],
      'with no issuer': [{ vc: anonymous }, 'rejected conforms SHAPE_MEMBER_MISSING'],
      'with another issuer in its claims': [{ iss: 'did:web:other.example', vc }, 'rejected conforms JWT_CLAIM'],
      'with another number in its claims': [{ jti: 'urn:uuid:other', vc }, 'rejected conforms JWT_CLAIM'],
      'with another beginning in its claims': [{ nbf: 1, vc }, 'rejected conforms JWT_CLAIM'],
      'with another end in its claims': [{ exp: seconds('2041-01-01T00:00:00Z'), vc }, 'rejected conforms JWT_CLAIM'],
      'with a time that is none': [{ exp: 'never', vc }, 'rejected conforms JWT_CLAIM'],
      'with a subject in its claims': [{ sub: 'did:example:ada', vc }, 'accepted  ACCEPTED'],
      'with another subject in its claims': [
        {
          sub: 'did:example:eve',
          vc: { ...vc, credentialSubject: { ...(vc.credentialSubject as object), id: 'did:example:ada' } },
        },
        'rejected conforms JWT_CLAIM',
      ],
      'with a name outside of it': [{ vc, name: 'Diver' }, 'rejected conforms JWT_CLAIM'],
      'with a presentation beside it': [{ vc, vp: {} }, 'rejected conforms JWT_CLAIM'],
      'of version 2': [{ vc: Badges.badge(did) }, 'rejected conforms JWT_CLAIM'],
      'of nothing': [{ vc: null }, 'rejected conforms JWT_CLAIM'],
      'made in the future': [{ iat: seconds('2030-01-01T00:00:00Z'), vc }, 'rejected conforms JWT_CLAIM'],
      'for an audience, with a nonce': [{ aud: 'x', nonce: 'y', vc }, 'accepted  ACCEPTED'],
    }
    for (const [how, [payload, decision]] of Object.entries(cases))
      it(`${how}: ${decision}`, async () => {
        const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
        const input = `${text({ alg: 'EdDSA', typ: 'JWT' })}.${text(payload)}`
        const token = `${input}.${signWith(null, Buffer.from(input), privateKey).toString('base64url')}`
        expect(await decide(token, Badges.trusting(did))).to.equal(decision)
      })
  })
})
