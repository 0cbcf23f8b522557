import { base64urlnopad } from '@scure/base'

/**
 * Reads base64url without padding (RFC 4648 §5). Only the one text that is written for any bytes is accepted: everything
 * else is undefined.
 */
export function decode(text: string): Uint8Array | undefined {
  try {
    const bytes = base64urlnopad.decode(text)
    return base64urlnopad.encode(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
