import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect } from 'chai'
import * as Body from '../../../server/src/http/Body.ts'
import * as Limiter from '../../../server/src/http/Limiter.ts'
import * as Problem from '../../../server/src/http/Problem.ts'
import { StorageFullError } from '../../../server/src/internal/StorageFull.ts'

describe('Limits of the HTTP interface', () => {
  it('fill a quota at a steady pace, for each caller apart', () => {
    let now = 0
    const limiter = Limiter.create({ count: 2, seconds: 10 }, () => now)
    const allowed = (who: string) => limiter.take(who).allowed
    expect([allowed('a'), allowed('a'), allowed('a'), allowed('b')]).to.deep.equal([true, true, false, true])
    now += 5_000
    expect([allowed('a'), allowed('a')]).to.deep.equal([true, false])
    now += 1_000_000
    expect(limiter.take('a')).to.deep.equal({ allowed: true, remaining: 1, reset: 5 })
  })

  it('say how much is left, and when to come back', () => {
    const limiter = Limiter.create({ count: 1, seconds: 60 }, () => 0)
    expect(Limiter.headers('key', limiter.quota, limiter.take('a'))).to.deep.equal({
      'RateLimit-Policy': '"key";q=1;w=60',
      RateLimit: '"key";r=0;t=60',
    })
    expect(Limiter.headers('key', limiter.quota, limiter.take('a'))).to.include({ 'Retry-After': '60' })
  })

  it('remember no more callers than there is room for', () => {
    const limiter = Limiter.create({ count: 2, seconds: 3_600 }, () => 0)
    for (let i = 0; i < 20_000; i++) limiter.take(String(i))
    // The first was forgotten for others, the last was not.
    expect(limiter.take('0').remaining).to.equal(1)
    expect(limiter.take('19999').remaining).to.equal(0)
  })

  describe('a body', () => {
    /** What a server makes of a body that a client sends by hand. */
    const reads = async (pace: Body.Patience, talk: (write: (text: string) => void, end: () => void) => void) => {
      const outcome = Promise.withResolvers<string>()
      const server = createServer((request: IncomingMessage) => {
        Body.json(request, 1024, pace).then(
          (value) => outcome.resolve(JSON.stringify(value)),
          (error) => outcome.resolve(error.code),
        )
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.on('error', () => {})
      const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n'
      talk(
        (text) => socket.write(`${head}${text}`),
        () => socket.end(),
      )
      try {
        return await outcome.promise
      } finally {
        socket.destroy()
        server.close()
        server.closeAllConnections()
      }
    }
    const hasty = { milliseconds: 50, bytesPerSecond: 1_000_000 }

    it('is waited for as long as it comes', async () => {
      expect(await reads(Body.patience, (write) => write('{"a":           "b"}'))).to.equal('{"a":"b"}')
    })

    it('is not waited for when it comes too slowly', async () => {
      expect(await reads(hasty, (write) => write('{'))).to.equal('REQUEST_TIMEOUT')
    })

    it('that is cut is no body', async () => {
      const cut = (write: (text: string) => void, end: () => void) => {
        write('{')
        end()
      }
      expect(await reads(Body.patience, cut)).to.equal('REQUEST_INVALID')
    })
  })

  it('have a status for what the disk and the database say', () => {
    const answers = (error: unknown) => {
      let status = 0
      let body = ''
      const response = {
        locals: {},
        headersSent: false,
        status: (value: number) => {
          status = value
          return response
        },
        set: () => response,
        type: () => response,
        send: (text: string) => {
          body = text
        },
      }
      Problem.handler(error, { complete: true } as never, response as never, () => {})
      return Promise.resolve().then(() => [status, JSON.parse(body).code])
    }
    return Promise.all(
      [
        [{ code: 'ENOSPC' }, 507, 'STORAGE_FULL'],
        [new StorageFullError(undefined), 507, 'STORAGE_FULL'],
        [{ code: 'ERR_SQLITE_ERROR', errcode: 5 }, 503, 'STORAGE_UNAVAILABLE'],
        [{ code: 'ECONNREFUSED' }, 503, 'STORAGE_UNAVAILABLE'],
        [{ code: '57P01' }, 503, 'STORAGE_UNAVAILABLE'],
        [new Error('a secret'), 500, 'INTERNAL'],
      ].map(async ([error, status, code]) => expect(await answers(error)).to.deep.equal([status, code])),
    )
  })
})
