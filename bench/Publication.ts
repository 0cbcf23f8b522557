import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import type { Result } from './Result.ts'

/** What is worth knowing of the machine, and nothing that tells whose it is. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memory: number
  readonly platform: string
  readonly node: string
}

/** A result, the day, and how many processes wanted a core on average when it began: others than ours slow both sides. */
export type Dated = Result & { readonly date: string; readonly load: number }

/** Results of one machine. */
export type Publication = { readonly machine: Machine; readonly results: readonly Dated[] }

const folder = new URL('results/', import.meta.url)
/** Every run leaves its results here. */
export const last = new URL('last.json', folder)
/** What docs/performance.md is made from. */
export const published = new URL('published.json', folder)

/** This machine. */
export function machine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memory: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  }
}

/** The day, and the load before a row begins. */
export function now(): Pick<Dated, 'date' | 'load'> {
  return { date: new Date().toISOString().slice(0, 10), load: Math.round((loadavg()[0] ?? 0) * 10) / 10 }
}

/** Reads a publication; undefined where there is none. */
export function read(file: URL): Publication | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

export function write(file: URL, publication: Publication): void {
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(publication, null, 2)}\n`)
}

/**
 * Puts new results in the place of older ones of the same work; the others stay, in the order given.
 *
 * @param order the work of all rows
 * @throws {OtherMachineError} when the older results are from another machine: one table compares within one machine
 */
export function merge(older: Publication | undefined, newer: Publication, order: readonly string[]): Publication {
  const replaced = (result: Result) => newer.results.some(({ work }) => work === result.work)
  const kept = (older?.results ?? []).filter((result) => order.includes(result.work) && !replaced(result))
  if (older !== undefined && kept.length > 0 && JSON.stringify(older.machine) !== JSON.stringify(newer.machine))
    throw new OtherMachineError()
  const results = [...kept, ...newer.results].toSorted((a, b) => order.indexOf(a.work) - order.indexOf(b.work))
  return { machine: newer.machine, results }
}

/** Thrown when some rows are to be published beside those of another machine. */
export class OtherMachineError extends Error {
  override readonly name = 'Publication.OtherMachineError'
  constructor() {
    super('The other published rows are from another machine, or another Node: measure all rows.')
  }
}
