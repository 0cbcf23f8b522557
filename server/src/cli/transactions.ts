import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import type { Lane, Place, Stored } from '../ports/TransactionStore.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import { confirm } from './confirm.ts'
import { withOffice } from './with-office.ts'

type Shown = {
  readonly account: Bytes.Hex
  readonly lane: Lane
  /** How many transactions of the account are on the chain. */
  readonly count: number
  readonly waiting: readonly Stored[]
  readonly open: readonly Place[]
}

/** Shows the lane of every account, and accepts what one of them has sent elsewhere. Sends nothing. */
export async function transactions(
  options: { readonly accept?: string; readonly yes?: boolean; readonly json?: boolean },
  config: Config,
): Promise<void> {
  await withOffice(config, { purposes: [], demand: [] }, async (office) => {
    const { chain, keyring, transactions: store } = office
    const accounts: Bytes.Hex[] = []
    for (const purpose of ['chain', 'controller', 'badges', 'audit'] as const)
      for (const { address } of await keyring.accounts(purpose)) accounts.push(address)
    if (options.accept !== undefined) {
      const account = accounts.find((each) => each === options.accept?.toLowerCase())
      if (account === undefined) throw new UnknownAccountError(options.accept)
      const count = await chain.nonce(account)
      await confirm(
        `Everything that ${account} has sent so far, ${count} transactions, counts as known then.`,
        options.yes,
      )
      await store.accept(chain.chainId, account, count)
    }
    const shown: Shown[] = []
    for (const account of accounts)
      shown.push({
        account,
        lane: await store.lane(chain.chainId, account),
        count: await chain.nonce(account),
        waiting: (await store.open(chain.chainId, account)).filter(({ tries }) => tries === 0),
        open: (await store.places(chain.chainId, account, Number.MAX_SAFE_INTEGER)).filter(
          ({ state }) => state === 'open',
        ),
      })
    process.stdout.write(
      options.json ? `${JSON.stringify(shown.map(toJson), null, 2)}\n` : shown.map(describe).join(''),
    )
  })
}

function toJson({ account, lane, count, waiting, open }: Shown): object {
  return {
    account,
    chainId: lane.chainId,
    count,
    condition: lane.condition === null ? null : { ...lane.condition, message: HeldUp.describe(lane.condition) },
    waiting: waiting.map(({ purpose, subject }) => ({ purpose, subject })),
    open: open.map(({ nonce, block, reorgs, attempts, intents }) => ({
      nonce,
      block: block === null ? null : block.number.toString(),
      reorgs,
      transactionHashes: attempts.map(({ hash }) => hash),
      purposes: intents.map(({ purpose }) => purpose),
    })),
  }
}

function describe({ account, lane, count, waiting, open }: Shown): string {
  const mark = lane.condition === null ? pc.green('✔') : pc.red('!')
  const lines = [
    `${mark} ${pc.bold(account)}  ${count} on the chain, ${open.length} under way, ${waiting.length} waiting`,
  ]
  if (lane.condition !== null) lines.push(`    ${lane.condition.code}: ${HeldUp.describe(lane.condition)}`)
  for (const { nonce, block, attempts } of open)
    lines.push(
      `    nonce ${nonce}  ${attempts.at(-1)?.hash}  ${block === null ? 'in no block yet' : `in block ${block.number}`}`,
    )
  return `${lines.join('\n')}\n`
}

/** Thrown when an account is named that is none of this home's. */
export class UnknownAccountError extends Errors.BaseError<'ACCOUNT_UNKNOWN'> {
  override readonly name = 'transactions.UnknownAccountError'
  constructor(account: string) {
    super('ACCOUNT_UNKNOWN', 'This home has no account with this address.', { facts: { account } })
  }
}
