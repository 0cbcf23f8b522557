import * as Chart from './Chart.ts'
import type { Publication } from './Publication.ts'
import * as Result from './Result.ts'

/**
 * Puts what was published between the marks of a page.
 *
 * @throws {MarkError} when the page has lost one
 */
export function fill(page: string, publication: Publication): string {
  return between(page, 'peers', `${table(publication)}\n\n${facts(publication)}`)
}

/** The charts of the page, by the path of their files. */
export function charts(publication: Publication): Readonly<Record<string, string>> {
  return { 'docs/performance.svg': Chart.ratios(publication) }
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
    result.peers.map((peer, i) => {
      const ratio = Result.ratio(result, peer)
      const isFirst = i === 0
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
    }),
  )
  return align(head, lines, ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left', 'right'])
}

/** A sentence on where and when it was measured. */
export function facts({ machine, results }: Publication): string {
  const days = [...new Set(results.map(({ date }) => date))].toSorted()
  const loads = results.map(({ load }) => load)
  const rounds = Math.min(...results.map(({ ours }) => ours.readings.length))
  const load = Math.max(...loads)
  return [
    `Measured on ${days.join(' and ')}: ${machine.cores} cores of ${machine.cpu}, ${Math.round(machine.memory / 2 ** 30)} GiB,`,
    `${machine.platform}, Node ${machine.node}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'},`,
    load > machine.cores
      ? `while other programs wanted the cores too (load up to ${load}): compare the ratios, not the rates.`
      : `load up to ${load} before a row.`,
  ].join(' ')
}

function rate(result: Result.Result, performance: Result.Performance): string {
  const { median } = Result.rate(result, performance)
  return `${significant(median)} ${result.unit}/${result.clock === 'cpu' ? 'CPU-s' : 's'}`
}

function target(result: Result.Result): string {
  const wanted = [`≥ ${result.target}×`]
  if (result.memoryTarget !== undefined) wanted.push(`≤ 1/${result.memoryTarget} of its memory`)
  return `${wanted.join(', ')} ${Result.isMet(result) ? '✔' : '✖'}`
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
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head.map(pad)), line(rule), ...lines.map((cells) => line(cells.map(pad)))].join('\n')
}

/** Thrown when a page has nowhere to put what was measured. */
export class MarkError extends Error {
  override readonly name = 'Page.MarkError'
  constructor(mark: string) {
    super(`The page has lost its marks <!-- ${mark} --> and <!-- end of ${mark} -->.`)
  }
}
