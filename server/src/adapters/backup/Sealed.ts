import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes, scrypt as scryptCallback } from 'node:crypto'
import { promisify } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'

const scrypt = promisify<string, Uint8Array, number, object, Buffer>(scryptCallback)

/**
 * The first line of a sealed file, in JCS. Behind it come pieces of 64 KiB under AES-256-GCM, each with its tag; the nonce
 * of each is its number (11 bytes, big-endian) and whether it is the last (1 byte). So no piece can be changed, exchanged,
 * left out or added, and a file that ends early does not open (the STREAM construction, as age has it). The key is made from
 * the passphrase by scrypt (RFC 7914), and from the line itself by HKDF (RFC 5869): no member of it can be changed either.
 */
type Header = {
  readonly type: 'LaurelBackup'
  readonly version: 1
  readonly kdf: {
    readonly name: 'scrypt'
    readonly n: number
    readonly r: number
    readonly p: number
    readonly salt: Bytes.Hex
  }
  readonly cipher: 'aes-256-gcm'
}

/** How many bytes are sealed at a time, and what the tag adds. */
const size = 64 * 1024
const tagSize = 16
/** How long the first line may be, in bytes. */
const longestHeader = 1_024

/** OWASP's second recommendation of 2025 for scrypt, 64 MiB twice; and what a file may ask for at most. */
const cost = { n: 65_536, r: 8, p: 2 } as const
const most = { n: 1_048_576, r: 8, p: 16 } as const

/** Seals bytes under a passphrase. */
export async function* seal(plain: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Uint8Array> {
  const salt = Bytes.toHex(randomBytes(32))
  const header: Header = {
    type: 'LaurelBackup',
    version: 1,
    kdf: { name: 'scrypt', ...cost, salt },
    cipher: 'aes-256-gcm',
  }
  const line = Bytes.concat(Jcs.bytes(header), Bytes.fromUtf8('\n'))
  const key = await derive(passphrase, header, line)
  yield line
  for await (const { number, piece, isLast } of pieces(plain, size)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number, isLast))
    yield Bytes.concat(cipher.update(piece), cipher.final(), cipher.getAuthTag())
  }
}

/**
 * Opens what {@link seal} has made. Hostile bytes: nothing comes out that was not sealed under the passphrase, and whoever
 * reads to the end has read all of it.
 *
 * @throws {SealError} BACKUP_FORMAT, BACKUP_VERSION, BACKUP_PASSPHRASE or BACKUP_DAMAGED
 */
export async function* open(sealed: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Uint8Array> {
  const { line, rest } = await split(sealed)
  const key = await derive(passphrase, parse(line), line)
  for await (const { number, piece, isLast } of pieces(rest, size + tagSize)) {
    if (piece.length < tagSize) throw new SealError('BACKUP_DAMAGED', 'The backup ends early.')
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, isLast))
    decipher.setAuthTag(piece.subarray(-tagSize))
    let plain: Uint8Array
    try {
      plain = Bytes.concat(decipher.update(piece.subarray(0, -tagSize)), decipher.final())
    } catch (cause) {
      if (number === 0)
        throw new SealError('BACKUP_PASSPHRASE', 'The passphrase does not open the backup, or it was changed.', cause)
      throw new SealError('BACKUP_DAMAGED', 'The backup was changed, or ends early.', cause)
    }
    yield plain
  }
}

type Piece = { readonly number: number; readonly piece: Uint8Array; readonly isLast: boolean }

/** Cuts bytes into pieces of one size, the last of which may be shorter. There is always a last one. */
async function* pieces(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Piece> {
  let held: Uint8Array[] = []
  let count = 0
  let number = 0
  for await (const bytes of source) {
    held.push(bytes)
    count += bytes.length
    // What is exactly one piece may be the last.
    if (count <= length) continue
    let all: Uint8Array = Bytes.concat(...held)
    while (all.length > length) {
      yield { number: number++, piece: all.subarray(0, length), isLast: false }
      all = all.subarray(length)
    }
    held = [all]
    count = all.length
  }
  yield { number, piece: Bytes.concat(...held), isLast: true }
}

/** The first line with its end, and what comes behind it. */
async function split(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly line: Uint8Array; readonly rest: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array(0)
  for (;;) {
    const end = head.indexOf(0x0a)
    if (end >= 0 && end < longestHeader) {
      const first = head.subarray(end + 1)
      const rest = async function* () {
        yield first
        yield* { [Symbol.asyncIterator]: () => iterator }
      }
      return { line: head.subarray(0, end + 1), rest: rest() }
    }
    const { done, value } = await iterator.next()
    if (done || head.length >= longestHeader) throw new SealError('BACKUP_FORMAT', 'This is no backup of Laurel.')
    head = Bytes.concat(head, value)
  }
}

function parse(line: Uint8Array): Header {
  let header: Header
  try {
    header = Json.parseObject(line.subarray(0, -1)) as unknown as Header
  } catch (cause) {
    throw new SealError('BACKUP_FORMAT', 'This is no backup of Laurel.', cause)
  }
  if (header.type !== 'LaurelBackup') throw new SealError('BACKUP_FORMAT', 'This is no backup of Laurel.')
  if (header.version !== 1) throw new SealError('BACKUP_VERSION', 'A later version of Laurel has made this backup.')
  const { name, n, r, p, salt } = header.kdf ?? {}
  const isWell =
    header.cipher === 'aes-256-gcm' &&
    name === 'scrypt' &&
    [n, r, p].every((number) => Number.isSafeInteger(number) && number > 0) &&
    n > 1 &&
    Number.isInteger(Math.log2(n)) &&
    n <= most.n &&
    r <= most.r &&
    p <= most.p &&
    /^0x[0-9a-f]{64}$/.test(String(salt))
  if (!isWell) throw new SealError('BACKUP_FORMAT', 'This is no backup of Laurel.')
  return header
}

async function derive(passphrase: string, { kdf: { n, r, p, salt } }: Header, line: Uint8Array): Promise<Uint8Array> {
  const options = { N: n, r, p, maxmem: 256 * n * r }
  const secret = await scrypt(passphrase.normalize('NFKC'), Bytes.fromHex(salt), 32, options)
  return new Uint8Array(hkdfSync('sha256', secret, hash('sha256', line, 'buffer'), 'laurel/backup/v1', 32))
}

function nonce(number: number, isLast: boolean): Uint8Array {
  const bytes = new Uint8Array(12)
  new DataView(bytes.buffer).setBigUint64(3, BigInt(number))
  bytes[11] = isLast ? 1 : 0
  return bytes
}

/** Thrown when a backup does not open. Knows nothing of what is in it. */
export class SealError extends Errors.BaseError<
  'BACKUP_FORMAT' | 'BACKUP_VERSION' | 'BACKUP_PASSPHRASE' | 'BACKUP_DAMAGED'
> {
  override readonly name = 'Sealed.SealError'
  constructor(code: SealError['code'], message: string, cause?: unknown) {
    super(code, message, { cause })
  }
}
