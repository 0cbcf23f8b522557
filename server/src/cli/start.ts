import { once } from 'node:events'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import { createApp } from '../http/app.ts'
import { createContext } from '../main.ts'
import { work } from '../worker.ts'
import * as Failure from './Failure.ts'
import * as Progress from './Progress.ts'

/** Serves what is public and does the work of open batches, until it is told to stop. */
export async function start(config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

  const { context, documents, close } = await createContext(config, { progress: reporter.report, say: reporter.say })
  try {
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
    const told = new Map<string | undefined, string>()
    await work(context, {
      until: async () => stop.signal.aborted,
      onTrouble: (batch, error) => {
        if (told.get(batch) === error.message) return
        told.set(batch, error.message)
        reporter.say(`${pc.yellow('!')} ${batch === undefined ? '' : `batch ${batch}: `}${error.message}`)
      },
    })
    server.close()
    server.closeAllConnections()
  } finally {
    reporter.end()
    await close()
  }
}
