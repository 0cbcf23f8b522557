import type { Result } from '../../bench/Result.ts'

/** A result whose programs did so many units in a CPU-second, two seconds on the wall, round by round. */
export function sample({
  ours,
  peer,
  target = 2,
}: {
  readonly ours: readonly number[]
  readonly peer: readonly number[]
  readonly target?: number
}): Result {
  const readings = (units: readonly number[]) => units.map((count) => ({ units: count, cpu: 1, wall: 2 }))
  return {
    id: 'S0',
    work: 'some work',
    unit: 'things',
    clock: 'cpu',
    target,
    ours: { name: 'Laurel', readings: readings(ours), peakRss: 100e6 },
    peers: [{ name: 'peer 1.0', readings: readings(peer), peakRss: 300e6 }],
  }
}
