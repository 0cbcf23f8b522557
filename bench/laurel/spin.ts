import { Worker } from 'node:worker_threads'
import type { Side } from '../Side.ts'

const pieces = 32
const turns = 2_000

/** Nothing but hashing, in some threads: how much faster several are here shows how many cores are free. */
export async function create({ threads }: { readonly threads: number }): Promise<Side> {
  const code = `
    const { createHash } = require('node:crypto')
    const { parentPort } = require('node:worker_threads')
    const data = Buffer.alloc(4096)
    parentPort.on('message', (pieces) => {
      for (let i = 0; i < pieces * ${turns}; i++) createHash('sha256').update(data).digest()
      parentPort.postMessage(pieces)
    })`
  const pool = Array.from({ length: threads }, () => new Worker(code, { eval: true }))
  const spin = (worker: Worker) =>
    new Promise((done) => {
      worker.once('message', done)
      worker.postMessage(pieces / threads)
    })
  return {
    work: async () => {
      await Promise.all(pool.map(spin))
      return pieces
    },
    make: () => threads,
    judge: () => {},
    close: async () => {
      await Promise.all(pool.map((worker) => worker.terminate()))
    },
  }
}
