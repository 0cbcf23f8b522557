import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import * as Achievement from '../achievement/Achievement.ts'
import { award as awardAchievement, type Request } from '../badges/award.ts'
import * as Collection from '../badges/Collection.ts'
import * as Wallets from '../badges/Wallets.ts'
import type { Config } from '../config.ts'
import { inOffice, type Spending, tell } from './in-office.ts'
import { read } from './read.ts'

export type Options = Spending & {
  readonly achievement: string
  readonly wallets?: string
  readonly like?: string
  readonly again?: boolean
}

/** Gives wallets a badge token each. */
export async function award(named: readonly string[], options: Options, config: Config): Promise<void> {
  const achievement = Achievement.read(await read(options.achievement))
  const lines = [...named, ...(options.wallets === undefined ? [] : linesOf(await read(options.wallets)))]
  await inOffice(config, options, async (office, approve) => {
    const { address } = await Collection.demand(office)
    const to = recipients(lines, options.like, [office.chain.registry, address])
    const awards = await awardAchievement(office, { achievement, to, again: options.again ?? false }, approve)
    if (options.json) return tell({ chainId: office.chain.chainId, collection: address, awards })
    for (const { number, size, like, repeated } of awards) {
      const list = like === null ? '' : `, the list of award ${like}`
      process.stdout.write(
        `${pc.green('✔')} award ${number}: ${achievement.definition.name} ${repeated ? 'was given before' : 'is given'} to ${size} wallets${list}\n`,
      )
    }
  })
}

function recipients(lines: readonly string[], like: string | undefined, reserved: readonly Bytes.Hex[]): Request['to'] {
  if (like === undefined) return Wallets.read(lines, reserved)
  if (lines.length > 0 || !/^[1-9]\d{0,14}$/.test(like)) throw new AmbiguousError()
  return { like: Number(like) }
}

/** The lines of a file that have something in them: a wallet each. */
function linesOf(bytes: Uint8Array): readonly string[] {
  return new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Thrown when wallets are named and an award whose list is to be taken, or no award by its number. */
export class AmbiguousError extends Errors.BaseError<'AWARD_AMBIGUOUS'> {
  override readonly name = 'award.AmbiguousError'
  constructor() {
    super('AWARD_AMBIGUOUS', 'An award goes to wallets that are named, or to the list of one earlier award.')
  }
}
