import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Cell from '../roster/Cell.ts'

/** A line that is wrong: its number from 1, a stable code and a sentence. */
export type Problem = { readonly row: number; readonly code: string; readonly message: string }

/**
 * Reads wallets, in lower case, of which each is named once.
 *
 * @param reserved addresses that nobody holds the key of
 * @throws {InvalidWalletsError} WALLETS_INVALID with every wrong line, or when there are none
 */
export function read(lines: readonly string[], reserved: readonly Bytes.Hex[]): readonly Bytes.Hex[] {
  const problems: Problem[] = []
  const rows = new Map<Bytes.Hex, number>()
  for (const [i, line] of lines.entries()) {
    const reading = Cell.address(line, reserved)
    if (!Cell.isRead(reading)) {
      problems.push({ row: i + 1, ...reading })
      continue
    }
    const before = rows.get(reading.value)
    if (before === undefined) rows.set(reading.value, i + 1)
    else
      problems.push({
        row: i + 1,
        code: 'DUPLICATE_ROW',
        message: `This is the wallet that is named as number ${before}.`,
      })
  }
  if (problems.length > 0 || rows.size === 0) throw new InvalidWalletsError(problems)
  return [...rows.keys()]
}

/**
 * Reads one wallet, in lower case.
 *
 * @throws {InvalidWalletsError} WALLETS_INVALID
 */
export function readOne(text: string, reserved: readonly Bytes.Hex[] = []): Bytes.Hex {
  const [wallet] = read([text], reserved)
  return wallet as Bytes.Hex
}

/** Thrown when wallets are named of which some are none. `problems` has every wrong one. */
export class InvalidWalletsError extends Errors.BaseError<'WALLETS_INVALID'> {
  override readonly name = 'Wallets.InvalidWalletsError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(
      'WALLETS_INVALID',
      problems.length === 0 ? 'No wallet is named.' : 'Not all that is named are wallets, each once.',
    )
    this.problems = problems
  }
}
