import { createHash } from 'node:crypto'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as BlockcertsContexts from '@laurel/core/BlockcertsContexts'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import { Policy, type Report, type Trust, verify } from '@laurel/verifier'
import { nobody, type Readers, type Transaction } from '@laurel/verifier/Readers'
import jsonld from 'jsonld'
import * as Pages from '../../support/Pages.ts'

/** An issuer of Blockcerts, made up, its account and its transaction. */
export const origin = 'https://certs.example.org'
export const issuerId = `${origin}/issuer.json`
export const listId = `${origin}/revoked.json`
export const account = '0x00000000000000000000000000000000000000aa'
export const transactionHash = `0x${'7'.repeat(64)}` as const
export const now = Date.parse('2026-03-20T00:00:00Z')
export const sentOn = Date.parse('2026-03-02T00:00:00Z') / 1000

export const profile: Json.Object = {
  '@context': ['https://w3id.org/openbadges/v2', 'https://w3id.org/blockcerts/v2'],
  id: issuerId,
  type: 'Profile',
  name: 'A school',
  revocationList: listId,
  publicKey: [
    { id: 'ecdsa-koblitz-pubkey:1CZvXpaGhdnFmkak3SrSLiZoeh7NJb5naU', created: '2018-01-01T00:00:00Z' },
    { id: `ecdsa-koblitz-pubkey:0x${account.slice(2).toUpperCase()}`, created: '2025-01-01T00:00:00Z' },
  ],
}

export const list: Json.Object = {
  '@context': 'https://w3id.org/openbadges/v2',
  id: listId,
  type: 'RevocationList',
  issuer: issuerId,
  revokedAssertions: [{ id: 'urn:uuid:another' }],
}

export const second: Json.Object = {
  '@context': [
    'https://w3id.org/openbadges/v2',
    'https://w3id.org/blockcerts/v2',
    { grade: { '@id': 'https://school.example.org/terms#grade' } },
  ],
  id: 'urn:uuid:3bc1a96a-3501-46ed-8f75-49612bbac257',
  type: 'Assertion',
  recipient: { type: 'email', identity: 'learner@example.org', hashed: false },
  recipientProfile: { type: ['RecipientProfile', 'Extension'], name: 'Ana', publicKey: 'ecdsa-koblitz-pubkey:0xbb' },
  badge: {
    id: 'urn:uuid:82a4c9f2-3588-457b-80ea-da695571b8fc',
    type: 'BadgeClass',
    name: 'Robotics',
    description: 'Builds robots.',
    image: 'data:image/png;base64,AAAA',
    criteria: { narrative: 'Build one.' },
    issuer: { id: issuerId, type: 'Profile', name: 'A school', url: 'https://school.example.org' },
  },
  verification: {
    type: ['MerkleProofVerification2017', 'Extension'],
    publicKey: `ecdsa-koblitz-pubkey:${account}`,
  },
  issuedOn: '2026-03-01T09:00:00.123456+00:00',
  expires: '2027-03-01T09:00:00Z',
  grade: 'A',
}

export const third: Json.Object = {
  '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/blockcerts/v3'],
  id: 'urn:uuid:bbba8553-8ec1-445f-82c9-a57251dd731c',
  type: ['VerifiableCredential', 'BlockcertsCredential'],
  name: 'Robotics',
  issuer: issuerId,
  issuanceDate: '2026-03-01T09:00:00Z',
  expirationDate: '2027-03-01T09:00:00Z',
  credentialSubject: { id: 'did:example:ana', email: 'learner@example.org', claim: { name: 'Robotics' } },
  display: { contentMediaType: 'text/html', content: '<b>Robotics</b>' },
}

/** SHA-256 of the canonical form of a document, as `jsonld` makes it: what Blockcerts anchors. */
export async function digest(document: Json.Object): Promise<Uint8Array> {
  const documentLoader = async (url: string) => ({
    contextUrl: undefined,
    documentUrl: url,
    document: BlockcertsContexts.all.get(url)?.document ?? Contexts.load(url),
  })
  const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, documentLoader }
  return sha256(Buffer.from(await jsonld.canonize(document, options as unknown as jsonld.Options.Normalize)))
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A certificate in a batch of two: what its proof says. */
export type Batch = { readonly own: Uint8Array; readonly sibling: Uint8Array; readonly root: Uint8Array }

export async function batchOf(document: Json.Object): Promise<Batch> {
  const own = await digest(document)
  const sibling = sha256(Buffer.from('another certificate'))
  return { own, sibling, root: sha256(Buffer.concat([own, sibling])) }
}

/** A certificate of version 2 with its proof. */
export async function issueSecond(document: Json.Object = second, chain = 'ethereumSepolia'): Promise<Json.Object> {
  const { own, sibling, root } = await batchOf(document)
  const signature = {
    type: ['MerkleProof2017', 'Extension'],
    merkleRoot: hex(root),
    targetHash: hex(own),
    proof: [{ right: hex(sibling) }],
    anchors: [{ sourceId: transactionHash, type: 'ETHData', chain }],
  }
  return { ...document, signature }
}

/** A certificate of version 3 with its proof, behind others where there are any. */
export async function issueThird(document: Json.Object = third, change: Json.Object = {}): Promise<Json.Object> {
  const { own, sibling, root } = await batchOf(document)
  const merkle = {
    type: 'MerkleProof2019',
    created: '2026-03-02T00:00:00Z',
    proofPurpose: 'assertionMethod',
    verificationMethod: `${issuerId}#key-1`,
    proofValue: AnchorProof.encode({
      root,
      documentDigest: own,
      path: [{ side: 'right', hash: sibling }],
      anchor: { chainId: 11155111, transactionHash },
    }),
    ...change,
  }
  const before = document.proof
  return { ...document, proof: before === undefined ? merkle : [...(before as readonly Json.Value[]), merkle] }
}

export type World = {
  readonly issuers?: Trust['issuers']
  readonly transaction?: Transaction
  readonly pages?: Pages.Pages
  readonly did?: Json.Object | undefined
  readonly chains?: readonly number[]
  readonly recipient?: string
  readonly now?: number
}

export const known: Trust['issuers'][number] = { did: issuerId, name: 'A school', anchor: 'required' }

export function sent(root: Uint8Array, change: Partial<Transaction & { kind: 'final' }> = {}): Transaction {
  return { kind: 'final', from: account, input: `0x${hex(root)}`, succeeded: true, time: sentOn, ...change }
}

/** Verifies in a world in which a chain has one transaction and the web some pages, and keeps whatever was asked. */
export async function judge(
  input: Uint8Array | string | Json.Object,
  { issuers = [known], transaction, pages = site, did, chains = [11155111], recipient, now: time = now }: World = {},
): Promise<{ readonly report: Report; readonly decision: string; readonly asked: readonly string[] }> {
  const log: string[] = []
  const readers: Readers = {
    ...nobody,
    ...Pages.web(pages, log),
    did: async (asked) => {
      log.push(asked)
      return did
    },
    transaction: async (_, hash) => {
      log.push(hash)
      return transaction ?? { kind: 'absent' }
    },
  }
  const trusted = chains.map((chainId) => ({
    ...{ chainId, name: 'a chain', rpc: ['https://rpc.example.org'], quorum: 1, confirmations: 1, test: false },
    registry: '0x0000000000000000000000000000000000000001' as const,
  }))
  const isDocument = typeof input === 'object' && !(input instanceof Uint8Array)
  const report = await verify(isDocument ? JSON.stringify(input) : input, {
    trust: { chains: trusted, issuers, status: { maximumAgeSeconds: 60 } },
    readers,
    now: time,
    ...(recipient === undefined ? {} : { recipient: { identifier: recipient } }),
  })
  const { verdict, check = '', code } = Policy.decide(report)
  return { report, decision: [verdict, check, code].filter(Boolean).join(' '), asked: log }
}

export const site = { [issuerId]: profile, [listId]: list }
