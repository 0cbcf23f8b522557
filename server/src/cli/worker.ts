import type { Config } from '../config.ts'
import { createContext } from '../main.ts'
import { work } from '../worker.ts'
import * as Progress from './Progress.ts'
import * as Stopping from './Stopping.ts'
import * as Trouble from './Trouble.ts'

/** Does the work of open batches beside any number of others, and nothing else, until it is told to stop. */
export async function worker(config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const stopping = Stopping.listen()
  try {
    const { context, close } = await createContext(config, { progress: reporter.report, say: reporter.say })
    try {
      reporter.say(`Process ${process.pid} works on batches of ${context.identity.id}`)
      await work(context, {
        until: async () => stopping.signal.aborted,
        onTrouble: Trouble.teller(reporter.say),
      })
    } finally {
      reporter.end()
      await close()
    }
  } finally {
    stopping.end()
  }
}
