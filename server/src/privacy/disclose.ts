import * as Json from '@laurel/core/Json'
import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import * as Document from '../Document.ts'
import type { Held } from '../ports/PrivacyStore.ts'

type Row = Extract<Held, { readonly kind: 'row' }>

/**
 * All that is kept of a person, under names that a person reads (GDPR, articles 15 and 20): what the rosters and orders said,
 * each credential as it was issued, and what was decided about it and why. Secrets are not told, but that there are any.
 *
 * @param now milliseconds since 1970
 */
export async function disclose(
  people: readonly Held[],
  now: number,
  context: Pick<Context, 'store' | 'press' | 'identity'>,
): Promise<Json.Object> {
  const credentials: Json.Object[] = []
  const orders: Json.Object[] = []
  for (const each of people)
    if (each.kind === 'row') credentials.push(await credentialOf(each, context))
    else orders.push({ order: each.order, whatWasOrdered: each.fields })
  return {
    type: 'LaurelPersonExport',
    version: 1,
    made: time(now),
    controller: context.identity.id,
    credentials,
    ordersThatWait: orders,
  }
}

async function credentialOf(
  { batch: id, row, credential, fields }: Row,
  { store, press }: Pick<Context, 'store' | 'press'>,
): Promise<Json.Object> {
  const found = credential === null ? undefined : await store.find(credential)
  const batch = found?.batch ?? (await store.get(id))
  if (batch === undefined) throw new TypeError('A row of a roster has its batch')
  const decisions = credential === null ? [] : await store.decisions(credential)
  const isReady = found !== undefined && batch.state === 'delivered' && found.block !== null
  const document = isReady
    ? Json.parseObject(await press.text(Batch.final(batch), Document.asSigned(found.recipient), found.block as number))
    : null
  return {
    credential,
    achievement: batch.achievement.definition.name ?? null,
    batch: id,
    rowOfTheRoster: row,
    accepted: time(batch.createdAt),
    state: batch.state,
    whatTheRosterSaid: fields,
    decisions: decisions.map(({ act, reason, at }) => ({ decision: act, reason, at: time(at) })),
    kept: [
      ...(found?.recipient.draft == null ? [] : ['a secret, from which the blind of the anchor follows']),
      ...(batch.terms.collection === undefined ? [] : ['a ticket, for which a token may be redeemed']),
    ],
    credentialAsIssued: document,
  }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
