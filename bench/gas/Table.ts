import * as Figures from './Figures.ts'
import * as Work from './Work.ts'

/** The name of the side that is ours. */
export const ours = 'Laurel'

/** All figures as Markdown: a table for each group of work, a row for each of its pieces, a column for each side. */
export function render(figures: Figures.Figures): string {
  return [...new Set(Work.all.map(({ group }) => group))]
    .filter((group) => measured(group, figures).length > 0)
    .map((group) => `## ${group}\n\n${table(group, figures)}`)
    .join('\n\n')
}

/** The works of a group that somebody does. */
function measured(group: string, figures: Figures.Figures): readonly Work.Work[] {
  const sides = Object.values(figures)
  return Work.all.filter((work) => work.group === group && sides.some((side) => side[work.title] !== undefined))
}

function table(group: string, figures: Figures.Figures): string {
  const works = measured(group, figures)
  const peers = Object.keys(figures).filter(
    (side) => side !== ours && works.some(({ title }) => figures[side]?.[title] !== undefined),
  )
  const rows = works.map((work) => {
    const count = work.items?.count ?? 1
    const gas = (side: string) => {
      const sentence = figures[side]?.[work.title]
      return sentence === undefined ? undefined : Figures.toSpent(sentence).gas / count
    }
    const own = gas(ours)
    return [
      count === 1 ? work.title : `${work.title}, each`,
      work.floor === undefined ? '' : Figures.format(work.floor.gas / count),
      own === undefined ? '' : `**${Figures.format(own)}**${over(own, work, count)}`,
      ...peers.map((peer) => cell(gas(peer), own)),
    ]
  })
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const head = ['work', 'floor', ours, ...peers]
  const lines = [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)]
  return [...lines, ...floors(works), ...excuses(works)].join('\n')
}

function excuses(works: readonly Work.Work[]): readonly string[] {
  const lines = works.flatMap(({ title, target, excuse }) =>
    target === undefined || excuse === undefined ? [] : [`- ${title}, not within ${Figures.format(target)}: ${excuse}`],
  )
  return lines.length === 0 ? [] : ['', 'Targets not reached:', '', ...lines]
}

function over(own: number, { floor }: Work.Work, count: number): string {
  return floor === undefined ? '' : ` +${((own / (floor.gas / count) - 1) * 100).toFixed(1)} %`
}

/** A peer's gas, and how many times ours it is. */
function cell(peer: number | undefined, own: number | undefined): string {
  if (peer === undefined) return ''
  return own === undefined ? Figures.format(peer) : `${Figures.format(peer)} (${(peer / own).toFixed(2)}×)`
}

/** What the floors consist of, works of the same parts in one line. */
function floors(works: readonly Work.Work[]): readonly string[] {
  const of = Map.groupBy(
    works.filter(({ floor }) => floor !== undefined),
    ({ floor }) => floor?.of ?? '',
  )
  const lines = [...of].map(
    ([parts, [first, ...same]]) => `- ${first?.title}${same.length === 0 ? '' : ', and the like'}: ${parts}`,
  )
  return lines.length === 0 ? [] : ['', 'Floors:', '', ...lines]
}
