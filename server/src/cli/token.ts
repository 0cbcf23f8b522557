import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import * as Collection from '../badges/Collection.ts'
import { lookUp, revokeTicket, revokeTokens } from '../badges/revoke.ts'
import type { Config } from '../config.ts'
import { type Answering, inOffice, type Spending, tell } from './in-office.ts'

/** Shows who holds a token, and for which achievement it stands. */
export async function show(id: string, options: Answering, config: Config): Promise<void> {
  const tokenId = read(id)
  await inOffice(config, options, async (office) => {
    const { address } = await Collection.demand(office)
    const { owner, uri } = await lookUp(office, address, tokenId)
    if (options.json) return tell({ collection: address, tokenId: `${tokenId}`, owner, uri })
    process.stdout.write(
      owner === null
        ? 'Nobody holds this token, or not any more.\n'
        : `  wallet       ${owner}\n  achievement  ${uri}\n`,
    )
  })
}

/** Revokes tokens for good. */
export async function revoke(ids: readonly string[], options: Spending, config: Config): Promise<void> {
  const tokenIds = ids.map(read)
  await inOffice(config, options, async (office, approve) => {
    const outcome = await revokeTokens(office, tokenIds, approve)
    if (options.json) return tell({ tokenIds: tokenIds.map(String), revoked: true, ...outcome })
    process.stdout.write(
      `${pc.green('✔')} ${tokenIds.length} ${tokenIds.length === 1 ? 'token' : 'tokens'} ${outcome.repeated ? 'gone before' : 'revoked'}\n`,
    )
  })
}

/** Revokes the ticket that comes with a credential, so that nobody can redeem it. */
export async function revokeUnredeemed(id: string, options: Spending, config: Config): Promise<void> {
  const credentialId = id.startsWith('urn:uuid:') ? id : `urn:uuid:${id.replace(/(\.ticket)?\.json$|\.png$/, '')}`
  await inOffice(config, options, async (office, approve) => {
    const outcome = await revokeTicket(office, credentialId, approve)
    if (options.json) return tell({ credentialId, revoked: true, ...outcome })
    process.stdout.write(
      `${pc.green('✔')} The ticket of ${credentialId} ${outcome.repeated ? 'was revoked before' : 'is revoked'}; the credential is not\n`,
    )
  })
}

/** The id of a token: a decimal number, or one in hexadecimal after 0x. */
function read(text: string): bigint {
  if (!/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text) || BigInt(text) >> 256n !== 0n) throw new InvalidTokenIdError()
  return BigInt(text)
}

/** Thrown when something is no id that a token can have. */
export class InvalidTokenIdError extends Errors.BaseError<'TOKEN_ID_INVALID'> {
  override readonly name = 'token.InvalidTokenIdError'
  constructor() {
    super('TOKEN_ID_INVALID', 'This is no id of a token: a decimal number, or 0x and hexadecimal digits.')
  }
}
