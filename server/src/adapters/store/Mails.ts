import { randomUUID } from 'node:crypto'
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
import * as Principal from '../../access/Principal.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import * as Mail from '../../mail/Mail.ts'
import * as MailStore from '../../ports/MailStore.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Uuid from '../../Uuid.ts'
import type * as Event from '../../webhooks/Event.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import type { Tables } from './Rows.ts'

/** How many more mails are looked at than are wanted: some of them end as they are looked at. */
const spare = 2

/**
 * Puts a mail into the queue, within the transaction of what causes it, and answers with its id.
 *
 * If we die right after it: the mail is there if what causes it is.
 */
export async function insert(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  mail: Mail.Mail,
  organisation?: string,
): Promise<string> {
  const [id] = await insertAll(tx, database, [mail], organisation)
  return id as string
}

/**
 * The same for any number of mails; their ids are in the same order.
 *
 * @param organisation whose they are; of a mail about a credential it is whoever has issued that
 */
export async function insertAll(
  tx: Transaction<Tables>,
  { now, of }: Pick<Database, 'now' | 'of'>,
  mails: readonly Mail.Mail[],
  organisation: string = Principal.home,
): Promise<readonly string[]> {
  const rows = mails.map(({ to, template, language = '', values, about, lifetime }) => ({
    id: randomUUID(),
    template,
    language,
    about: about ?? null,
    recipient: address(to),
    content: JSON.stringify(values),
    state: 'queued' as const,
    created_at: now,
    due: now,
    expires_at: lifetime === undefined ? null : sql<number>`${now} + ${lifetime}`,
    ...of(about === undefined ? organisation : issuing(about)),
  }))
  if (rows.length > 0) await tx.insertInto('mails').values(rows).execute()
  crashpoint('mail:after-enqueue')
  return rows.map(({ id }) => id)
}

/** The organisation that has issued a credential, by the id of this. */
function issuing(credentialId: string): RawBuilder<string> {
  const id = Uuid.toBytes(credentialId) ?? null
  return sql<string>`coalesce((SELECT organisation FROM batches JOIN drafts ON drafts.batch = batches.seq
    WHERE drafts.credential_id = ${id}), ${Principal.home})`
}

/** What is to be sent, and what has become of it. */
export function mails(database: Database): Omit<MailStore.MailStore, 'write'> {
  const { db, reader, now, alone } = database
  return {
    enqueue: (mail) => db.transaction().execute((tx) => insert(tx, database, mail)),
    claim: async (limit, ttl, rate) => {
      // Whoever finds nothing to do takes no lock.
      if ((await due(reader, database, rate).limit(1).executeTakeFirst()) === undefined) return []
      return db.transaction().execute(async (tx) => {
        await alone(tx, 'mails')
        const rows = await due(tx, database, rate)
          .orderBy('mails.due')
          .orderBy('mails.seq')
          .limit(limit * spare)
          .execute()
        const unwanted = await suppressed(tx, rows)
        const claims: MailStore.Claim[] = []
        for (const row of rows) {
          if (row.isStale) await end(tx, database, row, 'failed', 'MAIL_OUTDATED')
          else if (unwanted.has(row)) await end(tx, database, row, 'failed', 'MAIL_SUPPRESSED')
          else if (claims.length < limit) claims.push(await take(tx, database, row, ttl))
        }
        return claims
      })
    },
    settle: (outcomes) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'mails')
        for (const outcome of outcomes) {
          const row = await tx
            .selectFrom('mails')
            .selectAll()
            .where('id', '=', outcome.id)
            .where('epoch', '=', outcome.epoch)
            .where('state', '=', 'queued')
            .executeTakeFirst()
          if (row === undefined) continue
          if (outcome.state === 'queued')
            await tx
              .updateTable('mails')
              .set((eb) => ({
                reason: outcome.reason,
                failures: eb('failures', '+', outcome.counts ? 1 : 0),
                due: sql<number>`${now} + ${outcome.again}`,
              }))
              .where('seq', '=', row.seq)
              .execute()
          else {
            const { state } = outcome
            await end(tx, database, row, state, state === 'sent' ? null : outcome.reason)
            if (state === 'bounced') await suppress(tx, database, row.organisation, row.recipient as string, 'bounced')
          }
        }
      }),
    returned: (id, why) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'mails')
        const row = await tx.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined) return false
        const { organisation, recipient, state } = row
        const reason = suppressing[why]
        if (reason !== undefined && recipient !== null) await suppress(tx, database, organisation, recipient, reason)
        // What came back may not have been stored as sent yet: then it is not sent again.
        if ((why === 'refused' || why === 'undelivered') && (state === 'sent' || state === 'queued'))
          await end(tx, database, row, 'bounced', why === 'refused' ? 'MAIL_BOUNCED' : 'MAIL_UNDELIVERED')
        return true
      }),
    mail: async (id) => {
      const row = await reader.selectFrom('mails').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toStored(row)
    },
    about: async (credentials) => {
      if (credentials.length === 0) return new Map()
      const rows = await reader
        .selectFrom('mails')
        .selectAll()
        .where('about', 'in', credentials)
        .orderBy('seq')
        .execute()
      return new Map(rows.map((row) => [row.about as string, toStored(row)]))
    },
    mails: async ({ before, limit, state }) => {
      let query = reader.selectFrom('mails').selectAll().orderBy('seq', 'desc').limit(limit)
      if (before !== undefined) query = query.where('seq', '<', before)
      if (state !== undefined) query = query.where('state', '=', state)
      return (await query.execute()).map((row) => ({ ...toStored(row), seq: row.seq }))
    },
    backlog: async () => {
      const { count, since } = await reader
        .selectFrom('mails')
        .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<number | null>('created_at').as('since')])
        .where('state', '=', 'queued')
        .executeTakeFirstOrThrow()
      return { count, since }
    },
    begin: (batch, whom) =>
      db.transaction().execute(async (tx) => {
        await alone(tx, 'mails')
        const found = await tx.selectFrom('batches').select(['seq', 'state']).where('id', '=', batch).executeTakeFirst()
        if (found?.state !== 'delivered') throw new MailStore.UndeliveredError(batch)
        const before = await allMailings(tx)
          .where('mailings.batch', '=', found.seq)
          .where(({ eb, or }) =>
            or([eb('ended_at', 'is', null), ...(whom === 'all' ? [eb('mailings.whom', '=', 'all')] : [])]),
          )
          .orderBy('mailings.ended_at', (order) => order.desc().nullsFirst())
          .executeTakeFirst()
        if (before !== undefined) return { ...toMailing(before), repeated: true }
        const { number } = await tx
          .insertInto('mailings')
          .values({ batch: found.seq, whom, begun_at: now })
          .returning('number')
          .executeTakeFirstOrThrow()
        const row = await allMailings(tx).where('mailings.number', '=', number).executeTakeFirstOrThrow()
        return { ...toMailing(row), repeated: false }
      }),
    mailings: async () => {
      // In the order of its key SQLite would go through all mailings that there ever were.
      const open = allMailings(reader).where('ended_at', 'is', null).orderBy('begun_at').orderBy('mailings.number')
      return (await open.execute()).map(toMailing)
    },
    suppressions: async () =>
      (await reader.selectFrom('mail_suppressions').selectAll().orderBy('at', 'desc').orderBy('address').execute()).map(
        ({ address, reason, at }) => ({ address, reason, at }),
      ),
    allow: async (text) => {
      const removed = await db
        .deleteFrom('mail_suppressions')
        .where('address', '=', Cell.emailKey(text))
        .returning('address')
        .execute()
      return removed.length > 0
    },
    forget: async (age) => {
      await db
        .updateTable('mails')
        .set({ recipient: null })
        .where('state', '<>', 'queued')
        .where('recipient', 'is not', null)
        .where('created_at', '<', sql<number>`${now} - ${age}`)
        .execute()
    },
  }
}

type Row = Selectable<Tables['mails']>

function allMailings(db: Kysely<Tables>) {
  return db
    .selectFrom('mailings')
    .innerJoin('batches', 'batches.seq', 'mailings.batch')
    .selectAll('mailings')
    .select(['batches.id', 'batches.size'])
}

function toMailing(row: Selectable<Tables['mailings']> & Pick<Tables['batches'], 'id' | 'size'>): MailStore.Mailing {
  const { number, id: batch, size, whom, reached, written, ended_at } = row
  return { number, batch, size, whom, reached, written, ended: ended_at !== null }
}

/** @throws {TypeError} for what is no address: nobody should have come so far with it */
function address(text: string): string {
  const read = Cell.email(text)
  if (!Cell.isRead(read)) throw new TypeError('A mail goes to one e-mail address')
  return read.value
}

/** What nobody has and is due, the first to each address, where that may be sent more by now. */
function due(
  db: Kysely<Tables>,
  { now }: Pick<Database, 'now' | 'of'>,
  { count, time }: { readonly count: number; readonly time: number },
) {
  return db
    .selectFrom('mails')
    .selectAll('mails')
    .select(sql<boolean>`coalesce(expires_at <= ${now}, ${sql.lit(false)})`.as('isStale'))
    .where('mails.state', '=', 'queued')
    .where('mails.due', '<=', now)
    .where(({ eb, selectFrom }) =>
      eb(
        'mails.seq',
        '=',
        selectFrom('mails as first')
          .select(({ fn }) => fn.min<number>('first.seq').as('seq'))
          .whereRef('first.recipient', '=', 'mails.recipient')
          .where('first.state', '=', 'queued')
          .where('first.due', '<=', now),
      ),
    )
    .where(({ eb, selectFrom }) =>
      eb(
        selectFrom('mails as before')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('before.recipient', '=', 'mails.recipient')
          .where('before.sent_at', '>', sql<number>`${now} - ${time}`),
        '<',
        count,
      ),
    )
}

async function take(
  tx: Transaction<Tables>,
  { now }: Pick<Database, 'now' | 'of'>,
  row: Row,
  ttl: number,
): Promise<MailStore.Claim> {
  const { epoch } = await tx
    .updateTable('mails')
    .set((eb) => ({ epoch: eb('epoch', '+', 1), due: sql<number>`${now} + ${ttl}` }))
    .where('seq', '=', row.seq)
    .returning('epoch')
    .executeTakeFirstOrThrow()
  const { id, organisation, failures, created_at: createdAt, template, language, about, recipient, content } = row
  const values = JSON.parse(content as string)
  const mail = { to: recipient, template, language, values, about: about ?? undefined } as Mail.Mail
  return { id, epoch, organisation, failures, createdAt, mail }
}

/** Ends a mail, forgets what it says, and tells of it. */
async function end(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  row: Row,
  state: 'sent' | 'bounced' | 'failed',
  reason: string | null,
): Promise<void> {
  const { now } = database
  await tx
    .updateTable('mails')
    .set({ state, reason, content: null, ...(state === 'sent' && { sent_at: now }) })
    .where('seq', '=', row.seq)
    .execute()
  await Events.record(tx, database, {
    type: told[state],
    subject: row.id,
    sequence: state === 'sent' ? 1 : 2,
    data: { mail: row.id, credential: row.about, reason },
    organisation: row.organisation,
  })
}

const told: Readonly<Record<'sent' | 'bounced' | 'failed', Event.Type>> = {
  sent: 'mail.sent',
  bounced: 'mail.bounced',
  failed: 'mail.failed',
}

/** Why nothing is sent to an address after a mail to it has come back. */
const suppressing: Partial<Record<MailStore.Return, MailStore.Suppression['reason']>> = {
  refused: 'bounced',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
}

async function suppress(
  tx: Transaction<Tables>,
  { now }: Pick<Database, 'now' | 'of'>,
  organisation: string,
  recipient: string,
  reason: MailStore.Suppression['reason'],
): Promise<void> {
  await tx
    .insertInto('mail_suppressions')
    .values({ organisation, address: Cell.emailKey(recipient), reason, at: now })
    .onConflict((on) => on.columns(['organisation', 'address']).doUpdateSet({ reason, at: now }))
    .execute()
}

/** Which of these go to somebody who wants nothing any more. Who only wants no notifications gets the rest. */
async function suppressed<row extends Row>(tx: Transaction<Tables>, rows: readonly row[]): Promise<ReadonlySet<row>> {
  if (rows.length === 0) return new Set()
  const keyOf = (row: Row) => Cell.emailKey(row.recipient as string)
  const found = await tx
    .selectFrom('mail_suppressions')
    .selectAll()
    .where('address', 'in', [...new Set(rows.map(keyOf))])
    .execute()
  return new Set(
    rows.filter((row) =>
      found.some(
        ({ organisation, address, reason }) =>
          organisation === row.organisation &&
          address === keyOf(row) &&
          (reason === 'bounced' || Mail.templates[row.template as Mail.Name]?.notification),
      ),
    ),
  )
}

function toStored(row: Row): MailStore.Stored {
  const { id, organisation, template, language, about, state, reason, failures, created_at, sent_at } = row
  return {
    ...{ id, organisation, template: template as Mail.Name, language, about, state, reason, failures },
    createdAt: created_at,
    sentAt: sent_at,
  }
}
