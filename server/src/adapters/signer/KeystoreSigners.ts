import { createPrivateKey, hkdfSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Errors from '@laurel/core/Errors'
import * as EvmAddress from '@laurel/core/EvmAddress'
import * as Multikey from '@laurel/core/Multikey'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as Recent from '../../internal/Recent.ts'
import * as KeyUri from '../../KeyUri.ts'
import type { ChainSigner } from '../../ports/ChainSigner.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import type { IssuerKeys } from '../../ports/IssuerKeys.ts'
import type { Keyring } from '../../ports/Keyring.ts'
import type { WebhookSecrets } from '../../ports/WebhookSecrets.ts'
import * as Keystore from './Keystore.ts'
import { type Kind, type RemoteKey, SignerError } from './RemoteKey.ts'
import * as RemoteSigners from './RemoteSigners.ts'

/** Where an operator wants keys to be that are not in the home, and how one is opened there. */
export type Elsewhere = {
  readonly at: Readonly<Partial<Record<Placed, string>>>
  readonly open: (uri: KeyUri.KeyUri, kind: Kind) => Promise<RemoteKey>
  /** Makes a key where that is ours to do and there is none yet; answers whether it did. */
  readonly generate: (uri: KeyUri.KeyUri, kind: Kind) => Promise<boolean>
}

/** What may be kept elsewhere; the key of webhooks yields secrets, and is none that signs. */
export type Placed = Exclude<Keystore.Purpose, 'webhook'>

/** Every key is in the home. */
const nowhere: Elsewhere = {
  at: {},
  open: async () => {
    throw new TypeError('Nothing was said about keys elsewhere')
  },
  generate: async () => false,
}

/** A key of a home as it can be used: here, or where it is. */
type Found = Keystore.Secret | RemoteSigners.Options

/**
 * The two signers of a home that issue. The keys lie encrypted under `keys/`, or are elsewhere and `keys/` says where; what
 * is elsewhere is opened when it is first needed. Secrets stay in closures: nothing prints, serialises or exports them.
 *
 * @param passphraseFile the operator's; the home's own when absent
 * @returns also the public halves of every credential key that was in use, the oldest first; and what sees to it that the
 * keys in use are those that the operator names and are where they are said to be
 * @throws {Keystore.KeystoreError} when a key cannot be opened
 * @throws {RemoteKey.SignerError} when a key that is elsewhere is taken into use, and cannot be looked at
 */
export async function open(
  home: string,
  passphraseFile: string | undefined,
  elsewhere: Elsewhere = nowhere,
): Promise<{
  readonly credentialSigner: CredentialSigner
  readonly chainSigner: ChainSigner
  readonly credentialKeys: readonly Uint8Array[]
  readonly check: () => Promise<void>
}> {
  const passphrase = await Keystore.readPassphrase(home, passphraseFile)
  const [earlier, newest, chain] = await Promise.all([
    Keystore.loadEarlier(home, 'credential', passphrase),
    Keystore.load(home, 'credential', passphrase, first('credential', elsewhere)),
    Keystore.load(home, 'chain', passphrase, first('chain', elsewhere)),
  ])
  const found = { credential: find('credential', newest, elsewhere), chain: find('chain', chain, elsewhere) }
  return {
    credentialSigner: toCredentialSigner(found.credential),
    chainSigner: toChainSigner(found.chain),
    credentialKeys: [...earlier, newest].map(credentialKey),
    check: async () => {
      for (const purpose of ['credential', 'chain'] as const) await check(purpose, found[purpose], elsewhere)
    },
  }
}

/**
 * The keys of a home as those see them who change them. A key is made when it is first asked for, or looked at where it is
 * to be; an account is opened once: where a person has chosen the passphrase, that takes as long as guessing it once.
 *
 * @param passphraseFile the operator's; the home's own when absent
 */
export function keyring(home: string, passphraseFile: string | undefined, elsewhere: Elsewhere = nowhere): Keyring {
  const passphrase = () => Keystore.readPassphrase(home, passphraseFile)
  const opened = new Map<string, ChainSigner>()
  const all = async (purpose: Placed) => Keystore.loadAll(home, purpose, await passphrase())
  const next = async (purpose: Placed) =>
    Keystore.loadNext(home, purpose, await passphrase(), following(purpose, await all(purpose), elsewhere))
  return {
    account: async (purpose) => {
      const load = async () => Keystore.load(home, purpose, await passphrase(), first(purpose, elsewhere))
      const signer = opened.get(purpose) ?? toChainSigner(find(purpose, await load(), elsewhere))
      opened.set(purpose, signer)
      return signer
    },
    accounts: async (purpose) => {
      const keys = await all(purpose)
      return keys.map((key, i) => toChainSigner(find(purpose, key, elsewhere, i < keys.length - 1)))
    },
    credentialKeys: async () => (await all('credential')).map(credentialKey),
    nextAccount: async (purpose) => toChainSigner(find(purpose, await next(purpose), elsewhere)),
    nextCredentialKey: async () => credentialKey(await next('credential')),
    hasNext: (purpose) => Keystore.hasNext(home, purpose),
    promote: async (purpose) => {
      await Keystore.promote(home, purpose)
      opened.delete(purpose)
    },
  }
}

/**
 * The credential keys of issuers beside the home's own. They lie encrypted under `keys/issuers/`, or are elsewhere and a file there
 * says where.
 *
 * @param passphraseFile the operator's; the home's own when absent
 */
export function issuerKeys(
  home: string,
  passphraseFile: string | undefined,
  elsewhere: Elsewhere = nowhere,
): IssuerKeys {
  // Where a person has chosen the passphrase, opening one takes as long as guessing it once.
  const opened = Recent.create<Promise<CredentialSigner>>(1_000)
  const load = async (issuer: string, generation: number, make: Keystore.Make) =>
    Keystore.loadOfIssuer(home, { issuer, generation }, await Keystore.readPassphrase(home, passphraseFile), make)
  return {
    make: async (issuer, generation, named) => {
      const make = first('credential', { ...elsewhere, at: named === undefined ? {} : { credential: named.uri } })
      const key = await load(issuer, generation, async () => {
        const made = await make()
        await named?.demandFree(credentialKey(made))
        return made
      })
      return credentialKey(key)
    },
    open: (issuer, generation, publicKey) =>
      opened.get(`${issuer} ${generation}`, async () => {
        const key = await load(issuer, generation, async () => {
          throw new SignerError('SIGNER_KEY_MISSING', { scheme: 'keystore' })
        })
        if (!Bytes.equals(credentialKey(key), publicKey))
          throw new SignerError('SIGNER_MISMATCH', { scheme: 'keystore' })
        return toCredentialSigner(find('credential', key, { ...elsewhere, at: {} }))
      }),
  }
}

/** What a person sees of a key. */
export type Listed = {
  readonly purpose: Placed
  /** 1 is the first that was in use. */
  readonly generation: number
  readonly standing: 'earlier' | 'in use' | 'to come'
  /** Where it is, as {@link KeyUri.parse} reads it. */
  readonly uri: string
  /** A Multikey of the credential key, the address of an account. */
  readonly id: string
  /** Signs random bytes and verifies what comes of it. */
  readonly test: () => Promise<void>
}

/**
 * Every key of a home that there is by now; none is made.
 *
 * @throws {Keystore.KeystoreError} when a key cannot be opened
 */
export async function list(
  home: string,
  passphraseFile: string | undefined,
  elsewhere: Elsewhere = nowhere,
): Promise<readonly Listed[]> {
  const passphrase = await Keystore.readPassphrase(home, passphraseFile)
  const listed: Listed[] = []
  for (const purpose of placed) {
    const keys = await Keystore.loadAll(home, purpose, passphrase)
    const next = await Keystore.peekNext(home, purpose, passphrase)
    for (const [i, key] of [...keys, ...(next === undefined ? [] : [next])].entries()) {
      const standing = i === keys.length ? 'to come' : i === keys.length - 1 ? 'in use' : 'earlier'
      const found = find(purpose, key, elsewhere, standing === 'earlier')
      const uri = 'secret' in key ? 'keystore:' : key.uri
      listed.push({
        purpose,
        generation: i + 1,
        standing,
        uri,
        id: idOf(purpose, key),
        test: () => test(purpose, found),
      })
    }
  }
  return listed
}

/**
 * Makes the key for a purpose where the operator wants it, as far as there is none, and takes it into use where no other
 * is. One that is to follow another waits for its rotation, which says so to the world first.
 *
 * If we die in its midst: it was made or not, and is in use or not; the same again goes on from there.
 *
 * @returns whether one was made; the key in use; and the place of one that waits
 * @throws {RemoteKey.SignerError} and what else opening a key throws
 */
export async function init(
  home: string,
  passphraseFile: string | undefined,
  elsewhere: Elsewhere,
  purpose: Placed,
): Promise<{ readonly made: boolean; readonly waits: string | undefined; readonly key: Listed }> {
  const named = elsewhere.at[purpose]
  const generated = named === undefined ? false : await elsewhere.generate(KeyUri.parse(named), kindOf(purpose))
  const passphrase = await Keystore.readPassphrase(home, passphraseFile)
  const isFirst = (await Keystore.loadAll(home, purpose, passphrase)).length === 0
  await Keystore.load(home, purpose, passphrase, first(purpose, elsewhere))
  const all = await list(home, passphraseFile, elsewhere)
  const key = all.find((each) => each.purpose === purpose && each.standing === 'in use')
  if (key === undefined) throw new TypeError('A key is in use once it was loaded')
  const waits = named === undefined || named === key.uri ? undefined : named
  return { made: generated || (isFirst && key.uri === 'keystore:'), waits, key }
}

/** In the order in which they are shown. */
export const placed: readonly Placed[] = ['credential', 'chain', 'controller', 'badges', 'audit']

async function test(purpose: Placed, found: Found): Promise<void> {
  const message = randomBytes(32)
  if (purpose !== 'credential') {
    const { signDigest, x, y } = toChainSigner(found)
    const { r, s, yParity } = await signDigest(message)
    const bytes = Bytes.concat(Uint8Array.of(yParity), Bytes.fromHex(r), Bytes.fromHex(s))
    const point = secp256k1.Point.fromBytes(secp256k1.recoverPublicKey(bytes, message, { prehash: false })).toBytes(
      false,
    )
    if (!Bytes.equals(point.subarray(1), Bytes.concat(x, y))) throw new TypeError('A signature is of its key')
    return
  }
  const { publicKey, sign } = toCredentialSigner(found)
  const [signature] = await sign([message])
  if (signature === undefined || !Ed25519.verify(signature, message, publicKey))
    throw new TypeError('A signature is of its key')
}

/** What is made or looked at where there is no key yet. */
function first(purpose: Placed, { at, open }: Elsewhere): Keystore.Make {
  const kind = kindOf(purpose)
  const uri = at[purpose]
  const parsed = uri === undefined ? undefined : KeyUri.parse(uri)
  if (uri === undefined || parsed === undefined || parsed.scheme === 'keystore')
    return Keystore.random(kind === 'ed25519' ? () => true : secp256k1.utils.isValidSecretKey)
  return async () => ({ uri, publicKey: (await open(parsed, kind)).publicKey })
}

/** What is made or looked at to come after others, of which it is to be none. */
function following(purpose: Placed, before: readonly Keystore.Key[], elsewhere: Elsewhere): Keystore.Make {
  const make = first(purpose, elsewhere)
  return async () => {
    const key = await make()
    if (before.some((each) => idOf(purpose, each) === idOf(purpose, key))) throw new SameKeyError(purpose)
    return key
  }
}

/**
 * A key where it is. The one in use may have moved since it was taken into use: then the operator says where it is now.
 */
function find(purpose: Placed, key: Keystore.Key, elsewhere: Elsewhere, isEarlier = false): Found {
  if ('secret' in key) return key
  const { at, open } = elsewhere
  const { publicKey } = key
  const named = isEarlier ? undefined : at[purpose]
  const uri = KeyUri.parse(named ?? key.uri)
  // It is in the home now, says the operator; and it never can be.
  if (uri.scheme === 'keystore') return find(purpose, key, { ...elsewhere, at: {} })
  const connect = RemoteSigners.connect({ uri, publicKey, open: () => open(uri, kindOf(purpose)) }, () =>
    named === undefined || named === key.uri ? undefined : new NotInUseError(purpose),
  )
  return { uri, publicKey, connect }
}

async function check(purpose: Placed, found: Found, { at }: Elsewhere): Promise<void> {
  const named = at[purpose]
  const isHere = 'secret' in found
  if (named !== undefined && (KeyUri.parse(named).scheme === 'keystore') !== isHere) throw new NotInUseError(purpose)
  if (!isHere) await found.connect()
}

function kindOf(purpose: Placed): Kind {
  return purpose === 'credential' ? 'ed25519' : 'secp256k1'
}

function credentialKey(key: Keystore.Key): Uint8Array {
  return 'secret' in key ? Ed25519.publicKey(key.secret) : key.publicKey
}

function idOf(purpose: Placed, key: Keystore.Key): string {
  if (purpose === 'credential') return Multikey.fromEd25519(credentialKey(key))
  if ('secret' in key) return chainSigner(key.secret).address
  return EvmAddress.fromPublicKey(key.publicKey.subarray(0, 32), key.publicKey.subarray(32))
}

function toCredentialSigner(found: Found): CredentialSigner {
  return 'secret' in found ? credentialSigner(found.secret) : RemoteSigners.credentialSigner(found)
}

function toChainSigner(found: Found): ChainSigner {
  return 'secret' in found ? chainSigner(found.secret) : RemoteSigners.chainSigner(found)
}

/**
 * The secrets of endpoints, by HKDF-SHA-256 (RFC 5869) from a key of their own, which is opened when it is first needed.
 *
 * @param passphraseFile the operator's; the home's own when absent
 */
export function webhookSecrets(home: string, passphraseFile: string | undefined): WebhookSecrets {
  // What cannot be opened now, or made on a full disk, may be the next time.
  const opened = Recent.create<Promise<Uint8Array>>(1)
  const open = async () => {
    const passphrase = await Keystore.readPassphrase(home, passphraseFile)
    const key = await Keystore.load(
      home,
      'webhook',
      passphrase,
      Keystore.random(() => true),
    )
    if (!('secret' in key)) throw new TypeError('The key of webhooks is in the home')
    return key.secret
  }
  const derive = async (info: string, size: number) =>
    new Uint8Array(hkdfSync('sha256', await opened.get('webhook', open), new Uint8Array(0), info, size))
  return {
    key: async () => Bytes.toHex(await derive('laurel/webhook-key/v1', 8)),
    secret: (endpoint, generation) => derive(`laurel/webhook/v1/${endpoint}/${generation}`, 32),
  }
}

/** Node signs on threads of its own, so that a great many messages hold nobody up. */
function credentialSigner(seed: Uint8Array): CredentialSigner {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const signOne = promisify(sign) as (algorithm: null, message: Uint8Array, key: KeyObject) => Promise<Buffer>
  return {
    publicKey: Ed25519.publicKey(seed),
    sign: (messages) => Promise.all(messages.map((message) => signOne(null, message, key))),
  }
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function chainSigner(secret: Uint8Array): ChainSigner {
  const point = secp256k1.getPublicKey(secret, false).slice(1)
  return {
    address: EvmAddress.fromPublicKey(point.slice(0, 32), point.slice(32)),
    x: point.slice(0, 32),
    y: point.slice(32),
    signDigest: async (digest) => {
      const signature = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'recovered' })
      return {
        r: Bytes.toHex(signature.slice(1, 33)),
        s: Bytes.toHex(signature.slice(33)),
        yParity: signature[0] === 0 ? 0 : 1,
      }
    },
  }
}

/** Thrown when the operator names another key than the one that is in use. */
export class NotInUseError extends Errors.BaseError<'KEY_NOT_IN_USE'> {
  override readonly name = 'KeystoreSigners.NotInUseError'
  constructor(purpose: Placed) {
    super('KEY_NOT_IN_USE', `LAUREL_${purpose.toUpperCase()}_KEY names another key than the one that is in use.`, {
      facts: { purpose },
    })
  }
}

/** Thrown when a key is to come after itself. */
export class SameKeyError extends Errors.BaseError<'KEY_SAME'> {
  override readonly name = 'KeystoreSigners.SameKeyError'
  constructor(purpose: Placed) {
    super(
      'KEY_SAME',
      `LAUREL_${purpose.toUpperCase()}_KEY names a key that is or was in use, not one that is to come.`,
      {
        facts: { purpose },
      },
    )
  }
}
