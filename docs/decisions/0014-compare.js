// Signs for two threads in two ways: node docs/decisions/0014-compare.js [messages]
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const messages = Number(process.argv[2] ?? 100_000)
const [threads, chunk] = [2, 500]

function make(count) {
  return Array.from({ length: count }, (_, i) => createHash('sha512').update(String(i)).digest())
}

if (isMainThread) {
  for (let round = 0; round < 3; round++) {
    await measure('asked for in the main thread', undefined)
    await measure('with the key in every thread', generateKeyPairSync('ed25519').privateKey)
  }
} else {
  const { key, count } = workerData
  for (let done = 0; done < count; done += chunk) {
    const some = make(chunk)
    if (key === undefined) {
      parentPort.postMessage(some)
      await once(parentPort, 'message')
    } else for (const message of some) sign(null, message, key)
  }
  parentPort.close()
}

async function measure(work, key) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const signOne = promisify(sign)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const pool = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { key, count: messages / threads } })
    worker.on('message', async (some) =>
      worker.postMessage(await Promise.all(some.map((message) => signOne(null, message, privateKey)))),
    )
    return once(worker, 'exit')
  })
  await Promise.all(pool)
  const { user, system } = process.cpuUsage(cpu)
  const wall = (performance.now() - began) / messages
  console.log(
    `${work}: ${((user + system) / messages).toFixed(0)} µs of CPU, ${(wall * 1000).toFixed(0)} µs on the wall a signature`,
  )
}
