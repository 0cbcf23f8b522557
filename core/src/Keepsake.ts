import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Jcs from './Jcs.ts'
import * as Json from './Json.ts'
import * as Manifest from './Manifest.ts'
import type * as StorageProof from './StorageProof.ts'

/**
 * A credential with all that is needed to verify it when nobody is left to ask (docs/format.md §11). Nothing in it is
 * believed because it is in it: each part is held against the credential, or against what the verifier trusts.
 */
export type Keepsake = {
  readonly credential: Json.Object
  /** Of its batch, as canonical bytes; absent of a credential without an anchor. */
  readonly manifest?: Uint8Array
  /** What the keepsake claims to be the issuer's DID document; absent where the DID is its own. */
  readonly didDocument?: Json.Object
  readonly statusLists: readonly StatusList[]
  readonly storageProofs: readonly AnchorShown[]
}

/** A status list by its URL, as the canonical bytes that the issuer has published. */
export type StatusList = { readonly url: string; readonly bytes: Uint8Array }

/** What shows the anchor to whoever trusts a block of the chain. */
export type AnchorShown = { readonly chainId: number; readonly proof: StorageProof.StorageProof }

/** How many of each a keepsake has at most, and of how many bytes. */
const most = {
  statusLists: 8,
  storageProofs: 8,
  headers: 256,
  headerBytes: 2_048,
  nodes: 64,
  nodeBytes: 1_024,
}

/** Whether a JSON text says of itself that it is a keepsake. */
export function isKeepsake(value: Json.Object): boolean {
  return value.type === 'LaurelKeepsake'
}

/** The text of a keepsake: JSON with its members in one order, and a final newline. */
export function text({ credential, manifest, didDocument, statusLists, storageProofs }: Keepsake): string {
  const ordered = {
    type: 'LaurelKeepsake',
    version: 1,
    credential,
    manifest: manifest === undefined ? null : Json.parseObject(manifest),
    didDocument: didDocument ?? null,
    statusLists: statusLists.map(({ bytes }) => Json.parseObject(bytes)),
    storageProofs: storageProofs.map(({ chainId, proof }) => ({
      chainId,
      headers: proof.headers.map(Bytes.toHex),
      account: proof.account.map(Bytes.toHex),
      storage: proof.storage.map(Bytes.toHex),
    })),
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

/**
 * Reads a keepsake from anybody: all members and no other. Whether its parts belong to the credential is the verifier's
 * business.
 *
 * @throws {VersionError} KEEPSAKE_VERSION for another type or version
 * @throws {InvalidKeepsakeError} KEEPSAKE_INVALID for everything else that is wrong, with the member
 * @throws what {@link Manifest.parse} throws
 */
export function read(value: Json.Object): Keepsake {
  if (!isKeepsake(value) || value.version !== 1) throw new VersionError()
  exactly(value, '', ['credential', 'didDocument', 'manifest', 'statusLists', 'storageProofs', 'type', 'version'])
  const { credential, manifest, didDocument } = value
  require(Json.isObject(credential), 'credential')
  require(didDocument === null || Json.isObject(didDocument), 'didDocument')
  require(manifest === null || Json.isObject(manifest), 'manifest')
  return {
    credential,
    ...(manifest === null ? {} : { manifest: canonical(manifest) }),
    ...(didDocument === null ? {} : { didDocument }),
    statusLists: statusListsOf(value),
    storageProofs: list(value.storageProofs, 'storageProofs', most.storageProofs).map(proofOf),
  }
}

function canonical(manifest: Json.Object): Uint8Array {
  const bytes = Jcs.bytes(manifest)
  Manifest.parse(bytes)
  return bytes
}

function statusListsOf(value: Json.Object): readonly StatusList[] {
  const lists = list(value.statusLists, 'statusLists', most.statusLists).map((each, i) => {
    require(Json.isObject(each) && typeof each.id === 'string', `statusLists/${i}`)
    return { url: each.id, bytes: Jcs.bytes(each) }
  })
  require(new Set(lists.map(({ url }) => url)).size === lists.length, 'statusLists')
  return lists
}

function proofOf(value: Json.Value, i: number): AnchorShown {
  const place = `storageProofs/${i}`
  require(Json.isObject(value), place)
  exactly(value, place, ['account', 'chainId', 'headers', 'storage'])
  const { chainId } = value
  require(typeof chainId === 'number' && Number.isSafeInteger(chainId) && chainId > 0, `${place}/chainId`)
  const bytes = (name: string, items: number, size: number) =>
    list(value[name], `${place}/${name}`, items).map((each) => hex(each, `${place}/${name}`, size))
  const headers = bytes('headers', most.headers, most.headerBytes)
  require(headers.length > 0, `${place}/headers`)
  return {
    chainId,
    proof: {
      headers,
      account: bytes('account', most.nodes, most.nodeBytes),
      storage: bytes('storage', most.nodes, most.nodeBytes),
    },
  }
}

function hex(value: Json.Value, member: string, size: number): Uint8Array {
  require(typeof value === 'string' && value.length <= 2 + 2 * size && /^0x(?:[0-9a-f]{2})+$/.test(value), member)
  return Bytes.fromHex(value)
}

function list(value: Json.Value | undefined, member: string, items: number): readonly Json.Value[] {
  require(Json.isArray(value) && value.length <= items, member)
  return value
}

function exactly(value: Json.Object, member: string, names: readonly string[]): void {
  require(Object.keys(value).toSorted().join() === names.join(), member)
}

function require(condition: boolean, member: string): asserts condition {
  if (!condition) throw new InvalidKeepsakeError(member)
}

/** Thrown when a file is no keepsake, or one of a version that is not known here. */
export class VersionError extends Errors.BaseError<'KEEPSAKE_VERSION'> {
  override readonly name = 'Keepsake.VersionError'
  constructor() {
    super('KEEPSAKE_VERSION', 'This is no keepsake, or one of another version than 1.')
  }
}

/** Thrown when a member of a keepsake is missing, wrong, or one that no keepsake has. */
export class InvalidKeepsakeError extends Errors.BaseError<'KEEPSAKE_INVALID'> {
  override readonly name = 'Keepsake.InvalidKeepsakeError'
  constructor(member: string) {
    super(
      'KEEPSAKE_INVALID',
      `This keepsake is damaged, or was changed: ${member === '' ? 'it' : member} is not what it has to be.`,
      { facts: { member } },
    )
  }
}
