/** How many tests passed, failed and were skipped. */
export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const none: Totals = { passed: 0, failed: 0, skipped: 0 }

/** What a runner counts for that ended without saying how: one failure. */
export const crash: Totals = { passed: 0, failed: 1, skipped: 0 }

/** Adds totals up. */
export function sum(all: readonly Totals[]): Totals {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    none,
  )
}

/** The line with which a test run closes. */
export function toLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** Reads the last such line of a text; undefined where there is none. */
export function fromText(text: string): Totals | undefined {
  const match = [...text.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)
  if (match === undefined) return undefined
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) }
}

/**
 * Reads the summary that Hardhat prints under its Solidity tests. It names only what is not zero, once for each kind
 * of test; undefined where it names nothing.
 */
export function fromHardhat(text: string): Totals | undefined {
  // Hardhat colours its output where it believes in a terminal.
  const plain = text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
  const last = (word: string) => Number([...plain.matchAll(new RegExp(`(\\d+) ${word}`, 'g'))].at(-1)?.[1] ?? 0)
  const totals = { passed: last('passing'), failed: last('failing'), skipped: last('(?:skipped|pending)') }
  return totals.passed + totals.failed + totals.skipped === 0 ? undefined : totals
}
