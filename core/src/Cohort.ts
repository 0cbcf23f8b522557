import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

/** What an award can take at once: so many wallets fit into the code of a contract. */
export const maximumSize = 1_228

const width = 20

/**
 * The list of wallets that an award takes: 20 bytes for each, in ascending order. Their order among each other does not
 * matter.
 *
 * @throws {InvalidCohortError} COHORT_INVALID when there are none or too many, one is there twice, or one is zero
 */
export function pack(wallets: readonly Bytes.Hex[]): Uint8Array {
  const sorted = wallets.map((wallet) => Bytes.toHex(Bytes.fromHex(wallet, width))).toSorted()
  const isOnce = sorted.every((wallet, i) => i === 0 || wallet !== sorted[i - 1])
  if (sorted.length === 0 || sorted.length > maximumSize || !isOnce || /^0x0*$/.test(sorted[0] ?? ''))
    throw new InvalidCohortError(wallets.length)
  return Bytes.concat(...sorted.map((wallet) => Bytes.fromHex(wallet)))
}

/** The wallets of a list, the first at index 0. Undefined where the bytes are no list that an award takes. */
export function unpack(list: Uint8Array): readonly Bytes.Hex[] | undefined {
  if (list.length % width !== 0) return undefined
  const wallets = Array.from({ length: list.length / width }, (_, i) =>
    Bytes.toHex(list.subarray(width * i, width * (i + 1))),
  )
  try {
    return Bytes.equals(pack(wallets), list) ? wallets : undefined
  } catch {
    return undefined
  }
}

/** The code of the contract that keeps a list: a byte that stops whoever calls it, and the list. */
export function toCode(list: Uint8Array): Uint8Array {
  return Bytes.concat(Uint8Array.of(0), list)
}

/** The wallets of the list that a contract keeps. Undefined where its code is none of a list. */
export function fromCode(code: Uint8Array): readonly Bytes.Hex[] | undefined {
  return code[0] === 0 ? unpack(code.subarray(1)) : undefined
}

/** Thrown when wallets are no list that an award takes. */
export class InvalidCohortError extends Errors.BaseError<'COHORT_INVALID'> {
  override readonly name = 'Cohort.InvalidCohortError'
  constructor(size: number) {
    super('COHORT_INVALID', `These are not 1 to ${maximumSize} different wallets.`, { facts: { size } })
  }
}
