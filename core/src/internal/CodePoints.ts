/**
 * Sorts texts in place by code points, as RDFC-1.0 does. JavaScript on its own sorts by code units, which is the same but
 * for texts with surrogates: those stand for code points beyond all others, and are not the last code units.
 */
export function sort(texts: string[]): readonly string[] {
  if (texts.length < 2) return texts
  for (const text of texts) if (surrogate.test(text)) return texts.sort(compare)
  return texts.sort()
}

const surrogate = /[\ud800-\udbff]/

function compare(a: string, b: string): number {
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
