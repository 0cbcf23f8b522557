import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import { printable } from '@laurel/verifier/printable'

/** One file of an archive: its size in bytes, and SHA-256 in lower-case hexadecimal. */
export type Entry = { readonly name: string; readonly size: number; readonly sha256: string }

/**
 * What is in the archive of an organisation (docs/moving.md): every file but keepsakes, which are named by the list of digests
 * in their folder, and itself.
 */
export type Manifest = {
  /** RFC 3339, in UTC. */
  readonly made: string
  readonly organisation: { readonly id: string; readonly name: string; readonly createdAt: string }
  readonly credentials: number
  readonly files: readonly Entry[]
}

/** Its file, which no verifier takes for a credential. */
export const name = 'manifest.json'

/** The list of digests in a folder of keepsakes, as `sha256sum` writes it. */
export const sums = 'SHA256SUMS'

/** Of how many bytes a manifest or a list of digests may be. */
export const largest = 16 * 1024 * 1024

const hex = /^[0-9a-f]{64}$/
const part = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}$/

/** Whether a file of an archive is a credential, by its name. */
export function isCredential(file: string): boolean {
  return file.endsWith('.laurel')
}

/** Whether a name leads to a file within the archive, and means the same on every machine. */
export function isName(text: string): boolean {
  return text.length <= 300 && text.split('/').every((each) => part.test(each))
}

/** SHA-256 of a file, as manifests and lists of digests have it. */
export function digestOf(bytes: Uint8Array): string {
  return Bytes.toHex(Sha256.digest(bytes)).slice(2)
}

/** A line of a list of digests. */
export function sum(sha256: string, file: string): string {
  return `${sha256}  ${file}\n`
}

/**
 * Reads a list of digests from anybody.
 *
 * @returns digests by the names of files in the folder
 * @throws {InvalidExportError} EXPORT_INVALID
 */
export function readSums(bytes: Uint8Array, file: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of new TextDecoder().decode(bytes).split('\n').slice(0, -1)) {
    const [, sha256 = '', of = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
    if (!part.test(of) || !isCredential(of) || found.has(of)) throw new InvalidExportError(file)
    found.set(of, sha256)
  }
  return found
}

/** Its bytes: JSON with its members in one order, and a final newline. */
export function text({ made, organisation, credentials, files }: Manifest): Uint8Array {
  const ordered = { type: 'LaurelOrganisationExport', version: 1, made, organisation, credentials, files }
  return Bytes.fromUtf8(`${JSON.stringify(ordered, null, 2)}\n`)
}

/**
 * Reads a manifest from anybody: all members and no other.
 *
 * @throws {VersionError} EXPORT_VERSION for another type or version
 * @throws {InvalidExportError} EXPORT_INVALID for everything else that is wrong
 * @throws what {@link Json.parseObject} throws
 */
export function read(bytes: Uint8Array): Manifest {
  if (bytes.length > largest) throw new InvalidExportError(name)
  const value = Json.parse(bytes, { bytes: largest, values: 1_000_000 })
  if (!Json.isObject(value) || value.type !== 'LaurelOrganisationExport' || value.version !== 1)
    throw new VersionError()
  const { made, organisation, credentials, files } = value
  exactly(value, ['credentials', 'files', 'made', 'organisation', 'type', 'version'])
  demand(Json.isObject(organisation))
  exactly(organisation, ['createdAt', 'id', 'name'])
  const { id, name: called, createdAt } = organisation
  demand(typeof id === 'string' && typeof called === 'string' && typeof createdAt === 'string')
  demand(typeof made === 'string' && isCount(credentials) && Json.isArray(files))
  const entries = files.map((each) => {
    demand(Json.isObject(each))
    exactly(each, ['name', 'sha256', 'size'])
    const { name: file, size, sha256 } = each
    demand(typeof file === 'string' && isName(file) && !isCredential(file) && file !== name)
    demand(isCount(size) && typeof sha256 === 'string' && hex.test(sha256))
    return { name: file, size, sha256 }
  })
  demand(new Set(entries.map((entry) => entry.name)).size === entries.length)
  return { made, organisation: { id, name: called, createdAt }, credentials, files: entries }
}

function isCount(value: Json.Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function exactly(value: Json.Object, names: readonly string[]): void {
  demand(Object.keys(value).toSorted().join() === names.join())
}

function demand(condition: boolean): asserts condition {
  if (!condition) throw new InvalidExportError(name)
}

/** Thrown when the archive of an organisation is none, or one of a version that is not known here. */
export class VersionError extends Errors.BaseError<'EXPORT_VERSION'> {
  override readonly name = 'Manifest.VersionError'
  constructor() {
    super('EXPORT_VERSION', 'This is no archive of an organisation, or one of another version than 1.')
  }
}

/** Thrown when an archive is not what its manifest says. */
export class InvalidExportError extends Errors.BaseError<'EXPORT_INVALID'> {
  override readonly name = 'Manifest.InvalidExportError'
  /** @param file that is missing, not named, or not what it has to be */
  constructor(file: string, cause?: unknown) {
    super('EXPORT_INVALID', `This archive is damaged, or was changed: ${printable(file)} is not what it has to be.`, {
      cause,
    })
  }
}
