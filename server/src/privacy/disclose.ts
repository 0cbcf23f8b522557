import { isUtf8 } from 'node:buffer'
import * as Json from '@laurel/core/Json'
import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import * as Document from '../Document.ts'
import type { Held } from '../ports/PrivacyStore.ts'
import type { Person } from './Person.ts'

type Row = Extract<Held, { readonly kind: 'row' }>

type Needed = Pick<Context, 'store' | 'press' | 'identity' | 'privacy' | 'learners' | 'imports'>

/**
 * What is kept of a person, under names that a person reads (GDPR, articles 15 and 20): what the rosters and orders said,
 * each credential as it was issued, with which address it is, what was decided about it and why, and what was written to
 * them. Secrets are not told, but that there are any; what a learner has said of themselves is theirs, and they see it when
 * they sign in.
 *
 * @param now milliseconds since 1970
 */
export async function disclose(
  { held, correspondence: { mails, suppressions, memberships, invitations } }: Person,
  now: number,
  context: Needed,
): Promise<Json.Object> {
  const credentials: Json.Object[] = []
  const orders: Json.Object[] = []
  const originals: Json.Object[] = []
  for (const each of held)
    if (each.kind === 'row') credentials.push(await credentialOf(each, context))
    else if (each.kind === 'order') orders.push({ order: each.order, whatWasOrdered: each.fields })
    else originals.push(await originalOf(each, context))
  return {
    type: 'LaurelPersonExport',
    version: 1,
    made: time(now),
    controller: context.identity.id,
    credentials,
    ordersThatWait: orders,
    mails: mails.map(({ template, language, about, state, createdAt, sentAt }) => ({
      ...{ kind: template, language, about, state },
      written: time(createdAt),
      sent: timeOrNull(sentAt),
    })),
    workedHere: memberships.map(({ role, createdAt, removedAt }) => ({
      ...{ role, from: time(createdAt), until: time(removedAt) },
    })),
    invited: invitations.map(({ role, createdAt, outcome }) => ({ role, at: time(createdAt), outcome })),
    notWrittenToAnyMore: suppressions.map(({ reason, at }) => ({ reason, since: time(at) })),
    badgesOfOthers: originals,
  }
}

async function credentialOf(
  { batch: id, row, credential, fields }: Row,
  { store, press, privacy, learners }: Needed,
): Promise<Json.Object> {
  const found = credential === null ? undefined : await store.find(credential)
  const batch = found?.batch ?? (await store.get(id))
  if (batch === undefined) throw new TypeError('A row of a roster has its batch')
  const decisions = credential === null ? [] : await store.decisions(credential)
  const claim = await learners.claimOf(id, row)
  const moves = await privacy.moves(id, row)
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
    sentTo:
      claim === undefined
        ? null
        : {
            ...{ address: claim.email, answer: claim.state, answered: timeOrNull(claim.decidedAt) },
            ...{ sent: time(claim.sentAt), linkExpires: time(claim.expiresAt) },
          },
    moves: moves.map(({ from, to, reason, state, askedAt, due, endedAt }) => ({
      ...{ from, to, reason, state, asked: time(askedAt), due: time(due), ended: timeOrNull(endedAt) },
    })),
    kept: [
      ...(found?.recipient.draft == null ? [] : ['a secret, from which the blind of the anchor follows']),
      ...(batch.terms.collection === undefined ? [] : ['a ticket, for which a token may be redeemed']),
    ],
    credentialAsIssued: document,
  }
}

function timeOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : time(milliseconds)
}

/** As it was brought here; a text, or base64 where it is none. */
async function originalOf(
  { import: id, row, recipient }: Extract<Held, { readonly kind: 'original' }>,
  { imports }: Pick<Context, 'imports'>,
): Promise<Json.Object> {
  const found = await imports.original(id, row)
  if (found === undefined) return { import: id, row, whoHasIt: { ...recipient } }
  const buffer = Buffer.from(found.bytes)
  return {
    import: id,
    row,
    whoHasIt: { ...recipient },
    whatItSays: { ...found.said },
    found: { verdict: found.judged.verdict, code: found.judged.code },
    badge: isUtf8(buffer) ? buffer.toString('utf8') : buffer.toString('base64'),
  }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
