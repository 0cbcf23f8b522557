/** The same work done by a peer and by us. `size` says how much of it a call does: credentials, leaves. */
export type Duel = {
  readonly work: string
  readonly peer: string
  readonly unit: string
  readonly size: number
  /** Does the work once. Whatever it answers has been checked before the clock runs. */
  readonly theirs: () => Promise<unknown>
  readonly ours: () => Promise<unknown>
}

/** Work per CPU-second of both, and how many times ours is theirs: median, least and most over the rounds. */
export type Result = Pick<Duel, 'work' | 'peer' | 'unit'> & {
  readonly rounds: number
  readonly theirs: number
  readonly ours: number
  readonly ratio: { readonly median: number; readonly least: number; readonly most: number }
}

/**
 * Runs both sides in turn, who begins changing from round to round, so that whatever slows this machine down slows both.
 *
 * @param calls how often a side does its work in one round
 */
export async function fight(duel: Duel, { rounds, calls }: { rounds: number; calls: number }): Promise<Result> {
  // Not measured: both sides compile their hot paths.
  await rate(duel.theirs, duel.size, Math.max(1, Math.ceil(calls / 4)))
  await rate(duel.ours, duel.size, Math.max(1, Math.ceil(calls / 4)))
  const theirs: number[] = []
  const ours: number[] = []
  for (let round = 0; round < rounds; round++) {
    const sides = [
      async () => theirs.push(await rate(duel.theirs, duel.size, calls)),
      async () => ours.push(await rate(duel.ours, duel.size, calls)),
    ]
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side()
  }
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN))
  return {
    work: duel.work,
    peer: duel.peer,
    unit: duel.unit,
    rounds,
    theirs: median(theirs),
    ours: median(ours),
    ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
  }
}

async function rate(work: () => Promise<unknown>, size: number, calls: number): Promise<number> {
  const start = process.cpuUsage()
  for (let call = 0; call < calls; call++) await work()
  const { user, system } = process.cpuUsage(start)
  return (size * calls) / ((user + system) / 1e6)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** A Markdown table. */
export function toTable(results: readonly Result[]): string {
  const rows = results.map(({ work, peer, unit, theirs, ours, ratio }) => [
    work,
    peer,
    `${format(theirs)} ${unit}/s`,
    `${format(ours)} ${unit}/s`,
    `**${ratio.median.toFixed(2)}×**`,
    `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}×`,
  ])
  const head = ['work', 'peer', 'peer, per CPU-second', 'Laurel, per CPU-second', 'ratio', 'spread']
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), '|---|---|--:|--:|--:|--:|', ...rows.map(line)].join('\n')
}

function format(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
