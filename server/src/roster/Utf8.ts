import * as Bytes from '@laurel/core/Bytes'

/** Watches bytes pass by, and knows where they cease to be UTF-8: at which byte, from 0, the first broken character begins. */
export type Utf8 = {
  readonly push: (bytes: Uint8Array) => void
  readonly end: () => void
  readonly damage: () => number | undefined
}

const longestCharacter = 4

export function create(): Utf8 {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let damage: number | undefined
  let length = 0
  /** Where the last character may have been cut. */
  let tail: Uint8Array = new Uint8Array(0)
  const decode = (bytes: Uint8Array, stream: boolean) => {
    if (damage !== undefined) return
    try {
      decoder.decode(bytes, { stream })
    } catch {
      const seen = Bytes.concat(tail, bytes)
      // The tail may begin in the midst of a character, which is whole, or it would have been told before.
      const begins = (byte: number) => (byte & 0xc0) !== 0x80
      const skip = length === tail.length ? 0 : seen.findIndex(begins)
      damage = length - tail.length + skip + soundBytes(seen.subarray(skip))
    }
  }
  return {
    push: (bytes) => {
      decode(bytes, true)
      length += bytes.length
      tail = Bytes.concat(tail, bytes.subarray(-longestCharacter)).slice(-longestCharacter)
    },
    end: () => decode(new Uint8Array(0), false),
    damage: () => damage,
  }
}

/** How many bytes of whole characters stand at the beginning. */
function soundBytes(bytes: Uint8Array): number {
  let sound = 0
  let broken = bytes.length
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (isUtf8(bytes.subarray(0, middle), true)) sound = middle
    else broken = middle
  }
  // The last character of what is sound may be the beginning of the broken one.
  while (!isUtf8(bytes.subarray(0, sound))) sound--
  return sound
}

/** `open`: a character may be cut short at the end. */
function isUtf8(bytes: Uint8Array, open = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: open })
    return true
  } catch {
    return false
  }
}
