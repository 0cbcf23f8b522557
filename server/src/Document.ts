import * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as DidPkh from '@laurel/core/DidPkh'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as Secret from '@laurel/core/Secret'
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

/**
 * Stamps out a credential without proof: always the same for the same batch and recipient.
 *
 * `validFrom` is the moment at which the roster was accepted, unless the roster says otherwise.
 */
export function unsigned(batch: Batch.Batch, recipient: Drafted): Json.Object {
  const { recipient: subject, ...dates } = recipient.fields as unknown as Fields
  const { statusLists } = batch
  const { id: issuer, ...profile } = batch.terms.issuer
  const { statusIndex } = recipient.draft
  return AchievementCredential.build({
    id: recipient.draft.credentialId,
    issuer: { id: issuer, type: ['Profile'], ...profile },
    achievement: batch.achievement.definition as unknown as AchievementCredential.Achievement,
    recipient: subject,
    validFrom: DateTimeStamp.fromSeconds(Math.floor(batch.createdAt / 1000)),
    ...dates,
    ...(statusLists === null || statusIndex === null
      ? {}
      : { status: StatusList.entry({ list: statusLists.revocation, index: statusIndex }) }),
  })
}

/** Stamps out the credential with its first proof, from the stored signature. */
export function signed(batch: Batch.Batch, recipient: Signed): Json.Object {
  return {
    ...unsigned(batch, recipient),
    proof: [
      {
        id: recipient.draft.proofId,
        type: 'DataIntegrityProof',
        created: recipient.signature.created,
        verificationMethod: batch.terms.verificationMethod,
        cryptosuite: 'eddsa-rdfc-2022',
        proofPurpose: 'assertionMethod',
        proofValue: recipient.signature.proofValue,
      },
    ],
  }
}

/** Stamps out the credential with both proofs: what its learner holds. */
export function anchored(batch: Batch.Final, recipient: Placed, tree: Tree.Tree): Json.Object {
  const { anchoring, anchor, terms } = batch
  const document = signed(batch, recipient)
  const { created } = Manifest.parse(Bytes.fromUtf8(anchoring.manifest))
  return {
    ...document,
    proof: [
      ...(document.proof as readonly Json.Value[]),
      AnchorProof.create({
        created,
        verificationMethod: anchorMethod(terms),
        previousProof: recipient.draft.proofId,
        root: Bytes.fromHex(anchoring.root),
        documentDigest: recipient.signature.documentDigest,
        path: InclusionProof.credentialPath({
          blind: Secret.derive(recipient.draft.secret).blind,
          treePath: Tree.path(tree, recipient.position),
          ticketRoot: Bytes.fromHex(anchoring.ticketRoot),
          manifestDigest: Bytes.fromHex(anchoring.manifestDigest),
        }),
        anchor: { chainId: terms.chainId, transactionHash: anchor.transactionHash },
      }),
    ],
  }
}

/** The tree of a batch's leaves, whose recipients have their places. */
export function tree(recipients: readonly Signed[]): Tree.Tree {
  return Tree.build(inOrder(recipients).map((recipient) => recipient.signature.leaf))
}

/** Recipients in the order of the tree: by credential id, which is random. */
export function inOrder<recipient extends Drafted>(recipients: readonly recipient[]): readonly recipient[] {
  return recipients.toSorted((a, b) => (a.draft.credentialId < b.draft.credentialId ? -1 : 1))
}

/** The bytes of a document as it is handed out, as text: two spaces of indentation and a final newline. */
export function text(document: Json.Object): string {
  return `${JSON.stringify(document, null, 2)}\n`
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
