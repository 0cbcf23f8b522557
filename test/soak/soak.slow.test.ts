import { expect } from 'chai'
import * as Oracle from '../support/Oracle.ts'
import * as Postgres from '../support/Postgres.ts'
import * as Soak from './Soak.ts'

/** Ten minutes of it is `npm run soak`. */
const seconds = Number(process.env.SOAK_SECONDS ?? 60)

describe('Two servers and three workers on one PostgreSQL', function () {
  this.timeout((seconds + 900) * 1_000)

  before(function () {
    const reason = Postgres.missing()
    if (reason === undefined) return
    console.log(`    SKIPPED: ${reason}`)
    this.skip()
  })

  it('killed at random under load, over a bad RPC and a chain that goes back: nothing is lost, doubled or early', async () => {
    const say = (sentence: string) => console.log(`        ${sentence}`)
    const result = await Soak.run({ seconds, reorganiseEvery: Math.min(60, seconds / 4), say })
    for (const line of Soak.describe(result).split('\n')) say(line)
    const { findings, early, promised, kills, reorganisations } = result
    const { batches } = findings
    expect({ ...findings, early }).to.deep.equal({ ...Oracle.whole, batches, credentials: promised, early: [] })
    expect(Math.min(promised, kills, reorganisations), 'something of it has happened').to.be.greaterThan(0)
  })
})
