import { spawn } from 'node:child_process'

/** How a command ended, its exit code or the signal that killed it, and all that it printed. */
export type Ended = { readonly code: number | string; readonly output: string }

/**
 * Runs a command without a shell and collects what it prints, both streams in one.
 *
 * @param limit milliseconds after which it is killed
 */
export function run(
  [program = '', ...args]: readonly string[],
  place: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly limit?: number } = {},
): Promise<Ended> {
  const { limit, ...options } = place
  return new Promise((done, fail) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = limit === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limit)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', fail)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      done({ code: code ?? signal ?? 'nothing', output })
    })
  })
}
