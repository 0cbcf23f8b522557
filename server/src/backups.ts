import { readdir, readFile } from 'node:fs/promises'
import * as Errors from '@laurel/core/Errors'
import * as Backup from './adapters/backup/Backup.ts'
import * as DatabaseCopy from './adapters/backup/DatabaseCopy.ts'
import * as Location from './adapters/store/Location.ts'
import * as Restorations from './adapters/store/Restorations.ts'
import type { Config } from './config.ts'

type Place = Pick<Config, 'home' | 'database'>

/** A passphrase shorter than this is guessed, in characters. */
const shortest = 16

/**
 * Writes a backup of a home and its database, while they are used, and notes that there is one.
 *
 * If we die after it was written and before it was noted: it is whole, and counts as none.
 *
 * @returns how all stood at what time (milliseconds since 1970), and the size of the file in bytes
 * @throws {PassphraseError} BACKUP_PASSPHRASE_WEAK, and what {@link Backup.make} throws
 */
export async function make(
  { home, database, settings }: Place & { readonly settings: Readonly<Record<string, string>> },
  { target, passphraseFile }: { readonly target: string; readonly passphraseFile: string },
): Promise<{ readonly at: number; readonly bytes: number }> {
  const passphrase = await readPassphrase(passphraseFile)
  const opened = await Location.open(database)
  try {
    const restorations = Restorations.restorations(opened)
    const at = await restorations.moment()
    const name = DatabaseCopy.nameOf(database)
    const note = { type: 'LaurelBackupNote', version: 1, at, database: name, settings } as const
    const bytes = await Backup.make(target, { home, database, note, passphrase })
    // Of a database that is only read, everybody knows already that it is old.
    if ((await restorations.open()) === undefined) await restorations.noteBackup(at)
    return { at, bytes }
  } finally {
    await opened.close()
  }
}

/**
 * Puts a backup into a home and a database that have nothing in them, after it was read to its end. The database is only
 * read from then on, by every process, until it was reconciled with the chain.
 *
 * @throws {NotEmptyError} HOME_NOT_EMPTY, {@link KindError} BACKUP_DATABASE, and what {@link Backup.look} throws: nothing was
 * written
 */
export async function restore(
  { home, database }: Place,
  { source, passphraseFile }: { readonly source: string; readonly passphraseFile: string },
): Promise<{ readonly at: number; readonly files: number; readonly bytes: number }> {
  const passphrase = await readPassphrase(passphraseFile)
  const there = await readdir(home).catch(() => [])
  if (there.length > 0) throw new NotEmptyError(`The home ${home}`)
  const { note, files, bytes } = await Backup.look(source, passphrase)
  if (note.database !== DatabaseCopy.nameOf(database)) throw new KindError(note.database)
  if (Location.isUrl(database) && !(await DatabaseCopy.isEmpty(database))) throw new NotEmptyError('The database')
  await Backup.put(source, { home, database, passphrase }, async (location) => {
    const opened = await Location.open(location)
    try {
      await Restorations.noteRestoration(opened, note.at)
    } finally {
      await opened.close()
    }
  })
  return { at: note.at, files, bytes }
}

async function readPassphrase(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new PassphraseError('BACKUP_PASSPHRASE_UNREADABLE', 'The file of the passphrase cannot be read.', cause)
  })
  const passphrase = text.replace(/\r?\n$/, '')
  if (passphrase.length < shortest)
    throw new PassphraseError('BACKUP_PASSPHRASE_WEAK', `The passphrase has fewer than ${shortest} characters.`)
  return passphrase
}

/** Thrown when a passphrase cannot be read, or protects nothing. */
export class PassphraseError extends Errors.BaseError<'BACKUP_PASSPHRASE_UNREADABLE' | 'BACKUP_PASSPHRASE_WEAK'> {
  override readonly name = 'backups.PassphraseError'
  constructor(code: PassphraseError['code'], message: string, cause?: unknown) {
    super(code, message, { cause })
  }
}

/** Thrown when a restoration would overwrite something. */
export class NotEmptyError extends Errors.BaseError<'HOME_NOT_EMPTY'> {
  override readonly name = 'backups.NotEmptyError'
  constructor(what: string) {
    super('HOME_NOT_EMPTY', `${what} is not empty; a backup goes only where nothing is.`)
  }
}

/** Thrown when a backup of one kind of database is to go into another. */
export class KindError extends Errors.BaseError<'BACKUP_DATABASE'> {
  override readonly name = 'backups.KindError'
  constructor(found: string) {
    const kind = found === DatabaseCopy.names.postgres ? 'PostgreSQL' : 'SQLite'
    super('BACKUP_DATABASE', `This is the backup of a ${kind} database, and goes into no other.`)
  }
}
