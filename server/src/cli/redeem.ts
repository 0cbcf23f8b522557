import { readFile } from 'node:fs/promises'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import pc from 'picocolors'
import { redeem as redeemTicket } from '../badges/redeem.ts'
import * as Wallets from '../badges/Wallets.ts'
import type { Config } from '../config.ts'
import * as Failure from './Failure.ts'
import { inOffice, type Spending, tell } from './in-office.ts'

/** Turns a ticket into a token of the wallet that it names, or of one that is named here. */
export async function redeem(
  file: string,
  options: Spending & { readonly to?: string },
  config: Config,
): Promise<void> {
  const bytes = await readFile(file).catch((cause) => {
    throw new Failure.UnreadableFileError(file, cause)
  })
  const ticket = ClaimTicket.parse(bytes)
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
