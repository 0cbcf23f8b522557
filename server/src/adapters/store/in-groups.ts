import * as Errors from '@laurel/core/Errors'
import type { Transaction } from 'kysely'
import { grouped } from '../../internal/grouped.ts'
import { QuotaExceededError, QuotaTooSmallError } from '../../organisations/Organisation.ts'
import type { Database } from './Database.ts'
import type { Tables } from './Rows.ts'

/**
 * Lets one transaction store what is asked for at about the same time: what each of them waits for is the disk. Where one
 * of them cannot be stored nothing of the others is, and each has a transaction of its own.
 *
 * @param work answers each item, in their order: one that is refused is no matter of the others
 * @param limit how many one transaction stores, at most
 */
export function inGroups<item, result>(
  { db }: Pick<Database, 'db'>,
  work: (tx: Transaction<Tables>, items: readonly item[]) => Promise<readonly PromiseSettledResult<result>[]>,
  limit: number,
): (item: item) => Promise<result> {
  const store = (items: readonly item[]) => db.transaction().execute((tx) => work(tx, items))
  return grouped(async (items: readonly item[]) => {
    try {
      return await store(items)
    } catch (error) {
      // A database that is out of reach is so for all of them; where there is not room for all, there may be for some.
      const isOfOne = error instanceof QuotaExceededError || error instanceof QuotaTooSmallError
      if (items.length === 1 || (error instanceof Errors.BaseError && !isOfOne)) throw error
      return Promise.allSettled(items.map(async (each) => unwrap((await store([each]))[0])))
    }
  }, limit)
}

function unwrap<result>(outcome: PromiseSettledResult<result> | undefined): result {
  if (outcome?.status === 'fulfilled') return outcome.value
  throw outcome?.reason
}
