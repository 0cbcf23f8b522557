import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Contexts from '@laurel/core/Contexts'
import * as Errors from '@laurel/core/Errors'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as UnsecuredDocument from '@laurel/core/UnsecuredDocument'
import { final, untold } from '../checks/anchored.ts'
import { recipient } from '../checks/recipient.ts'
import { status as statusOf } from '../checks/status.ts'
import { validPeriod } from '../checks/valid-period.ts'
import * as Keys from '../Keys.ts'
import { asOf, revoked } from '../openbadges2/revoked.ts'
import * as Proofs from '../Proofs.ts'
import * as Report from '../Report.ts'
import * as Subject from '../Subject.ts'
import type * as Trust from '../Trust.ts'
import type { Options as World } from '../verify.ts'
import * as Certificate from './Certificate.ts'
import * as Profile from './Profile.ts'

/**
 * The report on a certificate of Blockcerts. Nobody need have signed it: its issuer's account has sent the transaction that
 * anchors it, and that the account is the issuer's, its profile says, or its DID document, or the verifier's trust.
 *
 * Asked is first the chain, as the trust has it, then its issuer, once the anchor is there; of an issuer whom the verifier
 * knows, the profile may be in the trust. Where signatures come before the anchor, the DID document of the issuer is asked for
 * first. An issuer's list of revocations comes last.
 */
export async function examine(document: Json.Object, world: World): Promise<Report.Report> {
  const certificate = Certificate.read(document)
  if ('outcome' in certificate) return { checks: Report.complete({ conforms: certificate }) }
  const { id } = document
  const { issuer, achievement } = certificate
  return {
    ...(typeof id === 'string' ? { credentialId: id } : {}),
    issuer,
    ...(achievement === undefined ? {} : { achievement }),
    checks: Report.complete(await judge(certificate, world)),
  }
}

async function judge(certificate: Certificate.Certificate, world: World): Promise<Report.Results> {
  const conforms = Report.passed('CONFORMS', 'It is a well-formed certificate of Blockcerts.')
  const first = { conforms }
  const inclusion = included(certificate)
  if (inclusion.outcome !== 'passed') return { ...first, included: inclusion }
  const own = await signatures(certificate, world)
  if (own.outcome === 'failed') return { ...first, signed: own, included: inclusion }
  const found = await anchored(certificate, world)
  const before = { ...first, included: inclusion, anchored: found.result, manifest: noManifest }
  if (found.transaction === undefined)
    return { ...before, signed: own.outcome === 'unknown' ? own : unsent(found.result) }
  const spoken = await speaks(certificate, found.transaction, world)
  const signed = own.outcome === 'unknown' ? own : spoken.result
  if (signed.outcome !== 'passed') return { ...before, signed }
  return {
    ...before,
    signed,
    'issuer-bound': issuerBound(certificate, found.transaction, world.trust),
    status: await status(certificate, spoken.profile, world),
    'valid-period': validPeriod({ document: certificate.plain }, world.at ?? world.now),
    recipient: recipient({ document: certificate.plain }, world.recipient),
  }
}

const noManifest = Report.skipped('MANIFEST_NONE', 'Blockcerts describes no batches.')

function unsent({ outcome }: Report.Result): Report.Result {
  return outcome === 'failed'
    ? Report.notChecked()
    : Report.unknown('SENDER_UNKNOWN', 'Who anchored it cannot be told, and nobody else vouches for it.')
}

function included({ covered, proof }: Certificate.Certificate): Report.Result {
  let digest: Uint8Array
  try {
    const { proof: signed, ...document } = covered
    const reading = UnsecuredDocument.read(document)
    digest =
      signed === undefined
        ? UnsecuredDocument.digest(reading)
        : UnsecuredDocument.digestWith(reading, signed as readonly Json.Object[])
  } catch (error) {
    if (error instanceof Contexts.DigestError) return Report.unknown(error.code, error.message)
    if (error instanceof Errors.BaseError) return Report.failed(error.code, error.message)
    throw error
  }
  if (!Bytes.equals(digest, proof.documentDigest))
    return Report.failed('MERKLE_INVALID', 'It was changed, or its proof was made for another certificate.')
  if (!Bytes.equals(InclusionProof.fold(digest, proof.path), proof.root))
    return Report.failed('MERKLE_INVALID', 'Its path does not lead to the root of the batch.')
  return Report.passed('INCLUDED', 'It is part of the batch whose root its proof names.')
}

/** What is said of signatures beside the anchor; a certificate need not have any. */
async function signatures(
  { document, issuer, signatures }: Certificate.Certificate,
  world: World,
): Promise<Report.Result> {
  if (signatures.length === 0) return Report.passed('SIGNED', 'Nothing but its anchor vouches for it.')
  const unsecured = () => Subject.unsecured(document)
  return Proofs.judge({ document, issuer, signatures, unsecured }, world)
}

type Sent = { readonly chainId: number; readonly from: Bytes.Hex; readonly time: number }
type Found = { readonly result: Report.Result; readonly transaction?: Sent }

/** Whether a chain that the verifier trusts has a transaction whose data is the root, and nothing else. */
async function anchored({ proof }: Certificate.Certificate, { trust, readers, at }: World): Promise<Found> {
  const known = proof.anchors.flatMap(({ chain, transactionHash }) => {
    const trusted = trust.chains.find(({ chainId }) => chainId === chain)
    return trusted === undefined ? [] : [{ chain: trusted, transactionHash }]
  })
  const [anchor] = known
  if (anchor === undefined) {
    const [other] = proof.anchors
    if (other === undefined) return { result: Report.failed('ANCHOR_MISSING', 'Its proof names no anchor.') }
    const { chain } = other
    return {
      result:
        typeof chain === 'string'
          ? Report.unknown('CHAIN_UNSUPPORTED', `It is anchored on ${chain}, which this verifier does not read.`)
          : Report.unknown('CHAIN_NOT_TRUSTED', `It is anchored on chain ${chain}, which is not trusted.`),
    }
  }
  const { chain, transactionHash } = anchor
  const answer = (await readers.transaction?.(chain, transactionHash)) ?? { kind: 'unreachable' as const }
  switch (answer.kind) {
    case 'final': {
      const { from, time } = answer
      if (!answer.succeeded || answer.input !== Bytes.toHex(proof.root))
        return { result: Report.failed('ANCHOR_OTHER', 'The transaction that it names anchors something else.') }
      return { result: final(chain, time, at), transaction: { chainId: chain.chainId, from, time } }
    }
    case 'absent': {
      const message = `Nobody who was asked about ${chain.name} knows its transaction.`
      return { result: Report.unknown('TRANSACTION_UNKNOWN', message) }
    }
    case 'unproven':
      return { result: Report.unknown('ANCHOR_UNPROVEN', `Nobody can prove a transaction on ${chain.name} here.`) }
    default:
      return { result: untold(chain, answer) }
  }
}

type Spoken = { readonly result: Report.Result; readonly profile?: Json.Object | undefined }

/** Whether the account that sent the transaction was the issuer's when it did. */
async function speaks(certificate: Certificate.Certificate, sent: Sent, world: World): Promise<Spoken> {
  const { issuer, verificationMethod } = certificate
  const known = world.trust.issuers.find(({ did }) => did === issuer)
  const described = await Profile.find(issuer, known, world)
  const profile = 'document' in described ? described.document : undefined
  const isTrusted = known?.accounts?.includes(Caip10.format(sent.chainId, sent.from)) ?? false
  if (isTrusted) return { result: sentBy, profile }
  if (issuer.startsWith('did:')) {
    const method = verificationMethod ?? ''
    const account =
      method.split('#')[0] === issuer ? await Keys.findAccount(method, issuer, world.trust, world.readers) : undefined
    if (account === undefined) return { result: Keys.problem({ kind: 'unresolved' }), profile }
    return { result: account === sent.from ? sentBy : foreign, profile }
  }
  if ('problem' in described) return { result: described.problem }
  const standing = Profile.standing(described.document, sent.from, sent.time)
  switch (standing) {
    case 'valid':
      return { result: sentBy, profile }
    case 'foreign':
      return { result: foreign, profile }
    case 'outside':
      return {
        result: Report.failed('RETIRED', 'It was anchored when the account was not, or no longer, the issuer’s.'),
        profile,
      }
    case 'unreadable':
      return { result: Report.unknown('PROFILE_INVALID', 'The accounts of its issuer cannot be read.'), profile }
  }
}

const sentBy = Report.passed(
  'SENT',
  'Its issuer’s account sent the transaction that anchors it, and nothing was changed since.',
)
const foreign = Report.failed('ACCOUNT_FOREIGN', 'It was anchored by an account that is not the issuer’s.')

function issuerBound({ issuer }: Certificate.Certificate, sent: Sent, trust: Trust.Trust): Report.Result {
  const known = trust.issuers.find(({ did }) => did === issuer)
  if (known === undefined)
    return Report.unknown('ISSUER_UNRECOGNISED', 'It is its issuer’s, but this issuer is not known to you.')
  if (known.accounts !== undefined && !known.accounts.includes(Caip10.format(sent.chainId, sent.from)))
    return Report.failed('ACCOUNT_NOT_TRUSTED', `It was anchored by an account that is not one of ${known.name}.`)
  return Report.passed('ISSUER_BOUND', `The issuer is ${known.name}.`)
}

/** By what the certificate names itself, and by the list of the issuer's profile. */
async function status(
  { document, issuer, described }: Certificate.Certificate,
  profile: Json.Object | undefined,
  { trust, readers, now, at }: World,
): Promise<Report.Result> {
  const own = await statusOf(Subject.read(document), undefined, trust, readers, now, at)
  if (own.outcome === 'failed' || own.outcome === 'unknown') return own
  // An issuer who has a list may say so in the certificate, in the profile, or in both.
  const url = profile?.revocationList ?? described.revocationList
  if (url === undefined && profile === undefined && own.outcome === 'skipped')
    return Report.unknown(
      'STATUS_UNAVAILABLE',
      'Whether its issuer has a list of revocations cannot be told at the moment.',
    )
  const listed = await revoked(document, { id: issuer, ...(url === undefined ? {} : { revocationList: url }) }, readers)
  return listed.outcome === 'skipped' ? own : asOf(listed, at)
}
