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
import * as Stamp from '@laurel/core/Stamp'
import * as StatusList from '@laurel/core/StatusList'
import * as Tree from '@laurel/core/Tree'
import type * as Batch from './Batch.ts'

/** A recipient who has been drafted; one whose credential has been signed; one whose leaf has its place in the tree. */
export type Drafted = Batch.Recipient & { readonly draft: Batch.Draft }
export type Signed = Drafted & { readonly signature: Batch.Signature }
export type Placed = Signed & { readonly position: number }

/** What a recipient's roster row says, as it is kept. */
export type Fields = {
  readonly recipient: AchievementCredential.Recipient
  readonly validFrom?: string
  readonly validUntil?: string
  readonly awardedDate?: string
}

/** Makes the stamp of a batch's documents. Every thread that works on the batch has its own. */
export function stamp(batch: Batch.Batch): Stamp.Stamp {
  const { id, ...profile } = batch.terms.issuer
  const common = {
    issuer: { id, type: ['Profile'], ...profile },
    achievement: batch.achievement.definition as unknown as AchievementCredential.Achievement,
  }
  const options = (award: Json.Object) => ({ ...common, ...(award as unknown as AchievementCredential.Award) })
  return Stamp.create({
    layout: (award) => AchievementCredential.layout(options(award)),
    className: 'AchievementCredential',
    check: (award) => AchievementCredential.check(options(award)),
    verificationMethod: batch.terms.verificationMethod,
  })
}

/**
 * Signs a recipient's credential and computes its leaf. The document that is delivered later comes from the same stamp
 * and the same fields, so that the two cannot drift apart.
 *
 * @param now milliseconds since 1970
 */
export async function sign(
  stamp: Stamp.Stamp,
  batch: Batch.Batch,
  recipient: Drafted,
  now: number,
  signer: DataIntegrity.Sign,
): Promise<Batch.Signature> {
  const { proofId, secret } = recipient.draft
  const created = DateTimeStamp.fromSeconds(Math.floor(now / 1000))
  const { proof, documentDigest } = await Stamp.sign(stamp, award(batch, recipient), { id: proofId, created }, signer)
  const leaf = Commitment.leaf(documentDigest, Secret.derive(secret).blind)
  return { created, proofValue: proof.proofValue, documentDigest, leaf }
}

/**
 * Stamps out the credential with both proofs, which is what its learner holds: the text as it is handed out, with two
 * spaces of indentation and a final newline; the same bytes each time.
 *
 * @param treePath of the recipient's leaf, in the tree of the batch
 */
export function text(stamp: Stamp.Stamp, batch: Batch.Final, recipient: Placed, treePath: InclusionProof.Path): string {
  const proof = [firstProof(batch, recipient), anchorProof(batch, recipient, treePath)]
  return `${Stamp.text(stamp, award(batch, recipient), proof, 2)}\n`
}

/**
 * What is awarded to a recipient. `validFrom` is the moment at which the roster was accepted, unless the roster says
 * otherwise.
 */
function award(batch: Batch.Batch, recipient: Drafted): Json.Object {
  const { recipient: subject, ...dates } = recipient.fields as unknown as Fields
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

function anchorProof(batch: Batch.Final, { draft, signature }: Placed, treePath: InclusionProof.Path): Json.Object {
  const { anchoring, anchor, terms } = batch
  return AnchorProof.create({
    created: Manifest.parse(Bytes.fromUtf8(anchoring.manifest)).created,
    verificationMethod: anchorMethod(terms),
    previousProof: draft.proofId,
    root: Bytes.fromHex(anchoring.root),
    documentDigest: signature.documentDigest,
    path: InclusionProof.credentialPath({
      blind: Secret.derive(draft.secret).blind,
      treePath,
      ticketRoot: Bytes.fromHex(anchoring.ticketRoot),
      manifestDigest: Bytes.fromHex(anchoring.manifestDigest),
    }),
    anchor: { chainId: terms.chainId, transactionHash: anchor.transactionHash },
  })
}

/** The tree of a batch's leaves, whose recipients have their places. */
export function tree(recipients: readonly Signed[]): Tree.Tree {
  return Tree.build(inOrder(recipients).map((recipient) => recipient.signature.leaf))
}

/** Recipients in the order of the tree: by credential id, which is random. */
export function inOrder<recipient extends Drafted>(recipients: readonly recipient[]): readonly recipient[] {
  return recipients.toSorted((a, b) => (a.draft.credentialId < b.draft.credentialId ? -1 : 1))
}

/** Asserts that 2-draft is behind the recipients. A `TypeError` otherwise: a step was called out of turn. */
export function allDrafted(recipients: readonly Batch.Recipient[]): readonly Drafted[] {
  return recipients.map((recipient) => {
    if (recipient.draft === null) throw new TypeError(`Row ${recipient.row} has not been drafted`)
    return { ...recipient, draft: recipient.draft }
  })
}

/** Asserts that 3-sign is behind the recipients. A `TypeError` otherwise: a step was called out of turn. */
export function allSigned(recipients: readonly Batch.Recipient[]): readonly Signed[] {
  return allDrafted(recipients).map((recipient) => {
    if (recipient.signature === null) throw new TypeError(`Row ${recipient.row} has not been signed`)
    return { ...recipient, signature: recipient.signature }
  })
}

/** Asserts that 4-root is behind the recipients. A `TypeError` otherwise: a step was called out of turn. */
export function allPlaced(recipients: readonly Batch.Recipient[]): readonly Placed[] {
  return allSigned(recipients).map((recipient) => {
    if (recipient.position === null) throw new TypeError(`Row ${recipient.row} has no place in the tree`)
    return { ...recipient, position: recipient.position }
  })
}

function anchorMethod(terms: Batch.Terms): string {
  if (terms.profile === 'blockcerts') return `${terms.issuer.id}#key-eth`
  return DidPkh.verificationMethod(Caip10.format(terms.chainId, terms.account))
}
