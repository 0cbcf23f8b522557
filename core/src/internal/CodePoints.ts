/** How two texts are compared; undefined: by code units, as JavaScript does on its own. */
export type Order = ((a: string, b: string) => number) | undefined

/**
 * The order of code points, in which RDFC-1.0 sorts. It differs from the order of code units only for texts with
 * surrogates, which stand for code points beyond all others; so for others it is that order, which is faster.
 */
export function orderOf(texts: Iterable<string>): Order {
  for (const text of texts) if (/[\ud800-\udbff]/.test(text)) return byCodePoint
  return undefined
}

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Moves the surrogates behind all other code units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
