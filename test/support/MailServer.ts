import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail that was taken. */
export type Taken = { readonly from: string; readonly to: readonly string[]; readonly raw: string }

/** What is answered in place of `250`, by the moment: a reply code with its text. */
export type Refusal = { readonly code: number; readonly text: string }

export type MailServer = {
  readonly port: number
  readonly taken: readonly Taken[]
  /** What the sender is refused with, from now on. */
  refuseSender: (refusal: Refusal | undefined) => void
  /** What a recipient is refused with. */
  refuse: (decide: (address: string) => Refusal | undefined) => void
  /** What a message is refused with, once all of it is there. */
  refuseMessage: (refusal: Refusal | undefined) => void
  /** Cuts the connection when a message is there: before anything is kept, or after it was, instead of an answer. */
  cut: (when: 'before' | 'after' | undefined) => void
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

/** A mail server on this machine; a real one but for what it does with what it takes. */
export async function start(options: SMTPServerOptions = {}): Promise<MailServer> {
  const taken: Taken[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let sender: Refusal | undefined
  let message: Refusal | undefined
  let recipient: (address: string) => Refusal | undefined = () => undefined
  let cutting: 'before' | 'after' | undefined
  const say = (refusal: Refusal | undefined) =>
    refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code })
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    ...options,
    onMailFrom: (_address, _session, done) => done(say(sender)),
    onRcptTo: ({ address }, _session, done) => done(say(recipient(address))),
    onData: async (stream, { envelope }, done) => {
      const raw = (await buffer(stream)).toString('utf8')
      const { mailFrom, rcptTo } = envelope
      const keep = () =>
        taken.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw })
      if (cutting !== undefined) {
        if (cutting === 'after') keep()
        for (const socket of sockets) socket.destroy()
        return
      }
      if (message !== undefined) {
        done(say(message))
        return
      }
      keep()
      done()
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    refuseSender: (refusal) => {
      sender = refusal
    },
    refuse: (decide) => {
      recipient = decide
    },
    refuseMessage: (refusal) => {
      message = refusal
    },
    cut: (when) => {
      cutting = when
    },
    connections: () => connections,
    stop: () => new Promise<void>((done) => server.close(done)),
  }
}
