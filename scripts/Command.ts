import { type ChildProcess, spawn } from 'node:child_process'

/** How a command ended, its exit code or the signal that killed it, and all that it printed. */
export type Ended = { readonly code: number | string; readonly output: string }

/** How long what a command has left behind may hold its output, in milliseconds, before nobody waits for it. */
const patience = 5_000

const running = new Set<ChildProcess>()
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    for (const child of running) kill(child)
    process.exit(code)
  })

/**
 * Runs a command without a shell and collects what it prints, both streams in one. Whatever it has started and left
 * behind is killed when it has ended: a chain or a server of a test that was killed would hold its output for ever.
 *
 * @param limit milliseconds after which it is killed
 */
export function run(
  [program = '', ...args]: readonly string[],
  place: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly limit?: number } = {},
): Promise<Ended> {
  const { limit, ...options } = place
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: hasGroups })
    running.add(child)
    const timer = limit === undefined ? undefined : setTimeout(() => kill(child), limit)
    let output = ''
    const streams = [child.stdout, child.stderr]
    for (const stream of streams) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', fail)
    child.once('exit', () => {
      kill(child)
      const late = setTimeout(() => {
        for (const stream of streams) stream.destroy()
      }, patience)
      child.once('close', () => clearTimeout(late))
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      running.delete(child)
      done({ code: code ?? signal ?? 'nothing', output })
    })
  })
}

/** Windows knows no groups of processes. */
const hasGroups = process.platform !== 'win32'

/** Kills a command with all of its group, those too that have survived it. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return
  if (!hasGroups) {
    child.kill('SIGKILL')
    return
  }
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
