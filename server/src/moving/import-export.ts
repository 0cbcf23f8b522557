import { createHash } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type { Context } from '../Context.ts'
import { ahead } from '../internal/ahead.ts'
import type { Archive } from '../ports/Archive.ts'
import { describe } from './describe-original.ts'
import { bring, type Imported, type Importing } from './import-originals.ts'
import * as Manifest from './Manifest.ts'
import type { Item } from './read-export.ts'

/** Of how many bytes a file may be that is read whole: a keepsake, a status list, an image. */
const largest = 16 * 1024 * 1024

/** How many files are read at once while they are held against their digests. */
const width = 16

/** An archive whose every file is what its manifest says. */
export type Checked = {
  readonly manifest: Manifest.Manifest
  /** Of the manifest itself, which stands for all of it. */
  readonly digest: Bytes.Hex
  /** The keepsakes with their digests. */
  readonly credentials: ReadonlyMap<string, string>
}

/**
 * Brings all credentials of an organisation here that another Laurel has exported. They stay credentials of their issuer, whose
 * key is not here: each is kept as its keepsake and judged anew. What is public of them (manifests, status lists, metadata,
 * images) is served from here by its content identifier from then on.
 *
 * If we die in its midst: nothing of it is seen but public content that nobody names, and the same once more begins anew. If we
 * die right after it: it is there whole, and the same once more changes nothing.
 *
 * @throws {Manifest.InvalidExportError} EXPORT_INVALID, EXPORT_VERSION: nothing was imported
 * @throws what {@link bring} throws
 */
export async function importExport(
  archive: Archive,
  context: Importing & Pick<Context, 'content'>,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Imported & Pick<Checked, 'manifest'>> {
  const checked = await check(archive)
  const imported = await bring(keepsakes(archive, checked), { kind: 'export', digest: checked.digest }, context, {
    dryRun,
    finishing: () => publish(archive, checked, context),
  })
  return { ...imported, manifest: checked.manifest }
}

/**
 * Holds every file of an archive from anybody against its manifest: none is missing, none is there beside, and none is another.
 *
 * @throws {Manifest.InvalidExportError} EXPORT_INVALID, EXPORT_VERSION
 */
export async function check(archive: Archive): Promise<Checked> {
  const bytes = await whole(archive, Manifest.name, Manifest.largest)
  const manifest = readManifest(bytes)
  const named = new Map(manifest.files.map((entry) => [entry.name, entry]))
  const credentials = new Map<string, string>()
  for (const { name } of manifest.files) {
    if (!name.endsWith(`/${Manifest.sums}`)) continue
    const folder = name.slice(0, -Manifest.sums.length)
    const sums = Manifest.readSums(await whole(archive, name, Manifest.largest), name)
    for (const [file, sha256] of sums) credentials.set(`${folder}${file}`, sha256)
  }
  for (const name of archive.names)
    if (name !== Manifest.name && !named.has(name) && !credentials.has(name))
      throw new Manifest.InvalidExportError(name)
  if (credentials.size !== manifest.credentials) throw new Manifest.InvalidExportError(Manifest.name)
  const wanted = [...named.values(), ...[...credentials].map(([name, sha256]) => ({ name, sha256, size: undefined }))]
  for await (const _ of ahead(wanted, width, async ({ name, sha256, size }) => {
    const found = await measure(archive, name)
    if (found.sha256 !== sha256 || (size !== undefined && found.size !== size))
      throw new Manifest.InvalidExportError(name)
  }));
  return { manifest, digest: `0x${Manifest.digestOf(bytes)}`, credentials }
}

function readManifest(bytes: Uint8Array): Manifest.Manifest {
  try {
    return Manifest.read(bytes)
  } catch (cause) {
    if (!(cause instanceof Errors.BaseError) || cause.code.startsWith('EXPORT_')) throw cause
    throw new Manifest.InvalidExportError(Manifest.name, cause)
  }
}

async function* keepsakes(archive: Archive, { credentials }: Checked): AsyncGenerator<Item> {
  for (const [name, sha256] of credentials) {
    const bytes = await whole(archive, name, largest)
    // It may have changed since it was looked at.
    if (Manifest.digestOf(bytes) !== sha256) throw new Manifest.InvalidExportError(name)
    yield read(name, bytes)
  }
}

function read(name: string, bytes: Uint8Array): Item {
  try {
    return { read: { name, form: 'open-badge', bytes, ...describe(Json.parseObject(bytes)) } }
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    return { wrong: { name, code: error.code, message: error.message } }
  }
}

/** Keeps what is public, by what it hashes to: whatever it is, nobody takes it for anything else. */
async function publish(archive: Archive, { manifest }: Checked, { content }: Pick<Context, 'content'>): Promise<void> {
  for (const { name, sha256 } of manifest.files) {
    if (name === 'batches.ndjson' || name === 'achievements.ndjson') {
      for await (const metadata of metadataOf(archive, name)) await content.put(Bytes.fromUtf8(metadata))
      continue
    }
    if (!/^batches\/[^/]+\/(manifest|status-[a-z]+)\.json$|^images\//.test(name)) continue
    const bytes = await whole(archive, name, largest)
    if (Manifest.digestOf(bytes) !== sha256) throw new Manifest.InvalidExportError(name)
    await content.put(bytes)
  }
}

/** The public metadata of achievements, each a text whose bytes count. */
async function* metadataOf(archive: Archive, name: string): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const part of archive.read(name)) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const value = Json.parseObject(line)
      const metadata = Json.isObject(value.achievement) ? value.achievement.metadata : value.metadata
      if (typeof metadata === 'string') yield metadata
    }
    if (rest.length > largest) throw new Manifest.InvalidExportError(name)
  }
}

/** @throws {Manifest.InvalidExportError} EXPORT_INVALID when it is not there, or larger than it may be */
async function whole(archive: Archive, name: string, most: number): Promise<Uint8Array> {
  if (!archive.has(name)) throw new Manifest.InvalidExportError(name)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of archive.read(name)) {
    size += part.length
    if (size > most) throw new Manifest.InvalidExportError(name)
    parts.push(part)
  }
  return Bytes.concat(...parts)
}

async function measure(archive: Archive, name: string): Promise<{ readonly size: number; readonly sha256: string }> {
  if (!archive.has(name)) throw new Manifest.InvalidExportError(name)
  const hash = createHash('sha256')
  let size = 0
  for await (const part of archive.read(name)) {
    hash.update(part)
    size += part.length
  }
  return { size, sha256: hash.digest('hex') }
}
