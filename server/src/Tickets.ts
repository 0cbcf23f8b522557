import * as Bytes from '@laurel/core/Bytes'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import type * as InclusionProof from '@laurel/core/InclusionProof'
import * as Secret from '@laurel/core/Secret'
import * as Sha256 from '@laurel/core/Sha256'
import * as Ticket from '@laurel/core/Ticket'
import * as TicketPath from '@laurel/core/TicketPath'
import type * as Batch from './Batch.ts'
import type { Drafted, Fields } from './Document.ts'

/**
 * The 32 bytes of a recipient's ticket at an index of the tree of tickets (DESIGN §2.3): of the wallet that the roster
 * names, or of a claim key that only the learner is given.
 */
export function commitment(batch: Batch.Batch, recipient: Drafted, index: number): Uint8Array {
  const collection = collectionOf(batch)
  const { salt, claimKey } = Secret.derive(recipient.draft.secret)
  const wallet = walletOf(batch, recipient)
  return Ticket.commitment({
    kind: wallet === undefined ? 'ticket' : 'holder',
    chainId: batch.terms.chainId,
    collection: collection.address,
    achievement: achievementOf(batch),
    index,
    address: wallet ?? ClaimTicket.keyAddress(claimKey),
    salt,
  })
}

/**
 * Stamps out a recipient's ticket as it is handed out: the same bytes each time. It says nothing of the credential. It is
 * read again as a learner's program reads it, and has to lead to the root that was anchored.
 *
 * @param path of the ticket in the tree of tickets
 * @throws {RefusedError} SELF_CHECK_FAILED when it does not
 */
export function text(
  batch: Batch.Rooted,
  recipient: Drafted,
  index: number,
  path: InclusionProof.Path,
  indent: 0 | 2 = 2,
): string {
  const { anchoring, terms } = batch
  const { salt, claimKey } = Secret.derive(recipient.draft.secret)
  const wallet = walletOf(batch, recipient)
  const ticket: ClaimTicket.ClaimTicket = {
    type: 'LaurelTicket',
    version: 1,
    chainId: terms.chainId,
    collection: collectionOf(batch),
    achievement: Bytes.toHex(achievementOf(batch)),
    index,
    ...(wallet === undefined ? { claimKey: Bytes.toHex(claimKey) } : { wallet }),
    salt: Bytes.toHex(salt),
    path: TicketPath.siblings(index, path).map(Bytes.toHex),
    batch: { account: terms.account, treeRoot: anchoring.treeRoot, manifestDigest: anchoring.manifestDigest },
  }
  const text = ClaimTicket.text(ticket, indent)
  const read = ClaimTicket.parse(text)
  const root = ClaimTicket.root(read, ClaimTicket.ticketRoot(read))
  if (Bytes.toHex(root) !== anchoring.root) throw new RefusedError(batch.id, recipient.draft.credentialId)
  return text
}

/** The digest of the achievement's metadata, by which a collection knows it. */
export function achievementOf({ achievement }: Batch.Batch): Uint8Array {
  return Sha256.digest(Bytes.fromUtf8(achievement.metadata))
}

/**
 * The wallet that the roster names for a recipient: an account on Ethereum, as a roster's column of wallets is read, or
 * on the very chain. One of another chain may be a contract that is not on this one.
 */
function walletOf(batch: Batch.Batch, { fields }: Drafted): Bytes.Hex | undefined {
  const { id } = (fields as unknown as Fields).recipient
  const [, chainId, account] = /^did:pkh:eip155:(\d+):(0x[0-9a-fA-F]{40})$/.exec(id ?? '') ?? []
  if (account === undefined || (chainId !== '1' && chainId !== String(batch.terms.chainId))) return undefined
  const wallet = account.toLowerCase() as Bytes.Hex
  // Nobody can hold anything there, so the learner chooses another one.
  return /^0x0*$/.test(wallet) || wallet === collectionOf(batch).address ? undefined : wallet
}

function collectionOf({ id, terms }: Batch.Batch): ClaimTicket.Collection {
  if (terms.collection === undefined) throw new TypeError(`Batch ${id} offers no tokens`)
  return terms.collection
}

/** Thrown when a ticket that was about to be delivered does not lead to the root of its batch. */
export class RefusedError extends Errors.BaseError<'SELF_CHECK_FAILED'> {
  override readonly name = 'Tickets.RefusedError'
  constructor(batch: string, credentialId: string) {
    super('SELF_CHECK_FAILED', 'A ticket does not lead to the root of its batch.', { facts: { batch, credentialId } })
  }
}
