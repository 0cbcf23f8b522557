import { existsSync, readFileSync } from 'node:fs'
import type { Budget, Reading } from './Duel.ts'

/**
 * What a module in `sides/` or `peers/` makes of its input: one program, ours or a peer's, doing the work of a row. It
 * has a process of its own, so no side sees another's caches, garbage or compiled code, and its memory is its alone.
 */
export type Side = {
  /**
   * Does some of the work, and says how much: credentials, leaves, images. Where only a part of what it does is the work,
   * it answers with a reading of that part.
   */
  readonly work: () => number | Reading | Promise<number | Reading>
  /** What its work comes to, for the other sides to judge; has to survive a structured clone. */
  readonly make?: () => unknown
  /** Throws when what another side made is not right. */
  readonly judge?: (made: unknown) => void | Promise<void>
  /** Leaves nothing behind: no process, no file. */
  readonly close?: () => Promise<void>
}

/** What a module of a side exports. */
export type Module = { readonly create: (input: never) => Side | Promise<Side> }

/** What the parent asks of the process of a side, and what comes back. Requests are answered in order. */
export type Request =
  | { readonly ask: 'create'; readonly module: string; readonly input: unknown }
  | { readonly ask: 'run'; readonly budget: Budget }
  | { readonly ask: 'make' }
  | { readonly ask: 'judge'; readonly made: unknown }
export type Answer = { readonly value: unknown } | { readonly error: string }

/** What a reading says beside the work: the most memory that the process has ever held, in bytes. */
export type Measured = Reading & { readonly peakRss: number }

/** Works until the budget is spent, and measures it. */
export async function measure(side: Pick<Side, 'work'>, budget: Budget): Promise<Measured> {
  const whole = stopwatch()
  const parts: Reading[] = []
  let units = 0
  const isSpent = (calls: number) =>
    'calls' in budget ? calls >= budget.calls : calls > 0 && whole().cpu >= budget.seconds
  for (let calls = 0; !isSpent(calls); calls++) {
    const done = await side.work()
    if (typeof done === 'number') units += done
    else parts.push(done)
  }
  const sum = (name: keyof Reading) => parts.reduce((total, part) => total + part[name], 0)
  const reading =
    parts.length === 0 ? { units, ...whole() } : { units: sum('units'), cpu: sum('cpu'), wall: sum('wall') }
  return { ...reading, peakRss: peakRss() }
}

/** Begins to measure; answers with the seconds since then, of this process's CPU and on the wall. */
export function stopwatch(): () => Omit<Reading, 'units'> {
  const wallStart = performance.now()
  const cpuStart = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(cpuStart)
    return { cpu: (user + system) / 1e6, wall: (performance.now() - wallStart) / 1000 }
  }
}

/** The most memory that this process has ever held, in bytes. */
function peakRss(): number {
  // Linux hands a parent's peak on to its children in what getrusage says, but not here.
  const [, kilobytes] = existsSync(status) ? (/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8')) ?? []) : []
  return Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024
}

const status = '/proc/self/status'
