import { expect } from 'chai'
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
