import type { Kysely } from 'kysely'
import type { Database } from './Database.ts'
import { migrate } from './migrate.ts'
import * as Postgres from './postgres/Postgres.ts'
import type { Tables } from './Rows.ts'
import * as Sqlite from './sqlite/Sqlite.ts'

/**
 * Opens the database at a location, and brings its tables up to date.
 *
 * @param location the URL of a PostgreSQL database, or else the path of a SQLite file
 * @throws {NewerDatabaseError} DATABASE_NEWER when a later version of Laurel has written to it
 * @throws {Postgres.UnreachableError} and what else opening a PostgreSQL database throws
 */
export async function open(location: string): Promise<Database> {
  const database = isUrl(location) ? Postgres.open(location) : Sqlite.open(location)
  try {
    if (isUrl(location)) await Postgres.demandDurability(database)
    await migrate(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Opens what {@link open} has made, for reading alone. */
export function openReader(location: string): Kysely<Tables> {
  return isUrl(location) ? Postgres.openReader(location) : Sqlite.openReader(location)
}

function isUrl(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location)
}
