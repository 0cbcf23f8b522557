import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Machine, OtherMachineError } from './Publication.ts'

/**
 * A stage on the way from a roster to its export, how long it took on the wall, and how many credentials it dealt with:
 * none where it is done once for all.
 */
export type Stage = { readonly name: string; readonly seconds: number; readonly credentials: number }

/** One roster, from its file to the finished export, and the day and load when it began. */
export type Run = {
  readonly size: number
  readonly date: string
  readonly load: number
  readonly stages: readonly Stage[]
  /** CPU-seconds of all processes of ours together. */
  readonly cpu: number
  /** The most memory that any of them held, in bytes. */
  readonly peakRss: number
  /** How late the coordinating thread was for others while it issued, in milliseconds. */
  readonly delay: { readonly p99: number; readonly max: number }
}

/** Rosters of growing size on one machine, the smallest first. */
export type Growth = { readonly machine: Machine; readonly runs: readonly Run[] }

/**
 * What is asked of the largest run: its peak memory, in bytes, its rate beside that of the run before, and how late its
 * coordinating thread may be in one of a hundred cases, in milliseconds.
 */
export const targets = { peakRss: 800e6, rate: 0.7, delay: 50 } as const

/** Seconds on the wall, all stages together. */
export function seconds({ stages }: Run): number {
  return stages.reduce((sum, stage) => sum + stage.seconds, 0)
}

/** Credentials in a second on the wall, from file to export. */
export function rate(run: Run): number {
  return run.size / seconds(run)
}

/** The names of all stages, in their order. */
export function stageNames(runs: readonly Run[]): readonly string[] {
  return [...new Set(runs.flatMap(({ stages }) => stages.map(({ name }) => name)))]
}

/**
 * Puts new runs in the place of older ones of the same size: a million takes long, and can be measured by itself.
 *
 * @throws {OtherMachineError} when older runs that would stay are from another machine
 */
export function merge(older: Growth | undefined, newer: Growth): Growth {
  const kept = (older?.runs ?? []).filter(({ size }) => !newer.runs.some((run) => run.size === size))
  if (older !== undefined && kept.length > 0 && JSON.stringify(older.machine) !== JSON.stringify(newer.machine))
    throw new OtherMachineError()
  return { machine: newer.machine, runs: [...kept, ...newer.runs].toSorted((a, b) => a.size - b.size) }
}

const file = new URL('results/growth.json', import.meta.url)

/** What was published; undefined before anything was. */
export function read(): Growth | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

export function write(growth: Growth): void {
  writeFileSync(file, `${JSON.stringify(growth, null, 2)}\n`)
}
