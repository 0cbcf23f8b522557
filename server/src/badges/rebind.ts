import * as BadgeCollection from '@laurel/core/BadgeCollection'
import type * as Bytes from '@laurel/core/Bytes'
import * as TokenId from '@laurel/core/TokenId'
import type { Office } from '../issuer/Office.ts'
import type * as BadgeCollections from '../ports/BadgeCollections.ts'
import type { Call } from '../ports/IssuerDirectory.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'
import type { Outcome } from './open-batch.ts'
import { RefusedError } from './Refusal.ts'

/** What the holder has signed, for which wallet: 65 bytes, or what a wallet with code takes. */
export type Signed = { readonly to: Bytes.Hex; readonly deadline: number; readonly signature: Uint8Array }

export type Rebound = Outcome & { readonly newTokenId: bigint }

/** For how long the holder's signature counts, in seconds: a week, because people answer when they answer. */
const signatureTime = 7 * 24 * 60 * 60

/**
 * What the holder of a token has to sign, as `eth_signTypedData_v4` takes it, so that the issuer may bind it to another
 * wallet. Sends nothing.
 *
 * @throws {RefusedError} TOKEN_UNKNOWN where nobody holds the token
 */
export async function typedData(office: Office, tokenId: bigint, to: Bytes.Hex) {
  const collection = await collectionOf(office)
  const holder = await holderOf(collection, tokenId)
  const { chainId } = office.chain
  const deadline = (await office.chain.head()).time + signatureTime
  const rebind = { chainId, collection: collection.address, tokenId, to, deadline }
  return { holder, deadline, typedData: BadgeCollection.rebindTypedData(rebind) }
}

/**
 * Binds a token to another wallet, as its holder has signed: burns it, and makes one of the same series.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {RefusedError} TOKEN_UNKNOWN, SIGNATURE_INVALID, SIGNATURE_DEADLINE, TOKEN_GIVEN, BATCH_NOT_OPEN; and what else
 *   carrying a transaction out throws
 */
export async function rebind(office: Office, tokenId: bigint, signed: Signed, approve: Cost.Approve): Promise<Rebound> {
  const collection = await collectionOf(office)
  const call = collection.calls.rebind(tokenId, signed)
  const newTokenId = boundTo(tokenId, signed.to)
  return { ...(await once(office, `${tokenId} to ${signed.to}`, call, approve)), newTokenId }
}

/**
 * Proposes to bind a token to another wallet without a signature of its holder, who has lost the wallet. Thirty days later
 * it can be carried out, unless the holder vetoes. Proposing the same again while it is public changes nothing.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {RefusedError} TOKEN_UNKNOWN, ADDRESS_RESERVED, ACCOUNT_NOT_SPEAKING; and what else carrying a transaction out
 *   throws
 */
export async function proposeRebinding(
  office: Office,
  tokenId: bigint,
  to: Bytes.Hex,
  approve: Cost.Approve,
): Promise<Outcome & BadgeCollections.Rebinding> {
  const collection = await collectionOf(office)
  const before = await collection.rebindingOf(tokenId)
  const call = collection.calls.proposeRebinding(tokenId, to)
  const subject = await nextSubject(office, `proposal of ${tokenId} to ${to}`, call)
  const isThere = before?.to === to
  const outcome = isThere && !subject.isOpen ? unchanged : await once(office, subject.text, call, approve)
  const proposal = await collection.rebindingOf(tokenId)
  if (proposal === undefined) throw new TypeError('A proposal that was carried out is there')
  return { ...outcome, ...proposal }
}

/**
 * Makes a proposal void, as the issuer. The holder vetoes from the own wallet.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {RefusedError} TOKEN_UNKNOWN, REBINDING_UNKNOWN; and what else carrying a transaction out throws
 */
export async function cancelRebinding(office: Office, tokenId: bigint, approve: Cost.Approve): Promise<Outcome> {
  const { calls } = await collectionOf(office)
  const call = calls.cancelRebinding(tokenId)
  return once(office, (await nextSubject(office, `no proposal of ${tokenId}`, call)).text, call, approve)
}

/**
 * Carries a proposal out, once it has been public for thirty days.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {RefusedError} TOKEN_UNKNOWN, REBINDING_UNKNOWN, REBINDING_NOT_READY, TOKEN_GIVEN, BATCH_NOT_OPEN; and what else
 *   carrying a transaction out throws
 */
export async function completeRebinding(office: Office, tokenId: bigint, approve: Cost.Approve): Promise<Outcome> {
  const { calls } = await collectionOf(office)
  return once(office, `${tokenId} as proposed`, calls.completeRebinding(tokenId), approve)
}

const unchanged: Outcome = { repeated: true, transactionHash: null }

async function collectionOf(office: Office): Promise<BadgeCollections.BadgeCollection> {
  return office.badges.at((await Collection.demand(office)).address)
}

async function holderOf(collection: BadgeCollections.BadgeCollection, tokenId: bigint): Promise<Bytes.Hex> {
  const holder = await collection.ownerOf(tokenId)
  if (holder === undefined) throw new RefusedError('TOKEN_UNKNOWN', 'There is no such token, or not any more.')
  return holder
}

/** The id of the token that takes the place of another one, for another wallet. */
function boundTo(tokenId: bigint, wallet: Bytes.Hex): bigint {
  const token = TokenId.parse(tokenId)
  if (token === undefined) throw new RefusedError('TOKEN_UNKNOWN', 'No token can have this id.')
  return TokenId.bound(token.kind === 'bound' ? token.series : TokenId.seriesOfAward(token.award), wallet)
}

/** What makes something the only one of its kind that may be done several times: the first that is not done yet. */
async function nextSubject(office: Office, what: string, call: Call): Promise<{ text: string; isOpen: boolean }> {
  for (let time = 1; ; time++) {
    const text = `${what}, ${time}`
    const intent = await Collection.intentOf(office, { purpose: 'rebind', subject: text, call })
    const known = await office.transactions.find(intent)
    if (known?.state !== 'done') return { text, isOpen: known !== undefined }
  }
}

async function once(office: Office, subject: string, call: Call, approve: Cost.Approve): Promise<Outcome> {
  const deed = { purpose: 'rebind', subject, call } as const
  const intent = await Collection.intentOf(office, deed)
  const known = await office.transactions.find(intent)
  if (known === undefined) await approve(await Cost.of(office, intent.account, [call]))
  return { repeated: known?.state === 'done', transactionHash: await Collection.carry(office, deed) }
}
