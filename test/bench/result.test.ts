import { expect } from 'chai'
import * as Growth from '../../bench/Growth.ts'
import * as Page from '../../bench/Page.ts'
import * as Publication from '../../bench/Publication.ts'
import * as Result from '../../bench/Result.ts'
import { sample } from './samples.ts'

describe('bench: Result', () => {
  const result = sample({ ours: [40, 90, 60, 80], peer: [10, 30, 10, 20], target: 4 })
  const [peer] = result.peers as readonly [Result.Performance]

  it('has rates by the clock that counts', () => {
    expect(Result.rate(result, result.ours)).to.deep.equal({ median: 70, least: 40, most: 90 })
    expect(Result.rate({ clock: 'wall' }, result.ours)).to.deep.equal({ median: 35, least: 20, most: 45 })
  })

  it('compares round by round', () => {
    // 4, 3, 6 and 4 times.
    expect(Result.ratio(result, peer)).to.deep.equal({ median: 4, least: 3, most: 6 })
  })

  it('refuses to compare when a round is missing', () => {
    const shorter = { ...peer, readings: peer.readings.slice(1) }
    expect(() => Result.ratio(result, shorter)).to.throw(TypeError)
  })

  it('meets a target by the median, and one for memory as well', () => {
    expect(Result.isMet(result)).to.equal(true)
    expect(Result.isMet({ ...result, target: 4.1 })).to.equal(false)
    expect(Result.isMet({ ...result, memoryTarget: 3 })).to.equal(true)
    expect(Result.isMet({ ...result, memoryTarget: 3.1 })).to.equal(false)
  })
})

describe('bench: Page', () => {
  it('has a line for every peer, and says whether the target is met against the first', () => {
    const result = sample({ ours: [40, 90, 60, 80], peer: [10, 30, 10, 20], target: 5 })
    const [peer] = result.peers as readonly [Result.Performance]
    const table = Page.table({ results: [{ ...result, peers: [peer, { ...peer, name: 'other 2.0' }] }] })
    const [, , first = '', second = ''] = table.split('\n').map((line) => line.replaceAll(/ +/g, ' '))
    expect(first).to.equal(
      '| S0 | some work | peer 1.0 | 15 things/CPU-s | 70 things/CPU-s | **4×** | 3× – 6× | ≥ 5× ✖ | 300 : 100 MB |',
    )
    expect(second).to.equal('| | | other 2.0 | 15 things/CPU-s | 70 things/CPU-s | **4×** | 3× – 6× | | 300 : 100 MB |')
    expect(new Set(table.split('\n').map((line) => line.length)).size).to.equal(1)
  })

  it('shows CPU-seconds too where those on the wall count', () => {
    const result = sample({ ours: [80], peer: [20] })
    // Two threads: twice the work on the wall that a CPU-second sees.
    const ours = { ...result.ours, readings: [{ units: 80, cpu: 2, wall: 1 }] }
    const lines = Page.table({ results: [{ ...result, ours, clock: 'wall' }] }).split('\n')
    expect(lines.slice(2).map((line) => line.split('|').slice(4, 7).join('|').replaceAll(/ +/g, ' '))).to.deep.equal([
      ' 10 things/s | 80 things/s | **8×** ',
      ' 20 things/CPU-s | 40 things/CPU-s | **2×** ',
    ])
  })

  const run = (size: number, perPerson: number, peakRss = 400e6): Growth.Run => ({
    size,
    date: '2026-01-01',
    load: 0,
    stages: [
      { name: 'sign', seconds: size * perPerson, credentials: size },
      { name: 'confirm', seconds: size * perPerson, credentials: 0 },
    ],
    cpu: size,
    peakRss,
    delay: { p99: size / 10, max: size },
  })
  const machine = { cpu: 'x', cores: 2, memory: 2 ** 34, platform: 'linux x64', node: '24.0.0' }

  it('has a column for every size of roster', () => {
    const lines = Page.growth([run(10, 0.1), run(100, 0.1)]).split('\n')
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).to.include.members([
      '| stage | 10 | 100 |',
      '| sign | 1 s, 10/s | 10 s, 10/s |',
      '| confirm | 1 s | 10 s |',
      '| **all, file to export** | **2 s, 5/s** | **20 s, 5/s** |',
      '| peak memory | 400 MB | 400 MB |',
      '| late by, p99 | 1 ms | 10 ms |',
    ])
  })

  it('says whether the largest roster kept its promises', () => {
    const say = (runs: readonly Growth.Run[]) => Page.growthFacts({ machine, runs })
    const kept = say([run(5, 0.1), run(50, 0.1), run(500, 0.1)])
    expect(kept).to.contain('400 MB (target ≤ 800 MB ✔)').and.to.contain('1× (target ≥ 0.7× ✔)')
    expect(kept).to.contain('50 ms in one of a hundred cases (target ≤ 50 ms ✔)')
    const broken = say([run(100, 0.1), run(1000, 0.2, 900e6)])
    expect(broken).to.contain('900 MB (target ≤ 800 MB ✖)').and.to.contain('0.5× (target ≥ 0.7× ✖)')
    expect(broken).to.contain('100 ms in one of a hundred cases (target ≤ 50 ms ✖)')
  })

  it('takes a new run of a size instead of the old one, beside those of other sizes and of no other machine', () => {
    const older = { machine, runs: [run(10, 0.1), run(100, 0.1)] }
    const newer = { machine, runs: [run(1000, 0.1), run(10, 0.2)] }
    expect(Growth.merge(older, newer)).to.deep.equal({ machine, runs: [run(10, 0.2), run(100, 0.1), run(1000, 0.1)] })
    expect(Growth.merge(undefined, older)).to.deep.equal(older)
    const elsewhere = { machine: { ...machine, cores: 4 }, runs: [run(10, 0.1)] }
    expect(() => Growth.merge(older, elsewhere)).to.throw(Publication.OtherMachineError)
    expect(Growth.merge(elsewhere, { machine, runs: [run(10, 0.2)] })).to.deep.equal({ machine, runs: [run(10, 0.2)] })
  })

  it('fills what lies between its marks, and misses a mark that is gone', () => {
    const page =
      'before\n<!-- peers -->\nold\n<!-- end of peers -->\n<!-- growth -->\n\n<!-- end of growth -->\nafter\n'
    const result = { ...sample({ ours: [4], peer: [1] }), date: '2026-01-01', load: 0 }
    const publication = { machine, results: [result] }
    const growth = { machine, runs: [run(10, 0.1), run(100, 0.1)] }
    const filled = Page.fill(page, publication, { grown: growth })
    expect(filled)
      .to.match(/^before\n/)
      .and.to.match(/\nafter\n$/)
    expect(filled).to.contain('some work').and.to.contain('file to export').and.not.to.contain('old')
    expect(Page.fill(filled, publication, { grown: growth })).to.equal(filled)
    expect(() => Page.fill('nothing', publication, { grown: growth })).to.throw(Page.MarkError)
  })
})

describe('bench: Publication', () => {
  const machine = { cpu: 'x', cores: 2, memory: 1, platform: 'linux x64', node: '24.0.0' }
  const result = (work: string, date: string) => ({ ...sample({ ours: [1], peer: [1] }), work, date, load: 0 })
  const older = {
    machine,
    results: [result('a', '2026-01-01'), result('b', '2026-01-01'), result('gone', '2026-01-01')],
  }
  const order = ['c', 'b', 'a']
  const days = ({ results }: Publication.Publication) => results.map(({ work, date }) => `${work} ${date}`)

  it('replaces what was measured again, keeps the rest, and forgets rows that are no more', () => {
    const newer = { machine, results: [result('b', '2026-02-02'), result('c', '2026-02-02')] }
    expect(days(Publication.merge(older, newer, order))).to.deep.equal(['c 2026-02-02', 'b 2026-02-02', 'a 2026-01-01'])
  })

  it('begins with nothing', () => {
    const newer = { machine, results: [result('b', '2026-02-02')] }
    expect(Publication.merge(undefined, newer, order)).to.deep.equal(newer)
  })

  it('does not mix two machines in one table', () => {
    const other = { ...machine, node: '25.0.0' }
    const some = { machine: other, results: [result('b', '2026-02-02')] }
    expect(() => Publication.merge(older, some, order)).to.throw(Publication.OtherMachineError)
    const all = { machine: other, results: order.map((work) => result(work, '2026-02-02')) }
    expect(Publication.merge(older, all, order)).to.deep.equal(all)
  })
})
