import * as Chart from './Chart.ts'
import * as Growth from './Growth.ts'
import type { Machine, Publication } from './Publication.ts'
import * as Result from './Result.ts'
import * as Figure from './server/Figure.ts'
import type * as Served from './server/Served.ts'

/**
 * Puts what was published between the marks of a page.
 *
 * @param grown rosters of growing size, where they were measured
 * @param under a server under load, where one was
 * @throws {MarkError} when the page has lost one
 */
export function fill(
  page: string,
  publication: Publication,
  { grown, under }: { readonly grown?: Growth.Growth | undefined; readonly under?: Served.Served | undefined } = {},
): string {
  const contents = {
    peers: [table(publication), facts(publication)],
    ...(grown && { growth: [picture, growth(grown.runs), growthFacts(grown)] }),
    ...(under && { server: [served(under), servedFacts(under)] }),
  }
  return Object.entries(contents).reduce((text, [name, parts]) => between(text, name, parts.join('\n\n')), page)
}

const picture = '![How long rosters of growing size take, stage by stage](performance-growth.svg)'

/** The charts of the page, by the path of their files. */
export function charts(publication: Publication, grown?: Growth.Growth): Readonly<Record<string, string>> {
  return {
    'docs/performance.svg': Chart.ratios(publication),
    ...(grown === undefined ? {} : { 'docs/performance-growth.svg': Chart.growth(grown.runs) }),
  }
}

function between(page: string, name: string, content: string): string {
  const [before, after] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`]
  const start = page.indexOf(before)
  const end = page.indexOf(after)
  if (start === -1 || end < start) throw new MarkError(name)
  return `${page.slice(0, start)}${before}\n${content}\n${page.slice(end)}`
}

/** A Markdown table of results, its columns aligned: a line for every peer of a row. */
export function table({ results }: { readonly results: readonly Result.Result[] }): string {
  const head = ['', 'work', 'peer', 'its rate', 'Laurel', 'ratio', 'least – most', 'target', 'peak memory']
  const lines = results.flatMap((result) =>
    result.peers.flatMap((peer, i) => {
      const first = line(result, peer, i === 0)
      // Seconds on the wall flatter whoever uses more than one core.
      return result.clock === 'cpu' ? [first] : [first, line({ ...result, clock: 'cpu' }, peer, false)]
    }),
  )
  return align(head, lines, ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left', 'right'])
}

/** A sentence on where and when it was measured. */
export function facts({ machine, results }: Publication): string {
  const rounds = Math.min(...results.map(({ ours }) => ours.readings.length))
  const times = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}`
  return `${place(days(results), machine)}; ${times}, ${company(mostLoad(results), machine)}.`
}

function days(dated: readonly { readonly date: string }[]): readonly string[] {
  return [...new Set(dated.map(({ date }) => date))].toSorted()
}

function mostLoad(loaded: readonly { readonly load: number }[]): number {
  return Math.max(...loaded.map(({ load }) => load))
}

/** A table of rosters of growing size: seconds, and credentials in a second, of every stage. */
export function growth(runs: readonly Growth.Run[]): string {
  const cell = (seconds: number, credentials: number) =>
    credentials === 0
      ? `${significant(seconds)} s`
      : `${significant(seconds)} s, ${significant(credentials / seconds)}/s`
  const stages = Growth.stageNames(runs).map((name) => [
    name,
    ...runs.map((run) => {
      const stage = run.stages.find((each) => each.name === name)
      return stage === undefined ? '' : cell(stage.seconds, stage.credentials)
    }),
  ])
  return align(
    ['stage', ...runs.map(({ size }) => size.toLocaleString('en'))],
    [
      ...stages,
      ['**all, file to export**', ...runs.map((run) => `**${cell(Growth.seconds(run), run.size)}**`)],
      ['CPU', ...runs.map(({ cpu }) => `${significant(cpu)} s`)],
      ['peak memory', ...runs.map(({ peakRss }) => `${megabytes(peakRss)} MB`)],
      ['late by, p99', ...runs.map(({ delay }) => `${significant(delay.p99)} ms`)],
    ],
    ['left', ...runs.map(() => 'right' as const)],
  )
}

/** What the largest roster was asked for, whether it kept it, and where it was measured. */
export function growthFacts({ machine, runs }: Growth.Growth): string {
  const [before, last] = runs.slice(-2)
  if (before === undefined || last === undefined) throw new TypeError('Growth is between two sizes')
  const { peakRss, rate, delay } = Growth.targets
  const kept = Growth.rate(last) / Growth.rate(before)
  return [
    `Peak memory at ${last.size.toLocaleString('en')}: ${megabytes(last.peakRss)} MB (target ≤ ${megabytes(peakRss)} MB`,
    `${mark(last.peakRss <= peakRss)}). Rate beside that at ${before.size.toLocaleString('en')}: ${significant(kept)}×`,
    `(target ≥ ${rate}× ${mark(kept >= rate)}). The coordinating thread was late by ${significant(last.delay.p99)} ms`,
    `in one of a hundred cases (target ≤ ${delay} ms ${mark(last.delay.p99 <= delay)}). ${place(days(runs), machine)}, ${company(mostLoad(runs), machine)}.`,
  ].join(' ')
}

/** A table of a server under load: every figure beside its goal, and what the server took meanwhile. */
export function served({ stages }: Pick<Served.Served, 'stages'>): string {
  const lines = stages.flatMap(({ name, figures, usage }) =>
    figures.map((figure, i) => [
      i === 0 ? name : '',
      figure.id,
      figure.what,
      `**${measured(figure)}**`,
      goal(figure),
      i === 0 ? `${megabytes(usage.peakRss)} MB` : '',
      i === 0 ? `${significant(usage.delay.p99)} – ${significant(usage.delay.max)} ms` : '',
    ]),
  )
  const head = ['while', '', 'measure', 'figure', 'goal', 'memory', 'late by, p99 – most']
  return align(head, lines, ['left', 'left', 'left', 'right', 'left', 'right', 'right'])
}

/** What the stranger counted, and where it was measured. */
export function servedFacts({ machine, date, load, findings }: Served.Served): string {
  const { credentials, batches, lost, doubled } = findings
  return [
    `${credentials.toLocaleString('en')} credentials in ${batches} batches were promised and counted: ${lost} lost,`,
    `${doubled} doubled. ${place([date], machine)}, ${company(load, machine)}.`,
  ].join(' ')
}

function measured({ value, unit }: Figure.Figure): string {
  return unit === '×' || unit === '/s' || unit === '/h'
    ? `${significant(value)}${unit}`
    : `${significant(value)} ${unit}`
}

function goal(figure: Figure.Figure): string {
  if (figure.goal === undefined) return ''
  const [sign, value] = 'most' in figure.goal ? ['≤', figure.goal.most] : ['≥', figure.goal.least]
  return `${sign} ${measured({ ...figure, value })} ${mark(Figure.isMet(figure) === true)}`
}

function place(days: readonly string[], { cores, cpu, memory, platform, node }: Machine): string {
  const hardware = `${cores} cores of ${cpu}, ${Math.round(memory / 2 ** 30)} GiB, ${platform}`
  return `Measured on ${days.join(' and ')}: ${hardware}, Node ${node}`
}

function company(load: number, { cores }: Machine): string {
  return load > cores
    ? `while other programs wanted the cores too (load up to ${load}): compare ratios, not rates`
    : `with a load of at most ${load} before it began`
}

function mark(kept: boolean): string {
  return kept ? '✔' : '✖'
}

function line(result: Result.Result, peer: Result.Performance, isFirst: boolean): readonly string[] {
  const ratio = Result.ratio(result, peer)
  return [
    isFirst ? result.id : '',
    isFirst ? result.work : '',
    peer.name,
    rate(result, peer),
    rate(result, result.ours),
    `**${times(ratio.median)}**`,
    `${times(ratio.least)} – ${times(ratio.most)}`,
    isFirst ? target(result) : '',
    `${megabytes(peer.peakRss)} : ${megabytes(result.ours.peakRss)} MB`,
  ]
}

function rate(result: Result.Result, performance: Result.Performance): string {
  const { median } = Result.rate(result, performance)
  return `${significant(median)} ${result.unit}/${result.clock === 'cpu' ? 'CPU-s' : 's'}`
}

function target(result: Result.Result): string {
  if (result.target === undefined) return ''
  const memory = result.memoryTarget === undefined ? '' : `, ≤ 1/${result.memoryTarget} of its memory`
  return `≥ ${result.target}×${memory} ${mark(Result.isMet(result))}`
}

/** Three significant digits, with thousands apart. */
function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 2 })
}

function times(ratio: number): string {
  return `${significant(ratio)}×`
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toLocaleString('en')
}

type Side = 'left' | 'right'

/** As the formatter of this project writes tables. */
function align(head: readonly string[], lines: readonly (readonly string[])[], sides: readonly Side[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...lines.map((line) => line[column] ?? '')].map((cell) => cell.length)),
  )
  const pad = (cell: string, column: number) =>
    sides[column] === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  const rule = widths.map((width, column) =>
    sides[column] === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(head.map(pad)), row(rule), ...lines.map((cells) => row(cells.map(pad)))].join('\n')
}

/** Thrown when a page has nowhere to put what was measured. */
export class MarkError extends Error {
  override readonly name = 'Page.MarkError'
  constructor(mark: string) {
    super(`The page has lost its marks <!-- ${mark} --> and <!-- end of ${mark} -->.`)
  }
}
