import type * as Bytes from '@laurel/core/Bytes'
import * as Generated from '@laurel/core/generated/StatusRegistry'
import type * as Trust from './Trust.ts'

/** Where the digests of status lists are recorded on a chain: where the trust says, or where the contract is everywhere. */
export function of({ statusRegistry }: Pick<Trust.Chain, 'statusRegistry'>): Bytes.Hex {
  return statusRegistry ?? Generated.address
}
