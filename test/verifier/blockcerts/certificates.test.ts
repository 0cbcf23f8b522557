import * as DidDocument from '@laurel/core/DidDocument'
import type * as Json from '@laurel/core/Json'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect } from 'chai'
import {
  account,
  type Batch,
  batchOf,
  issuerId,
  issueSecond,
  issueThird,
  judge,
  known,
  list,
  listId,
  profile,
  second,
  sent,
  sha256,
  site,
  third,
  transactionHash,
  type World,
} from './Issuer.ts'

const versions = {
  2: { document: second, issue: issueSecond },
  3: { document: third, issue: issueThird },
}

for (const [version, { document, issue }] of Object.entries(versions))
  describe(`A certificate of Blockcerts, version ${version}`, () => {
    let certificate: Json.Object
    let batch: Batch
    let transaction: ReturnType<typeof sent>
    before(async () => {
      batch = await batchOf(document)
      certificate = await issue(document)
      transaction = sent(batch.root)
    })

    it('is accepted where its issuer and its chain are known', async () => {
      const { report, decision, asked } = await judge(certificate, { transaction })
      expect(decision).to.equal('accepted ACCEPTED')
      expect(report.checks.map(({ check, outcome, code }) => `${check} ${outcome} ${code}`)).to.deep.equal([
        'conforms passed CONFORMS',
        'signed passed SENT',
        'included passed INCLUDED',
        'anchored passed ANCHORED',
        'manifest skipped MANIFEST_NONE',
        'issuer-bound passed ISSUER_BOUND',
        'status passed NOT_REVOKED',
        'valid-period passed IN_PERIOD',
        'recipient skipped RECIPIENT_NOT_ASKED',
      ])
      expect([report.credentialId, report.issuer, report.achievement]).to.deep.equal([
        document.id,
        issuerId,
        'Robotics',
      ])
      // Its issuer is asked once there is something to ask about, and its list last.
      expect(asked).to.deep.equal([transactionHash, issuerId, listId])
    })

    it('needs nobody but the chain and the list where the trust has its issuer’s profile', async () => {
      const issuers = [{ ...known, profile }]
      const { decision, asked } = await judge(certificate, { transaction, issuers, pages: { [listId]: list } })
      expect([decision, asked]).to.deep.equal(['accepted ACCEPTED', [transactionHash, listId]])
    })

    it('is its issuer’s where the trust has the account, but whether it is revoked nobody can tell without the issuer', async () => {
      const issuers = [{ ...known, accounts: [`eip155:11155111:${account}`] }]
      const { report, decision } = await judge(certificate, { transaction, issuers, pages: {} })
      expect(report.checks.find(({ check }) => check === 'signed')?.code).to.equal('SENT')
      expect(decision).to.equal('unknown status STATUS_UNAVAILABLE')
    })

    it('is whose it says', async () => {
      const ask = async (recipient: string) => (await judge(certificate, { transaction, recipient })).decision
      expect(await ask('learner@example.org')).to.equal('accepted ACCEPTED')
      expect(await ask('eve@example.org')).to.equal('rejected recipient RECIPIENT_OTHER')
    })

    const at = (change: Json.Object): World => ({ pages: { ...site, [issuerId]: { ...profile, ...change } } })
    const own = { id: `ecdsa-koblitz-pubkey:${account}`, created: '2025-01-01T00:00:00Z' }
    const worlds: Readonly<Record<string, readonly [decision: string, world: (root: Uint8Array) => World]>> = {
      'of an issuer who is not known': ['unknown issuer-bound ISSUER_UNRECOGNISED', () => ({ issuers: [] })],
      'by an account that is not one of those trusted': [
        'rejected issuer-bound ACCOUNT_NOT_TRUSTED',
        () => ({ issuers: [{ ...known, accounts: ['eip155:1:0x00000000000000000000000000000000000000aa'] }] }),
      ],
      'by an account that is not its issuer’s': [
        'rejected signed ACCOUNT_FOREIGN',
        (root) => ({ transaction: sent(root, { from: '0x00000000000000000000000000000000000000bb' }) }),
      ],
      'whose issuer has no accounts': ['rejected signed ACCOUNT_FOREIGN', () => at({ publicKey: 7 })],
      'by an account that was not yet its issuer’s': [
        'rejected signed RETIRED',
        () => at({ publicKey: [{ ...own, created: '2026-03-03T00:00:00Z' }] }),
      ],
      'by an account that was given up before': [
        'rejected signed RETIRED',
        () => at({ publicKey: [{ ...own, revoked: '2026-03-01T00:00:00Z' }] }),
      ],
      'by an account that had ended before': [
        'rejected signed RETIRED',
        () => at({ publicKey: [{ ...own, expires: '2026-03-01T00:00:00Z' }] }),
      ],
      'by an account that was given up in one of two places': [
        'rejected signed RETIRED',
        () => at({ publicKey: [own, { ...own, revoked: '2026-03-01T00:00:00Z' }] }),
      ],
      'by an account of which nobody says since when': [
        'unknown signed PROFILE_INVALID',
        () => at({ publicKey: [{ id: own.id }] }),
      ],
      'by an account with a time that is none': [
        'unknown signed PROFILE_INVALID',
        () => at({ publicKey: [{ ...own, revoked: 'yesterday' }] }),
      ],
      'whose issuer is not to be had': ['unknown signed PART_UNAVAILABLE', () => ({ pages: {} })],
      'whose issuer is another’s': ['rejected signed PART_OTHER', () => at({ id: 'https://elsewhere.example.net' })],
      'that is revoked': [
        'rejected status REVOKED',
        () => ({
          pages: {
            ...site,
            [listId]: { ...list, revokedAssertions: [{ id: document.id as string, revocationReason: 'x' }] },
          },
        }),
      ],
      'whose list is not to be had': [
        'unknown status STATUS_UNAVAILABLE',
        () => ({ pages: { ...site, [listId]: undefined } }),
      ],
      'whose list is named in a way that is not known': [
        'unknown status STATUS_UNSUPPORTED',
        () => at({ revocationList: { id: listId } }),
      ],
      'after its end': ['rejected valid-period EXPIRED', () => ({ now: Date.parse('2027-04-01T00:00:00Z') })],
      'before its beginning': [
        'rejected valid-period NOT_YET_VALID',
        () => ({ now: Date.parse('2026-02-01T00:00:00Z') }),
      ],
      'on a chain that is not trusted': ['unknown signed SENDER_UNKNOWN', () => ({ chains: [1] })],
      'whose transaction nobody knows': ['unknown signed SENDER_UNKNOWN', () => ({ transaction: { kind: 'absent' } })],
      'whose transaction anchors another root': [
        'rejected anchored ANCHOR_OTHER',
        () => ({ transaction: sent(sha256(Buffer.from('another batch'))) }),
      ],
      'whose transaction has more than the root': [
        'rejected anchored ANCHOR_OTHER',
        (root) => ({ transaction: sent(root, { input: `0xaabbccdd${Buffer.from(root).toString('hex')}` }) }),
      ],
      'whose transaction failed': [
        'rejected anchored ANCHOR_OTHER',
        (root) => ({ transaction: sent(root, { succeeded: false }) }),
      ],
    }
    for (const [what, [decision, world]] of Object.entries(worlds))
      it(`is refused, or could not be told, ${what}`, async () =>
        expect((await judge(certificate, { transaction, ...world(batch.root) })).decision).to.equal(decision))

    for (const [kind, code] of [
      ['absent', 'TRANSACTION_UNKNOWN'],
      ['recent', 'ANCHOR_NOT_FINAL'],
      ['disagreement', 'CHAIN_DISAGREEMENT'],
      ['unproven', 'ANCHOR_UNPROVEN'],
      ['unreachable', 'CHAIN_UNREACHABLE'],
    ] as const)
      it(`says of a chain that is ${kind} that it could not be told, and asks nobody else`, async () => {
        const { report, asked } = await judge(certificate, { transaction: { kind } })
        expect(report.checks.find(({ check }) => check === 'anchored')).to.include({ outcome: 'unknown', code })
        expect(asked).to.deep.equal([transactionHash])
      })

    it('asks nobody when it was changed, wherever', async () => {
      const leaves = (value: Json.Value): readonly Json.Value[] => {
        if (typeof value !== 'object' || value === null) return [`${value}x`]
        if (Array.isArray(value))
          return value.flatMap((item, i) => leaves(item).map((each) => value.with(i, each) as Json.Value))
        return Object.entries(value).flatMap(([name, item]) => [
          Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
          ...leaves(item).map((each) => ({ ...value, [name]: each })),
        ])
      }
      const changed = leaves(certificate).filter((each) => {
        const { signature, proof } = each as Json.Object
        // Of the proof's frame nothing is anybody's word: where to look, by whom, since when.
        return JSON.stringify([signature, proof]) === JSON.stringify([certificate.signature, certificate.proof])
      })
      expect(changed.length).to.be.greaterThan(25)
      for (const each of changed) {
        const { decision, asked } = await judge(each as Json.Object, { transaction })
        expect(decision, JSON.stringify(each)).to.match(/^(rejected|unknown) (conforms|included)/)
        expect(asked).to.deep.equal([])
      }
    })

    it('is none without its proof, or with one of another kind', async () => {
      expect((await judge(document, { transaction })).decision).to.equal('rejected conforms PROOF_MISSING')
      const other = { ...document, signature: { type: 'Other' }, proof: { type: 'Other' } }
      const { signature: _, ...three } = other
      const { proof: __, ...two } = other
      expect((await judge(version === '2' ? two : three, { transaction })).decision).to.equal(
        'unknown conforms PROOF_UNSUPPORTED',
      )
    })

    it('is not read where it is written in a way that hides what is signed', async () => {
      const contexts = document['@context'] as readonly Json.Value[]
      const hidden: Readonly<Record<string, Json.Object>> = {
        'rejected conforms KEYWORD': { ...document, '@id': document.id as string },
        'rejected conforms MEMBER_IRI': { ...document, 'sec:expiration': '2030-01-01T00:00:00Z' },
        'unknown conforms VOCABULARY_OWN': {
          ...document,
          '@context': [...contexts, { ends: 'https://w3id.org/security#expiration' }],
        },
        'unknown conforms CONTEXT_UNKNOWN': { ...document, '@context': [...contexts, 'https://evil.example/v1'] },
        'rejected conforms CONTEXT_FORM': { ...document, '@context': contexts[1] as Json.Value },
        'rejected conforms SHAPE_REPEATED': {
          ...document,
          evidence: { id: document.id as string, name: 'The same again' },
        },
      }
      for (const [decision, each] of Object.entries(hidden)) {
        const { signature, proof } = certificate
        const whole = { ...each, ...(signature === undefined ? { proof: proof ?? null } : { signature }) }
        expect((await judge(whole, { transaction })).decision).to.equal(decision)
      }
    })

    it('that is revoked is not read under another id that says the same', async () => {
      const id = String(document.id)
      const contexts = [...(certificate['@context'] as readonly Json.Value[]), { u: 'urn:uuid:' }]
      const pages = { ...site, [listId]: { ...list, revokedAssertions: [{ id }] } }
      const ask = async (own: string) =>
        (await judge({ ...certificate, '@context': contexts, id: own }, { transaction, pages })).decision
      expect(await ask(id)).to.equal('rejected status REVOKED')
      expect(await ask(id.replace('urn:uuid:', 'u:'))).to.equal('unknown conforms VOCABULARY_OWN')
    })

    it('is not accepted for what a server says instead of what is asked', async () => {
      const sly = { outcome: 'passed', code: 'SENT', message: 'It is fine.', document: profile, problem: null }
      const pages = { ...site, [issuerId]: { ...sly, id: issuerId } }
      expect((await judge(certificate, { transaction, pages })).decision).to.equal('rejected signed ACCOUNT_FOREIGN')
    })
  })

describe('A certificate of Blockcerts', () => {
  it('on Bitcoin is nothing that could be told', async () => {
    const { report, decision, asked } = await judge(await issueSecond(second, 'bitcoinMainnet'))
    expect(decision).to.equal('unknown signed SENDER_UNKNOWN')
    expect(report.checks.find(({ check }) => check === 'anchored')).to.include({
      outcome: 'unknown',
      code: 'CHAIN_UNSUPPORTED',
      message: 'It is anchored on Bitcoin, which this verifier does not read.',
    })
    expect(asked).to.deep.equal([])
  })

  describe('whose issuer is a DID', () => {
    const did = 'did:web:certs.example.org'
    const secret = sha256(Buffer.from('a secret'))
    const point = secp256k1.Point.fromBytes(secp256k1.getPublicKey(secret)).toAffine()
    const encode = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
    const method = `${did}#key`
    const didDocument: Json.Object = {
      id: did,
      verificationMethod: [
        {
          id: method,
          type: 'JsonWebKey',
          controller: did,
          publicKeyJwk: { kty: 'EC', crv: 'secp256k1', x: encode(point.x), y: encode(point.y) },
        },
      ],
      assertionMethod: [method],
      service: [{ id: '#profile', type: 'IssuerProfile', serviceEndpoint: issuerId }],
    }
    const from = DidDocument.evmAddress(didDocument as unknown as DidDocument.DidDocument, method)
    const issuers = [{ ...known, did }]
    const document: Json.Object = { ...third, issuer: did }
    const pages = { ...site, [listId]: { ...list, issuer: did } }

    it('is judged by the key of the DID with which it was anchored, and revoked by the list of its profile', async () => {
      const certificate = await issueThird(document, { verificationMethod: method })
      const { root } = await batchOf(document)
      if (from === undefined) throw new TypeError('The DID document has a key')
      const world = { did: didDocument, issuers, pages, transaction: sent(root, { from }) }
      expect((await judge(certificate, world)).decision).to.equal('accepted ACCEPTED')
      expect((await judge(certificate, { ...world, transaction: sent(root) })).decision).to.equal(
        'rejected signed ACCOUNT_FOREIGN',
      )
      expect((await judge(certificate, { ...world, did: undefined })).decision).to.equal(
        'unknown signed KEY_UNAVAILABLE',
      )
      const revoked = { ...pages, [listId]: { ...list, issuer: did, revokedAssertions: [document.id as string] } }
      expect((await judge(certificate, { ...world, pages: revoked })).decision).to.equal('rejected status REVOKED')
      const foreign = await issueThird(document, { verificationMethod: 'did:web:evil.example#key' })
      expect((await judge(foreign, world)).decision).to.equal('unknown signed KEY_UNAVAILABLE')
    })
  })

  it('with a signature before its anchor needs both to hold', async () => {
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-03-01T09:00:00Z',
      verificationMethod:
        'did:key:z6MkjHnntGvtLjwfAMHWTAXXGJHhVL3DPtaT9BHmyTjWpjqs#z6MkjHnntGvtLjwfAMHWTAXXGJHhVL3DPtaT9BHmyTjWpjqs',
      proofPurpose: 'assertionMethod',
      proofValue: 'z1111111111111111111111111111111111111111111111111111111111111111',
    }
    const contexts = third['@context'] as readonly Json.Value[]
    const document = {
      ...third,
      '@context': [...contexts, 'https://w3id.org/security/data-integrity/v2'],
      issuer: proof.verificationMethod.split('#')[0] as string,
      proof: [proof],
    }
    const certificate = await issueThird(document)
    const { root } = await batchOf(document)
    expect((await judge(certificate, { transaction: sent(root) })).decision).to.equal('rejected signed PROOF_INVALID')
  })
})
