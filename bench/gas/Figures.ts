import { readFileSync, writeFileSync } from 'node:fs'
import type { Takings } from './Side.ts'
import type { Spent } from './Stage.ts'
import * as Work from './Work.ts'

/** The figures of every side as sentences: by side, then by the work's title. This is what bench/gas.json holds. */
export type Figures = Readonly<Record<string, Sentences>>
export type Sentences = Readonly<Record<string, string>>

export const file = new URL('../gas.json', import.meta.url)

/** The committed figures, the only place where they are written down. */
export function read(): Figures {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Writes figures. Where they are not `complete`, those of other sides stay. */
export function write(figures: Figures, { complete }: { readonly complete: boolean }): void {
  writeFileSync(file, `${JSON.stringify(complete ? figures : { ...read(), ...figures }, null, 2)}\n`)
}

/** What a side's gas reads like. A target is ours alone to meet. */
export function toSentences(takings: Takings, isOurs: boolean): Sentences {
  return Object.fromEntries(
    // In the order of the table, whatever the order of measuring.
    Work.all.flatMap(({ title, items, target, excuse }) => {
      const spent = takings[title]
      if (spent === undefined) return []
      const each = items === undefined || items.count === 1 ? '' : `, ${format(spent.gas / items.count)} a ${items.one}`
      const met = excuse === undefined ? '' : ', not reached'
      const aim = isOurs && target !== undefined ? ` (target ${format(target)}${met})` : ''
      return [[title, `${format(spent.gas)} gas${each}, ${format(spent.bytes)} bytes of calldata${aim}`]]
    }),
  )
}

/** What a sentence says. */
export function toSpent(sentence: string): Spent {
  const match = /^([\d,]+) gas\b.*, ([\d,]+) bytes of calldata\b/.exec(sentence)
  if (match === null) throw new TypeError(`"${sentence}" does not tell its gas and its calldata`)
  const number = (text = '') => Number(text.replaceAll(',', ''))
  return { gas: number(match[1]), bytes: number(match[2]) }
}

/**
 * Every difference between the committed figures and measured ones, a line each, in the manner of a diff. Where the
 * measured are `complete`, a side that is committed only is a difference too.
 */
export function compare(
  committed: Figures,
  measured: Figures,
  { complete }: { readonly complete: boolean },
): readonly string[] {
  const sides = new Set([...Object.keys(measured), ...(complete ? Object.keys(committed) : [])])
  return [...sides].flatMap((side) => {
    const [before, after] = [committed[side] ?? {}, measured[side] ?? {}]
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((title) => before[title] !== after[title])
      .flatMap((title) => [
        ...(before[title] === undefined ? [] : [`- ${side}: ${title}: ${before[title]}`]),
        ...(after[title] === undefined ? [] : [`+ ${side}: ${title}: ${after[title]}`]),
      ])
  })
}

/** The targets that are missed without an excuse, and the excuses that nothing needs, a line each. */
export function missed(takings: Takings, works: readonly Work.Work[] = Work.all): readonly string[] {
  return works.flatMap(({ title, items, target, excuse }) => {
    const spent = takings[title]
    if (spent === undefined || target === undefined) return []
    const value = spent.gas / (items?.count ?? 1)
    if (value > target && excuse === undefined) return [`${title}: ${format(value)} is above ${format(target)}`]
    if (value <= target && excuse !== undefined)
      return [`${title}: needs no excuse: ${format(value)} is not above ${format(target)}`]
    return []
  })
}

/** A whole number with commas. */
export function format(gas: number): string {
  return Math.round(gas).toLocaleString('en')
}
