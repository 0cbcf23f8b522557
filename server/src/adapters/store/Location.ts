import type { Kysely } from 'kysely'
import type { Database } from './Database.ts'
import { migrate, standing } from './migrate.ts'
import { moment } from './moment.ts'
import * as Postgres from './postgres/Postgres.ts'
import { openRestoration } from './Restorations.ts'
import type { Tables } from './Rows.ts'
import * as Sqlite from './sqlite/Sqlite.ts'

export type Options = {
  /** Whether it is opened to be reconciled with a chain: then it is written to although it came out of a backup. */
  readonly reconciling?: boolean
}

/**
 * Opens the database at a location, and brings its tables up to date. One that came out of a backup is only read until it was
 * reconciled.
 *
 * @param location the URL of a PostgreSQL database, or else the path of a SQLite file
 * @throws {NewerDatabaseError} DATABASE_NEWER when a later version of Laurel has written to it
 * @throws {Postgres.UnreachableError} and what else opening a PostgreSQL database throws
 */
export async function open(location: string, { reconciling = false }: Options = {}): Promise<Database> {
  const database = isUrl(location) ? Postgres.open(location) : Sqlite.open(location)
  try {
    if (isUrl(location)) await Postgres.demandDurability(database)
    await migrate(database)
    if (!reconciling && (await openRestoration(database)) !== undefined) await database.freeze()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** How a database is found to be. */
export type Inspection = {
  /** The time by its own clock, in milliseconds since 1970. */
  readonly at: number
  /** How many migrations it has not seen. */
  readonly pending: number
  /** The number of a migration that this program does not know. */
  readonly newer: number | undefined
  /** The setting by which a server would forget what it has acknowledged. */
  readonly forgets: string | undefined
}

/**
 * Looks at the database at a location, and changes nothing in it.
 *
 * @throws {Postgres.UnreachableError} and what else opening a PostgreSQL database throws
 */
export async function inspect(location: string): Promise<Inspection> {
  const database = isUrl(location) ? Postgres.open(location) : Sqlite.open(location)
  try {
    const at = await moment(database)
    const { missing, strange } = await standing(database)
    const forgets = isUrl(location)
      ? await Postgres.demandDurability(database).then(
          () => undefined,
          (error) => {
            if (error instanceof Postgres.NotDurableError) return String(error.facts.setting)
            throw error
          },
        )
      : undefined
    return { at, pending: missing.length, newer: strange, forgets }
  } finally {
    await database.close()
  }
}

/** Opens what {@link open} has made, for reading alone. */
export function openReader(location: string): Kysely<Tables> {
  return isUrl(location) ? Postgres.openReader(location) : Sqlite.openReader(location)
}

/** Whether a location is that of a PostgreSQL database; else it is the path of a SQLite file. */
export function isUrl(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location)
}
