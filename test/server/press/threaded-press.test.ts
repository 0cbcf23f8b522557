import { expect } from 'chai'
import type * as Messages from '../../../server/src/adapters/press/Messages.ts'
import * as ThreadedPress from '../../../server/src/adapters/press/ThreadedPress.ts'
import type * as Batch from '../../../server/src/Batch.ts'
import type { Press } from '../../../server/src/ports/Press.ts'

const entry = new URL('thread.ts', import.meta.url)
const large = { id: 'large', size: 1_000_000 } as Batch.Final
const small = { id: 'small', size: 3 } as Batch.Final

describe('ThreadedPress', function () {
  this.timeout(60_000)
  let press: Press
  let asked: number[][]
  let by: string
  let sign: (messages: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>
  const local = { lines: async () => new TextEncoder().encode('here\n'), close: async () => {} } as unknown as Press

  beforeEach(() => {
    asked = []
    sign = async (messages) => {
      asked.push(messages.map(([byte]) => byte ?? 0))
      return messages.map(([byte]) => Uint8Array.of((byte ?? 0) + 100))
    }
    const signer = async ({ issuer, verificationMethod }: Messages.Signatory) => {
      by = `${issuer} ${verificationMethod}`
      return { sign: (messages: readonly Uint8Array[]) => sign(messages) }
    }
    press = ThreadedPress.create({ entry, data: undefined, threads: 2, signer, local })
  })
  afterEach(() => press.close())

  it('does a small batch here, and a large one in a thread', async () => {
    expect(new TextDecoder().decode(await press.lines(small, 1))).to.equal('here\n')
    expect(new TextDecoder().decode(await press.lines(large, 1))).to.equal('large\n')
  })

  it('has the signer asked here, once for many messages', async () => {
    const { signatures } = await press.sign(large, 6, 3, 0)
    expect(signatures.map(({ proofValue }) => proofValue)).to.deep.equal(['107', '108', '109'])
    expect(asked).to.deep.equal([[7, 8, 9]])
    expect(by).to.equal('did:example:issuer did:example:issuer#key')
  })

  it('hands on what the signer refuses', async () => {
    sign = () => Promise.reject(new ThreadedPress.ThreadLostError())
    const error = await press.sign(large, 0, 1, 0).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error).and.include({ code: 'THREAD_LOST' })
  })

  it('hands on errors with their codes and facts, and refusals as they are', async () => {
    const error = await press.judge(large, 14).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error).and.include({ code: 'STATUS_INDEX', message: 'It is out of range.' })
    expect((error as { facts: unknown }).facts).to.deep.equal({ place: 14 })
    expect(await press.judge(large, 15)).to.deep.equal({
      check: 'signed',
      code: 'X',
      message: 'No.',
      credentialId: 'urn:uuid:1',
    })
  })

  it('tells what a thread that died was working on, and goes on with another', async () => {
    // One piece of work for each thread, which neither ends: the next two go to one thread each.
    const stuck = [press.judge(large, 0), press.judge(large, 0)].map((work) => work.catch((reason: unknown) => reason))
    const [first, second] = await Promise.all(
      [press.judge(large, 13), press.judge(large, 13)].map((work) => work.catch((reason: unknown) => reason)),
    )
    for (const error of [first, second, ...(await Promise.all(stuck))])
      expect(error).to.be.instanceOf(ThreadedPress.ThreadLostError).and.include({ code: 'THREAD_LOST' })
    expect(await press.judge(large, 1)).to.equal(undefined)
  })
})
