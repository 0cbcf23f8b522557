/** Watches bytes pass by for a carriage return alone, outside of quotes: programs disagree on what it ends. */
export type LineEnds = {
  readonly push: (bytes: Uint8Array) => void
  readonly end: () => void
  /** The first row that ends with one. */
  readonly stray: () => number | undefined
  /** Whether what has passed by ends within quotes. */
  readonly isQuoted: () => boolean
}

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d]

export function create(): LineEnds {
  let row = 1
  let quoted = false
  let returned = false
  let stray: number | undefined
  return {
    push: (bytes) => {
      for (let i = 0; i < bytes.length && stray === undefined; i++) {
        const byte = bytes[i]
        if (returned && byte !== lineFeed) stray = row
        returned = byte === carriageReturn && !quoted
        if (byte === quote) quoted = !quoted
        else if (byte === lineFeed && !quoted) row++
      }
    },
    end: () => {
      if (returned) stray ??= row
    },
    stray: () => stray,
    isQuoted: () => quoted,
  }
}
