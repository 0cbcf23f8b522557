import * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Commitment from '@laurel/core/Commitment'
import type * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as DidPkh from '@laurel/core/DidPkh'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as Secret from '@laurel/core/Secret'
import * as CredentialStamp from '@laurel/core/Stamp'
import * as StatusList from '@laurel/core/StatusList'
import type * as Batch from './Batch.ts'

/** A recipient who has been drafted; one whose credential has been signed. */
export type Drafted = Batch.Recipient & { readonly draft: Batch.Draft }
export type Signed = Drafted & { readonly signature: Batch.Signature }

/** What a recipient's roster row says, as it is kept. */
export type Fields = {
  /** In which the person is written to (BCP 47); it stands in no credential. */
  readonly language?: string
  readonly recipient: AchievementCredential.Recipient
  readonly validFrom?: string
  readonly validUntil?: string
  readonly awardedDate?: string
}

/** What the documents of a batch have in common, ready for each recipient's own. */
export type Stamp = {
  readonly credentials: CredentialStamp.Stamp
  /** What their anchor proofs have in common, from 7-confirm on. */
  readonly anchors: Anchors | undefined
}

type Anchors = Pick<AnchorProof.Content, 'root' | 'anchor'> &
  Pick<AnchorProof.Options, 'created' | 'verificationMethod'> &
  Pick<InclusionProof.Opened, 'ticketRoot' | 'manifestDigest'> & {
    /** Documents that come in the order of the tree cost it least. */
    readonly encode: (content: AnchorProof.Content) => string
  }

/** Makes the stamp of a batch's documents. Every thread that works on the batch has its own. */
export function stamp(batch: Batch.Batch): Stamp {
  const { id, ...profile } = batch.terms.issuer
  const common = {
    issuer: { id, type: ['Profile'], ...profile },
    achievement: batch.achievement.definition as unknown as AchievementCredential.Achievement,
  }
  const options = (award: Json.Object) => ({ ...common, ...(award as unknown as AchievementCredential.Award) })
  const credentials = CredentialStamp.create({
    layout: (award) => AchievementCredential.layout(options(award)),
    className: 'AchievementCredential',
    check: (award) => AchievementCredential.check(options(award)),
    verificationMethod: batch.terms.verificationMethod,
  })
  return { credentials, anchors: anchorsOf(batch) }
}

/** How many documents a stamp could not stamp, so that they were made the general way, which is slower. */
export function madeGenerally({ credentials: { tally } }: Stamp): number {
  return tally.outline + tally.value + tally.repeated
}

/**
 * Signs a recipient's credential and computes its leaf. The document that is delivered later comes from the same
 * fields and the same layout, so that the two cannot drift apart.
 *
 * @param now milliseconds since 1970
 */
export async function sign(
  { credentials }: Stamp,
  batch: Batch.Batch,
  recipient: Drafted,
  now: number,
  signer: DataIntegrity.Sign,
): Promise<Batch.Signature> {
  const { proofId, secret } = recipient.draft
  const options = { id: proofId, created: DateTimeStamp.fromSeconds(Math.floor(now / 1000)) }
  const { proof, documentDigest } = await CredentialStamp.sign(credentials, award(batch, recipient), options, signer)
  const leaf = Commitment.leaf(documentDigest, Secret.blind(secret))
  return { created: proof.created, proofValue: proof.proofValue, documentDigest, leaf }
}

/**
 * Stamps out the credential with both proofs, which is what its learner holds: the text as it is handed out, with a
 * final newline; the same bytes each time.
 *
 * @param treePath of the recipient's leaf, in the tree of the batch
 * @param indent spaces of indentation; 0 for none, without line breaks
 */
export function text(
  { credentials, anchors }: Stamp,
  batch: Batch.Final,
  recipient: Signed,
  treePath: InclusionProof.Path,
  indent: 0 | 2 = 2,
): string {
  if (anchors === undefined) throw new TypeError(`The stamp of batch ${batch.id} was made before its anchor`)
  const proof = [firstProof(batch, recipient), anchorProof(anchors, recipient, treePath)]
  return `${CredentialStamp.text(credentials, award(batch, recipient), proof, indent)}\n`
}

/**
 * What is awarded to a recipient. `validFrom` is the moment at which the roster was accepted, unless the roster says
 * otherwise.
 */
function award(batch: Batch.Batch, recipient: Drafted): Json.Object {
  const { recipient: subject, language: _, ...dates } = recipient.fields as unknown as Fields
  const { statusLists } = batch
  const { credentialId, statusIndex } = recipient.draft
  const award: AchievementCredential.Award = {
    id: credentialId,
    recipient: subject,
    validFrom: DateTimeStamp.fromSeconds(Math.floor(batch.createdAt / 1000)),
    ...dates,
    ...(statusLists === null || statusIndex === null
      ? {}
      : { status: StatusList.entry({ list: statusLists.revocation, index: statusIndex }) }),
  }
  return award as unknown as Json.Object
}

function firstProof({ terms }: Batch.Batch, { draft, signature }: Signed): Json.Object {
  return {
    id: draft.proofId,
    type: 'DataIntegrityProof',
    created: signature.created,
    verificationMethod: terms.verificationMethod,
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod',
    proofValue: signature.proofValue,
  }
}

function anchorsOf({ anchoring, anchor, terms }: Batch.Batch): Anchors | undefined {
  if (anchoring === null || anchor === null) return undefined
  return {
    created: Manifest.parse(Bytes.fromUtf8(anchoring.manifest)).created,
    verificationMethod: anchorMethod(terms),
    root: Bytes.fromHex(anchoring.root),
    ticketRoot: Bytes.fromHex(anchoring.ticketRoot),
    manifestDigest: Bytes.fromHex(anchoring.manifestDigest),
    anchor: { chainId: terms.chainId, transactionHash: anchor.transactionHash },
    encode: AnchorProof.encoder(),
  }
}

function anchorProof(anchors: Anchors, { draft, signature }: Signed, treePath: InclusionProof.Path): Json.Object {
  const { ticketRoot, manifestDigest, encode, ...common } = anchors
  const blind = Secret.blind(draft.secret)
  return AnchorProof.create(
    {
      ...common,
      previousProof: draft.proofId,
      documentDigest: signature.documentDigest,
      path: InclusionProof.credentialPath({ blind, treePath, ticketRoot, manifestDigest }),
    },
    encode,
  )
}

/** Asserts that 2-draft is behind a recipient. A `TypeError` otherwise: a step was called out of turn. */
export function asDrafted(recipient: Batch.Recipient): Drafted {
  if (recipient.draft === null) throw new TypeError(`Row ${recipient.row} has not been drafted`)
  return { ...recipient, draft: recipient.draft }
}

/** Asserts that 3-sign is behind a recipient. A `TypeError` otherwise: a step was called out of turn. */
export function asSigned(recipient: Batch.Recipient): Signed {
  if (recipient.signature === null) throw new TypeError(`Row ${recipient.row} has not been signed`)
  return { ...asDrafted(recipient), signature: recipient.signature }
}

function anchorMethod(terms: Batch.Terms): string {
  if (terms.profile === 'blockcerts') return `${terms.issuer.id}#key-eth`
  return DidPkh.verificationMethod(Caip10.format(terms.chainId, terms.account))
}
