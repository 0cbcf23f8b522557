import * as Bytes from '../Bytes.ts'

/** The y of the eight points of small order, little-endian, without the sign of x: 1, −1, 0 and the two of order eight. */
const small = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((text) => Bytes.fromHex(`0x${text}`))

/**
 * Whether 32 bytes can be the encoding of a point that is in use: its y is below 2^255 − 19 (RFC 8032 §5.1.3), and it is
 * none of the points of small order, with which one signature fits many messages. Says nothing about the curve.
 */
export function isInUse(bytes: Uint8Array): boolean {
  // A Buffer's own slice() is no copy.
  const y = new Uint8Array(bytes)
  y[31] = (y[31] as number) & 0x7f
  const isBelow = y[31] !== 0x7f || (y[0] as number) < 0xed || y.subarray(1, 31).some((byte) => byte !== 0xff)
  return isBelow && !small.some((other) => Bytes.equals(other, y))
}
