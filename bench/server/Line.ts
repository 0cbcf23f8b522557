import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What came back: the status, the header as it was written, and the body. */
export type Answer = { readonly status: number; readonly head: string; readonly body: Buffer }

/** One connection that stays open, on which one thing is asked after another. */
export type Line = {
  readonly ask: (request: Buffer) => Promise<Answer>
  readonly close: () => void
}

type Asked = { readonly resolve: (answer: Answer) => void; readonly reject: (reason: Error) => void }

const end = Buffer.from('\r\n\r\n')

/**
 * Opens a line to a server on this machine. It reads answers by their length and no other way, because a load generator
 * that does more takes the core of the server that it measures: an answer in pieces is an error.
 */
export async function open(port: number): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let read: Buffer = Buffer.alloc(0)
  let asked: Asked | undefined
  const answer = (outcome: (asked: Asked) => void) => {
    const waiting = asked
    asked = undefined
    if (waiting !== undefined) outcome(waiting)
  }
  socket.on('data', (chunk) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    const at = read.indexOf(end)
    if (at === -1) return
    const head = read.toString('latin1', 0, at)
    const status = Number(head.slice(9, 12))
    const length = /^content-length: (\d+)$/im.exec(head)?.[1]
    if (length === undefined && status !== 304) {
      socket.destroy(new Error(`An answer without its length:\n${head}`))
      return
    }
    const whole = at + end.length + Number(length ?? 0)
    if (read.length < whole) return
    const body = read.subarray(at + end.length, whole)
    read = read.subarray(whole)
    answer(({ resolve }) => resolve({ status, head, body }))
  })
  socket.on('error', (error) => answer(({ reject }) => reject(error)))
  socket.on('close', () => answer(({ reject }) => reject(new Error('The server has hung up'))))
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('The server has hung up'))
        asked = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** A request as it goes over a line. */
export function request(
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}${length}\r\n${body ?? ''}`)
}
