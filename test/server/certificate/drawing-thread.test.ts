import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as DrawingThread from '../../../server/src/certificate/DrawingThread.ts'
import { type Certificate, draw } from '../../../server/src/certificate/draw.ts'

const image = readFileSync(new URL('../../../server/assets/badge.png', import.meta.url))
const certificate = (over: Partial<Certificate> = {}): Certificate => ({
  id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  name: 'Ada Lovelace',
  achievement: 'First aid',
  criteria: undefined,
  issuer: 'Example issuer',
  awardedAt: 0,
  validUntil: undefined,
  image,
  address: 'https://badges.example.org/verify',
  credential: '{}',
  language: 'en',
  ...over,
})

describe('The thread that draws certificates', function () {
  this.timeout(60_000)

  it('draws what is drawn here, byte for byte', async () => {
    const drawn = await DrawingThread.create().draw(certificate(), 'letter')
    expect(Buffer.from(drawn).equals(Buffer.from(await draw(certificate(), 'letter')))).to.equal(true)
  })

  it('fails for what cannot be drawn, and draws the next', async () => {
    const thread = DrawingThread.create()
    const broken = thread.draw(certificate({ image: Uint8Array.of(1, 2, 3) }), 'a4')
    const next = thread.draw(certificate(), 'a4')
    expect(await broken.catch((error: Error) => error)).to.be.instanceOf(Error)
    expect((await next).length).to.be.greaterThan(1_000)
  })

  it('refuses what would wait too long, and takes more when it is done', async () => {
    const thread = DrawingThread.create()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => thread.draw(certificate({ name: `Person ${i}` }), 'a4')),
    )
    const refused = outcomes.filter(({ status }) => status === 'rejected') as readonly PromiseRejectedResult[]
    expect(refused.map(({ reason }) => reason.code)).to.deep.equal(Array(40 - 33).fill('CERTIFICATES_BUSY'))
    expect((await thread.draw(certificate(), 'a4')).length).to.be.greaterThan(1_000)
  })
})
