import type { Point } from './Instrument.ts'

/** A point that no test reaches, and why none can. It is told by its text, so that it does not move with its line. */
export type Exception = Pick<Point, 'path' | 'kind' | 'code'> & { readonly why: string }

/** How much is reached. A line counts by all that stands on it; a branch is an outcome of a condition or a case. */
export type Report = {
  readonly files: readonly File[]
  /** What is not reached and not excepted, and what is excepted without need. Empty is good. */
  readonly problems: readonly string[]
}

type Count = { readonly reached: number; readonly of: number }
type File = {
  readonly path: string
  readonly lines: Count
  readonly branches: Count
  readonly excepted: number
  readonly lcov: string
}

/** Holds what was reached against what has to be. */
export function create(
  points: readonly Point[],
  reached: ReadonlySet<string>,
  exceptions: readonly Exception[],
): Report {
  const isReached = ({ tag }: Point) => reached.has(tag)
  const exceptionOf = (point: Point) =>
    exceptions.find(({ path, kind, code }) => path === point.path && kind === point.kind && code === point.code)
  const missing = points.filter((point) => !isReached(point))
  const stale = exceptions.filter((exception) => !missing.some((point) => exceptionOf(point) === exception))
  return {
    files: [...Map.groupBy(points, ({ path }) => path)].map(([path, own]) => file(path, own, isReached, exceptionOf)),
    problems: [
      ...missing.filter((point) => exceptionOf(point) === undefined).map(sentence),
      ...stale.map(({ path, kind, code }) => `${path}: no exception is needed any more for ${kind}: ${code}`),
    ],
  }
}

function sentence({ path, line, kind, code }: Point): string {
  const what = { statement: 'is never reached', true: 'is never true', false: 'is never false', case: 'is never taken' }
  return `${path}:${line} ${what[kind]}: ${code}`
}

function file(
  path: string,
  points: readonly Point[],
  isReached: (point: Point) => boolean,
  exceptionOf: (point: Point) => Exception | undefined,
): File {
  const branches = points.filter(({ kind }) => kind !== 'statement')
  const lines = [...Map.groupBy(points, ({ line }) => line)].map(([line, own]) => ({
    line,
    reached: own.filter(({ kind }) => kind === 'statement').every(isReached),
  }))
  return {
    path,
    lines: { reached: lines.filter(({ reached }) => reached).length, of: lines.length },
    branches: { reached: branches.filter(isReached).length, of: branches.length },
    excepted: points.filter((point) => !isReached(point) && exceptionOf(point) !== undefined).length,
    lcov: [
      `SF:${path}`,
      ...lines.map(({ line, reached }) => `DA:${line},${reached ? 1 : 0}`),
      ...branches.map((point, i) => `BRDA:${point.line},0,${i},${isReached(point) ? 1 : 0}`),
      'end_of_record',
    ].join('\n'),
  }
}

/** A table for a terminal. */
export function render({ files }: Report): string {
  const per = ({ reached, of }: Count) => `${reached} of ${of}`
  const rows = files.map(({ path, lines, branches, excepted }) => [
    path,
    `lines ${per(lines)}`,
    `branches ${per(branches)}`,
    excepted === 0 ? '' : `${excepted} excepted`,
  ])
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
