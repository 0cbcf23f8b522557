import pc from 'picocolors'
import type { Config } from '../config.ts'
import { keepMailing } from '../mail/keep-mailing.ts'
import { createContext } from '../main.ts'
import { keepDelivering } from '../webhooks/keep-delivering.ts'
import { work } from '../worker.ts'
import * as Progress from './Progress.ts'
import * as Stopping from './Stopping.ts'
import * as Trouble from './Trouble.ts'

/** Does the work of open batches, tells endpoints of it and sends mails, beside any number of others, until it is told to stop. */
export async function worker(config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const stopping = Stopping.listen()
  try {
    const { context, close } = await createContext(config, { progress: reporter.report, say: reporter.say })
    const ended = new AbortController()
    let beside: Promise<unknown> = Promise.resolve()
    try {
      const options = {
        signal: AbortSignal.any([stopping.signal, ended.signal]),
        alarm: (error: Error) => reporter.say(`${pc.yellow('!')} ${error.message}`),
      }
      beside = Promise.all([keepDelivering(context, options), keepMailing(context, options)])
      reporter.say(`Process ${process.pid} works on batches of ${context.identity.id}`)
      await work(context, {
        until: async () => stopping.signal.aborted,
        onTrouble: Trouble.teller(reporter.say),
      })
    } finally {
      ended.abort()
      await beside
      reporter.end()
      await close()
    }
  } finally {
    stopping.end()
  }
}
