import * as Webhook from '@laurel/client/Webhook'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Judge from 'standardwebhooks'
import * as Signature from '../../../server/src/webhooks/Signature.ts'

const secret = new Uint8Array(32).map((_, i) => i)
const other = new Uint8Array(32).fill(9)
const id = '6c1a8a7e-4d3c-4b5f-9a55-2f2d0a0c9c11'
const body = '{"type":"batch.delivered","data":{"batch":"Žofie 王"}}'
const seconds = () => Math.floor(Date.now() / 1_000)

/** The headers of a message that was sent just now. */
const sent = (secrets: readonly Uint8Array[] = [secret], timestamp = seconds()) =>
  Signature.headers({ id, timestamp, body }, secrets)

const verify = (headers: Readonly<Record<string, string>>, text: string | Uint8Array = body, with_ = secret) =>
  Webhook.verify({ body: text, headers: new Headers(headers) }, Signature.toText(with_)).then(
    () => 'believed',
    (error) => error.code ?? error,
  )

// Standard Webhooks 1.0; the judge is the library of its authors.
describe('The signature of a webhook', () => {
  it('is the one of the standard’s own example', () => {
    const example = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
    const { 'webhook-signature': signature } = Signature.headers(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' },
      [example],
    )
    expect(signature).to.equal('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    expect(Signature.toText(example)).to.equal('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  })

  it('is taken by the judge, and the judge’s by our helper, whatever is sent', async () => {
    const any = fc.tuple(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.uuid(), fc.json())
    await fc.assert(
      fc.asyncProperty(any, async ([key, id, body]) => {
        const judge = new Judge.Webhook(Signature.toText(key))
        const headers = Signature.headers({ id, timestamp: seconds(), body }, [key])
        expect(judge.verify(body, headers)).to.deep.equal(JSON.parse(body))
        const theirs = { ...headers, 'webhook-signature': judge.sign(id, new Date(), body) }
        theirs['webhook-timestamp'] = String(seconds())
        const resigned = judge.sign(id, new Date(Number(theirs['webhook-timestamp']) * 1_000), body)
        const message = { body, headers: new Headers({ ...theirs, 'webhook-signature': resigned }) }
        expect(await Webhook.verify(message, Signature.toText(key))).to.deep.equal({ id, event: JSON.parse(body) })
      }),
    )
  })

  it('is there for each of two secrets while one takes the place of the other (WHK-011)', async () => {
    const headers = sent([other, secret])
    expect(headers['webhook-signature'].split(' ')).to.have.length(2)
    for (const each of [secret, other]) {
      expect(new Judge.Webhook(Signature.toText(each)).verify(body, headers)).to.deep.equal(JSON.parse(body))
      expect(await verify(headers, body, each)).to.equal('believed')
    }
  })

  // WHK-012
  for (const [title, forge] of [
    ['an old time', () => verify(sent([secret], seconds() - 301))],
    // A second may go by before it is verified.
    ['a time to come', () => verify(sent([secret], seconds() + 302))],
    ['another body', () => verify(sent(), body.replace('delivered', 'cancelled'))],
    ['another id', () => verify({ ...sent(), 'webhook-id': id.replace('6', '7') })],
    ['the wrong secret', () => verify(sent([other]))],
    [
      'a full stop in the id, which makes a part of it the time',
      () => {
        const { 'webhook-signature': signature, 'webhook-timestamp': timestamp } = sent()
        const moved = { 'webhook-id': `${id}.${timestamp}`, 'webhook-timestamp': timestamp }
        return verify({ ...moved, 'webhook-signature': signature })
      },
    ],
    ['no headers', () => verify({})],
    ['a time that is no number', () => verify({ ...sent(), 'webhook-timestamp': 'NaN' })],
    ['a signature of another scheme', () => verify({ ...sent(), 'webhook-signature': 'v1a,AAAA v2,AAAA v1' })],
    ['a signature that is no base64', () => verify({ ...sent(), 'webhook-signature': 'v1,*** v1,A' })],
    ['bytes that are no UTF-8', () => verify(sent(), Uint8Array.of(0xff, 0xfe))],
  ] as const)
    it(`is not believed with ${title}`, async () => {
      expect(await forge()).to.equal('WEBHOOK_SIGNATURE')
    })

  it('is believed by a clock that is told, within the tolerance that is told', async () => {
    const message = { body, headers: new Headers(sent([secret], 1_000)) }
    const at = (now: number, tolerance?: number) =>
      Webhook.verify(message, Signature.toText(secret), {
        now,
        ...(tolerance === undefined ? {} : { tolerance }),
      }).then(
        () => true,
        () => false,
      )
    expect(await at(1_300_000)).to.equal(true)
    expect(await at(1_300_001)).to.equal(false)
    expect(await at(700_000)).to.equal(true)
    expect(await at(699_999)).to.equal(false)
    expect(await at(1_001_000, 500)).to.equal(false)
    expect(await at(Number.NaN)).to.equal(false)
  })

  it('is none of what could be read in two ways', () => {
    expect(() => Signature.headers({ id: 'a.1', timestamp: 1, body }, [secret])).to.throw(TypeError)
    expect(() => Signature.headers({ id, timestamp: 1.5, body }, [secret])).to.throw(TypeError)
  })

  it('is not checked with what is no secret', async () => {
    const message = { body, headers: new Headers(sent()) }
    for (const bad of ['', 'whsec_', 'whsec_AAAA', 'whsec_***'])
      expect(await Webhook.verify(message, bad).catch((error) => error), bad).to.be.instanceOf(TypeError)
  })
})
