import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type * as Oracle from '../../test/support/Oracle.ts'
import type { Machine } from '../Publication.ts'
import type { Stage } from './Figure.ts'

/** What the stranger found, as numbers. */
export type Count = {
  readonly [name in 'lost' | 'doubled' | 'unexplained' | 'wasted' | 'batches' | 'credentials']: number
}

/** A whole run on one machine. */
export type Served = {
  readonly machine: Machine
  readonly date: string
  readonly load: number
  readonly stages: readonly Stage[]
  readonly findings: Count
}

export function sum({ lost, doubled, unexplained, wasted, batches, credentials }: Oracle.Findings): Count {
  return {
    lost: lost.length,
    doubled: doubled.length,
    unexplained: unexplained.length,
    wasted,
    batches,
    credentials,
  }
}

/**
 * A figure with anything lost or doubled does not count.
 *
 * @param promised how many credentials were promised with 202
 * @throws {NotWholeError}
 */
export function demandWhole({ findings }: Pick<Served, 'findings'>, promised: number): void {
  const { lost, doubled, unexplained, wasted, credentials } = findings
  const isWhole = lost + doubled + unexplained + wasted === 0 && credentials === promised
  if (!isWhole) throw new NotWholeError(findings, promised)
}

const folder = new URL('../results/', import.meta.url)
/** Every run leaves its figures here. */
export const last = new URL('server-last.json', folder)
/** What docs/performance.md is made from. */
export const published = new URL('server.json', folder)

/** Reads what a run has left; undefined where there is none. */
export function read(file: URL): Served | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

export function write(file: URL, served: Served): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(served, null, 2)}\n`)
}

/** Thrown when the stranger finds something else than what was promised. */
export class NotWholeError extends Error {
  override readonly name = 'Served.NotWholeError'
  constructor(findings: Count, promised: number) {
    super(
      `${promised} credentials were promised, and this was found: ${JSON.stringify(findings)}. There are no figures.`,
    )
  }
}
