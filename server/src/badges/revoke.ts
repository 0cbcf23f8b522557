import type { Office } from '../issuer/Office.ts'
import { UnknownCredentialError } from '../ports/BatchStore.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'
import { NotOfferedError, type Outcome, offered } from './open-batch.ts'
import { SpentError } from './redeem.ts'

/**
 * Revokes tokens of the issuer's collection for good. Those that are gone already are left out.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {Collection.MissingCollectionError} COLLECTION_MISSING
 * @throws {Refusal.RefusedError} TOKEN_UNKNOWN when one of them never was, ACCOUNT_NOT_SPEAKING; and what else carrying a
 *   transaction out throws
 */
export async function revokeTokens(
  office: Office,
  tokenIds: readonly bigint[],
  approve: Cost.Approve,
): Promise<Outcome> {
  const collection = office.badges.at((await Collection.demand(office)).address)
  const ids = [...new Set(tokenIds)].sort((a, b) => (a < b ? -1 : 1))
  const deed = { purpose: 'revoke', subject: `tokens ${ids.join()}`, call: collection.calls.revoke(ids) } as const
  const intent = await Collection.intentOf(office, deed)
  const known = await office.transactions.find(intent)
  if (known?.state !== 'open') {
    // Also asks the contract whether each of them ever was.
    const cost = await Cost.of(office, intent.account, [deed.call])
    const owners = await Promise.all(ids.map(collection.ownerOf))
    if (owners.every((owner) => owner === undefined))
      return { repeated: true, transactionHash: known?.transactionHash ?? null }
    await approve(cost)
  }
  return { repeated: known?.state === 'done', transactionHash: await Collection.carry(office, deed) }
}

/**
 * Revokes the ticket that comes with a credential, before it is redeemed. The credential stays as it is.
 *
 * If we die in its midst: what was signed is sent again by the next run.
 *
 * @throws {UnknownCredentialError} CREDENTIAL_UNKNOWN, {NotOfferedError} TICKETS_NOT_OFFERED
 * @throws {SpentError} TICKET_SPENT when it has been redeemed: then its token is to be revoked
 * @throws {Refusal.RefusedError} ACCOUNT_NOT_SPEAKING; and what else carrying a transaction out throws
 */
export async function revokeTicket(office: Office, credentialId: string, approve: Cost.Approve): Promise<Outcome> {
  const { store, transactions } = office
  const found = await store.find(credentialId)
  if (found === undefined) throw new UnknownCredentialError(credentialId)
  const { batch, collection, ticketRoot } = await offered(office, found.batch)
  const index = await store.ticketIndex(batch.id, found.recipient.row)
  if (index === undefined) throw new NotOfferedError(batch.id)
  const call = collection.calls.revokeTicket(ticketRoot, index)
  const deed = { purpose: 'revoke', subject: `ticket ${index} of ${ticketRoot}`, call } as const
  const intent = await Collection.intentOf(office, deed)
  const known = await transactions.find(intent)
  if (known === undefined) {
    if (await collection.isSpent(ticketRoot, index)) throw new SpentError()
    await approve(await Cost.of(office, intent.account, [call]))
  }
  return { repeated: known?.state === 'done', transactionHash: await Collection.carry(office, deed) }
}
