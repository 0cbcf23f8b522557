import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type * as Cli from '../support/Cli.ts'

const cli = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))

/** A process that is followed by another whenever it ends, as whatever keeps services running would do. */
export type Kept = {
  readonly name: string
  /** The one that runs now. */
  readonly pid: () => number | undefined
  /** Kills it, and answers with its id; undefined where none runs at the moment. */
  readonly kill: () => Promise<number | undefined>
  /** How often it has ended by itself: where the chain could not be reached as it began, for one. */
  readonly ends: () => number
  /** What the last ones have said. */
  readonly said: () => string
  /** Ends it for good, in an orderly way; answers with its exit code. */
  readonly stop: () => Promise<number | null>
}

/** Keeps `laurel` with these arguments running. */
export function keep(name: string, args: readonly string[], environment: Cli.Environment): Kept {
  let child: ChildProcess | undefined
  let isEnding = false
  let ends = 0
  let said = ''
  const killed = new WeakSet<ChildProcess>()
  const run = async () => {
    while (!isEnding) {
      const own = spawn(process.execPath, [cli, ...args], {
        env: { ...process.env, NO_COLOR: '1', ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      own.stderr.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-10_000)
      })
      child = own
      await once(own, 'exit')
      child = undefined
      if (isEnding || killed.has(own)) continue
      ends++
      await pause(500)
    }
  }
  const running = run()
  return {
    name,
    pid: () => child?.pid,
    kill: async () => {
      const own = child
      if (own?.pid === undefined) return undefined
      killed.add(own)
      const ended = once(own, 'exit')
      own.kill('SIGKILL')
      await ended
      return own.pid
    },
    ends: () => ends,
    said: () => said,
    stop: async () => {
      isEnding = true
      const own = child
      const ended = own && once(own, 'exit')
      own?.kill('SIGTERM')
      const [code] = (await ended) ?? [0]
      await running
      return code
    },
  }
}
