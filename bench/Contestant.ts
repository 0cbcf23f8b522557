import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Entrant } from './Duel.ts'
import type * as Side from './Side.ts'

/** A side at work in a process of its own. */
export type Contestant = Entrant & {
  readonly make: () => Promise<unknown>
  readonly judge: (made: unknown) => Promise<void>
  /**
   * The most memory that the process had held when its first turn was over, in bytes. Later turns leave garbage of
   * turns before, which says more of the collector than of the work.
   */
  readonly peakRss: () => number
  readonly stop: () => Promise<void>
}

const host = fileURLToPath(new URL('host.ts', import.meta.url))

/**
 * Starts the process of a side.
 *
 * @param module the URL of the module that has the side
 * @param input what its `create` is given; survives a structured clone
 * @throws {FailedError} when the side throws, here and in every request
 */
export async function start(module: string, input: unknown): Promise<Contestant> {
  const child = fork(host, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000)
  })
  const ask = async (request: Side.Request): Promise<unknown> => {
    const answer = await send(child, request)
    if (answer === undefined) throw new FailedError(module, complaints || 'its process ended')
    if ('error' in answer) throw new FailedError(module, answer.error)
    return answer.value
  }
  let peakRss: number | undefined
  const contestant: Contestant = {
    run: async (budget) => {
      const { peakRss: peak, ...reading } = (await ask({ ask: 'run', budget })) as Side.Measured
      peakRss ??= peak
      return reading
    },
    make: () => ask({ ask: 'make' }),
    judge: async (made) => {
      await ask({ ask: 'judge', made })
    },
    peakRss: () => peakRss ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (child.connected) child.disconnect()
      await once(child, 'exit')
    },
  }
  try {
    await ask({ ask: 'create', module, input })
    return contestant
  } catch (error) {
    await contestant.stop()
    throw error
  }
}

/** Sends a request and waits for the answer; undefined when the process ends first. */
async function send(child: ChildProcess, request: Side.Request): Promise<Side.Answer | undefined> {
  if (!child.connected) return undefined
  const settled = new AbortController()
  const { signal } = settled
  try {
    const answered = once(child, 'message', { signal }).then(([answer]) => answer as Side.Answer)
    const ended = once(child, 'close', { signal }).then(() => undefined)
    child.send(request)
    return await Promise.race([answered, ended])
  } finally {
    settled.abort()
  }
}

/** Thrown when a side cannot do what it was asked. */
export class FailedError extends Error {
  override readonly name = 'Contestant.FailedError'
  constructor(module: string, reason: string) {
    super(`${module.replace(/^.*\/bench\//, 'bench/')} has failed: ${reason}`)
  }
}
