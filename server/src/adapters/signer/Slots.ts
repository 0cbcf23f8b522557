/** Lets so much work be under way at once and no more; the rest waits in order. */
export type Slots = <result>(work: () => Promise<result>, signal: AbortSignal) => Promise<result>

/** What waits is given up as soon as its signal says so; what has begun ends by itself. */
export function create(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count

  const take = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      if (free > 0) {
        free--
        resolve()
        return
      }
      const giveUp = () => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(signal.reason)
      }
      const begin = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.push(begin)
    })

  return async (work, signal) => {
    await take(signal)
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
