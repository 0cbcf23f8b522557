import { parentPort } from 'node:worker_threads'
import type { Drawn } from './DrawingThread.ts'
import { type Certificate, draw, type Paper } from './draw.ts'

/** What the thread of {@link DrawingThread} runs: a certificate comes, its bytes go back. */
parentPort?.on('message', async ({ certificate, paper }: { certificate: Certificate; paper: Paper }) => {
  const send = (drawn: Drawn, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(drawn, moved)
  try {
    const bytes = Uint8Array.from(await draw(certificate, paper))
    send({ bytes }, [bytes.buffer])
  } catch (error) {
    send({ error })
  }
})
