import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as Contestant from './Contestant.ts'
import * as Duel from './Duel.ts'
import type { Performance, Result } from './Result.ts'
import type { Program, Row } from './Row.ts'

/**
 * Measures one row: starts every program in a process of its own, has each judge what the others make, and only then
 * lets them work in turns.
 *
 * @throws {Contestant.FailedError} when a program fails, or refuses what another has made
 */
export async function runRow(row: Row, rounds: number): Promise<Result> {
  const programs = [row.ours, ...row.peers]
  const contestants: Contestant.Contestant[] = []
  try {
    for (const program of programs) contestants.push(await start(program))
    await judge(row, contestants)
    const { budget, warmUp = budget } = row
    const readings = await Duel.fight(contestants, { rounds, budget, warmUp })
    const [ours, ...peers] = contestants.map(
      (contestant, i): Performance => ({
        name: nameOf(programs[i] as Program),
        readings: readings[i] ?? [],
        peakRss: contestant.peakRss(),
      }),
    )
    const { id, work, unit, clock, target, memoryTarget } = row
    return {
      ...{ id, work, unit, clock },
      ...(target === undefined ? {} : { target }),
      ...(memoryTarget === undefined ? {} : { memoryTarget }),
      ours: ours as Performance,
      peers,
    }
  } finally {
    for (const contestant of contestants) await contestant.stop()
  }
}

/** Everybody judges what everybody else has made; where a witness stands in for the peers, it judges ours. */
async function judge(row: Row, contestants: readonly Contestant.Contestant[]): Promise<void> {
  const [ours, ...peers] = contestants as readonly [Contestant.Contestant, ...Contestant.Contestant[]]
  const made = await ours.make()
  if (row.witness === undefined) {
    for (const peer of peers) {
      await peer.judge(made)
      await ours.judge(await peer.make())
    }
    return
  }
  for (const peer of peers) await peer.make()
  const witness = await start(row.witness)
  try {
    await witness.judge(made)
  } finally {
    await witness.stop()
  }
}

async function start({ module, input }: Program): Promise<Contestant.Contestant> {
  return Contestant.start(new URL(module, import.meta.url).href, await input())
}

/** The name of a program in the table: its packages with the versions that are installed. */
function nameOf({ module, packages, remark }: Program): string {
  const names = packages.map((name) => `${name} ${versionOf(name, module)}`)
  if (names.length === 0) names.push('Laurel')
  return [names.join(' + '), ...(remark === undefined ? [] : [remark])].join(', ')
}

/** The version that a module imports: that of the nearest `node_modules` above it which has the package. */
function versionOf(name: string, module: string): string {
  for (let folder = dirname(join(import.meta.dirname, module)); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version
    if (folder === dirname(folder)) throw new Error(`${name} is not installed`)
  }
}
