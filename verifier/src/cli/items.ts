import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as Archive from '../inputs/Archive.ts'
import * as FileNames from '../inputs/FileNames.ts'
import type { Readers } from '../Readers.ts'
import * as Report from '../Report.ts'
import { combine } from '../readers/combine.ts'
import * as Files from '../readers/Files.ts'
import type { Door } from '../readers/Http.ts'
import type * as NodeReaders from '../readers/node/NodeReaders.ts'
import * as addresses from './addresses.ts'

/** Something to verify: how it is called, how it is had, and where to look for what belongs to it. */
export type Item = {
  readonly name: string
  /** Its bytes; or why they cannot be had. */
  readonly read: () => Promise<Uint8Array | Report.Result>
  readonly readers: Readers
}

export type Found = {
  readonly items: readonly Item[]
  /** Whether somebody named one thing to verify, and it is one. */
  readonly isSingle: boolean
}

/** More than a baked image may have: what is larger is not read into memory. */
const maximumBytes = 64 * 1024 * 1024
const maximumArchive = 512 * 1024 * 1024
const maximumPage = 16 * 1024 * 1024

/** The folders among some paths: what lies in them belongs to all that is below. */
export async function folders(paths: readonly string[]): Promise<readonly string[]> {
  const areFolders = await Promise.all(paths.map(isFolder))
  return paths.filter((_, i) => areFolders[i])
}

/**
 * What to verify: the files named; in place of a folder or an archive (ZIP) every credential in it and below it, in order;
 * in place of a list (CSV) what is at its addresses; and what is at an address. What cannot be had stays in the list, so
 * that its report can say so.
 */
export async function find(paths: readonly string[], shared: NodeReaders.Shared, door: Door): Promise<Found> {
  const found: Item[] = []
  for (const path of paths) {
    if (/^https?:/i.test(path)) found.push(fromAddress(path, shared, door))
    else if (await isFolder(path)) found.push(...(await fromFolder(path, shared)))
    else if (/\.zip$/i.test(path)) found.push(...(await fromArchive(path, shared)))
    else if (/\.csv$/i.test(path)) found.push(...(await fromList(path, shared, door)))
    else found.push(fromFile(path, shared))
  }
  return { items: found, isSingle: found.length === 1 && found[0]?.name === paths[0] }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}

function fromFile(path: string, shared: NodeReaders.Shared): Item {
  return { name: path, read: () => readBounded(path, maximumBytes), readers: shared.beside(dirname(path)) }
}

async function fromFolder(path: string, shared: NodeReaders.Shared): Promise<readonly Item[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  // Its report says that it cannot be read.
  if (entries === undefined) return [fromFile(path, shared)]
  return entries
    .filter((entry) => entry.isFile() && FileNames.isCredential(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => fromFile(file, shared))
}

async function fromArchive(path: string, shared: NodeReaders.Shared): Promise<readonly Item[]> {
  const bytes = await readBounded(path, maximumArchive)
  if ('outcome' in bytes) return [unread(path, shared, bytes)]
  const archive = Archive.open(bytes)
  if ('outcome' in archive) return [unread(path, shared, archive)]
  const beside = Files.create(async () => archive.beside())
  const readers = combine(shared.readers, beside, shared.readers)
  return archive.credentials.map(({ name, read }) => ({ name: `${path}/${name}`, read: async () => read(), readers }))
}

async function fromList(path: string, shared: NodeReaders.Shared, door: Door): Promise<readonly Item[]> {
  const bytes = await readBounded(path, maximumPage)
  if ('outcome' in bytes) return [unread(path, shared, bytes)]
  return addresses
    .read(new TextDecoder().decode(bytes))
    .map((address) =>
      /^https?:/i.test(address)
        ? fromAddress(address, shared, door)
        : unread(address, shared, Report.failed('ADDRESS_INVALID', 'It is no address that begins with https:.')),
    )
}

function fromAddress(address: string, shared: NodeReaders.Shared, door: Door): Item {
  const read = async () =>
    (await door(address, maximumPage)) ??
    Report.unknown('ADDRESS_UNREACHABLE', 'Nothing can be had from this address at the moment, or nothing may.')
  return { name: address, read, readers: shared.readers }
}

function unread(name: string, { readers }: NodeReaders.Shared, reason: Report.Result): Item {
  return { name, read: async () => reason, readers }
}

async function readBounded(path: string, most: number): Promise<Uint8Array | Report.Result> {
  const info = await stat(path).catch(() => undefined)
  if (info !== undefined && info.size > most)
    return Report.failed('TOO_LARGE', 'The file is larger than any of its kind.')
  const bytes = await readFile(path).catch(() => undefined)
  return bytes ?? Report.unknown('FILE_UNREADABLE', 'The file cannot be read.')
}
