import * as Bytes from '../Bytes.ts'
import * as Sha256 from '../Sha256.ts'

const minimumBits = 2048
const maximumBits = 8192

/** What stands before a SHA-256 digest in a DigestInfo (RFC 8017 §9.2 note 1). */
const digestInfo = Bytes.fromHex('0x3031300d060960864801650304020105000420')

/** Whether bytes are a modulus of a size that is read here, big-endian, without zeros before it, and odd. */
export function isModulus(bytes: Uint8Array): boolean {
  const [first = 0] = bytes
  const bits = 8 * bytes.length - Math.clz32(first) + 24
  return first !== 0 && bits >= minimumBits && bits <= maximumBits && (bytes.at(-1) as number) % 2 === 1
}

/**
 * Verifies RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.2) and the exponent 65,537. The message as it ought to be encoded
 * is compared with what the signature yields, byte for byte: nothing of a stranger's is parsed.
 */
export function verify(signature: Uint8Array, message: Uint8Array, modulus: Uint8Array): boolean {
  if (!isModulus(modulus) || signature.length !== modulus.length) return false
  const n = toInteger(modulus)
  const s = toInteger(signature)
  return s < n && power(s, n) === toInteger(encode(message, modulus.length))
}

/** EMSA-PKCS1-v1_5 (§9.2). */
function encode(message: Uint8Array, size: number): Uint8Array {
  const end = Bytes.concat(Uint8Array.of(0), digestInfo, Sha256.digest(message))
  const padding = new Uint8Array(size - 2 - end.length).fill(0xff)
  return Bytes.concat(Uint8Array.of(0, 1), padding, end)
}

/** s^65537 mod n, everything of it public: 65,537 is 2^16 + 1. */
function power(s: bigint, n: bigint): bigint {
  let result = s
  for (let i = 0; i < 16; i++) result = (result * result) % n
  return (result * s) % n
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(Bytes.toHex(bytes))
}
