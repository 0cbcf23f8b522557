import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Json from '@laurel/core/Json'
import * as Batches from '../../server/src/Batch.ts'
import * as Config from '../../server/src/config.ts'
import { createContext } from '../../server/src/main.ts'
import { intake } from '../../server/src/pipeline/1-intake.ts'
import { work } from '../../server/src/worker.ts'
import * as Batch from '../fixtures/Batch.ts'
import * as Roster from '../fixtures/Roster.ts'
import * as Side from '../Side.ts'
import * as signatures from './signatures.ts'

type Task = {
  readonly size: number
  readonly workers: number
  /** The steps of the pipeline that are the work; all of them where none are named. What is left out need not be done. */
  readonly steps?: readonly string[]
}

/**
 * Batches through the pipeline, as `laurel issue` takes a roster there: a home with its database and its embedded chain,
 * from the file to the delivered folder.
 */
export async function create({ size, workers, steps }: Task): Promise<Side.Side> {
  const home = await mkdtemp(join(tmpdir(), 'laurel-bench-'))
  const config = Config.read({ LAUREL_HOME: home, LAUREL_WORKERS: String(workers) })
  const { context, close } = await createContext(config, { progress: () => {}, say: () => {} })
  const judge = steps === undefined || steps.includes('assemble') ? context.press.judge : async () => undefined
  const working = { ...context, press: { ...context.press, judge } }
  const roster = Roster.source(size)
  const achievement = Roster.achievement()

  /** Takes the roster once more and works on it to the end; answers with the reading of the steps that count. */
  const deliver = async () => {
    const whole = Side.stopwatch()
    const { batch } = await intake({ roster, achievement, again: true }, context)
    let state = batch.state
    let before = whole()
    const counted = { units: size, cpu: 0, wall: 0 }
    await work(working, {
      until: async () => {
        state = (await context.store.get(batch.id))?.state ?? state
        return !Batches.isOpen({ state })
      },
      onStep: (_, step) => {
        const now = whole()
        if (steps?.includes(step)) {
          counted.cpu += now.cpu - before.cpu
          counted.wall += now.wall - before.wall
        }
        before = now
      },
    })
    if (state !== 'delivered') throw new Error(`The batch is ${state}`)
    return { id: batch.id, reading: steps === undefined ? { units: size, ...whole() } : counted }
  }
  return {
    work: async () => (await deliver()).reading,
    make: async () => {
      const { id } = await deliver()
      const lines = (await readFile(join(context.files.folder(id), 'credentials.ndjson'), 'utf8')).trim().split('\n')
      return Batch.some(lines, 40).map((line) => JSON.parse(line) as Json.Object)
    },
    judge: signatures.judge,
    close: async () => {
      await close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
