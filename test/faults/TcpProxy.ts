import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy before something that is spoken to over TCP, PostgreSQL for one. */
export type TcpProxy = {
  readonly port: number
  /**
   * Cuts every connection when so many pieces have come from the clients, from now on; the piece that is one too many
   * reaches the other side first where it is to be `delivered`. Then all is as it was.
   */
  readonly cutAt: (piece: number, delivered: boolean) => void
  /** How many pieces have come from the clients since the last call of {@link cutAt}, or since the start. */
  readonly pieces: () => number
  /** Takes everything and hands nothing on, in either direction, for as long as it says so: a connection that is half open. */
  readonly swallow: (isSwallowing: boolean) => void
  /** Hands every piece on so many milliseconds later. */
  readonly delay: (milliseconds: number) => void
  readonly stop: () => Promise<void>
}

export async function start(port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let count = 0
  let cut: { readonly piece: number; readonly delivered: boolean } | undefined
  let swallowing = false
  let lag = 0
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const pass = (from: Socket, to: Socket, isClient: boolean) => {
    from.on('data', async (piece) => {
      if (swallowing) return
      if (isClient && ++count === cut?.piece) {
        const { delivered } = cut
        cut = undefined
        if (delivered && !to.destroyed) await new Promise((done) => to.write(piece, done))
        breakAll()
        return
      }
      if (lag === 0) to.write(piece)
      else setTimeout(() => to.destroyed || to.write(piece), lag)
    })
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    sockets.add(from)
  }
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    pass(client, upstream, true)
    pass(upstream, client, false)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutAt: (piece, delivered) => {
      count = 0
      cut = { piece, delivered }
    },
    pieces: () => count,
    swallow: (isSwallowing) => {
      swallowing = isSwallowing
      // What was swallowed is lost: nobody can go on in the midst of it.
      if (!isSwallowing) breakAll()
    },
    delay: (milliseconds) => {
      lag = milliseconds
    },
    stop: async () => {
      server.close()
      breakAll()
      await once(server, 'close')
    },
  }
}
