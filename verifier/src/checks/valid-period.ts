import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import { failed, passed, type Result } from '../Report.ts'
import type { Subject } from '../Subject.ts'

/**
 * Whether a moment lies between `validFrom` and `validUntil`, where the document has them; in the VC Data Model 1.1 they are
 * called `issuanceDate` and `expirationDate`.
 *
 * @param moment in milliseconds since 1970
 */
export function validPeriod({ document }: Pick<Subject, 'document'>, moment: number): Result {
  const { issuanceDate, expirationDate, validFrom = issuanceDate, validUntil = expirationDate } = document
  if (typeof validFrom === 'string' && moment < DateTimeStamp.toMilliseconds(validFrom))
    return failed('NOT_YET_VALID', `It is valid only from ${validFrom}.`)
  if (typeof validUntil === 'string' && moment > DateTimeStamp.toMilliseconds(validUntil))
    return failed('EXPIRED', `It was valid until ${validUntil}.`)
  return passed(
    'IN_PERIOD',
    typeof validUntil === 'string' ? `It is valid until ${validUntil}.` : 'It is valid without end.',
  )
}
