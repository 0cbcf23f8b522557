import type { Approve } from '../badges/Cost.ts'
import type { Config } from '../config.ts'
import * as Contracts from '../deployment/Contracts.ts'
import type { Office } from '../issuer/Office.ts'
import { byChainId } from '../networks.ts'
import { confirm } from './confirm.ts'
import { ether } from './ether.ts'
import { withOffice } from './with-office.ts'

export type Answering = { readonly json?: boolean }
export type Spending = Answering & { readonly yes?: boolean }

/**
 * Does something about badge tokens in this home's office. What it costs is said before anything is sent, and asked for
 * where the chain's coins are worth something.
 */
export async function inOffice(
  config: Config,
  { yes }: Spending,
  work: (office: Office, approve: Approve) => Promise<void>,
): Promise<void> {
  const demand = [Contracts.anchorRegistry, Contracts.issuerDirectory, Contracts.badgeCollectionFactory]
  await withOffice(config, { purposes: ['badges'], demand }, (office, say) =>
    work(office, async ({ account, gas, maximum }) => {
      const { chain } = office
      const { title } = byChainId(chain.chainId)
      say(`${gas.toLocaleString('en')} gas on ${title}, at most ${ether(maximum)}, from ${account}`)
      if (!chain.test) await confirm(`This costs up to ${ether(maximum)} of the currency of ${title}.`, yes)
    }),
  )
}

/** Answers a program. */
export function tell(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
}
