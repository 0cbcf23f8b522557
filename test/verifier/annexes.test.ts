import { createHash } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import * as Multibase from '@laurel/core/Multibase'
import { type Person, Policy, type Readers, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import * as Badges from '../support/Badges.ts'

const text = new TextEncoder()
const page = text.encode('<p>Rules of the pool</p>')
const sri = (name: 'sha256' | 'sha384' | 'sha512', content = page) =>
  `${name}-${createHash(name).update(content).digest('base64')}`
const multihash = Multibase.toBase64Url(
  Bytes.concat(Uint8Array.of(0x12, 0x20), createHash('sha256').update(page).digest()),
)

describe('What a credential says beside itself', function () {
  this.timeout(30_000)
  let author: Badges.Author
  let endorser: Badges.Author
  before(async () => {
    author = await Badges.author()
    endorser = await Badges.author('P-256')
  })

  type Given = { readonly readers?: Partial<Readers>; readonly recipient?: Person; readonly others?: readonly string[] }
  const report = async (changes: Json.Object, { readers, recipient, others = [] }: Given = {}) => {
    // JSON is signed: the types of status and schema are no terms of the contexts of an Open Badge.
    const document = await Badges.sign(Badges.badge(author.did, changes), 'eddsa-jcs-2022', author)
    return verify(JSON.stringify(document), {
      trust: Badges.trusting(author.did, ...others),
      readers: { ...nobody, ...readers },
      now: Badges.now,
      ...(recipient === undefined ? {} : { recipient }),
    })
  }
  const decide = async (changes: Json.Object, given?: Given) => {
    const { verdict, check, code } = Policy.decide(await report(changes, given))
    return [verdict, check, code].join(' ')
  }

  describe('related resources', () => {
    const id = 'https://pool.example/rules'
    const serving = (content?: Uint8Array) => ({ readers: { resource: async () => content } })

    for (const digest of [
      { digestSRI: sri('sha256') },
      { digestSRI: sri('sha384') },
      { digestSRI: `${sri('sha256')} ${sri('sha512')}` },
      { digestMultibase: multihash },
      { digestSRI: sri('sha256'), digestMultibase: multihash },
    ])
      it(`are what they were by ${Object.keys(digest).join(' and ')}`, async () => {
        const relatedResource = [{ id, mediaType: 'text/html', ...digest }]
        expect(await decide({ relatedResource }, serving(page))).to.equal('accepted  ACCEPTED')
        expect(await decide({ relatedResource }, serving(text.encode('other')))).to.equal(
          'rejected conforms RESOURCE_DIGEST',
        )
      })

    it('are not missed where they are not fetched, or cannot be had', async () => {
      const relatedResource = [{ id, digestSRI: sri('sha256') }]
      expect(await decide({ relatedResource })).to.equal('accepted  ACCEPTED')
      expect(await decide({ relatedResource }, serving())).to.equal('accepted  ACCEPTED')
    })

    for (const [how, digest] of Object.entries({
      'without a digest': {},
      'with a digest that is none': { digestSRI: 'sha256-AAAA' },
      'with a digest of an unknown function': { digestSRI: 'md5-XUFAKrxLKna5cZ2REBfFkg==' },
      'with a multihash of another size': { digestMultibase: Multibase.toBase64Url(Uint8Array.of(0x12, 0x20, 1)) },
      'with no multibase': { digestMultibase: 'x' },
      'with one good digest and one that is none': { digestSRI: sri('sha256'), digestMultibase: 'x' },
    }))
      it(`${how} are no part of a credential`, async () => {
        expect(await decide({ relatedResource: [{ id, ...digest }] })).to.equal('rejected conforms RESOURCE_INVALID')
      })

    it('are asked for only once the signature has passed', async () => {
      const asked: string[] = []
      const readers = { ...nobody, resource: async (url: string) => void asked.push(url) }
      const relatedResource = [{ id, digestSRI: sri('sha256') }]
      const document = await Badges.sign(Badges.badge(author.did, { relatedResource }), 'eddsa-jcs-2022', author)
      const options = { trust: Badges.trusting(author.did), readers, now: Badges.now }
      await verify(JSON.stringify({ ...document, name: 'Diver' }), options)
      expect(asked).to.deep.equal([])
      await verify(JSON.stringify(document), options)
      expect(asked).to.deep.equal([id])
    })
  })

  describe('schemas', () => {
    const type = '1EdTechJsonSchemaValidator2019'
    const base = 'https://purl.imsglobal.org/spec/ob/v3p0/schema'
    it('of 1EdTech have been checked', async () => {
      for (const id of [
        `${base}/json/ob_v3p0_achievementcredential_schema.json`,
        `${base}/json-ld/ob_v3p0_achievementcredential_schema.json`,
        `${base}/json/ob_v3p0_anyachievementcredential_schema.json`,
      ])
        expect(await decide({ credentialSchema: [{ id, type }] })).to.equal('accepted  ACCEPTED')
    })

    it('of others are not known, and the signature is checked all the same', async () => {
      for (const schema of [
        { id: 'https://school.example/schema.json', type },
        { id: `${base}/json/ob_v3p0_achievementcredential_schema.json`, type: 'JsonSchema' },
        { id: `https://evil.example/?${base}/json/ob_v3p0_achievementcredential_schema.json`, type },
      ]) {
        const { checks } = await report({ credentialSchema: [schema] })
        expect(checks[0]).to.include({ outcome: 'unknown', code: 'SCHEMA_UNKNOWN' })
        expect(checks[1]?.code).to.equal('SIGNED')
      }
    })

    for (const [member, value] of Object.entries({
      credentialSchema: [{ id: 'https://school.example/schema.json' }],
      refreshService: { id: 'https://school.example/refresh' },
      termsOfUse: [{ id: 'https://school.example/terms' }],
      evidence: [{ id: 'https://school.example/evidence' }],
    }))
      it(`have a type, as ${member} has`, async () => {
        const document = Badges.badge(author.did, { [member]: value })
        const options = { trust: Badges.trusting(), readers: nobody, now: Badges.now }
        const [form] = (await verify(JSON.stringify(document), options)).checks
        expect(form).to.include({ outcome: 'failed', code: 'SHAPE_MEMBER_MISSING' })
        expect(form?.message).to.include(`/${member}`)
      })
  })

  it('stands in several languages', async () => {
    const name = [
      { '@value': 'Lifeguard', '@language': 'en' },
      { '@value': 'Rettungsschwimmer', '@language': 'de', '@direction': 'ltr' },
    ]
    expect(await decide({ name, description: { '@value': 'x', '@language': 'en' } })).to.equal('accepted  ACCEPTED')
    expect(await decide({ name: [{ '@value': 'x' }] })).to.equal('rejected conforms SHAPE_TYPE')
  })

  describe('a revocation list of 1EdTech', () => {
    const url = 'https://school.example/revocations'
    const id = String(Badges.badge('did:x:y').id)
    const credentialStatus = { id: url, type: '1EdTechRevocationList' }
    const list = (revokedCredentials: unknown, change: object = {}) => ({
      id: url,
      issuer: author.did,
      revokedCredentials,
      ...change,
    })
    const serving = (body: unknown, live = true) => ({
      readers: { statusLists: async () => [{ bytes: text.encode(JSON.stringify(body)), live }] },
    })

    it('revokes what stands in it, and nothing else', async () => {
      const other = { id: 'urn:uuid:other', revoked: true }
      expect(await decide({ credentialStatus }, serving(list([])))).to.equal('accepted  ACCEPTED')
      expect(await decide({ credentialStatus }, serving(list([other, { id, revoked: false }])))).to.equal(
        'accepted  ACCEPTED',
      )
      for (const entry of [{ id }, { id, revoked: true, revocationReason: 'x' }, id])
        expect(await decide({ credentialStatus }, serving(list([other, entry])))).to.equal('rejected status REVOKED')
    })

    it('counts only as its own address gives it out, and only its issuer’s', async () => {
      expect(await decide({ credentialStatus })).to.equal('unknown status STATUS_UNAVAILABLE')
      expect(await decide({ credentialStatus }, serving(list([]), false))).to.equal('unknown status STATUS_UNAVAILABLE')
      for (const body of [
        list([], { id: `${url}2` }),
        list([], { issuer: endorser.did }),
        list({}),
        list([{}]),
        [],
        'x',
      ])
        expect(await decide({ credentialStatus }, serving(body))).to.equal('unknown status STATUS_LIST_INVALID')
    })
  })

  describe('whose it is', () => {
    const hash = (name: 'sha256' | 'md5', value: string) => `${name}$${createHash(name).update(value).digest('hex')}`
    const subject = Badges.badge('did:x:y').credentialSubject as Json.Object
    const identified = (...identifier: readonly Json.Object[]) => ({ credentialSubject: { ...subject, identifier } })
    const identity = (identityHash: string, more: Json.Object = {}) => ({
      type: 'IdentityObject',
      hashed: true,
      identityHash,
      identityType: 'emailAddress',
      ...more,
    })
    const ask = (changes: Json.Object, identifier: string) => decide(changes, { recipient: { identifier } })

    it('is told by an address, plain, hashed, salted, and by old hashes', async () => {
      for (const each of [
        identity('ada@example.org', { hashed: false }),
        identity(hash('sha256', 'ada@example.org')),
        identity(hash('sha256', 'ada@example.orgKosher'), { salt: 'Kosher' }),
        identity(hash('sha256', 'ada@example.orgKosher').toUpperCase().replace('SHA', 'sha'), { salt: 'Kosher' }),
        identity(hash('md5', 'ada@example.org')),
      ]) {
        expect(await ask(identified(each), 'ada@example.org'), JSON.stringify(each)).to.equal('accepted  ACCEPTED')
        expect(await ask(identified(each), ' Ada@Example.org '), JSON.stringify(each)).to.equal('accepted  ACCEPTED')
        expect(await ask(identified(each), 'eve@example.org')).to.equal('rejected recipient RECIPIENT_OTHER')
      }
    })

    it('is told by the check value of the standard’s own salt', async () => {
      const published = 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
      expect(await ask(identified(identity(published, { salt: 'Kosher' })), 'a@example.com')).to.equal(
        'accepted  ACCEPTED',
      )
    })

    it('is told by a DID', async () => {
      const credentialSubject = { ...subject, id: 'did:example:ada' }
      expect(await ask({ credentialSubject }, 'did:example:ada')).to.equal('accepted  ACCEPTED')
      expect(await ask({ credentialSubject }, 'did:example:eve')).to.equal('rejected recipient RECIPIENT_OTHER')
      expect(await ask({}, 'did:example:ada')).to.equal('unknown recipient RECIPIENT_UNKNOWN')
    })

    it('cannot be told by an address where another kind of name stands, or a hash that is not known', async () => {
      const number = identity('4711', { hashed: false, identityType: 'studentId' })
      expect(await ask(identified(number), 'ada@example.org')).to.equal('unknown recipient RECIPIENT_UNKNOWN')
      expect(await ask(identified(number), '4711')).to.equal('accepted  ACCEPTED')
      const strange = identity('sha3$00')
      expect(await ask(identified(strange), 'ada@example.org')).to.equal('unknown recipient RECIPIENT_UNKNOWN')
    })

    it('is told by what a wallet has signed', async () => {
      const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
      const message = 'I am the holder – 2026-06-01 – 8f3c'
      const signature = await account.signMessage({ message })
      const credentialSubject = { ...subject, id: `did:pkh:eip155:1:${account.address}` }
      const wallet = { message, signature }
      expect(await decide({ credentialSubject }, { recipient: { wallet } })).to.equal('accepted  ACCEPTED')
      for (const other of [
        { message: `${message}.`, signature },
        { message, signature: `${signature.slice(0, -2)}1d` },
        { message, signature: '0x' },
        { message, signature: `0x${'00'.repeat(65)}` },
      ])
        expect(await decide({ credentialSubject }, { recipient: { wallet: other } })).to.equal(
          'rejected recipient RECIPIENT_OTHER',
        )
      expect(await decide({}, { recipient: { wallet } })).to.equal('unknown recipient RECIPIENT_UNKNOWN')
    })
  })

  describe('endorsements', () => {
    const endorse = (id: string) =>
      Badges.sign(Badges.endorsement(endorser.did, id), 'ecdsa-rdfc-2019 with P-256', endorser)
    const badge = () => Badges.badge(author.did)
    const verdicts = async (changes: Json.Object, others: readonly string[]) => {
      const { endorsements = [], ...own } = await report(changes, { others })
      return [Policy.decide(own).verdict, ...endorsements.map((each) => Policy.decide(each).code)]
    }
    const placed = async (id: string): Promise<Json.Object> => {
      const { credentialSubject } = badge()
      const achievement = (credentialSubject as Json.Object).achievement as Json.Object
      return {
        credentialSubject: {
          ...(credentialSubject as Json.Object),
          achievement: { ...achievement, endorsement: [await endorse(id)] },
        },
      }
    }

    it('have reports of their own, wherever they stand, in order', async () => {
      const { id, issuer, credentialSubject } = badge()
      const { achievement } = credentialSubject as { readonly achievement: { readonly id: string } }
      const renamed = (document: Json.Object, last: string) => ({ ...document, id: `urn:uuid:x-${last}` })
      const changes = {
        ...(await placed(achievement.id)),
        endorsement: [renamed(await endorse(String(id)), 'a')],
        issuer: { ...(issuer as Json.Object), endorsement: [renamed(await endorse('did:example:other'), 'b')] },
      }
      expect(await verdicts(changes, [endorser.did])).to.deep.equal([
        'accepted',
        'PROOF_INVALID',
        'ENDORSEMENT_SUBJECT',
        'ACCEPTED',
      ])
    })

    it('are accepted of an endorser who is known, and say nothing about the credential otherwise', async () => {
      const { achievement } = badge().credentialSubject as { readonly achievement: { readonly id: string } }
      const changes = await placed(achievement.id)
      expect(await verdicts(changes, [endorser.did])).to.deep.equal(['accepted', 'ACCEPTED'])
      expect(await verdicts(changes, [])).to.deep.equal(['accepted', 'ANCHOR_MISSING'])
    })

    it('are about what they stand at', async () => {
      expect(await verdicts(await placed('urn:uuid:something-else'), [endorser.did])).to.deep.equal([
        'accepted',
        'ENDORSEMENT_SUBJECT',
      ])
    })

    it('have nobody asked about an endorser who is not known', async () => {
      const asked: string[] = []
      const readers = { did: async (did: string) => void asked.push(did) }
      // Its proof is another's: it need not hold for its key to be asked for.
      const signed = await endorse(String(badge().id))
      const did = 'did:web:endorser.example'
      const issuer = { ...(signed.issuer as Json.Object), id: did }
      const proof = { ...(signed.proof as Json.Object), verificationMethod: `${did}#key` }
      const endorsement = [{ ...signed, issuer, proof }]
      await report({ endorsement }, { readers })
      expect(asked).to.deep.equal([])
      await report({ endorsement }, { readers, others: [did] })
      expect(asked).to.deep.equal([did])
    })

    it('do not spoil a credential when they are forged', async () => {
      const endorsement = [{ ...(await endorse(String(badge().id))), name: 'Highly endorsed' }]
      expect(await verdicts({ endorsement }, [endorser.did])).to.deep.equal(['accepted', 'PROOF_INVALID'])
    })

    it('are signed with the credential, in statements as well', async () => {
      const endorsement = [await endorse(String(badge().id))]
      const document = await Badges.sign(Badges.badge(author.did, { endorsement }), 'eddsa-rdfc-2022', author)
      const options = {
        trust: Badges.trusting(author.did, endorser.did),
        readers: nobody,
        now: Badges.now,
      }
      const { endorsements, ...own } = await verify(JSON.stringify(document), options)
      expect(Policy.decide(own).verdict).to.equal('accepted')
      expect(endorsements?.map((each) => Policy.decide(each).verdict)).to.deep.equal(['accepted'])
      const { endorsement: _, ...without } = document
      expect(Policy.decide(await verify(JSON.stringify(without), options)).verdict).to.equal('rejected')
    })

    it('are in the vocabularies that are bundled', async () => {
      const [v2, badges] = Badges.badge('did:x:y')['@context'] as readonly string[]
      for (const [context, code] of [
        [[badges, v2], 'rejected conforms CONTEXT_FORM'],
        [[v2, badges, 'https://evil.example/v1'], 'unknown conforms CONTEXT_UNKNOWN'],
      ] as const) {
        const endorsement = [{ ...(await endorse(String(badge().id))), '@context': context as Json.Value }]
        expect(await decide({ endorsement })).to.equal(code)
      }
    })
  })
})
