import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as BadgeCollection from './BadgeCollection.ts'
import * as Bytes from './Bytes.ts'
import * as Commitment from './Commitment.ts'
import * as Errors from './Errors.ts'
import * as EvmAddress from './EvmAddress.ts'
import * as Implementation from './generated/BadgeCollection.ts'
import * as Factory from './generated/BadgeCollectionFactory.ts'
import * as Json from './Json.ts'
import * as Ticket from './Ticket.ts'
import * as TicketPath from './TicketPath.ts'

/** A collection as a ticket names it: its address, and what it was or can be made with. */
export type Collection = {
  readonly address: Bytes.Hex
  readonly issuerId: Bytes.Hex
  readonly metadataDigest: Bytes.Hex
  readonly name: string
  readonly symbol: string
}

/** What a batch's root is made of beside its tickets, and the account that anchors it. */
export type Batch = {
  readonly account: Bytes.Hex
  readonly treeRoot: Bytes.Hex
  readonly manifestDigest: Bytes.Hex
}

/** What a learner needs to redeem a badge token, and nothing that leads to the credential. Private to the learner. */
export type ClaimTicket = {
  readonly type: 'LaurelTicket'
  readonly version: 1
  readonly chainId: number
  readonly collection: Collection
  /** SHA-256 of the achievement's metadata. */
  readonly achievement: Bytes.Hex
  /** The ticket's position in the batch's tree of tickets, from 0. */
  readonly index: number
  readonly salt: Bytes.Hex
  /** The siblings from the ticket to the root of the tickets, bottom first, as a collection takes them. */
  readonly path: readonly Bytes.Hex[]
  readonly batch: Batch
} & Addressee

/** A named wallet, to which anybody may relay the ticket; or the private key that signs for any wallet. */
export type Addressee =
  | { readonly wallet: Bytes.Hex; readonly claimKey?: never }
  | { readonly claimKey: Bytes.Hex; readonly wallet?: never }

/** Far more than a ticket has whose collection has a name. */
const limits = { bytes: 64 * 1024, depth: 3 } as const

/** Where a factory makes the collection with these arguments, on every chain. */
export function addressOf({ issuerId, metadataDigest, name, symbol }: Omit<Collection, 'address'>): Bytes.Hex {
  const options = { issuerId: Bytes.fromHex(issuerId), metadataDigest: Bytes.fromHex(metadataDigest), name, symbol }
  return BadgeCollection.address(Factory.address, Implementation.address, options)
}

/** The address of a claim key (32 bytes), which its ticket commits to. */
export function keyAddress(claimKey: Uint8Array): Bytes.Hex {
  const point = secp256k1.getPublicKey(claimKey, false)
  return EvmAddress.fromPublicKey(point.slice(1, 33), point.slice(33))
}

/** What the ticket commits to. */
export function opening(ticket: ClaimTicket): Ticket.Opening {
  const { chainId, collection, achievement, index, salt } = ticket
  return {
    kind: ticket.wallet === undefined ? 'ticket' : 'holder',
    chainId,
    collection: collection.address,
    achievement: Bytes.fromHex(achievement),
    index,
    address: ticket.wallet ?? keyAddress(Bytes.fromHex(ticket.claimKey)),
    salt: Bytes.fromHex(salt),
  }
}

/** The root (32 bytes) of the batch's tickets to which the ticket leads. Says nothing about who anchored it. */
export function ticketRoot(ticket: ClaimTicket): Uint8Array {
  const siblings = ticket.path.map((hash) => Bytes.fromHex(hash))
  const root = TicketPath.root(Ticket.commitment(opening(ticket)), ticket.index, siblings)
  if (root === undefined) throw new InvalidTicketError('path')
  return root
}

/** The 32 bytes that the batch's account has to have anchored, given the root of its tickets. */
export function root({ batch }: Pick<ClaimTicket, 'batch'>, ticketRoot: Uint8Array): Uint8Array {
  return Commitment.root(Bytes.fromHex(batch.treeRoot), ticketRoot, Bytes.fromHex(batch.manifestDigest))
}

/**
 * Signs for the one wallet that the ticket is to be redeemed for (EIP-712, `Redeem`), deterministically (RFC 6979).
 *
 * @param deadline seconds since 1970; a collection takes none that is more than thirty days ahead
 * @returns `r ‖ s ‖ v`, 65 bytes. A `TypeError` for the ticket of a named wallet, which nobody signs for.
 */
export function sign(ticket: ClaimTicket, to: Bytes.Hex, deadline: number): Uint8Array {
  if (ticket.claimKey === undefined) throw new TypeError('A named wallet’s ticket has no claim key')
  const opened = opening(ticket)
  const { chainId, collection } = opened
  const digest = BadgeCollection.redeemDigest({
    chainId,
    collection,
    ticket: Ticket.commitment(opened),
    to,
    deadline,
  })
  const options = { prehash: false, lowS: true, format: 'recovered' } as const
  const signature = secp256k1.sign(digest, Bytes.fromHex(ticket.claimKey), options)
  return Bytes.concat(signature.slice(1), Uint8Array.of(27 + (signature[0] as number)))
}

/**
 * The text of a ticket: JSON with its members in one order, and a final newline.
 *
 * @param indent spaces of indentation; 0 for none, without line breaks
 */
export function text(ticket: ClaimTicket, indent: 0 | 2 = 2): string {
  const { type, version, chainId, achievement, index, salt, path } = ticket
  const { address, issuerId, metadataDigest, name, symbol } = ticket.collection
  const { account, treeRoot, manifestDigest } = ticket.batch
  const ordered = {
    type,
    version,
    chainId,
    collection: { address, issuerId, metadataDigest, name, symbol },
    achievement,
    index,
    ...(ticket.wallet === undefined ? { claimKey: ticket.claimKey } : { wallet: ticket.wallet }),
    salt,
    path,
    batch: { account, treeRoot, manifestDigest },
  }
  return `${JSON.stringify(ordered, null, indent)}\n`
}

/**
 * Reads a ticket from anybody: all members and no other, and the collection at the address that its arguments lead to.
 * Whether the batch was anchored, and by whom, the chain says.
 *
 * @throws {VersionError} TICKET_VERSION for another type or version
 * @throws {InvalidTicketError} TICKET_INVALID for everything else that is wrong, with the member
 * @throws what {@link Json.parse} throws
 */
export function parse(input: string | Uint8Array): ClaimTicket {
  const value = Json.parseObject(input, limits)
  if (value.type !== 'LaurelTicket' || value.version !== 1) throw new VersionError()
  const addressee = 'wallet' in value ? 'wallet' : 'claimKey'
  exactly(value, '', [
    'achievement',
    'batch',
    'chainId',
    ...(addressee === 'wallet' ? [] : ['claimKey']),
    'collection',
    'index',
    'path',
    'salt',
    'type',
    'version',
    ...(addressee === 'wallet' ? ['wallet'] : []),
  ])
  const ticket = {
    type: value.type,
    version: value.version,
    chainId: wholeNumber(value, 'chainId', 1, Number.MAX_SAFE_INTEGER),
    collection: collectionOf(value),
    achievement: hex(value, 'achievement', 32),
    index: wholeNumber(value, 'index', 0, 2 ** 32 - 1),
    salt: hex(value, 'salt', 32),
    path: pathOf(value),
    batch: batchOf(value),
  } as const
  if (TicketPath.sides(ticket.index, ticket.path.length) === undefined) throw new InvalidTicketError('path')
  if (addressee === 'wallet') return { ...ticket, wallet: walletOf(value, ticket.collection.address) }
  const claimKey = hex(value, 'claimKey', 32)
  if (!secp256k1.utils.isValidSecretKey(Bytes.fromHex(claimKey))) throw new InvalidTicketError('claimKey')
  return { ...ticket, claimKey }
}

function collectionOf(value: Json.Object): Collection {
  const collection = member(value, 'collection')
  exactly(collection, 'collection', ['address', 'issuerId', 'metadataDigest', 'name', 'symbol'])
  const { name, symbol } = collection
  if (typeof name !== 'string') throw new InvalidTicketError('collection/name')
  if (typeof symbol !== 'string') throw new InvalidTicketError('collection/symbol')
  const options = {
    issuerId: hex(collection, 'issuerId', 32, 'collection/'),
    metadataDigest: hex(collection, 'metadataDigest', 32, 'collection/'),
    name,
    symbol,
  }
  const address = hex(collection, 'address', 20, 'collection/')
  // Whoever deploys the collection deploys it there, and nothing else can ever be there.
  if (address !== addressOf(options)) throw new InvalidTicketError('collection/address')
  return { address, ...options }
}

function batchOf(value: Json.Object): Batch {
  const batch = member(value, 'batch')
  exactly(batch, 'batch', ['account', 'manifestDigest', 'treeRoot'])
  return {
    account: hex(batch, 'account', 20, 'batch/'),
    treeRoot: hex(batch, 'treeRoot', 32, 'batch/'),
    manifestDigest: hex(batch, 'manifestDigest', 32, 'batch/'),
  }
}

function pathOf({ path }: Json.Object): readonly Bytes.Hex[] {
  if (!Json.isArray(path)) throw new InvalidTicketError('path')
  return path.map((sibling) => hex({ sibling }, 'sibling', 32, 'path/'))
}

function walletOf(value: Json.Object, collection: Bytes.Hex): Bytes.Hex {
  const wallet = hex(value, 'wallet', 20)
  if (/^0x0*$/.test(wallet) || wallet === collection) throw new InvalidTicketError('wallet')
  return wallet
}

function member(value: Json.Object, name: string): Json.Object {
  const object = value[name]
  if (!Json.isObject(object)) throw new InvalidTicketError(name)
  return object
}

/** That a value has these members, named in their order, and no other. */
function exactly(value: Json.Object, place: string, names: readonly string[]): void {
  if (Object.keys(value).toSorted().join() !== names.join()) throw new InvalidTicketError(place)
}

function hex(value: Json.Object, name: string, size: number, place = ''): Bytes.Hex {
  const text = value[name]
  if (typeof text !== 'string' || text.length !== 2 + 2 * size || !/^0x[0-9a-f]*$/.test(text))
    throw new InvalidTicketError(`${place}${name}`)
  return text as Bytes.Hex
}

function wholeNumber(value: Json.Object, name: string, least: number, most: number): number {
  const number = value[name]
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < least || number > most)
    throw new InvalidTicketError(name)
  return number
}

/** Thrown when a file is no ticket, or one of a version that is not known here. */
export class VersionError extends Errors.BaseError<'TICKET_VERSION'> {
  override readonly name = 'ClaimTicket.VersionError'
  constructor() {
    super('TICKET_VERSION', 'This is no ticket, or one of another version than 1.')
  }
}

/** Thrown when a member of a ticket is missing, wrong, or one that no ticket has. */
export class InvalidTicketError extends Errors.BaseError<'TICKET_INVALID'> {
  override readonly name = 'ClaimTicket.InvalidTicketError'
  constructor(member: string) {
    super(
      'TICKET_INVALID',
      `This ticket is damaged, or was changed: ${member === '' ? 'it' : member} is not what it has to be.`,
      {
        facts: { member },
      },
    )
  }
}
