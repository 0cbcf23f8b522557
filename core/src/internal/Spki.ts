import * as Bytes from '../Bytes.ts'

/** A public key as it stands in a SubjectPublicKeyInfo (RFC 5280 §4.1): the algorithm, and for RSA the two numbers. */
export type Spki =
  | { readonly kind: 'Ed25519'; readonly bytes: Uint8Array }
  | { readonly kind: 'P-256' | 'P-384'; readonly point: Uint8Array }
  | { readonly kind: 'RSA'; readonly modulus: Uint8Array; readonly exponent: Uint8Array }

const tags = { integer: 0x02, bitString: 0x03, sequence: 0x30 }

/** AlgorithmIdentifiers, whole, because each has one spelling in DER (RFC 3279 §2.3, RFC 5480 §2.1, RFC 8410 §3). */
const algorithms = [
  ['RSA', Bytes.fromHex('0x300d06092a864886f70d0101010500')],
  ['P-256', Bytes.fromHex('0x301306072a8648ce3d020106082a8648ce3d030107')],
  ['P-384', Bytes.fromHex('0x301006072a8648ce3d020106052b81040022')],
  ['Ed25519', Bytes.fromHex('0x300506032b6570')],
] as const

/** Reads DER from anybody; undefined for another algorithm, or anything else. */
export function read(der: Uint8Array): Spki | undefined {
  const [algorithm, key, ...rest] = items(element(der, tags.sequence))
  if (algorithm === undefined || key === undefined || rest.length > 0) return undefined
  const [kind] = algorithms.find(([, bytes]) => Bytes.equals(bytes, algorithm)) ?? []
  const bits = element(key, tags.bitString)
  if (kind === undefined || bits === undefined || bits[0] !== 0) return undefined
  const bytes = bits.subarray(1)
  if (kind === 'RSA') return ofRsa(bytes)
  return kind === 'Ed25519' ? { kind, bytes } : { kind, point: bytes }
}

/** Reads an RSAPublicKey (RFC 8017 §A.1.1). */
export function ofRsa(der: Uint8Array): Spki | undefined {
  const numbers = items(element(der, tags.sequence)).map(integer)
  const [modulus, exponent, ...rest] = numbers
  if (modulus === undefined || exponent === undefined || rest.length > 0) return undefined
  return { kind: 'RSA', modulus, exponent }
}

/** The elements, whole, that stand one after the other; none where it is not so. */
function items(content: Uint8Array | undefined): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  for (let rest = content ?? new Uint8Array(); rest.length > 0; ) {
    const size = sizeOf(rest)
    if (size === undefined) return []
    found.push(rest.subarray(0, size.head + size.body))
    rest = rest.subarray(size.head + size.body)
  }
  return found
}

/** What is in an element that is all there is, where it has the tag. */
function element(der: Uint8Array, tag: number): Uint8Array | undefined {
  const size = sizeOf(der)
  if (size === undefined || der[0] !== tag) return undefined
  if (der.length !== size.head + size.body) return undefined
  return der.subarray(size.head, size.head + size.body)
}

/** A number that is not negative, without the zero before it that only says so. */
function integer(der: Uint8Array): Uint8Array | undefined {
  const bytes = element(der, tags.integer)
  if (bytes === undefined) return undefined
  const [first, second = 0] = bytes
  if (first === undefined || first > 0x7f) return undefined
  if (first !== 0) return bytes
  return bytes.length > 1 && second > 0x7f ? bytes.subarray(1) : undefined
}

/** X.690 §8.1.3 and §10.1: the shortest spelling of a length, which has two bytes at most here. */
function sizeOf(der: Uint8Array): { readonly head: number; readonly body: number } | undefined {
  const [, first, second = 0, third = 0] = der
  if (first === undefined) return undefined
  const [head, body] =
    first < 0x80 ? [2, first] : first === 0x81 ? [3, second] : first === 0x82 ? [4, (second << 8) | third] : [0, 0]
  const isShortest = head === 2 || (head === 3 && body > 0x7f) || (head === 4 && body > 0xff)
  return isShortest && der.length >= head + body ? { head, body } : undefined
}
