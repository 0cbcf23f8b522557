import { createCipheriv, createDecipheriv, randomBytes, scrypt as scryptCallback } from 'node:crypto'
import { chmod, link, mkdir, open as openFile, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'

const scrypt = promisify<string, Uint8Array, number, object, Buffer>(scryptCallback)

/**
 * What a key is for. One key never serves two purposes: `chain` anchors and does nothing else, `controller` speaks for
 * the issuer in the directory, `badges` awards, `audit` anchors the audit log, `webhook` yields the secrets of endpoints.
 */
export type Purpose = 'credential' | 'chain' | 'controller' | 'badges' | 'audit' | 'webhook'

/**
 * A key file: a 32-byte secret under AES-256-GCM, its key from the passphrase by scrypt (RFC 7914). Everything but the
 * ciphertext is authenticated with it, so no member can be exchanged.
 */
type KeyFile = {
  readonly type: 'LaurelKey'
  readonly version: 1
  readonly purpose: Purpose
  readonly kdf: {
    readonly name: 'scrypt'
    readonly n: number
    readonly r: number
    readonly p: number
    readonly salt: Bytes.Hex
  }
  readonly cipher: { readonly name: 'aes-256-gcm'; readonly nonce: Bytes.Hex }
  readonly ciphertext: Bytes.Hex
  readonly tag: Bytes.Hex
}

/**
 * Beside key files lie references: the key itself is elsewhere, and this says where, and which one it is. Nothing in it is
 * secret.
 */
type ReferenceFile = {
  readonly type: 'LaurelKeyReference'
  readonly version: 1
  readonly purpose: Purpose
  /** Where it was when it was taken into use. */
  readonly uri: string
  /** Ed25519: 32 bytes. secp256k1: its two coordinates, 64 bytes. */
  readonly publicKey: Bytes.Hex
}

/** A key of a home: its secret, or where it is kept and which one it is. */
export type Key = Secret | Reference
export type Secret = { readonly secret: Uint8Array }
export type Reference = { readonly uri: string; readonly publicKey: Uint8Array }

/** Makes a key that is not there yet, or looks at the one that is to be used. */
export type Make = () => Promise<Key>

/** What opens the keys. `strength`: whether it is 32 random bytes, which nobody guesses, or what a person may choose. */
export type Passphrase = { readonly text: string; readonly strength: 'random' | 'chosen' }

/** Against guessing, OWASP's second recommendation of 2025 for scrypt: 64 MiB, twice. Nobody guesses 32 random bytes. */
const costs = { random: { n: 1_024, r: 8, p: 1 }, chosen: { n: 65_536, r: 8, p: 2 } } as const
/** What a file may ask for, at most, so that a hostile one cannot take all memory. */
const largestCost = { n: 1_048_576, r: 8, p: 16 }

/**
 * Reads the passphrase of a home: from the file that the operator names, or from one in the home, made where there is
 * none.
 *
 * @throws {KeystoreError} PASSPHRASE_UNREADABLE when the named file is missing or empty
 */
export async function readPassphrase(home: string, file: string | undefined): Promise<Passphrase> {
  if (file === undefined) {
    const own = join(await folder(home), 'passphrase')
    await createFile(own, Bytes.fromUtf8(`${randomBytes(32).toString('base64url')}\n`))
    return { text: (await readFile(own, 'utf8')).trimEnd(), strength: 'random' }
  }
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KeystoreError('PASSPHRASE_UNREADABLE', 'The file of the passphrase cannot be read.', {}, cause)
  })
  const chosen = text.replace(/\r?\n$/, '')
  if (chosen === '') throw new KeystoreError('PASSPHRASE_UNREADABLE', 'The file of the passphrase is empty.')
  return { text: chosen, strength: 'chosen' }
}

/** A random secret of 32 bytes. */
export function random(isValid: (secret: Uint8Array) => boolean): Make {
  return async () => {
    let secret: Uint8Array = randomBytes(32)
    while (!isValid(secret)) secret = randomBytes(32)
    return { secret }
  }
}

/**
 * A home's key for one purpose, the newest that was taken into use; made on the first call. Of several processes that ask
 * at once, all get the same.
 *
 * If we die while it is made: there is no key file, and nothing was signed with it.
 *
 * @throws {KeystoreError} KEY_PASSPHRASE, KEY_DAMAGED or KEY_VERSION
 */
export async function load(home: string, purpose: Purpose, passphrase: Passphrase, make: Make): Promise<Key> {
  const newest = Math.max(await generations(home, purpose), 1)
  return loadFile(home, purpose, fileName(purpose, newest), passphrase, make)
}

/**
 * A home's keys for one purpose that were taken into use, the oldest first. None is ever deleted: what they have signed is
 * to be told from what others have.
 *
 * @throws {KeystoreError} KEY_PASSPHRASE, KEY_DAMAGED or KEY_VERSION
 */
export async function loadAll(home: string, purpose: Purpose, passphrase: Passphrase): Promise<readonly Key[]> {
  return loadFirst(home, purpose, passphrase, await generations(home, purpose))
}

/** The same without the newest. */
export async function loadEarlier(home: string, purpose: Purpose, passphrase: Passphrase): Promise<readonly Key[]> {
  return loadFirst(home, purpose, passphrase, (await generations(home, purpose)) - 1)
}

async function loadFirst(
  home: string,
  purpose: Purpose,
  passphrase: Passphrase,
  count: number,
): Promise<readonly Key[]> {
  const keys: Key[] = []
  for (let i = 1; i <= count; i++) {
    const bytes = await read(join(await folder(home), fileName(purpose, i)))
    if (bytes === undefined) throw damaged(purpose)
    keys.push(await open(bytes, purpose, passphrase))
  }
  return keys
}

/**
 * The key that is to come after the newest; made on the first call, and not in use before {@link promote}.
 *
 * @throws {KeystoreError} KEY_PASSPHRASE, KEY_DAMAGED or KEY_VERSION
 */
export async function loadNext(home: string, purpose: Purpose, passphrase: Passphrase, make: Make): Promise<Key> {
  return loadFile(home, purpose, nextName(purpose), passphrase, make)
}

/** The key that is to come, where there is one by now. */
export async function peekNext(home: string, purpose: Purpose, passphrase: Passphrase): Promise<Key | undefined> {
  const bytes = await read(join(await folder(home), nextName(purpose)))
  return bytes === undefined ? undefined : open(bytes, purpose, passphrase)
}

/**
 * A credential key of an issuer beside the home's own, which has a folder within that of the home's keys; made on the first
 * call. The database says which of them are in use.
 *
 * If we die while it is made: there is no key file, and nothing was signed with it.
 *
 * @param generation from 1
 * @throws {KeystoreError} KEY_PASSPHRASE, KEY_DAMAGED or KEY_VERSION
 */
export async function loadOfIssuer(
  home: string,
  { issuer, generation }: { readonly issuer: string; readonly generation: number },
  passphrase: Passphrase,
  make: Make,
): Promise<Key> {
  const own = join(await folder(home), 'issuers', issuer)
  await mkdir(own, { recursive: true, mode: 0o700 })
  await syncFolder(dirname(own))
  await syncFolder(dirname(dirname(own)))
  return loadFile(home, 'credential', join('issuers', issuer, fileName('credential', generation)), passphrase, make)
}

/** Whether there is a key that {@link loadNext} has made and {@link promote} has not taken into use. */
export async function hasNext(home: string, purpose: Purpose): Promise<boolean> {
  return (await read(join(await folder(home), nextName(purpose)))) !== undefined
}

/**
 * Takes the next key into use.
 *
 * If we die in its midst: it is in use, or it is not.
 */
export async function promote(home: string, purpose: Purpose): Promise<void> {
  const keys = await folder(home)
  const target = fileName(purpose, (await generations(home, purpose)) + 1)
  await rename(join(keys, nextName(purpose)), join(keys, target))
  await syncFolder(keys)
}

/** `chain.json`, then `chain-2.json`, `chain-3.json`. */
function fileName(purpose: Purpose, generation: number): string {
  return generation === 1 ? `${purpose}.json` : `${purpose}-${generation}.json`
}

function nextName(purpose: Purpose): string {
  return `${purpose}-next.json`
}

/** How many keys for a purpose were taken into use. */
async function generations(home: string, purpose: Purpose): Promise<number> {
  const names = new Set(await readdir(await folder(home)))
  let count = 0
  while (names.has(fileName(purpose, count + 1))) count++
  return count
}

async function loadFile(
  home: string,
  purpose: Purpose,
  name: string,
  passphrase: Passphrase,
  make: Make,
): Promise<Key> {
  const path = join(await folder(home), name)
  const existing = await read(path)
  if (existing !== undefined) return open(existing, purpose, passphrase)
  const key = await make()
  const file = 'secret' in key ? await encrypt(key.secret, purpose, passphrase) : refer(key, purpose)
  await createFile(path, Bytes.fromUtf8(`${JSON.stringify(file, null, 2)}\n`))
  const stored = await read(path)
  if (stored === undefined) throw damaged(purpose)
  return open(stored, purpose, passphrase)
}

async function open(bytes: Uint8Array, purpose: Purpose, passphrase: Passphrase): Promise<Key> {
  const file = parse(bytes, purpose)
  return file.type === 'LaurelKey' ? { secret: await decrypt(file, passphrase) } : dereference(file)
}

function refer({ uri, publicKey }: Reference, purpose: Purpose): ReferenceFile {
  return { type: 'LaurelKeyReference', version: 1, purpose, uri, publicKey: Bytes.toHex(publicKey) }
}

function dereference({ uri, publicKey }: ReferenceFile): Reference {
  return { uri, publicKey: Bytes.fromHex(publicKey) }
}

async function folder(home: string): Promise<string> {
  const path = join(home, 'keys')
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
  return path
}

async function read(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
}

/** Puts a whole file in its place, or leaves the one that somebody else has put there meanwhile. */
async function createFile(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.partial`
  const file = await openFile(draft, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await link(draft, path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })
  await unlink(draft)
  await syncFolder(dirname(path))
}

/** Windows cannot sync a folder, and does not need it: there what changes in it is journalled. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const above = await openFile(path, 'r')
  try {
    await above.sync()
  } finally {
    await above.close()
  }
}

async function encrypt(secret: Uint8Array, purpose: Purpose, { text, strength }: Passphrase): Promise<KeyFile> {
  const header = {
    type: 'LaurelKey',
    version: 1,
    purpose,
    kdf: { name: 'scrypt', ...costs[strength], salt: Bytes.toHex(randomBytes(16)) },
    cipher: { name: 'aes-256-gcm', nonce: Bytes.toHex(randomBytes(12)) },
  } as const
  const cipher = createCipheriv('aes-256-gcm', await derive(text, header.kdf), Bytes.fromHex(header.cipher.nonce))
  cipher.setAAD(Jcs.bytes(header))
  const ciphertext = Bytes.concat(cipher.update(secret), cipher.final())
  return { ...header, ciphertext: Bytes.toHex(ciphertext), tag: Bytes.toHex(cipher.getAuthTag()) }
}

async function decrypt(file: KeyFile, passphrase: Passphrase): Promise<Uint8Array> {
  const { ciphertext, tag, ...header } = file
  const { purpose } = header
  const key = await derive(passphrase.text, header.kdf)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Bytes.fromHex(header.cipher.nonce, 12))
    decipher.setAAD(Jcs.bytes(header))
    decipher.setAuthTag(Bytes.fromHex(tag, 16))
    return Bytes.concat(decipher.update(Bytes.fromHex(ciphertext, 32)), decipher.final())
  } catch (cause) {
    throw new KeystoreError(
      'KEY_PASSPHRASE',
      `The passphrase does not open the ${purpose} key, or its file was changed.`,
      { purpose },
      cause,
    )
  }
}

function parse(bytes: Uint8Array, purpose: Purpose): KeyFile | ReferenceFile {
  let file: KeyFile | ReferenceFile
  try {
    file = Json.parseObject(bytes) as unknown as KeyFile | ReferenceFile
  } catch (cause) {
    throw damaged(purpose, cause)
  }
  if (file.type !== 'LaurelKey' && file.type !== 'LaurelKeyReference') throw damaged(purpose)
  if (file.version !== 1)
    throw new KeystoreError('KEY_VERSION', 'A later version of Laurel wrote this key.', { purpose })
  return file.type === 'LaurelKey' ? parseKey(file, purpose) : parseReference(file, purpose)
}

function parseReference(file: ReferenceFile, purpose: Purpose): ReferenceFile {
  const size = purpose === 'credential' ? 32 : 64
  const isWell =
    file.purpose === purpose &&
    typeof file.uri === 'string' &&
    typeof file.publicKey === 'string' &&
    /^0x([0-9a-f]{2})+$/.test(file.publicKey) &&
    file.publicKey.length === 2 + 2 * size
  if (!isWell) throw damaged(purpose)
  return file
}

function parseKey(file: KeyFile, purpose: Purpose): KeyFile {
  const texts = [file.ciphertext, file.tag, file.kdf?.salt, file.cipher?.nonce]
  const factors = [file.kdf?.n, file.kdf?.r, file.kdf?.p]
  const isWell =
    file.purpose === purpose &&
    file.kdf?.name === 'scrypt' &&
    file.cipher?.name === 'aes-256-gcm' &&
    texts.every((text) => typeof text === 'string' && /^0x([0-9a-f]{2})+$/.test(text)) &&
    factors.every((number) => Number.isSafeInteger(number) && number > 0) &&
    // What scrypt itself demands (RFC 7914, section 2).
    file.kdf.n > 1 &&
    Number.isInteger(Math.log2(file.kdf.n)) &&
    file.kdf.n <= largestCost.n &&
    file.kdf.r <= largestCost.r &&
    file.kdf.p <= largestCost.p
  if (!isWell) throw damaged(purpose)
  return file
}

async function derive(passphrase: string, { n, r, p, salt }: KeyFile['kdf']): Promise<Uint8Array> {
  const options = { N: n, r, p, maxmem: 256 * n * r }
  return scrypt(passphrase.normalize('NFKC'), Bytes.fromHex(salt), 32, options)
}

function damaged(purpose: Purpose, cause?: unknown): KeystoreError {
  return new KeystoreError('KEY_DAMAGED', `The file of the ${purpose} key is damaged.`, { purpose }, cause)
}

/** Thrown when a key cannot be used. Knows nothing of the secret or the passphrase. */
export class KeystoreError extends Errors.BaseError<
  'PASSPHRASE_UNREADABLE' | 'KEY_PASSPHRASE' | 'KEY_DAMAGED' | 'KEY_VERSION'
> {
  override readonly name = 'Keystore.KeystoreError'
  constructor(code: KeystoreError['code'], message: string, facts: Errors.Facts = {}, cause?: unknown) {
    super(code, message, { facts, cause })
  }
}
