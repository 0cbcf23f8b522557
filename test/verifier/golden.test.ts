import { Policy, verify } from '@laurel/verifier'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

describe('The golden samples', function () {
  this.timeout(60_000)
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  for (const name of Golden.credentials())
    it(`${name} is accepted`, async () => {
      const { checks } = await verifier.report(Verifier.bytes(name))
      const expected = name.startsWith('C') ? 'skipped STATUS_NONE' : 'passed NOT_REVOKED'
      expect(checks.map(({ check, outcome, code }) => `${check}: ${outcome} ${code}`)).to.deep.equal([
        'conforms: passed CONFORMS',
        'signed: passed SIGNED',
        'included: passed INCLUDED',
        'anchored: passed ANCHORED',
        'manifest: passed MANIFEST',
        'issuer-bound: passed ISSUER_BOUND',
        `status: ${expected}`,
        'valid-period: passed IN_PERIOD',
        'recipient: skipped RECIPIENT_NOT_ASKED',
      ])
    })

  it('are 33', () => {
    expect(Golden.credentials()).to.have.length(33)
  })

  it('A-7-4 is rejected, and no other, where the list that revokes it is at hand', async () => {
    const newer = Verifier.bytes('A-status-revocation-2.json')
    const url = Golden.read('A-status-revocation-2.json').id
    const readers = {
      ...verifier.readers,
      statusLists: async (wanted: string) => {
        const lists = await verifier.readers.statusLists(wanted)
        return wanted === url ? [...lists, { bytes: newer, live: false }] : lists
      },
    }
    const rejected: string[] = []
    for (const name of Golden.credentials('A')) {
      const { trust } = verifier
      const report = await verify(Verifier.bytes(name), { trust, readers, now: Date.parse('2026-06-01T00:00:00Z') })
      const { verdict, check, code } = Policy.decide(report)
      if (verdict !== 'accepted') rejected.push(`${name} ${verdict} ${check} ${code}`)
    }
    expect(rejected).to.deep.equal(['A-7-4.json rejected status REVOKED'])
  })
})
