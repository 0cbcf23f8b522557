import { once } from 'node:events'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import { keepPinned } from '../content/keep-pinned.ts'
import { createApp } from '../http/app.ts'
import { createContext, createRecording } from '../main.ts'
import { keepRecorded } from '../status/record-digests.ts'
import { work } from '../worker.ts'
import * as Failure from './Failure.ts'
import * as Progress from './Progress.ts'
import * as Stopping from './Stopping.ts'
import * as Trouble from './Trouble.ts'
import * as Workers from './Workers.ts'

/**
 * Serves what is public and does the work of open batches, until it is told to stop: in this process, or in so many
 * processes beside it.
 */
export async function start(options: { readonly workers?: number }, config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const stopping = Stopping.listen()
  const { context, documents, rpc, close } = await createContext(config, {
    progress: reporter.report,
    say: reporter.say,
  })
  const alarm = (error: Error) => reporter.say(`${pc.yellow('!')} ${error.message}`)
  const ended = new AbortController()
  // What goes on beside the batches, until the server ends for whatever reason.
  let beside: Promise<unknown> = Promise.resolve()
  let recorder: Awaited<ReturnType<typeof createRecording>>
  try {
    recorder = await createRecording(config, context, rpc)
    const server = createApp(context, documents).listen(config.port, '127.0.0.1')
    server.requestTimeout = 30_000
    server.headersTimeout = 10_000
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new Failure.PortTakenError(config.port, cause)
    }
    process.stdout.write(
      [
        `${pc.green('✔')} Laurel is listening on http://127.0.0.1:${config.port}`,
        `  issuer  ${context.terms.issuer.name} (${context.identity.id})`,
        `  chain   ${context.chain.chainId}${context.chain.test ? ' (a test chain)' : ''}, registry ${context.chain.registry}`,
        `  home    ${config.home}`,
        '  Stop it with Ctrl-C.',
        '',
      ].join('\n'),
    )
    const signal = AbortSignal.any([stopping.signal, ended.signal])
    beside = Promise.all([
      keepPinned(context, { signal, alarm }),
      recorder && keepRecorded(recorder, { signal, alarm }),
    ])
    if (options.workers === undefined) {
      const until = async () => stopping.signal.aborted
      await work(context, { until, onTrouble: Trouble.teller(reporter.say) })
    } else {
      await Workers.run(options.workers, stopping.signal, reporter.say)
      if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
    }
    server.close()
    server.closeAllConnections()
  } finally {
    ended.abort()
    await beside
    reporter.end()
    await close()
    stopping.end()
  }
}
