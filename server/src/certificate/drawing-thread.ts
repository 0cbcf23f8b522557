import { parentPort } from 'node:worker_threads'
import type { Drawn, Order } from './DrawingThread.ts'
import { draw } from './draw.ts'
import { drawPreview } from './draw-preview.ts'

/** What the thread of {@link DrawingThread} runs: an order comes, its bytes go back. */
parentPort?.on('message', async (order: Order) => {
  const send = (drawn: Drawn, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(drawn, moved)
  try {
    const bytes = Uint8Array.from(
      'preview' in order ? await drawPreview(order.preview) : await draw(order.certificate, order.paper),
    )
    send({ bytes }, [bytes.buffer])
  } catch (error) {
    send({ error })
  }
})
