import * as Bytes from '@laurel/core/Bytes'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import * as Ticket from '@laurel/core/Ticket'
import * as TokenId from '@laurel/core/TokenId'
import type { Office } from '../issuer/Office.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'

export type Redeemed = {
  readonly collection: Bytes.Hex
  readonly tokenId: bigint
  readonly wallet: Bytes.Hex
  /** Whether the wallet had the token before. */
  readonly repeated: boolean
  /** Null where another home has redeemed it. */
  readonly transactionHash: Bytes.Hex | null
}

/** For how long a claim key's signature counts, in seconds: a day, because a transaction may wait for its fee. */
const signatureTime = 24 * 60 * 60

/** What opening a batch uses at most; redeeming a ticket, and each node of its path. Held against the chain by a test. */
const gas = { open: 140_000n, redeem: 130_000n, node: 1_500n } as const

/**
 * Redeems a ticket for the wallet that it names, or that its claim key signs for. Needs nothing of the issuer but what the
 * chain has: where nobody has made the collection or opened the batch yet, that is done first. The account for badge
 * tokens pays, whose home this is; it need not be the issuer's.
 *
 * If we die in its midst: what was signed is sent again by the next run, and whatever was done is done. A ticket yields one
 * token, however often and by whomever it is sent.
 *
 * @param to the wallet; that of a ticket which names one may be left out
 * @throws {OtherChainError} TICKET_CHAIN
 * @throws {WalletMissingError} WALLET_MISSING, {OtherWalletError} WALLET_MISMATCH
 * @throws {Refusal.RefusedError} TICKET_SPENT, BATCH_NOT_ANCHORED, which is also where a ticket leads that was changed,
 *   BATCH_NOT_SPOKEN_FOR, TOKEN_GIVEN; and what else carrying a transaction out throws
 */
export async function redeem(
  office: Office,
  ticket: ClaimTicket.ClaimTicket,
  to: Bytes.Hex | undefined,
  approve: Cost.Approve,
): Promise<Redeemed> {
  const { badges, chain, transactions } = office
  if (ticket.chainId !== chain.chainId) throw new OtherChainError(ticket.chainId, chain.chainId)
  const wallet = walletOf(ticket, to)
  const opening = ClaimTicket.opening(ticket)
  const ticketRoot = ClaimTicket.ticketRoot(ticket)
  const series = TokenId.seriesOfBatch(ticketRoot, opening.achievement)
  const tokenId = TokenId.bound(series, wallet)
  const collection = badges.at(ticket.collection.address)
  const redeemed = { collection: collection.address, tokenId, wallet }

  const siblings = ticket.path.map((hash) => Bytes.fromHex(hash))
  const deed = {
    purpose: 'redeem',
    subject: `${Bytes.toHex(Ticket.commitment(opening))} for ${wallet}`,
    call: collection.calls.redeem(opening, siblings, signed(ticket, wallet, (await chain.head()).time)),
  } as const
  const known = await transactions.find(await Collection.intentOf(office, deed))
  const isThere = await badges.isDeployed(ticket.collection)
  if (isThere && known?.state !== 'open' && (await collection.isSpent(Bytes.toHex(ticketRoot), ticket.index))) {
    if ((await collection.ownerOf(tokenId)) !== wallet) throw new SpentError()
    return { ...redeemed, repeated: true, transactionHash: known?.transactionHash ?? null }
  }
  if (known === undefined) {
    await prepare(office, ticket, { ticketRoot, call: deed.call, isThere }, approve)
  }
  const transactionHash = await Collection.carry(office, deed)
  return { ...redeemed, repeated: known?.state === 'done', transactionHash }
}

type Prepared = { readonly ticketRoot: Uint8Array; readonly call: Collection.Deed['call']; readonly isThere: boolean }

/** Sees to it that the collection is there and the batch open, after all of it was approved. */
async function prepare(
  office: Office,
  ticket: ClaimTicket.ClaimTicket,
  { ticketRoot, call, isThere }: Prepared,
  approve: Cost.Approve,
): Promise<void> {
  const { badges, chain, keyring } = office
  const { account, treeRoot, manifestDigest } = ticket.batch
  const root = Bytes.toHex(ClaimTicket.root(ticket, ticketRoot))
  if ((await chain.anchoredAt(account, root)) === null) throw new NotAnchoredError(account)
  const collection = badges.at(ticket.collection.address)
  const isOpen = isThere && (await collection.series(Bytes.toHex(ticketRoot), ticket.achievement)).isOpen
  const batch = {
    account,
    treeRoot: Bytes.fromHex(treeRoot),
    ticketRoot,
    manifestDigest: Bytes.fromHex(manifestDigest),
  }
  const deploy = badges.deploy(ticket.collection)
  const open = collection.calls.open(batch, Bytes.fromHex(ticket.achievement))
  const { address } = await keyring.account('badges')
  const cost = await Cost.of(office, address, [
    ...(isThere ? [] : [deploy]),
    ...(isOpen ? [] : [isThere ? open : gas.open]),
    isOpen ? call : gas.redeem + gas.node * BigInt(ticket.path.length),
  ])
  await approve(cost)
  if (!isThere) await Collection.carry(office, { purpose: 'collection', subject: collection.address, call: deploy })
  if (!isOpen) {
    const subject = `${Bytes.toHex(ticketRoot)} for ${ticket.achievement} by ${account}`
    await Collection.carry(office, { purpose: 'open', subject, call: open })
  }
}

function walletOf({ wallet }: ClaimTicket.ClaimTicket, to: Bytes.Hex | undefined): Bytes.Hex {
  if (wallet === undefined) {
    if (to === undefined) throw new WalletMissingError()
    return to
  }
  if (to !== undefined && to !== wallet) throw new OtherWalletError()
  return wallet
}

function signed(ticket: ClaimTicket.ClaimTicket, to: Bytes.Hex, now: number) {
  if (ticket.claimKey === undefined) return undefined
  const deadline = now + signatureTime
  return { to, deadline, signature: ClaimTicket.sign(ticket, to, deadline) }
}

/** Thrown when a ticket is for another chain than the one that is reached. */
export class OtherChainError extends Errors.BaseError<'TICKET_CHAIN'> {
  override readonly name = 'redeem.OtherChainError'
  constructor(expected: number, found: number) {
    super('TICKET_CHAIN', `This ticket is for chain ${expected}, and the RPC answers for chain ${found}.`, {
      facts: { expected, found },
    })
  }
}

/** Thrown when nobody says for which wallet a claim key shall sign. */
export class WalletMissingError extends Errors.BaseError<'WALLET_MISSING'> {
  override readonly name = 'redeem.WalletMissingError'
  constructor() {
    super('WALLET_MISSING', 'This ticket is for whichever wallet you choose, and none is named.')
  }
}

/** Thrown when a ticket is to be redeemed for another wallet than the one that it names. */
export class OtherWalletError extends Errors.BaseError<'WALLET_MISMATCH'> {
  override readonly name = 'redeem.OtherWalletError'
  constructor() {
    super('WALLET_MISMATCH', 'This ticket is for one wallet, and not for the one that is named.')
  }
}

/** Thrown when a ticket was redeemed for another wallet, or revoked. */
export class SpentError extends Errors.BaseError<'TICKET_SPENT'> {
  override readonly name = 'redeem.SpentError'
  constructor() {
    super('TICKET_SPENT', 'This ticket has been redeemed, or revoked.')
  }
}

/** Thrown when nothing was anchored to which a ticket leads. */
export class NotAnchoredError extends Errors.BaseError<'BATCH_NOT_ANCHORED'> {
  override readonly name = 'redeem.NotAnchoredError'
  constructor(account: Bytes.Hex) {
    super('BATCH_NOT_ANCHORED', `${account} has not anchored the batch to which this ticket leads.`, {
      facts: { account },
    })
  }
}
