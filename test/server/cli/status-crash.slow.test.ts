import { expect } from 'chai'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Issuer from './deciding-issuer.ts'

describe('laurel start, killed while it records digests', function () {
  this.timeout(120_000)
  let issuer: Issuer.Issuer
  before(async () => {
    issuer = await Issuer.open()
  })
  after(() => issuer.close())

  for (const label of labels.filter((name) => name.startsWith('digest:'))) {
    it(`${label}: what was decided is recorded once, in its order`, async () => {
      await issuer.stop()
      const [first, second] =
        (await issuer.at(2)).state === 'suspended' ? ['reinstate', 'suspend'] : ['suspend', 'reinstate']
      expect(await issuer.decide(first, 2)).to.deep.equal({ code: 0, repeated: false })
      const killed = await issuer.laurel(['start'], { LAUREL_CRASH_AT: label })
      expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)

      // Another decision comes before anybody is there to carry on: it is recorded after the one that was planned.
      expect(await issuer.decide(second, 2)).to.deep.equal({ code: 0, repeated: false })
      await issuer.start()
      const answer = await issuer.recorded(2, { suspension: await issuer.digestOf('suspension') })
      expect(answer.recorded.code).to.equal('STATUS_ON_CHAIN')
      expect(answer.state).to.equal(second === 'suspend' ? 'suspended' : 'reinstated')
    })
  }
})
