import * as Errors from '@laurel/core/Errors'

/**
 * Lets work that takes all of a processor be done one piece after the other.
 *
 * @param most how many may wait
 * @returns does a piece of work in its turn; throws {@link CrowdedError} CERTIFICATES_BUSY when too many wait already
 */
export function oneByOne(most: number): <result>(work: () => Promise<result>) => Promise<result> {
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  return async (work) => {
    if (count > most) throw new CrowdedError()
    count++
    const turn = last.then(work)
    last = turn.catch(() => {}).finally(() => count--)
    return turn
  }
}

/** Thrown when so many wait already that one more would wait too long. */
export class CrowdedError extends Errors.BaseError<'CERTIFICATES_BUSY'> {
  override readonly name = 'oneByOne.CrowdedError'
  constructor() {
    super('CERTIFICATES_BUSY', 'Too many certificates are being drawn at this moment.')
  }
}
