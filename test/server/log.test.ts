import * as Errors from '@laurel/core/Errors'
import { expect } from 'chai'
import * as Log from '../../server/src/Log.ts'

const canary = 'Zyxwvut Qponmlk'
const address = 'canary@example.org'

describe('Log', () => {
  const lines: string[] = []
  const log = Log.create(
    (line) => lines.push(line),
    () => Date.UTC(2026, 10, 26),
  )
  const written = () => lines.splice(0).map((line) => JSON.parse(line))

  it('writes one line of JSON for one event', () => {
    log('request', { request: 'abc', route: '/v1/batches/:id', status: 200, milliseconds: 1.5 })
    expect(lines[0]?.endsWith('}\n')).to.equal(true)
    expect(written()).to.deep.equal([
      {
        time: '2026-11-26T00:00:00.000Z',
        level: 'info',
        event: 'request',
        request: 'abc',
        route: '/v1/batches/:id',
        status: 200,
        milliseconds: 1.5,
      },
    ])
  })

  it('leaves out what is on no list, and what looks like no id', () => {
    const given = { name: canary, batch: canary, principal: address, request: `a\r\n{"event":"forged"}`, status: '200' }
    log('trouble', given as Log.Fields)
    expect(lines).to.have.length(1)
    const [text = ''] = lines
    expect(text.match(/\n/g)).to.have.length(1)
    for (const secret of [canary, address, 'forged']) expect(text).to.not.include(secret)
    expect(written()[0].left).to.deep.equal(['batch', 'principal', 'request', 'status'])
  })

  it('keeps sentences to one line, without colours and mailboxes', () => {
    log('told', { sentence: `\u001b[33m!\u001b[39m one\r\ntwo ${address}` })
    expect(lines[0]).to.include('! one\\r\\ntwo …')
    expect(written()[0].sentence).to.equal('! one\r\ntwo …')
  })

  it('says of an error of ours its code and facts, and of another only where it came from', () => {
    class Ours extends Errors.BaseError<'BATCH_UNKNOWN'> {
      override readonly name = 'Ours'
      constructor() {
        super('BATCH_UNKNOWN', `What ${canary} has sent`, { facts: { batch: '2026-11-26-0a0b0c0d', who: canary } })
      }
    }
    log('trouble', Log.ofError(new Ours()))
    log('crash', Log.ofError(new RangeError(`${canary} is out of range`)))
    const text = lines.join('')
    expect(text).to.not.include(canary)
    const [ours, other] = written()
    expect(ours).to.include({ code: 'BATCH_UNKNOWN', batch: '2026-11-26-0a0b0c0d' })
    expect(other.error).to.equal('RangeError')
    expect(other.at[0]).to.match(/^at /)
  })
})
