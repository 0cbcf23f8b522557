import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import { Policy, type Readers, type Trust, verifyDocument, verifyPresentation } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import { verifyPresentation as verifyWithDidJwt } from 'did-jwt-vc'
import * as Badges from '../support/Badges.ts'
import * as Presentations from '../support/Presentations.ts'

const { asked } = Presentations
type Asked = { readonly challenge?: string; readonly domain?: string }

const report = (input: Json.Object | string, trust: Trust, what: Asked = asked, readers: Partial<Readers> = {}) =>
  verifyPresentation(typeof input === 'string' ? input : JSON.stringify(input), {
    trust,
    readers: { ...nobody, ...readers },
    now: Badges.now,
    ...what,
  })

const decide = async (...[input, trust, what, readers]: Parameters<typeof report>) => {
  const { verdict, check, code, place } = Policy.decidePresentation(await report(input, trust, what, readers))
  return [verdict, place, check, code].filter((each) => each !== undefined).join(' ')
}

const first = '/verifiableCredential/0'

describe('A presentation', function () {
  this.timeout(60_000)

  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[])
    describe(`signed with ${format} by @digitalbazaar/vc`, () => {
      it('says who presents what was issued to them', async () => {
        const { presentation, holder, trust } = await Presentations.signed(format)
        const told = await report(presentation, trust)
        expect(told.checks.map(({ outcome, code }) => `${outcome} ${code}`)).to.deep.equal([
          'passed CONFORMS',
          'passed SIGNED',
          'passed ANSWERS',
          'passed HOLDER',
        ])
        expect(told.holder).to.equal(holder)
        expect(told.credentials.map(({ place, report }) => [place, Policy.decide(report).verdict])).to.deep.equal([
          [first, 'accepted'],
        ])
        expect(Policy.decidePresentation(told).verdict).to.equal('accepted')
      })

      it('is rejected when it is changed, or answers something else', async () => {
        const { presentation, trust } = await Presentations.signed(format)
        const proof = presentation.proof as Json.Object
        for (const [changed, code] of [
          [{ ...presentation, id: 'urn:uuid:other' }, 'PROOF_INVALID'],
          [{ ...presentation, verifiableCredential: [] }, 'PROOF_INVALID'],
          [{ ...presentation, proof: { ...proof, challenge: 'another' } }, 'PROOF_INVALID'],
          [{ ...presentation, proof: { ...proof, domain: 'another' } }, 'PROOF_INVALID'],
          [{ ...presentation, proof: { ...proof, proofPurpose: 'assertionMethod' } }, 'PROOF_OPTIONS'],
        ] as const)
          expect(await decide(changed, trust), code).to.match(new RegExp(`^rejected \\w+ ${code}$`))
        expect(await decide(presentation, trust, { ...asked, challenge: 'another' })).to.equal(
          'rejected answers CHALLENGE_OTHER',
        )
        expect(await decide(presentation, trust, { ...asked, domain: 'https://other.example' })).to.equal(
          'rejected answers DOMAIN_OTHER',
        )
      })
    })

  it('of version 1 is read as well', async () => {
    const { presentation, trust } = await Presentations.signedV1()
    expect((presentation['@context'] as Json.Value[])[0]).to.equal(Contexts.credentialsV1)
    expect(await decide(presentation, trust)).to.equal('accepted ACCEPTED')
    expect(await decide(presentation, trust, { challenge: 'another' })).to.equal('rejected answers CHALLENGE_OTHER')
  })

  it('is verified by @digitalbazaar/vc for the same challenge, and for no other', async () => {
    const { presentation, trust } = await Presentations.signed('eddsa-rdfc-2022')
    const [{ did } = { did: '' }] = trust.issuers
    const keys = [did, String(presentation.holder)].map((id) => [id, didDocument(id)] as const)
    const documentLoader = (async (url: string) => {
      const [, document] = keys.find(([id]) => url.startsWith(id)) ?? []
      if (document === undefined) return Badges.documentLoader(url)
      const method = document.verificationMethod[0] as object
      const found = url.includes('#') ? { '@context': 'https://w3id.org/security/multikey/v1', ...method } : document
      return { contextUrl: null, documentUrl: url, document: found }
    }) as vc.DocumentLoader
    const suite = new DataIntegrityProof({ cryptosuite })
    const judge = (challenge: string) =>
      vc.verify({ presentation, suite, challenge, domain: asked.domain, documentLoader, now: new Date(Badges.now) })
    expect((await judge(asked.challenge)).verified).to.equal(true)
    expect((await judge('another')).verified).to.equal(false)
    expect(await decide(presentation, trust)).to.equal('accepted ACCEPTED')
  })

  describe('as a token', () => {
    it('by VC-JOSE-COSE, made by jose, is accepted, in an envelope too', async () => {
      const { presentation, holder, trust } = await Presentations.token()
      const told = await report(presentation, trust)
      expect([Policy.decidePresentation(told).verdict, told.holder]).to.deep.equal(['accepted', holder])
      const envelope = {
        '@context': [Contexts.credentialsV2],
        type: 'EnvelopedVerifiablePresentation',
        id: `data:application/vp+jwt,${presentation}`,
      }
      expect(await decide(envelope, trust)).to.equal('accepted ACCEPTED')
      expect(await decide(presentation, trust, { challenge: 'another' })).to.equal('rejected answers CHALLENGE_OTHER')
      expect(await decide(presentation, trust, { domain: 'another' })).to.equal('rejected answers DOMAIN_OTHER')
    })

    it('of version 1, made by did-jwt-vc, is accepted there and here', async () => {
      const { presentation, holder, trust } = await Presentations.tokenV1()
      const told = await report(presentation, trust)
      expect([Policy.decidePresentation(told).verdict, told.holder]).to.deep.equal(['accepted', holder])
      const resolver = {
        resolve: async (did: string) => ({
          didDocument: jwkDocument(did),
          didDocumentMetadata: {},
          didResolutionMetadata: {},
        }),
      }
      const theirs = await verifyWithDidJwt(presentation, resolver, { ...asked, policies: { now: Badges.now / 1000 } })
      expect(theirs.verified).to.equal(true)
      const other = await Presentations.tokenV1({ challenge: 'another' })
      expect(await decide(other.presentation, other.trust)).to.equal('rejected answers CHALLENGE_OTHER')
    })

    it('is rejected when it is changed, or its credential is another’s', async () => {
      const [one, other] = [await Presentations.token(), await Presentations.token()]
      const parts = [one, other].map(({ presentation }) => presentation.split('.'))
      expect(await decide([parts[0]?.[0], parts[1]?.[1], parts[0]?.[2]].join('.'), one.trust)).to.match(
        /^rejected signed (KEY_FOREIGN|PROOF_INVALID)$/,
      )
    })

    const { credentialsV2 } = Contexts
    type Make = (given: { did: string; credential: Json.Object }) => readonly [payload: object, header?: object]
    const cases: Readonly<Record<string, readonly [Make, string]>> = {
      'without a holder but in its claims': [
        ({ did, credential }) => [{ ...whole(credential), iss: did }],
        'accepted ACCEPTED',
      ],
      'without a holder but in the name of its key': [({ credential }) => [whole(credential)], 'accepted ACCEPTED'],
      'for several who may ask': [
        ({ credential }) => [{ ...whole(credential), aud: ['x', asked.domain] }],
        'accepted ACCEPTED',
      ],
      'with another holder in its claims': [
        ({ did, credential }) => [{ ...whole(credential), holder: did, iss: 'did:example:eve' }],
        'rejected conforms JWT_CLAIM',
      ],
      'of a holder who has not signed it': [
        ({ credential }) => [{ ...whole(credential), holder: 'did:web:eve.example' }],
        'rejected signed KEY_FOREIGN',
      ],
      'with another number in its claims': [
        ({ credential }) => [{ ...whole(credential), id: 'urn:x:a', jti: 'urn:x:b' }],
        'rejected conforms JWT_CLAIM',
      ],
      'that has ended': [({ credential }) => [{ ...whole(credential), exp: 1 }], 'rejected signed PROOF_EXPIRED'],
      'that has not begun': [
        ({ credential }) => [{ ...whole(credential), nbf: Badges.now / 1000 + 600 }],
        'rejected conforms JWT_CLAIM',
      ],
      'with a time that is none': [
        ({ credential }) => [{ ...whole(credential), exp: 'never' }],
        'rejected conforms JWT_CLAIM',
      ],
      'with a presentation in it': [
        ({ credential }) => [{ ...whole(credential), vp: {} }],
        'rejected conforms JWT_CLAIM',
      ],
      'with a credential that is not in an envelope': [
        () => [whole(Badges.badge('did:web:x.example'))],
        'rejected conforms PRESENTATION_FORM',
      ],
      'with an envelope that says more': [
        ({ credential }) => [whole({ ...credential, name: 'Diver' })],
        'rejected conforms PRESENTATION_FORM',
      ],
      'with a token as it is': [
        ({ credential }) => [{ ...whole(credential), verifiableCredential: ['eyJ.a.b'] }],
        'rejected conforms PRESENTATION_FORM',
      ],
      'with a member that it may not have': [
        ({ credential }) => [{ ...whole(credential), name: 'Mine' }],
        'rejected conforms SHAPE_MEMBER_UNKNOWN',
      ],
      'with an address of a key': [
        ({ credential }) => [whole(credential), { jku: 'https://eve.example/keys' }],
        'rejected conforms JWT_HEADER_KEY',
      ],
      'without an answer': [
        ({ credential }) => {
          const { nonce: _, ...rest } = whole(credential)
          return [rest]
        },
        'rejected answers CHALLENGE_OTHER',
      ],
      'with the type of a credential': [
        ({ credential }) => [whole(credential), { typ: 'vc+jwt' }],
        'rejected conforms PRESENTATION_MISSING',
      ],
    }
    function whole(credential: Json.Object) {
      const base = { '@context': [credentialsV2], type: ['VerifiablePresentation'] }
      return { ...base, verifiableCredential: [credential], nonce: asked.challenge, aud: asked.domain }
    }
    for (const [how, [make, decision]] of Object.entries(cases))
      it(`${how}: ${decision}`, async () => {
        const { did, sign } = await Presentations.signer()
        const { credential, trust } = await Presentations.envelopedBadgeOf(did)
        expect(await decide(await sign(...make({ did, credential })), trust)).to.equal(decision)
      })
  })

  describe('and its holder', () => {
    let holder: Badges.Author
    let eve: Badges.Author
    before(async () => {
      holder = await Badges.author()
      eve = await Badges.author()
    })
    const present = async (subject: string | undefined, by: Badges.Author, as = by.did) => {
      const { credential, trust } = await Presentations.badgeOf(subject)
      const made = await Presentations.sign(Presentations.of([credential], as), 'eddsa-rdfc-2022', by)
      return decide(made, trust)
    }

    it('are one where all was issued to them', async () => {
      expect(await present(holder.did, holder)).to.equal('accepted ACCEPTED')
    })

    it('cannot be told to have a right to what was issued to another, or does not say to whom', async () => {
      expect(await present(holder.did, eve)).to.equal('unknown holder HOLDER_OTHER')
      expect(await present(undefined, eve)).to.equal('unknown holder HOLDER_UNNAMED')
    })

    it('are two where somebody else has signed', async () => {
      expect(await present(holder.did, eve, holder.did)).to.equal('rejected signed KEY_FOREIGN')
    })

    it('may be described by more than a name', async () => {
      const { credential, trust } = await Presentations.badgeOf(holder.did)
      const bare = Presentations.of([credential], holder.did, { holder: { id: holder.did } })
      const made = await Presentations.sign(bare, 'eddsa-jcs-2022', holder)
      expect(await decide(made, trust)).to.equal('accepted ACCEPTED')
    })

    it('need not be named but by the key', async () => {
      const { credential, trust } = await Presentations.badgeOf(holder.did)
      const { holder: _, ...anonymous } = Presentations.of([credential], holder.did)
      const made = await Presentations.sign(anonymous as Json.Object, 'eddsa-rdfc-2022', holder)
      expect(await decide(made, trust)).to.equal('accepted ACCEPTED')
    })

    it('use a key for who they are, not for what they assert', async () => {
      const did = 'did:web:holder.example'
      const multikey = holder.did.slice('did:key:'.length)
      const id = `${did}#${multikey}`
      const signer = { ...holder.signer, id, sign: (holder.signer as unknown as { sign: unknown }).sign }
      const { credential, trust } = await Presentations.badgeOf(did)
      const made = await Presentations.sign(Presentations.of([credential], did), 'eddsa-rdfc-2022', { did, signer })
      const serving = (purpose: object) => ({
        did: async () =>
          ({
            id: did,
            verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase: multikey }],
            ...purpose,
          }) as unknown as Json.Object,
      })
      expect(await decide(made, trust, asked, serving({ authentication: [id] }))).to.equal('accepted ACCEPTED')
      expect(await decide(made, trust, asked, serving({ assertionMethod: [id] }))).to.equal(
        'rejected signed KEY_NOT_AUTHORISED',
      )
      expect(await decide(made, trust)).to.equal('unknown signed KEY_UNAVAILABLE')
    })
  })

  it('that nobody has signed is a bundle, and no answer', async () => {
    const { credential, trust } = await Presentations.badgeOf('did:example:ada')
    const bundle = Presentations.of([credential], 'did:example:ada')
    const told = await report(bundle, trust, {})
    expect(told).to.not.have.property('holder')
    expect(Policy.decidePresentation(told)).to.include({ verdict: 'unknown', code: 'PRESENTATION_UNSIGNED' })
    expect(told.credentials.map(({ report }) => Policy.decide(report).verdict)).to.deep.equal(['accepted'])
    expect(await decide(bundle, trust)).to.equal('rejected signed PRESENTATION_UNSIGNED')
  })

  it('for which no challenge was set may be a copy, and says so', async () => {
    const { presentation, trust } = await Presentations.signed('eddsa-rdfc-2022')
    const told = await report(presentation, trust, {})
    expect(told.checks.map(({ code }) => code)).to.deep.equal([
      'CONFORMS',
      'SIGNED',
      'CHALLENGE_NOT_ASKED',
      'CHALLENGE_NOT_ASKED',
    ])
    expect(Policy.decidePresentation(told).verdict).to.equal('accepted')
  })

  it('is no better than the worst that is in it', async () => {
    const holder = await Badges.author()
    const good = await Presentations.badgeOf(holder.did)
    const { credential } = await Presentations.badgeOf(holder.did)
    const bad = { ...good.credential, id: 'urn:uuid:other', name: 'Diver' }
    const made = (credentials: readonly Json.Object[]) =>
      Presentations.sign(Presentations.of(credentials, holder.did), 'eddsa-rdfc-2022', holder)
    expect(await decide(await made([good.credential, bad]), good.trust)).to.equal(
      'rejected /verifiableCredential/1 signed PROOF_INVALID',
    )
    expect(await decide(await made([good.credential, credential]), good.trust)).to.equal(
      'unknown /verifiableCredential/1 included ANCHOR_MISSING',
    )
  })

  it('has each of its holder’s proofs answer, and knows what other proofs are there', async () => {
    const { presentation, trust, author } = await Presentations.signed('eddsa-rdfc-2022')
    const { proof, ...bare } = presentation as Readonly<Record<string, Json.Value>>
    const again = await Presentations.sign(bare as Json.Object, 'eddsa-jcs-2022', author, { challenge: 'another' })
    const both = { ...presentation, proof: [proof as Json.Object, again.proof as Json.Object] }
    expect(await decide(both, trust)).to.equal('rejected answers CHALLENGE_OTHER')
    const strange = { type: 'DataIntegrityProof', cryptosuite: 'bbs-2023' }
    expect(await decide({ ...presentation, proof: [proof as Json.Object, strange] }, trust)).to.match(
      /^unknown signed PROOF_UNSUPPORTED$/,
    )
  })

  it('is refused in a vocabulary that is not known, or written otherwise', async () => {
    const { presentation, trust } = await Presentations.signed('eddsa-rdfc-2022')
    for (const [changes, decision] of [
      [{ '@context': [Contexts.credentialsV2, 'https://x.example/v1'] }, 'unknown conforms CONTEXT_UNKNOWN'],
      [{ '@context': Contexts.credentialsV2 }, 'rejected conforms CONTEXT_FORM'],
      [{ '@graph': [] }, 'rejected conforms KEYWORD'],
      [{ 'https://www.w3.org/2018/credentials#holder': 'did:example:eve' }, 'rejected conforms MEMBER_IRI'],
      [{ holder: 'eve' }, 'rejected conforms SHAPE_VALUE'],
      [{ holder: { name: 'Eve' } }, 'rejected conforms SHAPE_MEMBER_MISSING'],
      [{ validUntil: '2031-01-01T00:00:00Z' }, 'rejected conforms SHAPE_MEMBER_UNKNOWN'],
      [{ verifiableCredential: [null] }, 'rejected conforms PRESENTATION_FORM'],
    ] as const)
      expect(await decide({ ...presentation, ...changes } as Json.Object, trust)).to.equal(decision)
    expect(
      await decide({ type: 'VerifiablePresentation', verifiableCredential: Array(1001).fill({}) }, trust),
    ).to.equal('rejected conforms PARTS_LIMIT')
  })

  it('has no more in it than is asked for, whoever reads it', async () => {
    const { presentation, trust } = await Presentations.signed('eddsa-rdfc-2022')
    const { verifiableCredential: items } = presentation
    const [item] = Array.isArray(items) ? items : [items]
    const text = JSON.stringify({ ...presentation, verifiableCredential: [item, item] })
    const options = { trust, readers: nobody, now: Badges.now }
    for (const [maximumCredentials, isRead] of [
      [1, false],
      [2, true],
    ] as const) {
      const { checks } = await verifyPresentation(text, { ...options, maximumCredentials })
      const { findings } = await verifyDocument(text, { ...options, maximumCredentials })
      const refused = [checks[0]?.code, findings[0]?.report.checks[0]?.code].map((code) => code === 'PARTS_LIMIT')
      expect(refused).to.deep.equal([!isRead, !isRead])
    }
  })

  it('is none, whatever else may be there', async () => {
    for (const input of ['', '{', '[]', 'eyJ', 'eyJ.a.b', '{"type":"VerifiableCredential"}', '<svg', '5'])
      expect(await decide(input, Badges.trusting()), input).to.equal('rejected conforms PRESENTATION_MISSING')
    const bytes = new Uint8Array([0xff, 0xfe])
    const told = await verifyPresentation(bytes, { trust: Badges.trusting(), readers: nobody, now: Badges.now })
    expect(told.checks[0]?.code).to.equal('PRESENTATION_MISSING')
  })
})

/** The document of a did:key, as its method has it. */
function didDocument(did: string) {
  const publicKeyMultibase = did.slice('did:key:'.length)
  const id = `${did}#${publicKeyMultibase}`
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase }],
    assertionMethod: [id],
    authentication: [id],
  }
}

/** The document of a did:jwk, as its method has it. */
function jwkDocument(did: string) {
  const publicKeyJwk = JSON.parse(Buffer.from(did.slice('did:jwk:'.length), 'base64url').toString())
  const id = `${did}#0`
  const method = { id, type: 'JsonWebKey2020', controller: did, publicKeyJwk }
  return { id: did, verificationMethod: [method], assertionMethod: [id], authentication: [id] }
}
