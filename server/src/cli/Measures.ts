import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Step } from './Progress.ts'

/** How long a stage has taken, and how many credentials it has dealt with in this run. */
export type Stage = { readonly stage: string; readonly seconds: number; readonly credentials: number }

/** What a run has cost. Memory is the most that the process had at any time, all its threads included. */
export type Measures = {
  readonly seconds: number
  readonly stages: readonly Stage[]
  readonly peakMemoryBytes: number
  /** How late this thread was for others, in milliseconds. */
  readonly eventLoopDelay: { readonly p99: number; readonly max: number }
}

export type Measuring = {
  /** Measures a piece of work as part of a stage. */
  readonly stage: <result>(name: string, work: () => Promise<result>) => Promise<result>
  readonly took: (name: string, milliseconds: number) => void
  /** Hears how far a stage is. */
  readonly progress: (step: Step) => void
  readonly end: () => Measures
}

/** Begins to measure. */
export function begin(): Measuring {
  const began = performance.now()
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const times = new Map<string, number>()
  const counts = new Map<string, { readonly from: number; to: number }>()
  const took = (name: string, milliseconds: number) => {
    times.set(name, (times.get(name) ?? 0) + milliseconds)
  }
  return {
    took,
    stage: async (name, work) => {
      const start = performance.now()
      try {
        return await work()
      } finally {
        took(name, performance.now() - start)
      }
    },
    progress: ({ step, done }) => {
      const count = counts.get(step)
      if (count === undefined) counts.set(step, { from: done, to: done })
      else count.to = done
    },
    end: () => {
      delay.disable()
      const stages = [...times].map(([stage, milliseconds]) => {
        const { from, to } = counts.get(stage) ?? { from: 0, to: 0 }
        return { stage, seconds: round(milliseconds / 1000), credentials: to - from }
      })
      return {
        seconds: round((performance.now() - began) / 1000),
        stages,
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        eventLoopDelay: { p99: round(delay.percentile(99) / 1e6), max: round(delay.max / 1e6) },
      }
    },
  }
}

/** The stages in which something was done to many credentials, a line each, and what it took in all. */
export function describe({ seconds, stages, peakMemoryBytes }: Measures): readonly string[] {
  const lines = stages
    .filter(({ credentials }) => credentials > 0)
    .map(({ stage, seconds, credentials }) => {
      const rate = Math.round(credentials / Math.max(seconds, 0.001)).toLocaleString('en')
      return `    ${stage.padEnd(10)} ${seconds.toFixed(1).padStart(8)} s ${rate.padStart(10)}/s`
    })
  return [`  took         ${seconds.toFixed(1)} s and ${Math.round(peakMemoryBytes / 2 ** 20)} MiB of memory`, ...lines]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
