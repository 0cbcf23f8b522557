import * as Caip10 from '@laurel/core/Caip10'
import * as DidPkh from '@laurel/core/DidPkh'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import type { Anchor } from '../Anchor.ts'
import * as Keys from '../Keys.ts'
import * as Memory from '../Memory.ts'
import type { Readers } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import { idOf, type Subject } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

/** Whether the issuer signed the description of the batch, and whether it agrees with the credential and its anchor. */
export async function manifest(
  { document, issuer }: Subject,
  { proof, manifest }: Anchor,
  trust: Trust.Trust,
  readers: Pick<Readers, 'did'>,
): Promise<Result> {
  if (manifest === undefined)
    return unknown('MANIFEST_UNAVAILABLE', 'The description of its batch cannot be had at the moment.')
  if (manifest.issuer !== issuer) return failed('MANIFEST_ISSUER', 'Its batch was issued by somebody else.')
  const key = await Keys.find(manifest.proof.verificationMethod, issuer, trust, readers)
  if (key.kind === 'unresolved') return unknown('KEY_UNAVAILABLE', 'The issuer’s keys cannot be had at the moment.')
  if (key.kind === 'unlisted')
    return unknown('KEY_UNKNOWN', 'The issuer does not list the key that signed the description of the batch.')
  if (key.kind !== 'found' || !isSigned(manifest, key.publicKey))
    return failed('MANIFEST_SIGNATURE', 'The issuer did not sign the description of its batch.')

  if (manifest.created !== proof.created) return failed('PROOF_OPTIONS', 'The anchor and its batch differ in date.')
  const { chainId, address } = Caip10.parse(manifest.account)
  const blockcerts = manifest.statusLists.revocation === undefined && issuer.startsWith('did:web:')
  const method = blockcerts ? DidWeb.chainVerificationMethod(issuer) : DidPkh.verificationMethod(manifest.account)
  if (proof.verificationMethod !== method)
    return failed('PROOF_OPTIONS', 'The anchor names another account than its batch.')
  if (blockcerts) {
    const account = await Keys.findAccount(method, issuer, trust, readers)
    if (account === undefined)
      return unknown('KEY_UNKNOWN', 'The issuer does not list the key of the account that anchored it.')
    if (account !== address) return failed('ACCOUNT_FOREIGN', 'It was anchored by an account that is not the issuer’s.')
  }
  if (chainId !== proof.anchor.chainId)
    return failed('CHAIN_MISMATCH', 'The anchor names another chain than its batch.')

  const subject = document.credentialSubject
  const achievement = Json.isObject(subject) ? idOf(subject.achievement) : undefined
  if (!manifest.achievements.some(({ id }) => id === achievement))
    return failed('MANIFEST_ACHIEVEMENT', 'Its batch awards something else.')
  const status = document.credentialStatus
  const list = Json.isObject(status) ? status.statusListCredential : undefined
  if (list !== manifest.statusLists.revocation)
    return failed('MANIFEST_STATUS', 'It names another status list than its batch.')
  return passed('MANIFEST', `It is one of the ${manifest.size} of the issuer’s batch ${manifest.number}.`)
}

// Manifests are ours, and signed in one way.
const isSigned = Memory.onceForKey(
  (manifest: Manifest.Manifest, { kind, bytes }) => kind === 'Ed25519' && Manifest.verify(manifest, bytes),
)
