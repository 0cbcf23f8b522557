import type { Config } from '../config.ts'
import { ReadOnlyError } from '../internal/ReadOnly.ts'
import { keepMailing } from '../mail/keep-mailing.ts'
import { createContext } from '../main.ts'
import { keepDelivering } from '../webhooks/keep-delivering.ts'
import { work } from '../worker.ts'
import * as Operator from './Operator.ts'
import * as Stopping from './Stopping.ts'
import * as Trouble from './Trouble.ts'

/** Does the work of open batches, tells endpoints of it and sends mails, beside any number of others, until it is told to stop. */
export async function worker(config: Config): Promise<void> {
  const operator = Operator.open(config)
  const stopListening = Operator.listenForTheWorst(operator)
  const stopping = Stopping.listen()
  try {
    const { context, close } = await createContext(config, { progress: operator.report, say: operator.say })
    const ended = new AbortController()
    let beside: Promise<unknown> = Promise.resolve()
    try {
      if (context.restoration !== undefined) throw new ReadOnlyError()
      const options = {
        signal: AbortSignal.any([stopping.signal, ended.signal]),
        alarm: (error: Error) => operator.trouble(undefined, error),
      }
      beside = Promise.all([keepDelivering(context, options), keepMailing(context, options)])
      operator.say(`Process ${process.pid} works on batches of ${context.identity.id}`)
      operator.log('worker.working', { pid: process.pid, chainId: context.chain.chainId })
      await work(context, {
        until: async () => stopping.signal.aborted,
        onTrouble: Trouble.teller(operator.trouble),
      })
    } finally {
      ended.abort()
      await beside
      operator.end()
      await close()
    }
  } finally {
    stopping.end()
    stopListening()
  }
}
