import type { Budget } from './Duel.ts'

/** A program that does the work of a row, ours or a peer's. */
export type Program = {
  /** Its module, relative to this folder; it exports `create`. */
  readonly module: string
  /** The npm packages that do the work, which the table names with their versions; none for ours. */
  readonly packages: readonly string[]
  /** What distinguishes it from another program of the same packages. */
  readonly remark?: string
  /** What `create` is given. */
  readonly input: () => unknown
}

/** One piece of work, and who does it. */
export type Row = {
  /** The target that it measures. */
  readonly id: string
  readonly work: string
  readonly unit: string
  /** Whose seconds count: those of the CPU or, where work is spread over several cores, those on the wall. */
  readonly clock: 'cpu' | 'wall'
  /** How many times as fast as the first peer ours has to be; a row without a target explains another. */
  readonly target?: number
  /** How many times the memory of ours the first peer has to take. */
  readonly memoryTarget?: number
  readonly ours: Program
  readonly peers: readonly [Program, ...Program[]]
  readonly budget: Budget
  /** Of the first turn, which does not count; the same budget where none is named. */
  readonly warmUp?: Budget
  /** Judges what ours has made where no peer can, because the peer's documents are of another kind. */
  readonly witness?: Program
}

/** How much is measured: everything, what takes two minutes, or just enough to see that every row runs. */
export type Scale = 'full' | 'quick' | 'smoke'
