import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import type * as Batch from '../Batch.ts'
import * as Columns from '../roster/Columns.ts'

/** The header of a roster for an achievement: every column that it may have, its results included (CSV, RFC 4180). */
export function header({ definition }: Pick<Batch.Achievement, 'definition'>): string {
  const { resultDescription = [] } = definition as unknown as AchievementCredential.Achievement
  const results = resultDescription.map(({ name }) => `result:${name}`)
  const cells = [...Columns.names, ...results].map((name) =>
    /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  )
  return `${cells.join(',')}\r\n`
}
