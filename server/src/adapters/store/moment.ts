import { sql } from 'kysely'
import type { Database } from './Database.ts'

/** The time by the clock of a database, in milliseconds since 1970. */
export async function moment({ reader, now }: Pick<Database, 'reader' | 'now'>): Promise<number> {
  const { rows } = await sql<{ at: number }>`SELECT ${now} AS at`.execute(reader)
  const [row] = rows
  if (row === undefined) throw new TypeError('A database tells the time')
  return row.at
}
