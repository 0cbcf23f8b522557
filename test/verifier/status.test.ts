import { gzipSync } from 'node:zlib'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as InclusionProof from '@laurel/core/InclusionProof'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Multibase from '@laurel/core/Multibase'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusList from '@laurel/core/StatusList'
import { type Readers, type Trust, verify } from '@laurel/verifier'
import { status } from '@laurel/verifier/checks/status'
import * as Subject from '@laurel/verifier/Subject'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'

const day = 24 * 60 * 60 * 1000
const now = Date.parse('2026-06-01T00:00:00Z')
const list = 'https://badges.example.org/status-lists/revocation-1'
const index = 4711
const seed = new Uint8Array(32).fill(3)
const issuer = DidKey.fromPublicKey(Ed25519.publicKey(seed))
const trust: Trust = { chains: [], issuers: [], status: { maximumAgeSeconds: (2 * day) / 1000 } }

type Given = {
  readonly age?: number
  readonly set?: readonly number[]
  readonly purpose?: StatusList.Purpose
  readonly live?: boolean
  readonly change?: Json.Object
  readonly subject?: Json.Object
  readonly key?: Uint8Array
  readonly after?: (signed: Json.Object) => Json.Object
}

/** A signed list, changed before or after signing. */
async function make(given: Given = {}): Promise<{ readonly bytes: Uint8Array; readonly live: boolean }> {
  const { age = 0, set = [], purpose = 'revocation', live = false, key = seed } = given
  const validFrom = DateTimeStamp.fromSeconds((now - age) / 1000)
  const bits = StatusList.set(StatusList.create(), set)
  const plain = StatusList.credential({ id: list, issuer, purpose, bits, validFrom })
  const subject = { ...(plain.credentialSubject as Json.Object), ...given.subject }
  const unsigned: Json.Object = { ...plain, credentialSubject: subject, ...given.change }
  const options = { created: validFrom, verificationMethod: DidKey.verificationMethod(issuer) }
  const proof = await DataIntegrity.createRdfc(unsigned, options, async (message) => Ed25519.sign(key, message))
  const signed: Json.Object = { ...unsigned, proof: proof as unknown as Json.Object }
  return { bytes: Bytes.fromUtf8(JSON.stringify((given.after ?? ((each) => each))(signed))), live }
}

async function ask(entry: Json.Object, ...givens: readonly Given[]): Promise<string> {
  const lists = await Promise.all(givens.map(make))
  const readers = {
    did: async () => undefined,
    statusLists: async (url: string) => (url === list ? lists : []),
  }
  const subject = Subject.read({ issuer, credentialStatus: entry })
  const { outcome, code } = await status(subject, undefined, trust, readers, now)
  return `${outcome} ${code}`
}

const entry = StatusList.entry({ list, index })

describe('status', () => {
  const cases: Readonly<Record<string, readonly [readonly Given[], string]>> = {
    'a fresh copy': [[{ age: day }], 'passed NOT_REVOKED'],
    'its entry set': [[{ set: [index] }], 'failed REVOKED'],
    'another entry set': [[{ set: [index - 1, index + 1] }], 'passed NOT_REVOKED'],
    'a copy that is too old': [[{ age: 3 * day }], 'unknown STATUS_STALE'],
    'an old list, fetched live': [[{ age: 300 * day, live: true }], 'passed NOT_REVOKED'],
    'an old copy that revokes it': [[{ age: 300 * day, set: [index] }], 'failed REVOKED'],
    'a newer copy without the revocation, which never un-happens': [[{ age: day, set: [index] }, {}], 'failed REVOKED'],
    'a fresh copy beside an old one': [[{ age: 30 * day }, { age: day }], 'passed NOT_REVOKED'],
    'a good copy beside one that is not signed by the issuer': [
      [{ key: new Uint8Array(32).fill(9), set: [index] }, {}],
      'passed NOT_REVOKED',
    ],
    'no list at all': [[], 'unknown STATUS_UNAVAILABLE'],
    'a list by another key': [[{ key: new Uint8Array(32).fill(9) }], 'unknown STATUS_LIST_INVALID'],
    'a list that was changed': [
      [{ set: [index], after: (signed) => ({ ...signed, validFrom: '2026-05-31T00:00:00Z' }) }],
      'unknown STATUS_LIST_INVALID',
    ],
    'a list whose bits were exchanged': [
      [
        {
          set: [index],
          after: (signed) => ({
            ...signed,
            credentialSubject: {
              ...(signed.credentialSubject as Json.Object),
              encodedList: StatusList.encode(StatusList.create()),
            },
          }),
        },
      ],
      'unknown STATUS_LIST_INVALID',
    ],
    'a list for another purpose': [[{ purpose: 'suspension' }], 'unknown STATUS_LIST_INVALID'],
    'a list with another id': [[{ change: { id: `${list}0` } }], 'unknown STATUS_LIST_INVALID'],
    'a list of another issuer': [[{ change: { issuer: 'did:web:x.example.org' } }], 'unknown STATUS_LIST_INVALID'],
    'a list that is no status list': [[{ change: { type: ['VerifiableCredential'] } }], 'unknown STATUS_LIST_INVALID'],
    'a list with a member more': [[{ change: { description: 'x' } }], 'unknown STATUS_LIST_INVALID'],
    'a list without a proof': [[{ after: ({ proof: _, ...rest }) => rest }], 'unknown STATUS_LIST_INVALID'],
    'a list from the future': [[{ age: -day }], 'unknown STATUS_FUTURE'],
    'a list that has expired': [[{ change: { validUntil: '2026-05-01T00:00:00Z' } }], 'unknown STATUS_STALE'],
    'an expired list that revokes it': [
      [{ set: [index], change: { validUntil: '2026-05-01T00:00:00Z' } }, {}],
      'failed REVOKED',
    ],
    'an expired list beside a good one': [
      [{ change: { validUntil: '2026-05-01T00:00:00Z' } }, {}],
      'passed NOT_REVOKED',
    ],
    'a list of several vocabularies': [
      [
        {
          change: {
            '@context': [
              'https://www.w3.org/ns/credentials/v2',
              'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
            ],
          },
        },
      ],
      'unknown STATUS_LIST_INVALID',
    ],
    'a short list': [
      [{ subject: { encodedList: Multibase.toBase64Url(gzipSync(new Uint8Array(16))) } }],
      'unknown STATUS_LIST_INVALID',
    ],
    'a list that inflates without end': [
      [{ subject: { encodedList: Multibase.toBase64Url(gzipSync(new Uint8Array(64 * 1024 * 1024))) } }],
      'unknown STATUS_LIST_INVALID',
    ],
    'a list that is no gzip': [[{ subject: { encodedList: 'uAAAA' } }], 'unknown STATUS_LIST_INVALID'],
  }
  for (const [how, [givens, decision]] of Object.entries(cases))
    it(`${how}: ${decision}`, async () => expect(await ask(entry, ...givens)).to.equal(decision))

  it('takes an index beyond the list for no answer', async () => {
    expect(await ask(StatusList.entry({ list, index: StatusList.minimumSize }), {})).to.equal(
      'unknown STATUS_LIST_INVALID',
    )
  })

  for (const text of ['-1', '1.0', '01', '', ' 1', '1e3', '99999999999999999999'])
    it(`refuses the index ${JSON.stringify(text)}`, async () => {
      expect(await ask({ ...entry, statusListIndex: text }, {})).to.equal('failed STATUS_INDEX')
    })

  it('has nothing to say of a credential without status', async () => {
    const subject = Subject.read({ issuer })
    const readers = { did: async () => undefined, statusLists: async () => [] }
    expect(await status(subject, undefined, trust, readers, now)).to.include({
      outcome: 'skipped',
      code: 'STATUS_NONE',
    })
  })

  it('reads a suspension as the newest copy has it', async () => {
    const suspended = { ...entry, statusPurpose: 'suspension' }
    const purpose = 'suspension'
    expect(await ask(suspended, { purpose, set: [index] })).to.equal('failed SUSPENDED')
    expect(await ask(suspended, { purpose, set: [index], age: day }, { purpose })).to.equal('passed NOT_REVOKED')
    expect(await ask(suspended, { purpose, age: day }, { purpose, set: [index] })).to.equal('failed SUSPENDED')
  })

  it('asks no address out of a description that the issuer did not sign', async () => {
    const document = Golden.read('A-3-1.json')
    const [signature = null, anchor = null] = document.proof as readonly Json.Value[]
    const content = AnchorProof.parse(anchor)
    const genuine = Golden.read('A-3-manifest.json')
    const statusLists = { ...(genuine.statusLists as Json.Object), suspension: 'https://tracker.example/list' }
    const askedUnder = async (manifest: Json.Object) => {
      const bytes = Jcs.bytes(manifest)
      const path = InclusionProof.credentialPath({
        ...InclusionProof.open(content.path),
        manifestDigest: Sha256.digest(bytes),
      })
      const root = InclusionProof.fold(content.documentDigest, path)
      const asked: string[] = []
      const readers: Readers = {
        anchor: async () => ({ kind: 'unreachable' }),
        content: async () => bytes,
        did: async () => undefined,
        statusLists: async (url) => {
          asked.push(url)
          const name = ['revocation', 'suspension'].find((purpose) => statusUrl(purpose) === url)
          return name === undefined ? [] : [{ bytes: golden(name), live: true }]
        },
      }
      const proof = [signature, AnchorProof.create({ ...content, path, root })]
      const { checks } = await verify(JSON.stringify({ ...document, proof }), { trust, readers, now })
      expect(checks.find(({ check }) => check === 'signed')?.outcome).to.equal('passed')
      return asked
    }
    const golden = (purpose: string) => Bytes.fromUtf8(JSON.stringify(Golden.read(`A-status-${purpose}.json`)))
    const statusUrl = (purpose: string) => Golden.read(`A-status-${purpose}.json`).id
    expect(await askedUnder(genuine)).to.deep.equal([statusUrl('revocation'), statusUrl('suspension')])
    expect(await askedUnder({ ...genuine, statusLists })).to.deep.equal([statusUrl('revocation')])
  })
})
