import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * What a server took since it was last asked: CPU-seconds of all its threads, its most memory in bytes, and how late its
 * event loop was in milliseconds.
 */
export type Usage = {
  readonly cpu: number
  readonly peakRss: number
  readonly delay: { readonly p99: number; readonly max: number }
}

/** `laurel start`, which is measured while it runs. */
export type Server = {
  /** The first key of its home, which it tells once. */
  readonly key: string | undefined
  readonly usage: () => Promise<Usage>
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

const cli = join(import.meta.dirname, '../../server/src/cli.ts')
const report = new URL('report.js', import.meta.url).href

/** Starts a server as an operator would, and waits until it listens. */
export async function start(environment: Readonly<Record<string, string>>): Promise<Server> {
  const child = spawn(process.execPath, ['--import', report, cli, 'start'], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = once(child, 'exit')
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    said += chunk
  })
  let key: string | undefined
  let listens = false
  for await (const line of createInterface(child.stdout as NodeJS.ReadableStream)) {
    key ??= /laurel_[0-9a-f]{8}_\w+/.exec(line)?.[0]
    listens = line.includes('Stop it with')
    if (listens) break
  }
  if (!listens) throw new Error(`laurel start did not start:\n${said}`)
  child.stdout?.resume()
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return {
    key,
    usage: async () => {
      const heard = once(child, 'message')
      child.send('usage')
      const [taken] = await heard
      return { peakRss: peakRss(child.pid as number), ...taken }
    },
    stop: () => stop('SIGTERM'),
    kill: () => stop('SIGKILL'),
  }
}

/** The most memory since this was last asked, where the machine tells; otherwise 0. */
function peakRss(pid: number): number {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return 0
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]
  // proc_pid_clear_refs(5): 5 resets the peak.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return Number(kilobytes ?? 0) * 1024
}
