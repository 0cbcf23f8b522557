import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Base64Url from './internal/Base64Url.ts'
import * as Json from './Json.ts'
import * as PublicKey from './PublicKey.ts'

/** A JSON Web Signature in its compact form (RFC 7515 §7.1) over JSON, taken apart. Nobody has verified it. */
export type Jws = {
  readonly header: Json.Object
  readonly payload: Json.Object
  /** What is signed: the first two parts as they stand in the text. */
  readonly input: Uint8Array
  readonly signature: Uint8Array
}

/** What signs with what (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). There is no other way here, and never `none`. */
const algorithms: ReadonlyMap<string, PublicKey.Kind> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['EdDSA', 'Ed25519'],
  ['Ed25519', 'Ed25519'],
  ['RS256', 'RSA'],
])

/** The longest signature is that of an RSA key of 8,192 bits. */
const maximumSignature = 1366
const maximumHeader = 16 * 1024

/**
 * Reads a compact JWS from anybody: three parts in the only spelling that base64url has for them, header and payload JSON
 * that cannot be read in two ways.
 *
 * @throws {FormatError} JWT_FORMAT
 * @throws what {@link Json.parseObject} throws
 */
export function parse(text: string): Jws {
  // Counted before it is taken apart: somebody may send a thousand dots, or megabytes.
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 1 || second < first + 2 || text.includes('.', second + 1)) throw new FormatError()
  if (first > maximumHeader || text.length - second - 1 > maximumSignature) throw new FormatError()
  const [header, payload, signature] = [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)]
  return {
    header: Json.parseObject(decode(header)),
    payload: Json.parseObject(decode(payload)),
    input: Bytes.fromUtf8(text.slice(0, second)),
    signature: decode(signature),
  }
}

/** The kind of key that an algorithm takes; undefined for one that is not known here. */
export function kindOf(algorithm: Json.Value | undefined): PublicKey.Kind | undefined {
  return typeof algorithm === 'string' ? algorithms.get(algorithm) : undefined
}

/** Verifies the signature with a key, which has to be of the kind that the header's algorithm takes. */
export function verify({ header, input, signature }: Jws, key: PublicKey.PublicKey): boolean {
  return kindOf(header.alg) === key.kind && PublicKey.verify(key, signature, input)
}

function decode(text: string): Uint8Array {
  const bytes = Base64Url.decode(text)
  if (bytes === undefined) throw new FormatError()
  return bytes
}

/** Thrown when a text is not a compact JWS in its only spelling. */
export class FormatError extends Errors.BaseError<'JWT_FORMAT'> {
  override readonly name = 'Jws.FormatError'
  constructor() {
    super('JWT_FORMAT', 'This is not a JSON Web Signature in the compact form.')
  }
}
