import type * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as PublicKey from '@laurel/core/PublicKey'
import type * as Trust from '../Trust.ts'

/** What a trust file says in a browser: whom to trust, and where to look. A page has no folders; those are passed over. */
export type Settings = {
  readonly trust: Trust.Trust
  readonly gateways: readonly string[]
  readonly allowLoopback: boolean
}

/** Nobody and nothing: nothing is accepted then. */
export const nobody: Settings = {
  trust: { chains: [], issuers: [], status: { maximumAgeSeconds: 24 * 60 * 60 } },
  gateways: [],
  allowLoopback: false,
}

/**
 * Reads a trust file in a browser: the same file, by the same rules, as the command does, in a fraction of the size. A test
 * holds the two against each other.
 *
 * @throws {TrustError} TRUST_INVALID, naming the first wrong place
 */
export function read(input: Uint8Array | string): Settings {
  let file: Json.Object
  try {
    file = Json.parseObject(input)
  } catch (cause) {
    if (cause instanceof Errors.BaseError) throw new TrustError('the file', cause.message, cause)
    throw cause
  }
  const { chains, issuers, federations, content, status, allowLoopback } = members('', file, [
    'chains',
    'issuers',
    'federations',
    'content',
    'status',
    'allowLoopback',
  ])
  const { gateways, folders } = members('content', or(content, {}), ['gateways', 'folders'])
  const { maximumAgeSeconds, ...rest } = members('status', or(status, {}), ['maximumAgeSeconds', 'folders'])
  for (const [at, value] of [
    ['content.folders', folders],
    ['status.folders', rest.folders],
  ] as const)
    list(at, or(value, []), text)
  return {
    trust: {
      chains: unique('chains', list('chains', chains, chain), ({ chainId }) => chainId),
      issuers: unique('issuers', list('issuers', issuers, issuer), ({ did }) => did),
      ...(federations !== undefined && {
        federations: unique('federations', list('federations', federations, federation), ({ id }) => id),
      }),
      status: { maximumAgeSeconds: count('status.maximumAgeSeconds', or(maximumAgeSeconds, 24 * 60 * 60), 1) },
    },
    gateways: list('content.gateways', or(gateways, []), url).map((each) => (each.endsWith('/') ? each : `${each}/`)),
    allowLoopback: flag('allowLoopback', or(allowLoopback, false)),
  }
}

function chain(at: string, value: Json.Value): Trust.Chain {
  const names = ['chainId', 'name', 'rpc', 'quorum', 'registry', 'statusRegistry', 'confirmations']
  const file = members(at, value, [...names, 'test', 'proof', 'checkpoints'])
  const rpc = unique(`${at}.rpc`, list(`${at}.rpc`, file.rpc, url), (each) => each)
  const checkpoints = list(`${at}.checkpoints`, or(file.checkpoints, []), checkpoint)
  if (rpc.length + checkpoints.length === 0) throw new TrustError(at, 'an RPC or a checkpoint is needed')
  const quorum = count(`${at}.quorum`, or(file.quorum, 1), 1)
  if (quorum > Math.max(1, rpc.length)) throw new TrustError(`${at}.quorum`, 'cannot be larger than the number of RPCs')
  const { proof = 'preferred' } = file
  if (proof !== 'required' && proof !== 'preferred')
    throw new TrustError(`${at}.proof`, 'must be required or preferred')
  return {
    chainId: count(`${at}.chainId`, file.chainId, 1),
    name: filled(`${at}.name`, file.name),
    rpc,
    quorum,
    registry: hex(`${at}.registry`, file.registry, 20),
    ...(file.statusRegistry !== undefined && {
      statusRegistry: hex(`${at}.statusRegistry`, file.statusRegistry, 20),
    }),
    confirmations: count(`${at}.confirmations`, file.confirmations, 1),
    test: flag(`${at}.test`, or(file.test, false)),
    proof,
    checkpoints,
  }
}

function checkpoint(at: string, value: Json.Value): Trust.Checkpoint {
  const { number, hash } = members(at, value, ['number', 'hash'])
  return { number: count(`${at}.number`, number, 0), hash: hex(`${at}.hash`, hash, 32) }
}

function issuer(at: string, value: Json.Value): Trust.Issuer {
  const known = ['did', 'name', 'accounts', 'recorders', 'didDocument', 'profile', 'directory', 'anchor'] as const
  const file = members(at, value, known)
  const did = text(`${at}.did`, file.did)
  if (!/^(did:|https:\/\/)/.test(did))
    throw new TrustError(`${at}.did`, 'must be a DID, or the https address of a profile')
  const { accounts, recorders, didDocument, profile } = file
  if (didDocument !== undefined && (!Json.isObject(didDocument) || didDocument.id !== did))
    throw new TrustError(`${at}.didDocument.id`, 'must be the did')
  if (profile !== undefined && (!Json.isObject(profile) || profile.id !== did))
    throw new TrustError(`${at}.profile.id`, 'must be the did')
  return {
    did,
    name: filled(`${at}.name`, file.name),
    ...(accounts !== undefined && { accounts: some(`${at}.accounts`, accounts, account) }),
    ...(recorders !== undefined && { recorders: some(`${at}.recorders`, recorders, account) }),
    ...(didDocument !== undefined && { didDocument: didDocument as unknown as DidDocument.DidDocument }),
    ...(profile !== undefined && { profile }),
    ...(file.directory !== undefined && { directory: directory(`${at}.directory`, file.directory) }),
    anchor: demand(`${at}.anchor`, file.anchor),
  }
}

function federation(at: string, value: Json.Value): Trust.Federation {
  const file = members(at, value, ['id', 'name', 'jwks', 'anchor'])
  const { keys } = members(`${at}.jwks`, file.jwks, ['keys'])
  return {
    id: url(`${at}.id`, file.id),
    name: filled(`${at}.name`, file.name),
    keys: unique(`${at}.jwks.keys`, some(`${at}.jwks.keys`, keys, jwk), ({ kid }) => kid),
    anchor: demand(`${at}.anchor`, file.anchor),
  }
}

function jwk(at: string, value: Json.Value): Json.Object {
  if (!Json.isObject(value)) throw new TrustError(at, 'must be an object')
  filled(`${at}.kid`, value.kid)
  if (!isPublicKey(value)) throw new TrustError(at, 'is no public key that is read here')
  return value
}

function isPublicKey(jwk: Json.Object): boolean {
  try {
    return PublicKey.fromJwk(jwk) !== undefined
  } catch {
    return false
  }
}

function demand(at: string, value: Read): 'required' | 'optional' {
  if (value === undefined || value === 'required') return 'required'
  if (value !== 'optional') throw new TrustError(at, 'must be required or optional')
  return value
}

function directory(at: string, value: Json.Value): Trust.DirectoryEntry {
  const { chainId, address, issuerId } = members(at, value, ['chainId', 'address', 'issuerId'])
  return {
    chainId: count(`${at}.chainId`, chainId, 1),
    address: hex(`${at}.address`, address, 20),
    issuerId: hex(`${at}.issuerId`, issuerId, 32),
  }
}

type Read = Json.Value | undefined

/** What is there, or else what a missing member stands for; `null` is there. */
function or(value: Read, fallback: Json.Value): Json.Value {
  return value === undefined ? fallback : value
}

/** What an object has, none of which may be anything else than what is known. */
function members(at: string, value: Read, known: readonly string[]): Json.Object {
  if (!Json.isObject(value)) throw new TrustError(at, 'must be an object')
  const stranger = Object.keys(value).find((name) => !known.includes(name))
  if (stranger !== undefined) throw new TrustError(at === '' ? stranger : `${at}.${stranger}`, 'is not known here')
  return value
}

function list<item>(at: string, value: Read, read: (at: string, value: Json.Value) => item): readonly item[] {
  if (!Json.isArray(value)) throw new TrustError(at, 'must be a list')
  return value.map((each, i) => read(`${at}.${i}`, each))
}

function some<item>(at: string, value: Read, read: (at: string, value: Json.Value) => item): readonly item[] {
  const items = list(at, value, read)
  if (items.length === 0) throw new TrustError(at, 'must name one')
  return items
}

function unique<item>(at: string, items: readonly item[], key: (item: item) => unknown): readonly item[] {
  if (new Set(items.map(key)).size !== items.length) throw new TrustError(at, 'has the same twice')
  return items
}

function text(at: string, value: Read): string {
  if (typeof value !== 'string') throw new TrustError(at, 'must be text')
  return value
}

function filled(at: string, value: Read): string {
  if (text(at, value) === '') throw new TrustError(at, 'must not be empty')
  return value as string
}

function url(at: string, value: Read): string {
  const address = text(at, value)
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new TrustError(at, 'must be an http or https URL')
  return address
}

function account(at: string, value: Read): string {
  if (!/^eip155:[1-9][0-9]*:0x[0-9a-f]{40}$/.test(text(at, value)))
    throw new TrustError(at, 'must be eip155:<chain id>:0x… in lower case')
  return value as string
}

function hex(at: string, value: Read, bytes: number): Bytes.Hex {
  if (!new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`).test(text(at, value)))
    throw new TrustError(at, `must be 0x and ${bytes * 2} digits of 0-9 and a-f`)
  return value as Bytes.Hex
}

function count(at: string, value: Read, least: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least)
    throw new TrustError(at, `must be a whole number from ${least} on`)
  return value
}

function flag(at: string, value: Read): boolean {
  if (typeof value !== 'boolean') throw new TrustError(at, 'must be true or false')
  return value
}

/** Thrown when a trust file cannot be used: then nothing is verified at all. */
export class TrustError extends Errors.BaseError<'TRUST_INVALID'> {
  override readonly name = 'TrustFile.TrustError'
  constructor(place: string, problem: string, cause?: unknown) {
    super('TRUST_INVALID', `The trust file is wrong: ${place || 'the file'} ${problem}.`, { facts: { place }, cause })
  }
}
