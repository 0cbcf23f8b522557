import type { Reading } from './Duel.ts'
import type { Row } from './Row.ts'

/** What one program did in all rounds. */
export type Performance = {
  /** With its version. */
  readonly name: string
  readonly readings: readonly Reading[]
  /** The most memory that its process held until its first turn was over, in bytes. */
  readonly peakRss: number
}

/** A row with its readings: everything in the tables and charts follows from it. */
export type Result = Pick<Row, 'id' | 'work' | 'unit' | 'clock' | 'target' | 'memoryTarget'> & {
  readonly ours: Performance
  readonly peers: readonly Performance[]
}

/** A figure over the rounds. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number }

/** Units per second of the clock that counts. */
export function rate({ clock }: Pick<Result, 'clock'>, { readings }: Performance): Spread {
  return spread(readings.map((reading) => reading.units / reading[clock]))
}

/** How many times a peer's rate ours is, from round to round. */
export function ratio({ clock, ours }: Result, peer: Performance): Spread {
  return spread(
    ours.readings.map((reading, round) => {
      const other = peer.readings[round]
      if (other === undefined) throw new TypeError('Everybody works in every round')
      return reading.units / reading[clock] / (other.units / other[clock])
    }),
  )
}

/** How many times the memory of ours a peer takes. */
export function memoryRatio({ ours }: Result, peer: Performance): number {
  return peer.peakRss / ours.peakRss
}

/** Whether the targets are met against the first peer. */
export function isMet(result: Result): boolean {
  const [peer] = result.peers
  if (peer === undefined) throw new TypeError('A row has a peer')
  return (
    (result.target === undefined || ratio(result, peer).median >= result.target) &&
    (result.memoryTarget === undefined || memoryRatio(result, peer) >= result.memoryTarget)
  )
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [least] = sorted
  const most = sorted.at(-1)
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1)
  if (least === undefined || most === undefined) throw new TypeError('There is nothing to summarise')
  return { median: middle.reduce((sum, value) => sum + value, 0) / middle.length, least, most }
}
