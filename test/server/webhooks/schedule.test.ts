import { expect } from 'chai'
import * as Schedule from '../../../server/src/webhooks/Schedule.ts'

const hour = 3_600_000

describe('The schedule of a webhook', () => {
  it('is the one of Standard Webhooks, with a tenth more or less', () => {
    const seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for (const [failures, wait] of seconds.entries()) {
      expect(Schedule.next(failures, 0.5)).to.equal(wait * 1_000)
      expect(Schedule.next(failures, 0)).to.equal(wait * 900)
      expect(Schedule.next(failures, 1)).to.equal(wait * 1_100)
    }
    expect(Schedule.next(seconds.length, 0.5)).to.equal(null)
  })

  it('leaves alone for longer and longer what cannot be had', () => {
    expect([0, 1, 2, 3].map(Schedule.rest)).to.deep.equal([200, 400, 800, 1_600])
    expect(Schedule.rest(8)).to.equal(30_000)
    expect(Schedule.rest(5_000)).to.equal(30_000)
  })

  it('waits for longer where that is asked for, and never for less', () => {
    expect(Schedule.next(0, 0.5, hour)).to.equal(hour)
    expect(Schedule.next(2, 0.5, 1_000)).to.equal(1_800_000)
    expect(Schedule.next(9, 0.5, hour)).to.equal(null)
  })

  // WHK-007: what is no time within a day counts for nothing.
  it('reads what an endpoint asks for', () => {
    const now = Date.parse('2026-11-26T00:00:00Z')
    const asked = (text: string | undefined) => Schedule.asked(text, now)
    expect(asked('0')).to.equal(0)
    expect(asked('120')).to.equal(120_000)
    expect(asked('86400')).to.equal(24 * hour)
    expect(asked('Thu, 26 Nov 2026 01:00:00 GMT')).to.equal(hour)
    for (const bad of [
      undefined,
      '',
      '-5',
      '1e9',
      '86401',
      '999999999999',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'Fri, 01 Jan 2100 00:00:00 GMT',
      'soon',
      'NaN',
      '1'.repeat(10_000),
    ])
      expect(asked(bad), bad).to.equal(undefined)
  })
})
