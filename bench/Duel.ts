/** How long an entrant works for one reading: for some CPU-seconds, or for some calls. */
export type Budget = { readonly seconds: number } | { readonly calls: number }

/** What one entrant did in one round: units of work, and the seconds it took by the process's CPU and on the wall. */
export type Reading = { readonly units: number; readonly cpu: number; readonly wall: number }

/** Somebody who does the work when asked. */
export type Entrant = { readonly run: (budget: Budget) => Promise<Reading> }

/**
 * Lets every entrant work in every round, one at a time, who begins changing from round to round, so that whatever slows
 * this machine down slows all. A first turn each is not counted: it compiles their hot paths.
 *
 * @returns the readings of every entrant, in the order of the entrants, a reading per round
 */
export async function fight(
  entrants: readonly Entrant[],
  { rounds, budget, warmUp = budget }: { readonly rounds: number; readonly budget: Budget; readonly warmUp?: Budget },
): Promise<readonly (readonly Reading[])[]> {
  for (const entrant of entrants) await entrant.run(warmUp)
  const readings: Reading[][] = entrants.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const next = (round + turn) % entrants.length
      const reading = await entrants[next]?.run(budget)
      if (reading !== undefined) readings[next]?.push(reading)
    }
  }
  return readings
}
