import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** How long it takes at least until a worker that ended is followed by another, and at most, in milliseconds. */
const rest = { first: 500, longest: 30_000 } as const

/**
 * Runs `laurel worker` in so many processes, each followed by another when it dies, until the signal; returns when all
 * have ended. Should this process be killed, they notice and stop.
 */
export async function run(count: number, signal: AbortSignal, say: (sentence: string) => void): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => keep(signal, say)))
}

async function keep(signal: AbortSignal, say: (sentence: string) => void): Promise<void> {
  for (let wait: number = rest.first; !signal.aborted; wait = Math.min(2 * wait, rest.longest)) {
    const began = performance.now()
    const code = await untilEnd(start(), signal)
    if (signal.aborted) return
    if (performance.now() - began > rest.longest) wait = rest.first
    say(`A worker has ended (${code}); another takes its place`)
    await pause(wait, undefined, { signal }).catch(() => {})
  }
}

/** In a group of its own: what a terminal sends to this process, this process passes on. */
function start(): ChildProcess {
  return fork(cli, ['worker'], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

async function untilEnd(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    const [code, killed] = await once(child, 'exit')
    return code === null ? `signal ${killed}` : `code ${code}`
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
