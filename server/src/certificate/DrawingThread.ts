import { Worker } from 'node:worker_threads'
import { oneByOne } from '../internal/one-by-one.ts'
import type { Certificate, Paper } from './draw.ts'
import type { Preview } from './draw-preview.ts'

/** Draws certificates and previews, one after the other, beside the thread that answers requests. */
export type DrawingThread = {
  /** @throws {oneByOne.CrowdedError} CERTIFICATES_BUSY when too many wait already */
  readonly draw: (certificate: Certificate, paper: Paper) => Promise<Uint8Array>
  /** @throws the same */
  readonly drawPreview: (preview: Preview) => Promise<Uint8Array>
}

/** What the thread is asked for. */
export type Order = { readonly certificate: Certificate; readonly paper: Paper } | { readonly preview: Preview }

/** What comes back for a certificate. */
export type Drawn = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly error: unknown }

/** How many certificates may wait to be drawn. */
const waiting = 32

/**
 * A thread that starts with the first certificate: to set a page takes a tenth of a second and more, in which nobody else
 * would be answered. It keeps no process alive. Where it dies, the certificate in hand fails, and the next has another.
 */
export function create(): DrawingThread {
  const inTurn = oneByOne(waiting)
  let worker: Worker | undefined
  const start = (): Worker => {
    const started = new Worker(new URL('drawing-thread.ts', import.meta.url))
    started.unref()
    started.once('exit', () => {
      if (worker === started) worker = undefined
    })
    return started
  }
  const order = (order: Order) =>
    inTurn(async () => {
      worker ??= start()
      const drawn = await ask(worker, order)
      if ('error' in drawn) throw drawn.error
      return drawn.bytes
    })
  return {
    draw: (certificate, paper) => order({ certificate, paper }),
    drawPreview: (preview) => order({ preview }),
  }
}

/** Asks a thread that has nothing else in hand. */
async function ask(worker: Worker, order: Order): Promise<Drawn> {
  const { promise, resolve, reject } = Promise.withResolvers<Drawn>()
  const onExit = (code: number) => reject(new Error(`The thread that draws certificates has ended with ${code}`))
  worker.once('message', resolve).once('error', reject).once('exit', onExit)
  try {
    worker.postMessage(order)
    return await promise
  } finally {
    worker.off('message', resolve).off('error', reject).off('exit', onExit)
  }
}
