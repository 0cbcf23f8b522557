import { expect } from 'chai'
import * as Chart from '../../bench/Chart.ts'
import { sample } from './samples.ts'

describe('bench: Chart', () => {
  const numbers = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map((match) => Number(match[1]))

  it('draws a longer bar for a larger ratio, and marks each target', () => {
    const results = [
      { ...sample({ ours: [3], peer: [1], target: 2 }), id: 'S1' },
      { ...sample({ ours: [30], peer: [1], target: 100 }), id: 'S2' },
    ]
    const svg = Chart.ratios({ results })
    const [legendMet, legendMissed, short, long] = numbers(svg, /<rect [^>]*width="([\d.]+)"/g)
    expect(legendMet).to.equal(legendMissed)
    expect(long).to.be.greaterThan(2.5 * (short ?? 0))
    expect(svg.match(/<rect class="bar"/g)).to.have.length(2)
    expect(svg.match(/<rect class="short"/g)).to.have.length(2)
    expect(svg.match(/<line class="target"/g)).to.have.length(3)
    expect(svg).to.contain('>30×</text>')
  })

  it('leaves out rows that have no target, and escapes what stands in it', () => {
    const { target: _, ...aside } = sample({ ours: [1], peer: [1] })
    const svg = Chart.ratios({ results: [{ ...sample({ ours: [1], peer: [1] }), work: 'a < b & c' }, aside] })
    expect(svg).to.contain('a &lt; b &amp; c').and.not.to.contain('some work')
  })

  it('draws what grows in proportion along the dashed line', () => {
    const runs = [10, 100, 1000].map((size) => ({
      size,
      date: '2026-01-01',
      load: 0,
      stages: [
        { name: 'sign', seconds: size, credentials: size },
        { name: 'root', seconds: size / 1e6, credentials: 0 },
      ],
      cpu: 1,
      peakRss: 1,
      delay: { p99: 1, max: 1 },
    }))
    const svg = Chart.growth(runs)
    const points = (name: string) => new RegExp(`<polyline class="${name}" points="([^"]+)"`).exec(svg)?.[1]?.split(' ')
    expect(points('linear')).to.have.length(3)
    expect(points('curve')).to.have.length(3)
    const places = (name: string) => points(name)?.map((point) => point.split(',').map(Number).map(Math.round))
    expect(places('whole')).to.deep.equal(places('linear'))
    // Too little time to be seen.
    expect(svg).to.contain('>sign</text>').and.not.to.contain('>root</text>')
  })

  it('has colours for light and for dark pages', () => {
    expect(Chart.ratios({ results: [sample({ ours: [1], peer: [1] })] })).to.contain('prefers-color-scheme: dark')
  })
})
