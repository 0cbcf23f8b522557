import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import type { AccountPurpose } from '../ports/Keyring.ts'
import type { Lane, Place, Stored } from '../ports/TransactionStore.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import { confirm } from './confirm.ts'
import { withOffice } from './with-office.ts'

/** What each account pays for. */
const pays: Readonly<Record<AccountPurpose, string>> = {
  chain: 'for anchors and statuses',
  controller: 'for contracts, and for what the directory says of the issuer',
  badges: 'for collections, and for badges in wallets',
  audit: 'for heads of the audit log',
}

type Shown = {
  readonly purpose: AccountPurpose
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
    const accounts: Pick<Shown, 'purpose' | 'account'>[] = []
    for (const purpose of Object.keys(pays) as AccountPurpose[])
      for (const { address } of await keyring.accounts(purpose)) accounts.push({ purpose, account: address })
    if (options.accept !== undefined) {
      const account = accounts.find((each) => each.account === options.accept?.toLowerCase())?.account
      if (account === undefined) throw new UnknownAccountError(options.accept)
      const count = await chain.nonce(account)
      await confirm(
        `Everything that ${account} has sent so far, ${count} transactions, counts as known then.`,
        options.yes,
      )
      await store.accept(chain.chainId, account, count)
    }
    const shown: Shown[] = []
    for (const { purpose, account } of accounts)
      shown.push({
        purpose,
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

function toJson({ purpose, account, lane, count, waiting, open }: Shown): object {
  return {
    purpose,
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

function describe({ purpose, account, lane, count, waiting, open }: Shown): string {
  const mark = lane.condition === null ? pc.green('✔') : pc.red('!')
  const lines = [
    `${mark} ${pc.bold(account)}  ${count} on the chain, ${open.length} under way, ${waiting.length} waiting`,
    `    ${pc.bold(purpose)} pays ${pays[purpose]}`,
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
