import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import type * as Batch from '../Batch.ts'
import { csvCell } from '../internal/csv-cell.ts'
import * as Columns from '../roster/Columns.ts'

/** The header of a roster for an achievement: every column that it may have, its results included (CSV, RFC 4180). */
export function header({ definition }: Pick<Batch.Achievement, 'definition'>): string {
  const { resultDescription = [] } = definition as unknown as AchievementCredential.Achievement
  const results = resultDescription.map(({ name }) => `result:${name}`)
  return `${[...Columns.names, ...results].map(csvCell).join(',')}\r\n`
}
