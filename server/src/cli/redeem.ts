import * as ClaimTicket from '@laurel/core/ClaimTicket'
import pc from 'picocolors'
import { redeem as redeemTicket } from '../badges/redeem.ts'
import * as Wallets from '../badges/Wallets.ts'
import type { Config } from '../config.ts'
import { inOffice, type Spending, tell } from './in-office.ts'
import { read } from './read.ts'

/** Turns a ticket into a token of the wallet that it names, or of one that is named here. */
export async function redeem(
  file: string,
  options: Spending & { readonly to?: string },
  config: Config,
): Promise<void> {
  const ticket = ClaimTicket.parse(await read(file))
  const to = options.to === undefined ? undefined : Wallets.readOne(options.to, [ticket.collection.address])
  await inOffice(config, options, async (office, approve) => {
    const { collection, tokenId, wallet, repeated, transactionHash } = await redeemTicket(office, ticket, to, approve)
    if (options.json)
      return tell({ chainId: ticket.chainId, collection, tokenId: `${tokenId}`, wallet, repeated, transactionHash })
    process.stdout.write(
      `${pc.green('✔')} ${wallet} ${repeated ? 'had the token before' : 'has the token now'}\n  token       ${tokenId}\n  collection  ${collection} on chain ${ticket.chainId}\n`,
    )
  })
}
