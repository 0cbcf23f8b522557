import type * as Bytes from '@laurel/core/Bytes'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type * as Batch from '../../Batch.ts'
import * as TransactionStore from '../../ports/TransactionStore.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

type Db = Kysely<Tables> | Transaction<Tables>

/**
 * Intents, nonces and what was signed with them. What two may do at once is decided by keys and by rows that an update
 * finds as they were: a conflict is a row that was not written, not an error of the database.
 */
export function transactions({
  db,
  reader,
}: Pick<Database, 'db' | 'reader'>): Omit<TransactionStore.TransactionStore, 'close'> {
  const nonces = (chainId: number, account: Bytes.Hex) =>
    reader.selectFrom('nonces').where('chain_id', '=', chainId).where('account', '=', account)
  return {
    intend: async (intent, now) => {
      for (;;) {
        const stored = await insertIntent(db, intent, now)
        // Nothing is found where somebody else has refused it between the two statements.
        if (stored !== undefined) return stored
      }
    },
    get: async (id) => {
      const row = await reader.selectFrom('intents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      return (await toStored(reader, [row]))[0] as TransactionStore.Stored
    },
    find: async (intent) => {
      const row = await same(reader, intent).where('state', '<>', 'refused').executeTakeFirst()
      return row && (await toStored(reader, [row]))[0]
    },
    open: async (chainId, account) =>
      toStored(
        reader,
        await reader
          .selectFrom('intents')
          .selectAll()
          .where('chain_id', '=', chainId)
          .where('account', '=', account)
          .where('state', '=', 'open')
          .orderBy('id')
          .execute(),
      ),
    attempts: async ({ id }) =>
      (
        await reader
          .selectFrom('carried')
          .innerJoin('attempts', (join) =>
            join
              .onRef('attempts.chain_id', '=', 'carried.chain_id')
              .onRef('attempts.account', '=', 'carried.account')
              .onRef('attempts.nonce', '=', 'carried.nonce'),
          )
          .selectAll('attempts')
          .where('intent', '=', id)
          .orderBy('attempts.nonce')
          .orderBy('version')
          .execute()
      ).map(toAttempt),
    place: async ({ id }) => {
      const row = await reader
        .selectFrom('carried')
        .innerJoin('nonces', (join) =>
          join
            .onRef('nonces.chain_id', '=', 'carried.chain_id')
            .onRef('nonces.account', '=', 'carried.account')
            .onRef('nonces.nonce', '=', 'carried.nonce'),
        )
        .selectAll('nonces')
        .where('intent', '=', id)
        .orderBy('try', 'desc')
        .executeTakeFirst()
      return row && toPlace(reader, row)
    },
    places: async (chainId, account, nonce) =>
      toPlaces(
        reader,
        await nonces(chainId, account)
          .selectAll()
          .where((eb) => eb.or([eb('state', '=', 'open'), eb('nonce', '>=', nonce)]))
          .orderBy('nonce')
          .execute(),
      ),
    mined: async (chainId, account, block, limit) =>
      toPlaces(
        reader,
        await nonces(chainId, account)
          .selectAll()
          .where('state', '=', 'mined')
          .where('block_number', '>=', Number(block))
          .orderBy('nonce', 'desc')
          .limit(limit)
          .execute(),
      ),
    highestNonce: async (chainId, account) => {
      const { nonce } = await nonces(chainId, account)
        .select((eb) => eb.fn.max<number | null>('nonce').as('nonce'))
        .executeTakeFirstOrThrow()
      return nonce
    },
    count: async (chainId, account, from, to) => {
      const { count } = await nonces(chainId, account)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('nonce', '>=', from)
        .where('nonce', '<', to)
        .where('state', '<>', 'lost')
        .executeTakeFirstOrThrow()
      return count
    },
    spent: async (chainId, account, since) => {
      const rows = await nonces(chainId, account).select('cost').where('taken_at', '>', since).execute()
      return rows.reduce((sum, { cost }) => sum + BigInt(cost), 0n)
    },

    take: (intents, attempt, cost) =>
      db.transaction().execute(async (tx) => {
        const [first] = intents
        if (first === undefined) throw new TypeError('A nonce is taken for something')
        const at = { chain_id: first.chainId, account: first.account, nonce: attempt.nonce }
        const row = { ...at, state: 'open' as const, reorgs: 0, cost: cost.toString(), taken_at: attempt.createdAt }
        const none = { block_number: null, block_hash: null }
        const [taken] = await tx
          .insertInto('nonces')
          .values({ ...row, ...none })
          .onConflict((on) => on.doNothing())
          .returning('nonce')
          .execute()
        if (taken === undefined) throw new TransactionStore.NonceTakenError(first.account, attempt.nonce)
        for (const { id, tries } of intents) {
          // Whoever has settled it meanwhile has seen what we have not.
          const still = await tx
            .updateTable('intents')
            .set({ state: 'open' })
            .where('id', '=', id)
            .where('state', '=', 'open')
            .returning('id')
            .executeTakeFirst()
          const [carried] = await tx
            .insertInto('carried')
            .values({ intent: id, try: tries + 1, ...at })
            .onConflict((on) => on.doNothing())
            .returning('intent')
            .execute()
          if (still === undefined || carried === undefined)
            throw new TransactionStore.NonceTakenError(first.account, attempt.nonce)
        }
        await insertAttempt(tx, at, 1, attempt)
      }),
    replace: (place, attempt, cost) =>
      db.transaction().execute(async (tx) => {
        const at = key(place)
        const stored = await insertAttempt(tx, at, place.attempts.length + 1, attempt)
        if (!stored) throw new TransactionStore.NonceTakenError(place.account, place.nonce)
        await tx
          .updateTable('nonces')
          .set({ cost: cost.toString() })
          .where((eb) => eb.and({ ...at, state: 'open' }))
          .execute()
      }),
    see: async (place, block) => {
      await db
        .updateTable('nonces')
        .set((eb) => ({
          block_number: block === null ? null : Number(block.number),
          block_hash: block?.hash ?? null,
          ...(place.block === null ? {} : { reorgs: eb('reorgs', '+', 1) }),
        }))
        .where((eb) => eb.and({ ...key(place), state: 'open' }))
        .execute()
    },
    conclude: (place, { state, block, cost }, outcomes) =>
      db.transaction().execute(async (tx) => {
        const changes = {
          state,
          block_number: block === null ? null : Number(block.number),
          block_hash: block?.hash ?? null,
          cost: cost.toString(),
        }
        const concluded = await tx
          .updateTable('nonces')
          .set(changes)
          .where((eb) => eb.and({ ...key(place), state: 'open' }))
          .returning('nonce')
          .executeTakeFirst()
        if (concluded === undefined) return
        for (const { intent, ...outcome } of outcomes) await settle(tx, intent, outcome)
      }),
    reopen: (place) =>
      db.transaction().execute(async (tx) => {
        const at = key(place)
        await tx
          .updateTable('nonces')
          .set((eb) => ({ state: 'open', block_number: null, block_hash: null, reorgs: eb('reorgs', '+', 1) }))
          .where((eb) => eb.and({ ...at, state: 'mined' }))
          .execute()
        const hashes = place.attempts.map(({ hash }) => hash)
        await tx
          .updateTable('intents')
          .set({ state: 'open', transaction_hash: null })
          .where('chain_id', '=', at.chain_id)
          .where('account', '=', at.account)
          .where('state', '=', 'done')
          .where('transaction_hash', 'in', hashes)
          .execute()
      }),
    settle: (intent, outcome) => settle(db, intent, outcome),

    lanes: async () => (await reader.selectFrom('lanes').selectAll().orderBy('chain_id').execute()).map(toLane),
    lane: async (chainId, account) => {
      const row = await reader
        .selectFrom('lanes')
        .selectAll()
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .executeTakeFirst()
      return row === undefined ? { chainId, account, floor: 0, condition: null, since: 0 } : toLane(row)
    },
    note: async ({ chainId, account, floor, condition: before, since }, condition, now) => {
      const row = {
        chain_id: chainId,
        account,
        condition: condition?.code ?? null,
        facts: JSON.stringify(condition?.facts ?? {}),
        since: before?.code === condition?.code ? since : now,
      }
      await db
        .insertInto('lanes')
        .values({ ...row, floor })
        .onConflict((on) => on.columns(['chain_id', 'account']).doUpdateSet(row))
        .execute()
    },
    accept: async (chainId, account, floor) => {
      const row = { chain_id: chainId, account, floor, condition: null, facts: '{}', since: 0 }
      await db
        .insertInto('lanes')
        .values(row)
        .onConflict((on) => on.columns(['chain_id', 'account']).doUpdateSet(row))
        .execute()
    },
    chains: async () => {
      const rows = await reader.selectFrom('chains').selectAll().execute()
      return new Map(rows.map(({ chain_id, genesis }) => [chain_id, genesis as Bytes.Hex]))
    },
    pin: async (chainId, genesis) => {
      await db
        .insertInto('chains')
        .values({ chain_id: chainId, genesis })
        .onConflict((on) => on.doNothing())
        .execute()
      const row = await db.selectFrom('chains').selectAll().where('chain_id', '=', chainId).executeTakeFirstOrThrow()
      return row.genesis as Bytes.Hex
    },
  }
}

/** Stores an intent, or answers with the one of the same purpose and subject that is open or done. */
export async function insertIntent(
  db: Db,
  intent: TransactionStore.Intent,
  now: number,
): Promise<TransactionStore.Stored | undefined> {
  await db
    .insertInto('intents')
    .values({
      chain_id: intent.chainId,
      account: intent.account,
      to: intent.to,
      data: intent.data,
      purpose: intent.purpose,
      subject: intent.subject,
      state: 'open',
      transaction_hash: null,
      created_at: now,
    })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = await same(db, intent).where('state', '<>', 'refused').executeTakeFirst()
  return row && (await toStored(db, [row]))[0]
}

function same(db: Db, { chainId, account, to, purpose, subject }: Omit<TransactionStore.Intent, 'data'>) {
  return db
    .selectFrom('intents')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('account', '=', account)
    .where('to', '=', to)
    .where('purpose', '=', purpose)
    .where('subject', '=', subject)
}

async function settle(
  db: Db,
  { id }: TransactionStore.Stored,
  { state, transactionHash }: Omit<TransactionStore.Outcome, 'intent'>,
): Promise<void> {
  await db
    .updateTable('intents')
    .set({ state, transaction_hash: transactionHash })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

type Key = { readonly chain_id: number; readonly account: string; readonly nonce: number }

function key({ chainId, account, nonce }: TransactionStore.Place): Key {
  return { chain_id: chainId, account, nonce }
}

async function insertAttempt(
  tx: Transaction<Tables>,
  at: Key,
  version: number,
  { hash, raw, createdAt }: Batch.Attempt,
): Promise<boolean> {
  const stored = await tx
    .insertInto('attempts')
    .values({ ...at, version, hash, raw, created_at: createdAt })
    .onConflict((on) => on.doNothing())
    .returning('version')
    .execute()
  return stored.length > 0
}

async function toStored(
  db: Db,
  rows: readonly Selectable<Tables['intents']>[],
): Promise<readonly TransactionStore.Stored[]> {
  if (rows.length === 0) return []
  const carried = await db
    .selectFrom('carried')
    .select((eb) => ['intent', eb.fn.max<number>('try').as('tries')])
    .where(
      'intent',
      'in',
      rows.map(({ id }) => id),
    )
    .groupBy('intent')
    .execute()
  const tries = new Map(carried.map((row) => [row.intent, row.tries]))
  return rows.map((row) => ({
    id: row.id,
    chainId: row.chain_id,
    account: row.account as Bytes.Hex,
    to: row.to as Bytes.Hex,
    data: row.data as Bytes.Hex,
    purpose: row.purpose,
    subject: row.subject,
    state: row.state,
    transactionHash: row.transaction_hash as Bytes.Hex | null,
    tries: tries.get(row.id) ?? 0,
  }))
}

async function toPlaces(
  db: Db,
  rows: readonly Selectable<Tables['nonces']>[],
): Promise<readonly TransactionStore.Place[]> {
  const places: TransactionStore.Place[] = []
  for (const row of rows) places.push(await toPlace(db, row))
  return places
}

async function toPlace(db: Db, row: Selectable<Tables['nonces']>): Promise<TransactionStore.Place> {
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('chain_id', '=', row.chain_id)
    .where('account', '=', row.account)
    .where('nonce', '=', row.nonce)
    .orderBy('version')
    .execute()
  const intents = await db
    .selectFrom('intents')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('carried')
        .select('intent')
        .where('chain_id', '=', row.chain_id)
        .where('account', '=', row.account)
        .where('nonce', '=', row.nonce),
    )
    .orderBy('id')
    .execute()
  return {
    chainId: row.chain_id,
    account: row.account as Bytes.Hex,
    nonce: row.nonce,
    state: row.state,
    block:
      row.block_number === null || row.block_hash === null
        ? null
        : { number: BigInt(row.block_number), hash: row.block_hash as Bytes.Hex },
    reorgs: row.reorgs,
    cost: BigInt(row.cost),
    attempts: attempts.map(toAttempt),
    intents: await toStored(db, intents),
  }
}

function toAttempt(row: Selectable<Tables['attempts']>): Batch.Attempt {
  return {
    hash: row.hash as Bytes.Hex,
    raw: row.raw as Bytes.Hex,
    nonce: row.nonce,
    createdAt: row.created_at,
  }
}

function toLane(row: Selectable<Tables['lanes']>): TransactionStore.Lane {
  const { condition, facts } = row
  return {
    chainId: row.chain_id,
    account: row.account as Bytes.Hex,
    floor: row.floor,
    condition:
      condition === null
        ? null
        : { code: condition as TransactionStore.Condition['code'], facts: JSON.parse(facts) as Record<string, string> },
    since: row.since,
  }
}
