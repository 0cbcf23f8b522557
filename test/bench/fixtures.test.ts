import { existsSync } from 'node:fs'
import { expect } from 'chai'
import * as Batch from '../../bench/fixtures/Batch.ts'
import * as Png from '../../bench/fixtures/Png.ts'
import * as Roster from '../../bench/fixtures/Roster.ts'
import * as Strangers from '../../bench/fixtures/Strangers.ts'
import { rows } from '../../bench/rows.ts'
import * as BakedPng from '../../core/src/BakedPng.ts'

describe('bench: fixtures', function () {
  this.timeout(60_000)

  it('have rosters of any size, the same ones every time', () => {
    // More than the sample has people, so that some come a second time.
    const lines = [...Roster.lines(300)]
    expect(lines).to.have.length(301)
    expect(new Set(lines).size).to.equal(301)
    expect([...Roster.lines(300)]).to.deep.equal(lines)
  })

  it('have rosters that an issuer takes, and people who differ in their optional fields', async () => {
    const credentials = await Batch.credentials(300)
    expect(new Set(credentials.map(({ id }) => id)).size).to.equal(300)
    expect(new Set(credentials.map(Strangers.shapeOf)).size).to.be.greaterThan(20)
  })

  it('have strangers of whom no two have one shape', async () => {
    const texts = await Strangers.create(30)
    const shapes = texts.map((text) => Strangers.shapeOf(JSON.parse(text)))
    expect(new Set(shapes).size).to.equal(30)
    expect(await Strangers.create(30)).to.deep.equal(texts)
  })

  it('have a whole PNG of 285 kB', () => {
    const image = Png.create()
    expect(Math.round(image.length / 1000)).to.equal(285)
    expect(BakedPng.extract(BakedPng.bake(image, 'text')).text).to.equal('text')
  })

  for (const scale of ['full', 'quick', 'smoke'] as const) {
    it(`have rows for a ${scale} run, each for other work, whose modules exist`, () => {
      const all = rows(scale)
      expect(new Set(all.map(({ work }) => work)).size).to.equal(all.length)
      for (const { ours, peers } of all)
        for (const { module } of [ours, ...peers])
          expect(existsSync(new URL(`../../bench/${module}`, import.meta.url)), module).to.equal(true)
    })
  }
})
