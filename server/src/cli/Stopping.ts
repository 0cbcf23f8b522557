import * as Failure from './Failure.ts'

/** What tells a process that serves or works to stop. */
export type Stopping = { readonly signal: AbortSignal; readonly end: () => void }

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Listens for who wants this process to stop: by a signal, or by dying where it is the process that has started this one.
 * The first time, what is begun is brought to a good end; the second time, it all ends at once, as if it were killed.
 */
export function listen(): Stopping {
  const stop = new AbortController()
  const hear = () => {
    if (stop.signal.aborted) process.exit(Failure.exitCodes.unfinished)
    stop.abort()
  }
  for (const signal of signals) process.on(signal, hear)
  if (process.connected) process.on('disconnect', hear)
  return {
    signal: stop.signal,
    end: () => {
      for (const signal of signals) process.off(signal, hear)
      process.off('disconnect', hear)
      if (process.connected) process.disconnect()
    },
  }
}
