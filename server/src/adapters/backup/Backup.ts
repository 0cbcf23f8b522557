import { createReadStream } from 'node:fs'
import { mkdir, open as openFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Disk from '../files/Disk.ts'
import * as Archive from './Archive.ts'
import * as DatabaseCopy from './DatabaseCopy.ts'
import * as Sealed from './Sealed.ts'

/** What a backup says of itself, in its first entry. */
export type Note = {
  readonly type: 'LaurelBackupNote'
  readonly version: 1
  /** By the clock of the database, in milliseconds since 1970: what was acknowledged by then is in it. */
  readonly at: number
  readonly database: string
  /** The settings under which it was made, without what is secret: for whoever sets up another machine. */
  readonly settings: Readonly<Record<string, string>>
}

/** The parts of a home that a backup has. Folders of batches are written again by `laurel export`, from the database. */
const parts = ['keys', 'ipfs', 'public', 'chain', 'trust.json'] as const
/** Of the embedded chain's folder: who uses it now, and what they lock. */
const passing = /^chain\/(users|lock\.db.*)$/
const noteName = 'backup.json'

/**
 * Writes a backup into one file, sealed under a passphrase. The database comes first, as it was at one moment; keys and
 * content, of which nothing is ever removed, come behind it and are at least what it speaks of.
 *
 * If we die in its midst: there is no such file.
 *
 * @returns how large the file is, in bytes
 * @throws {ExistsError} FILE_EXISTS, and {@link DatabaseCopy.ProgramError}
 */
export async function make(
  target: string,
  { home, database, note, passphrase }: { home: string; database: string; note: Note; passphrase: string },
): Promise<number> {
  if (await exists(target)) throw new ExistsError(target)
  async function* entries(): AsyncGenerator<Archive.Entry> {
    yield { path: noteName, bytes: one(Bytes.fromUtf8(JSON.stringify(note, null, 2))) }
    yield { path: note.database, bytes: DatabaseCopy.copy(database) }
    for (const part of parts) yield* walk(home, part)
  }
  await Disk.replace(
    target,
    transformed(Archive.write(entries()), createGzip(), (packed) => Sealed.seal(packed, passphrase)),
  )
  return (await stat(target)).size
}

/**
 * Reads a backup to its end, and so makes sure that it is whole and what was sealed.
 *
 * @throws {Sealed.SealError} BACKUP_FORMAT, BACKUP_VERSION, BACKUP_PASSPHRASE or BACKUP_DAMAGED
 */
export async function look(
  source: string,
  passphrase: string,
): Promise<{ readonly note: Note; readonly files: number; readonly bytes: number }> {
  let note: Note | undefined
  let files = 0
  let bytes = 0
  let hasDatabase = false
  for await (const entry of entriesOf(source, passphrase)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of entry.bytes) {
      bytes += chunk.length
      if (entry.path === noteName) chunks.push(chunk)
    }
    files++
    if (entry.path === noteName) note = readNote(Bytes.concat(...chunks))
    hasDatabase ||= entry.path === note?.database
  }
  if (note === undefined || !hasDatabase) throw new Sealed.SealError('BACKUP_DAMAGED', 'The backup lacks its database.')
  return { note, files, bytes }
}

/**
 * Puts a backup into a home that is not there yet, and its database into one that is empty. Read it with {@link look} before.
 *
 * If we die in its midst: there is no home. A PostgreSQL database may be filled already; it is to be emptied then.
 */
export async function put(
  source: string,
  { home, database, passphrase }: { home: string; database: string; passphrase: string },
  finish: (database: string) => Promise<void>,
): Promise<void> {
  const draft = `${home}.restoring`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const isFile = DatabaseCopy.nameOf(database) === DatabaseCopy.names.sqlite
  for await (const { path, bytes } of entriesOf(source, passphrase)) {
    if (path === noteName) continue
    if (path === DatabaseCopy.names.postgres) await DatabaseCopy.load(database, bytes)
    else await write(join(draft, ...path.split('/')), bytes, path.startsWith('public/') ? 0o644 : 0o600)
  }
  await finish(isFile ? join(draft, DatabaseCopy.names.sqlite) : database)
  // An empty folder may stand there: a mounted one, for instance.
  await rm(home, { recursive: true, force: true })
  await rename(draft, home)
}

async function* entriesOf(source: string, passphrase: string): AsyncGenerator<Archive.Entry> {
  const opened = Sealed.open(createReadStream(source), passphrase)
  yield* Archive.read(transformed(opened, createGunzip()))
}

/** What comes out of a stream of bytes that something is put through; its errors come out as well. */
async function* transformed(
  source: AsyncIterable<Uint8Array>,
  through: ReturnType<typeof createGzip> | ReturnType<typeof createGunzip>,
  then: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (bytes) => bytes,
): AsyncGenerator<Uint8Array> {
  const done = pipeline(source, through)
  done.catch((error) => through.destroy(error))
  yield* then(through)
  await done
}

async function* walk(home: string, path: string): AsyncGenerator<Archive.Entry> {
  const full = join(home, ...path.split('/'))
  const found = await stat(full).catch((cause: NodeJS.ErrnoException) => {
    // Somebody has put another in its place, or there is none here.
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
  if (found === undefined || passing.test(path) || path.endsWith('.partial')) return
  if (found.isDirectory()) {
    for (const name of (await readdir(full)).sort()) yield* walk(home, `${path}/${name}`)
  } else if (found.isFile()) yield { path, bytes: createReadStream(full) }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await openFile(path, 'wx', mode)
  try {
    for await (const chunk of bytes) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

function readNote(bytes: Uint8Array): Note {
  const note = Json.parseObject(bytes) as unknown as Note
  if (note.type !== 'LaurelBackupNote' || !Number.isSafeInteger(note.at))
    throw new Sealed.SealError('BACKUP_FORMAT', 'This is no backup of Laurel.')
  if (note.version !== 1)
    throw new Sealed.SealError('BACKUP_VERSION', 'A later version of Laurel has made this backup.')
  return note
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Thrown when a backup would overwrite something. */
export class ExistsError extends Errors.BaseError<'FILE_EXISTS'> {
  override readonly name = 'Backup.ExistsError'
  constructor(file: string) {
    super('FILE_EXISTS', `There is something at ${file}.`)
  }
}
