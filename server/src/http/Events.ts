import { setTimeout as pause } from 'node:timers/promises'
import * as Batch from '../Batch.ts'
import * as Block from '../Block.ts'
import type { BatchStore } from '../ports/BatchStore.ts'
import * as Problem from './Problem.ts'

/** How often the store is asked, and how often a line without words keeps the connection open, in milliseconds. */
const interval = { look: 500, beat: 15_000 } as const

/** How many listen at once, in this process. */
const most = 200

let listening = 0

/**
 * Server-sent events (HTML §9.2) of a batch: one at once, one for each change of what can be seen, until it is closed.
 * What is told is what is stored, whichever process does the work.
 *
 * @throws {Problem.RefusedError} STREAMS_BUSY
 */
export function watch(id: string, { store }: { readonly store: BatchStore }, gone: AbortSignal): AsyncIterable<string> {
  if (listening >= most) throw new Problem.RefusedError('STREAMS_BUSY', 'Too many are listening.', { headers: later })
  return (async function* () {
    listening++
    try {
      let told = ''
      let silent = 0
      while (!gone.aborted) {
        const batch = await store.get(id)
        if (batch === undefined) return
        const data = JSON.stringify({
          state: Batch.told(batch),
          reason: batch.reason,
          size: batch.size,
          ...(await store.reached(id)),
          verified: batch.checked === 0 ? 0 : Math.min(batch.size, batch.checked * Block.size),
        })
        if (data !== told) {
          told = data
          silent = 0
          yield `event: progress\nid: ${batch.epoch}\ndata: ${data}\n\n`
        } else if (silent >= interval.beat) {
          silent = 0
          yield ':\n\n'
        }
        if (!Batch.isOpen(batch)) return
        silent += interval.look
        await pause(interval.look, undefined, { signal: gone }).catch(() => {})
      }
    } finally {
      listening--
    }
  })()
}

const later = { 'Retry-After': '30' } as const
