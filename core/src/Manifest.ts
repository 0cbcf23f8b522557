import * as Bytes from './Bytes.ts'
import * as Caip10 from './Caip10.ts'
import * as DataIntegrity from './DataIntegrity.ts'
import * as DateTimeStamp from './DateTimeStamp.ts'
import * as Errors from './Errors.ts'
import * as Jcs from './Jcs.ts'
import * as Json from './Json.ts'
import * as Sha256 from './Sha256.ts'

/** An achievement that the batch awards; `metadataDigest` is the SHA-256 of its public metadata. */
export type Achievement = { readonly id: string; readonly metadataDigest: Bytes.Hex }

/** The URLs of the lists of the batch's statuses; none in the Blockcerts profile. */
export type StatusLists =
  | { readonly revocation: string; readonly suspension: string }
  | { readonly revocation?: never; readonly suspension?: never }

/** What a manifest says before it is signed. */
export type Unsigned = {
  readonly type: 'LaurelManifest'
  readonly version: 1
  /** The DID that issued every credential of the batch. */
  readonly issuer: string
  /** The account that anchors the batch, in CAIP-10 form. */
  readonly account: string
  /** Counts the account's batches from 1. */
  readonly number: number
  /** The root of that account's batch before; null for the first. */
  readonly previous: Bytes.Hex | null
  /** How many credentials the batch has, below 2^32. */
  readonly size: number
  readonly created: string
  readonly achievements: readonly Achievement[]
  readonly statusLists: StatusLists
}

/** The public, signed description of a batch. It holds nothing personal. */
export type Manifest = Unsigned & { readonly proof: DataIntegrity.Proof }

/** A manifest has at most 256 KiB, so that it is one raw block. */
export const maximumBytes = 256 * 1024

/** Signs a manifest with the issuer's credential key (`eddsa-jcs-2022`, created with the manifest). */
export async function sign(
  unsigned: Unsigned,
  verificationMethod: string,
  sign: DataIntegrity.Sign,
): Promise<Manifest> {
  const options = { created: unsigned.created, verificationMethod }
  return { ...unsigned, proof: await DataIntegrity.createJcs(unsigned as Json.Object, options, sign) }
}

/** The bytes of a manifest: its RFC 8785 form, proof included. */
export function bytes(manifest: Manifest): Uint8Array {
  return Jcs.bytes(manifest as Json.Object)
}

/** The manifest's digest: SHA-256 of its bytes. */
export function digest(manifest: Manifest): Uint8Array {
  return Sha256.digest(bytes(manifest))
}

/** Whether the manifest's proof is by this Ed25519 key (32 bytes). */
export function verify(manifest: Manifest, publicKey: Uint8Array): boolean {
  return DataIntegrity.verifyJcs(manifest as Json.Object, manifest.proof as Json.Object, publicKey)
}

/**
 * Reads a manifest from anybody: exactly the bytes that {@link bytes} writes, all members and no other.
 *
 * @throws {VersionError} MANIFEST_VERSION for another type or version
 * @throws {InvalidManifestError} MANIFEST_INVALID for everything else that is wrong, with the member
 * @throws what {@link Json.parse} throws
 */
export function parse(input: Uint8Array): Manifest {
  const value = Json.parseObject(input, { bytes: maximumBytes, depth: 4 })
  if (value.type !== 'LaurelManifest' || value.version !== 1) throw new VersionError()
  exactly(value, '', [
    'account',
    'achievements',
    'created',
    'issuer',
    'number',
    'previous',
    'proof',
    'size',
    'statusLists',
    'type',
    'version',
  ])
  require(isDid(value.issuer), 'issuer')
  require(isAccount(value.account), 'account')
  require(isCount(value.number, Number.MAX_SAFE_INTEGER), 'number')
  require(value.number === 1 ? value.previous === null : isDigest(value.previous), 'previous')
  require(isCount(value.size, 2 ** 32 - 1), 'size')
  require(isDate(value.created), 'created')
  checkAchievements(value.achievements)
  checkStatusLists(value.statusLists)
  checkProof(value.proof, value.created)
  require(Bytes.equals(Jcs.bytes(value), input), '')
  return value as unknown as Manifest
}

function checkAchievements(value: Json.Value | undefined): void {
  require(Json.isArray(value) && value.length > 0, 'achievements')
  const ids = value.map((achievement, i) => {
    const member = `achievements/${i}`
    require(Json.isObject(achievement), member)
    exactly(achievement, member, ['id', 'metadataDigest'])
    require(isText(achievement.id), `${member}/id`)
    require(isDigest(achievement.metadataDigest), `${member}/metadataDigest`)
    return achievement.id
  })
  require(new Set(ids).size === ids.length, 'achievements')
}

function checkStatusLists(value: Json.Value | undefined): void {
  require(Json.isObject(value), 'statusLists')
  if (Object.keys(value).length === 0) return
  exactly(value, 'statusLists', ['revocation', 'suspension'])
  require(isText(value.revocation) && isText(value.suspension), 'statusLists')
  require(value.revocation !== value.suspension, 'statusLists')
}

function checkProof(value: Json.Value | undefined, created: Json.Value | undefined): void {
  require(Json.isObject(value), 'proof')
  exactly(value, 'proof', ['created', 'cryptosuite', 'proofPurpose', 'proofValue', 'type', 'verificationMethod'])
  require(value.type === 'DataIntegrityProof' && value.cryptosuite === 'eddsa-jcs-2022', 'proof')
  require(value.proofPurpose === 'assertionMethod', 'proof/proofPurpose')
  require(value.created === created, 'proof/created')
  require(isText(value.verificationMethod) && isText(value.proofValue), 'proof')
}

function exactly(value: Json.Object, member: string, names: readonly string[]): void {
  require(Object.keys(value).toSorted().join() === names.join(), member)
}

function require(condition: boolean, member: string): asserts condition {
  if (!condition) throw new InvalidManifestError(member)
}

function isText(value: Json.Value | undefined): value is string {
  return typeof value === 'string' && value !== ''
}

function isDid(value: Json.Value | undefined): boolean {
  return typeof value === 'string' && /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(value)
}

function isDigest(value: Json.Value | undefined): boolean {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}

function isCount(value: Json.Value | undefined, maximum: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= maximum
}

function isDate(value: Json.Value | undefined): boolean {
  return typeof value === 'string' && DateTimeStamp.isValid(value)
}

function isAccount(value: Json.Value | undefined): boolean {
  try {
    return typeof value === 'string' && Caip10.parse(value).chainId > 0
  } catch {
    return false
  }
}

/** Thrown when a manifest has a type or version that this reader does not know. */
export class VersionError extends Errors.BaseError<'MANIFEST_VERSION'> {
  override readonly name = 'Manifest.VersionError'
  constructor() {
    super('MANIFEST_VERSION', 'This batch description is of a kind or version unknown here.')
  }
}

/** Thrown when a manifest is not written as the format demands. `member` is the place, empty for the whole. */
export class InvalidManifestError extends Errors.BaseError<'MANIFEST_INVALID'> {
  override readonly name = 'Manifest.InvalidManifestError'
  constructor(member: string) {
    super('MANIFEST_INVALID', `This batch description is not well formed${member === '' ? '' : ` at "${member}"`}.`, {
      facts: { member },
    })
  }
}
