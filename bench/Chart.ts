import * as Growth from './Growth.ts'
import * as Result from './Result.ts'

const width = 860
const left = 390
const right = 70
const top = 52
const step = 40
const bar = 16

// An image in a page follows the reader's system, not the page: both sets of colours are in it.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 11px; fill: #59636e }
  .grid { stroke: #d1d9e0 }
  .bar { fill: #2f8f6b }
  .short { fill: #b9770e }
  .spread { stroke: #1f2328; stroke-width: 1.5 }
  .target { stroke: #c2352b; stroke-width: 2.5 }
  .curve { fill: none; stroke: #8c959f; stroke-width: 1.5 }
  .whole { fill: none; stroke: #2f8f6b; stroke-width: 3 }
  .linear { fill: none; stroke: #c2352b; stroke-width: 1.5; stroke-dasharray: 5 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .bar { fill: #3fb68b }
    .short { fill: #d8a13b }
    .spread { stroke: #e6edf3 }
    .target { stroke: #ff7b72 }
    .curve { stroke: #7d8590 }
    .whole { stroke: #3fb68b }
    .linear { stroke: #ff7b72 }
  }`

/**
 * A chart of how many times as fast as the first peer of each row Laurel is, on a logarithmic scale, with the spread over
 * the rounds and the target; as SVG that reads well on light and on dark pages.
 */
export function ratios({ results }: { readonly results: readonly Result.Result[] }): string {
  const rows = results.flatMap((result) => {
    const [peer] = result.peers
    const { target } = result
    return peer === undefined || target === undefined
      ? []
      : [{ result, peer, target, ratio: Result.ratio(result, peer) }]
  })
  const ticks = ticksFor(
    Math.min(1, ...rows.map(({ ratio }) => ratio.least)),
    Math.max(...rows.flatMap(({ target, ratio }) => [ratio.most, target])),
  )
  const [low, high] = [ticks[0], ticks.at(-1)].map((tick) => Math.log10(tick ?? 1)) as [number, number]
  const x = (ratio: number) => left + ((Math.log10(ratio) - low) / (high - low)) * (width - left - right)
  const height = top + rows.length * step + 24

  const grid = ticks.map((tick) => [
    line('grid', x(tick), top - 8, x(tick), height - 24),
    text(x(tick), height - 8, `${Number(tick.toPrecision(1))}×`, 'small', 'middle'),
  ])
  const bars = rows.map(({ result, peer, target, ratio }, i) => {
    const y = top + i * step
    const [from, to] = [x(1), x(ratio.median)].toSorted((a, b) => a - b) as [number, number]
    const middle = y + bar / 2
    return [
      text(left - 12, y + 7, `${result.id} · ${result.work}`, undefined, 'end'),
      text(left - 12, y + 22, peer.name, 'small', 'end'),
      `<rect class="${Result.isMet(result) ? 'bar' : 'short'}" x="${round(from)}" y="${y}" width="${round(to - from)}" height="${bar}"/>`,
      line('spread', x(ratio.least), middle, x(ratio.most), middle),
      line('target', x(target), y - 5, x(target), y + bar + 5),
      text(Math.max(x(ratio.most), x(target)) + 8, y + 13, `${Number(ratio.median.toPrecision(3))}×`),
    ]
  })
  return svg(height, 'How many times as fast as each peer Laurel is', [
    text(left, 16, 'how many times as fast as the peer Laurel is', 'small'),
    line('target', left + 6, 23, left + 6, 37),
    text(left + 14, 34, 'target', 'small'),
    `<rect class="bar" x="${left + 66}" y="24" width="12" height="12"/>`,
    text(left + 84, 34, 'met', 'small'),
    `<rect class="short" x="${left + 120}" y="24" width="12" height="12"/>`,
    text(left + 138, 34, 'not met', 'small'),
    line('spread', left + 196, 30, left + 212, 30),
    text(left + 218, 34, 'least to most', 'small'),
    ...grid.flat(),
    ...bars.flat(),
  ])
}

/**
 * A chart of how long rosters of growing size take, stage by stage, both axes logarithmic: what grows in proportion is a
 * straight line along the dashed one. Stages that take less than a hundredth of the largest roster's time are left out.
 */
export function growth(runs: readonly Growth.Run[]): string {
  const [smallest] = runs
  const largest = runs.at(-1)
  if (smallest === undefined || largest === undefined) throw new TypeError('Growth is between two sizes')
  const secondsOf = (run: Growth.Run, name: string) => run.stages.find((stage) => stage.name === name)?.seconds ?? 0
  const named = Growth.stageNames(runs)
    .filter((name) => secondsOf(largest, name) >= Growth.seconds(largest) / 100)
    .map((name) => ({ name, className: 'curve', points: runs.map((run) => [run.size, secondsOf(run, name)] as const) }))
  const perPerson = Growth.seconds(smallest) / smallest.size
  const curves = [
    ...named,
    { name: 'in proportion', className: 'linear', points: runs.map(({ size }) => [size, perPerson * size] as const) },
    { name: 'file to export', className: 'whole', points: runs.map((run) => [run.size, Growth.seconds(run)] as const) },
  ].map((curve) => ({ ...curve, points: curve.points.filter(([, seconds]) => seconds > 0) }))

  const all = curves.flatMap(({ points }) => points.map(([, seconds]) => seconds))
  const powers = (least: number, most: number) => {
    const first = Math.floor(Math.log10(least))
    return Array.from({ length: Math.ceil(Math.log10(most)) - first + 1 }, (_, i) => 10 ** (first + i))
  }
  const across = powers(smallest.size, largest.size)
  const up = powers(Math.min(...all), Math.max(...all))
  const frame = { left: 70, right: width - 190, top: 30, bottom: 400 }
  const scale = (ticks: readonly number[], from: number, to: number) => {
    const [low, high] = [ticks[0], ticks.at(-1)].map((tick) => Math.log10(tick ?? 1)) as [number, number]
    return (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
  }
  const x = scale(across, frame.left, frame.right)
  const y = scale(up, frame.bottom, frame.top)

  const grid = [
    ...across.flatMap((tick) => [
      line('grid', x(tick), frame.top, x(tick), frame.bottom),
      text(x(tick), frame.bottom + 18, tick.toLocaleString('en'), 'small', 'middle'),
    ]),
    ...up.flatMap((tick) => [
      line('grid', frame.left, y(tick), frame.right, y(tick)),
      text(frame.left - 8, y(tick) + 4, `${Number(tick.toPrecision(1))} s`, 'small', 'end'),
    ]),
  ]
  const lines = curves.map(({ className, points }) => {
    const places = points.map(([size, seconds]) => `${round(x(size))},${round(y(seconds))}`)
    return `<polyline class="${className}" points="${places.join(' ')}"/>`
  })
  const labels = apart(curves.map(({ name, points }) => ({ name, y: y(points.at(-1)?.[1] ?? 1) }))).map((label) =>
    text(frame.right + 10, label.y + 4, label.name, 'small'),
  )
  return svg(frame.bottom + 30, 'How long rosters of growing size take', [
    text(frame.left, 16, 'seconds, by the number of people on the roster', 'small'),
    ...grid,
    ...lines,
    ...labels,
  ])
}

/** Moves labels apart that would lie on each other, from the top down. */
function apart(
  labels: readonly { readonly name: string; readonly y: number }[],
): readonly { name: string; y: number }[] {
  let above = Number.NEGATIVE_INFINITY
  return labels
    .toSorted((a, b) => a.y - b.y)
    .map(({ name, y }) => {
      above = Math.max(y, above + 14)
      return { name, y: above }
    })
}

/** 1, 3, 10, 30 and so on, from the last one below both ends to the first one above. */
function ticksFor(least: number, most: number): readonly number[] {
  const all = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 1 : 3) * 10 ** (Math.floor(i / 2) - 3))
  const first = all.findLastIndex((tick) => tick <= least)
  const last = all.findIndex((tick) => tick >= most)
  return all.slice(first, last + 1)
}

function svg(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${style}\n</style>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`
}

function text(x: number, y: number, content: string, name?: string, anchor?: 'middle' | 'end'): string {
  const attributes = [
    ...(name === undefined ? [] : [`class="${name}"`]),
    `x="${round(x)}"`,
    `y="${round(y)}"`,
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
  ]
  return `<text ${attributes.join(' ')}>${escapeXml(content)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
