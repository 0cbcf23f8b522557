import { readdir, readFile } from 'node:fs/promises'
import * as Errors from '@laurel/core/Errors'
import { sql } from 'kysely'
import { crashpoint } from '../../internal/crashpoint.ts'
import type { Database } from './Database.ts'

/**
 * Applies the numbered `.sql` files that this database has not seen yet, in one transaction. Of several processes that
 * start together one does it, and the others wait for it.
 *
 * If we die in its midst: nothing was changed.
 *
 * @throws {NewerDatabaseError} when a later version of Laurel has written to it
 */
export async function migrate({ db, alone, migrations }: Pick<Database, 'db' | 'alone' | 'migrations'>): Promise<void> {
  const { folder, applied, run } = migrations
  const known = await files(migrations)
  const missing = (seen: readonly number[]) => {
    const strange = seen.find((each) => known.every(({ number }) => number !== each))
    if (strange !== undefined) throw new NewerDatabaseError(strange, known.at(-1)?.number ?? 0)
    return known.filter(({ number }) => !seen.includes(number))
  }
  // Whoever finds nothing to do waits for nobody.
  if (missing(await applied(db)).length === 0) return
  await db.transaction().execute(async (tx) => {
    await alone(tx, 'migrations')
    const seen = await applied(tx)
    await sql`CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL)`.execute(tx)
    const record = (numbers: readonly { readonly number: number; readonly name: string }[]) =>
      numbers.length === 0
        ? undefined
        : tx
            .insertInto('migrations')
            .values([...numbers])
            .onConflict((on) => on.doNothing())
            .execute()
    // A database from before there was this table has them noted elsewhere.
    await record(known.filter(({ number }) => seen.includes(number)))
    for (const each of missing(seen)) {
      await run(tx, await readFile(new URL(each.name, folder), 'utf8'), each.number)
      await record([each])
      crashpoint('migrate:after-step')
    }
    crashpoint('migrate:before-commit')
  })
  crashpoint('migrate:after-commit')
}

/** Which migrations a database has not seen, and one that it has and this program does not know. Changes nothing. */
export async function standing({ db, migrations }: Pick<Database, 'db' | 'migrations'>): Promise<{
  readonly missing: readonly number[]
  readonly strange: number | undefined
}> {
  const known = (await files(migrations)).map(({ number }) => number)
  const seen = await migrations.applied(db)
  return {
    missing: known.filter((number) => !seen.includes(number)),
    strange: seen.find((number) => !known.includes(number)),
  }
}

async function files({
  folder,
}: Pick<Database['migrations'], 'folder'>): Promise<readonly { readonly number: number; readonly name: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name) => ({ number: Number.parseInt(name, 10), name }))
}

/** Thrown when the database belongs to a later version of Laurel. */
export class NewerDatabaseError extends Errors.BaseError<'DATABASE_NEWER'> {
  override readonly name = 'migrate.NewerDatabaseError'
  constructor(found: number, known: number) {
    super('DATABASE_NEWER', `The database has version ${found}; this program knows versions up to ${known}.`, {
      facts: { found, known },
    })
  }
}
