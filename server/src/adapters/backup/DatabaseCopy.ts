import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { pipeline } from 'node:stream/promises'
import * as Errors from '@laurel/core/Errors'
import * as Location from '../store/Location.ts'

/** What a copy of a database is called in a backup, which tells of what kind it is. */
export const names = { sqlite: 'laurel.db', postgres: 'laurel.pgdump' } as const

/** What a copy of the database at a location is called. */
export function nameOf(location: string): (typeof names)[keyof typeof names] {
  return Location.isUrl(location) ? names.postgres : names.sqlite
}

/**
 * A copy of a database as it was at one moment, while others write to it. PostgreSQL's goes by `pg_dump`; SQLite's is made
 * beside the database first, as large as that, and is gone when it was read.
 *
 * @throws {ProgramError} BACKUP_PROGRAM when `pg_dump` is not there, or does not come to a good end
 */
export async function* copy(location: string): AsyncGenerator<Uint8Array> {
  if (Location.isUrl(location)) {
    // Row-level security shows all rows to whoever says so; without it pg_dump refuses to leave some out.
    const args = ['--format=custom', '--no-owner', '--no-privileges', '--enable-row-security']
    yield* output('pg_dump', args, location)
    return
  }
  const draft = `${location}.backup`
  await rm(draft, { force: true })
  try {
    const database = new DatabaseSync(location, { readOnly: true, timeout: 10_000 })
    try {
      // One read transaction, which keeps nobody from writing; of what was deleted nothing comes along.
      database.prepare('VACUUM INTO ?').run(draft)
    } finally {
      database.close()
    }
    yield* createReadStream(draft)
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Fills an empty PostgreSQL database from a copy, in one transaction.
 *
 * @throws {ProgramError} BACKUP_PROGRAM when `pg_restore` is not there, or does not come to a good end: nothing was changed
 */
export async function load(location: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const args = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction']
  const { child, ended } = start('pg_restore', [...args, '--dbname', addressOf(location)], location)
  // What it says when it ends early is more than that nobody takes what is written.
  await pipeline(bytes, child.stdin).catch(() => {})
  child.stdout.resume()
  await ended
}

/** Whether there is something in a PostgreSQL database that Laurel has made. */
export async function isEmpty(location: string): Promise<boolean> {
  const question = 'SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()'
  let text = ''
  for await (const bytes of output('psql', ['--no-psqlrc', '--tuples-only', '--command', question], location))
    text += new TextDecoder().decode(bytes)
  return text.trim() === '0'
}

async function* output(program: string, args: readonly string[], location: string): AsyncGenerator<Uint8Array> {
  const { child, ended } = start(program, [...args, '--dbname', addressOf(location)], location)
  child.stdin.end()
  yield* child.stdout
  await ended
}

/** Runs one of PostgreSQL's programs. A password goes by the environment: arguments are shown to everybody. */
function start(program: string, args: readonly string[], location: string) {
  const password = decodeURIComponent(new URL(location).password)
  const child = spawn(program, args, {
    env: { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) },
    stdio: 'pipe',
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(0, 2_000)
  })
  const ended = Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([cause]) => Promise.reject(cause)),
  ]).then(
    ([code]) => {
      if (code !== 0) throw new ProgramError(program, said.trim().split('\n')[0] ?? '')
    },
    (cause) => {
      throw new ProgramError(program, 'it cannot be run', cause)
    },
  )
  // Whoever waits for it hears of it; until then nobody does.
  ended.catch(() => {})
  return { child, ended }
}

/** The address as PostgreSQL's programs are given it: without its password, and for the rows of all organisations. */
function addressOf(location: string): string {
  const url = new URL(location)
  url.password = ''
  const options = url.searchParams.get('options') ?? ''
  url.searchParams.set('options', `${options} -c laurel.organisation=*`.trim())
  // They do not read a plus as a blank.
  url.search = url.search.replaceAll('+', '%20')
  return url.href
}

/** Thrown when one of PostgreSQL's programs is missing, or fails. */
export class ProgramError extends Errors.BaseError<'BACKUP_PROGRAM'> {
  override readonly name = 'DatabaseCopy.ProgramError'
  constructor(program: string, why: string, cause?: unknown) {
    super('BACKUP_PROGRAM', `${program} has failed: ${why}.`, { facts: { program }, cause })
  }
}
