import * as Errors from './Errors.ts'

/**
 * What a directory knows about an account or a key of an issuer. Times are those of blocks, in seconds since 1970.
 */
export type Standing = {
  /** When it was added. */
  readonly validFrom: number
  /** When it was retired: the last second in which it spoke. */
  readonly retiredOn?: number
  /** Nothing counts that it has said since `from`. The issuer has said so, last, on `reportedOn`. */
  readonly compromised?: { readonly from: number; readonly reportedOn: number }
}

/**
 * Reads the word (32 bytes) that a directory stores; undefined if it is zero, which says that nothing was ever added.
 *
 * The word may come from somebody who lies: what no directory writes is refused.
 *
 * @throws {InvalidStandingError} STANDING_INVALID
 */
export function fromWord(word: Uint8Array): Standing | undefined {
  if (word.length !== 32) throw new TypeError('A word has 32 bytes')
  if (word.every((byte) => byte === 0)) return undefined
  const view = new DataView(word.buffer, word.byteOffset, word.byteLength)
  // The first member of a struct stands in the lowest bits.
  const time = (offset: number) => Number(view.getBigUint64(offset))
  const [validFrom, retiredOn, from, reportedOn] = [time(24), time(16), time(8), time(0)] as const
  const isOfDirectory =
    [validFrom, retiredOn, from, reportedOn].every(Number.isSafeInteger) &&
    validFrom !== 0 &&
    (retiredOn === 0 || retiredOn >= validFrom) &&
    (from === 0 ? reportedOn === 0 : from >= validFrom && reportedOn >= from)
  if (!isOfDirectory) throw new InvalidStandingError()
  return {
    validFrom,
    ...(retiredOn === 0 ? {} : { retiredOn }),
    ...(from === 0 ? {} : { compromised: { from, reportedOn } }),
  }
}

/**
 * Whether an account or key spoke for its issuer at a time, as far as the standing knows. The time is not later than
 * the block from which the standing was read: nobody knows of the future.
 */
export function spoke(standing: Standing | undefined, time: number): boolean {
  if (standing === undefined || time < standing.validFrom) return false
  if (standing.retiredOn !== undefined && time > standing.retiredOn) return false
  return standing.compromised === undefined || time < standing.compromised.from
}

/** Thrown when a word is none that a directory stores. */
export class InvalidStandingError extends Errors.BaseError<'STANDING_INVALID'> {
  override readonly name = 'Standing.InvalidStandingError'
  constructor() {
    super('STANDING_INVALID', 'No directory of issuers stores such a standing.')
  }
}
