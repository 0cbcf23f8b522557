import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

/** What was seen of a process while something was done to it. */
export type Seen = {
  /** How much more memory than at the beginning it had at the most, in bytes; 0 where the machine does not tell. */
  readonly growth: number
  /** How late it was for others at the most, in milliseconds. */
  readonly delay: number
}

/** Looks at a process until it is told to end. */
export type Probe = { readonly end: () => Promise<Seen> }

/** Looks at a server as somebody does who asks, over and over, whether it is alive. */
export function over(pid: number, base: string): Probe {
  const peak = growthOf(pid)
  let delay = 0
  let isOver = false
  const ask = async () => {
    while (!isOver) {
      const began = performance.now()
      await (await fetch(`${base}/healthz`)).arrayBuffer()
      delay = Math.max(delay, performance.now() - began)
      await pause(20)
    }
  }
  const asking = ask()
  return {
    end: async () => {
      isOver = true
      await asking
      return { growth: peak(), delay }
    },
  }
}

/** Looks at this process. */
export function here(): Probe {
  const peak = growthOf(process.pid)
  const histogram = monitorEventLoopDelay({ resolution: 10 })
  histogram.enable()
  return {
    end: async () => {
      histogram.disable()
      return { growth: peak(), delay: histogram.max / 1e6 }
    },
  }
}

/** What was seen, in words. */
export function describe({ growth, delay }: Seen): string {
  return `memory grew by ${Math.round(growth / 2 ** 20)} MiB at the most, and others waited for ${Math.round(delay)} ms at the most`
}

/** From now on: proc_pid_clear_refs(5) lets the peak begin anew. */
function growthOf(pid: number): () => number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return () => 0
  const read = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))?.[1])
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = read('VmRSS')
  return () => read('VmHWM') - before
}
