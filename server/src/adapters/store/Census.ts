import type * as Bytes from '@laurel/core/Bytes'
import { type Kysely, sql } from 'kysely'
import * as Presence from '../../internal/Presence.ts'
import type * as Port from '../../ports/Census.ts'
import type { Database } from './Database.ts'
import { openBatches } from './Leases.ts'
import { moment } from './moment.ts'
import type { Tables } from './Rows.ts'

const day = 24 * 60 * 60 * 1000

/** Counts what is in the database. What is open is few, whatever there ever was; what else is counted has an index. */
export function census({ reader, now, connections }: Pick<Database, 'reader' | 'now' | 'connections'>): Port.Census {
  return {
    connections: () => connections?.(),
    take: async () => {
      const at = await moment({ reader, now })
      return {
        at,
        batches: await batches(reader),
        orders: await reader
          .selectFrom('orders')
          .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<number | null>('accepted_at').as('oldest')])
          .where('batch', 'is', null)
          .executeTakeFirstOrThrow(),
        intents: (
          await reader
            .selectFrom('intents')
            .select(({ fn }) => ['chain_id', 'account', fn.countAll<number>().as('count')])
            .select(({ fn }) => fn.min<number>('created_at').as('oldest'))
            .where('state', '=', 'open')
            .groupBy(['chain_id', 'account'])
            .execute()
        ).map(({ count, oldest, ...row }) => ({ ...toAccount(row), count, oldest })),
        lanes: (await reader.selectFrom('lanes').select(['chain_id', 'account', 'condition', 'since']).execute()).map(
          ({ condition, since, ...row }) => ({ ...toAccount(row), condition, since }),
        ),
        spent: await spent(reader, at - day),
        reorgs: (
          await reader
            .selectFrom('nonces')
            .select(({ fn }) => ['chain_id', 'account', fn.sum<number>('reorgs').as('count')])
            .groupBy(['chain_id', 'account'])
            .execute()
        ).map(({ count, ...row }) => ({ ...toAccount(row), count: Number(count) })),
        deliveries: await reader
          .selectFrom('deliveries')
          .innerJoin('endpoints', 'endpoints.seq', 'deliveries.endpoint')
          .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<number | null>('due').as('oldest')])
          .where('deliveries.state', '=', 'waiting')
          .where('endpoints.failing_since', 'is', null)
          .executeTakeFirstOrThrow(),
        undelivered: (
          await reader
            .selectFrom('deliveries')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('state', '=', 'failed')
            .executeTakeFirstOrThrow()
        ).count,
        webhooks: await webhooks(reader),
        mails: await mails(reader),
        contents: (
          await reader
            .selectFrom('contents')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow()
        ).count,
        pins: await pins(reader),
        lists: await lists(reader),
        workers: (
          await reader
            .selectFrom('leases')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where(sql`substr(name, 1, ${Presence.workers.length})`, '=', Presence.workers)
            .where('until', '>', at)
            .executeTakeFirstOrThrow()
        ).count,
        backupAt: (
          await reader
            .selectFrom('backups')
            .select(({ fn }) => fn.max<number | null>('at').as('at'))
            .executeTakeFirstOrThrow()
        ).at,
      }
    },
  }
}

async function batches(reader: Kysely<Tables>): Promise<Port.Figures['batches']> {
  const rows = await openBatches(reader)
    .select(({ fn }) => ['state', 'held', fn.countAll<number>().as('count')])
    .select(({ fn }) => fn.min<number>('created_at').as('oldest'))
    .groupBy(['state', 'held'])
    .execute()
  const held = rows.filter((row) => row.held === 1)
  const waiting = {
    state: 'held',
    count: held.reduce((sum, row) => sum + row.count, 0),
    oldest: Math.min(...held.map(({ oldest }) => oldest)),
  }
  const free = rows.filter((row) => row.held === 0).map(({ state, count, oldest }) => ({ state, count, oldest }))
  return held.length === 0 ? free : [...free, waiting]
}

/** Amounts are text, because no number of the databases is large enough for them. */
async function spent(reader: Kysely<Tables>, since: number): Promise<Port.Figures['spent']> {
  const rows = await reader
    .selectFrom('nonces')
    .select(['chain_id', 'account', 'cost'])
    .where('taken_at', '>', since)
    .execute()
  const of = Map.groupBy(rows, ({ chain_id, account }) => `${chain_id} ${account}`)
  return [...of.values()].flatMap((each) => {
    const [first] = each
    return first === undefined
      ? []
      : [{ ...toAccount(first), wei: each.reduce((sum, { cost }) => sum + BigInt(cost), 0n) }]
  })
}

async function webhooks(reader: Kysely<Tables>): Promise<Port.Figures['webhooks']> {
  const rows = await reader.selectFrom('endpoints').select(['failing_since', 'ended_at', 'ended_reason']).execute()
  const present = rows.filter(({ ended_reason }) => ended_reason !== 'ENDPOINT_DELETED')
  const ended = present.filter(({ ended_at }) => ended_at !== null)
  const failing = present.filter(({ ended_at, failing_since }) => ended_at === null && failing_since !== null)
  return { total: present.length, failing: failing.length, ended: ended.length }
}

/** Two questions, each answered by an index: a queue may be a million long. */
async function mails(reader: Kysely<Tables>): Promise<Port.Crowd> {
  const queued = reader.selectFrom('mails').where('state', '=', 'queued')
  const { count } = await queued.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const { oldest } = await queued
    .select(({ fn }) => fn.min<number | null>('created_at').as('oldest'))
    .where('failures', '=', 0)
    .executeTakeFirstOrThrow()
  return { count, oldest }
}

async function pins(reader: Kysely<Tables>): Promise<Port.Figures['pins']> {
  const rows = await reader
    .selectFrom('pins')
    .select(({ fn }) => ['place', 'state', fn.countAll<number>().as('count')])
    .groupBy(['place', 'state'])
    .execute()
  const of = Map.groupBy(rows, ({ place }) => place)
  return [...of].map(([place, each]) => {
    const how = (state: string) => each.find((row) => row.state === state)?.count ?? 0
    return { place, pinned: how('pinned'), lost: how('lost') }
  })
}

async function lists(reader: Kysely<Tables>): Promise<Port.Figures['lists']> {
  const rows = await reader.selectFrom('status_versions').select(['version', 'published', 'published_at']).execute()
  const published = rows.filter((row) => row.published > 0)
  return {
    count: rows.length,
    stale: rows.filter((row) => row.published !== row.version).length,
    oldest: published.length === 0 ? null : Math.min(...published.map((row) => row.published_at)),
  }
}

function toAccount({ chain_id, account }: { readonly chain_id: number; readonly account: string }): Port.Account {
  return { chainId: chain_id, account: account as Bytes.Hex }
}
