import type * as Server from './Server.ts'

/** One thing that was measured: a value that is to be no more, or no less, than its goal. */
export type Figure = {
  /** The target or the promise that it belongs to. */
  readonly id: string
  readonly what: string
  readonly value: number
  readonly unit: 's' | 'ms' | '/s' | '/h' | '×'
  /** A figure without a goal explains another. */
  readonly goal?: { readonly least: number } | { readonly most: number }
}

/** What belongs together, and what the server took meanwhile. */
export type Stage = { readonly name: string; readonly figures: readonly Figure[]; readonly usage: Server.Usage }

/** Whether a figure reaches its goal; `undefined` where it has none. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined
  return 'most' in goal ? value <= goal.most : value >= goal.least
}
