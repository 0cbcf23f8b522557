import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import * as Collection from '../badges/Collection.ts'
import * as Rebind from '../badges/rebind.ts'
import { revokeTicket, revokeTokens } from '../badges/revoke.ts'
import * as Wallets from '../badges/Wallets.ts'
import type { Config } from '../config.ts'
import * as Uuid from '../Uuid.ts'
import { type Answering, inOffice, type Spending, tell } from './in-office.ts'

/** Shows who holds a token, and for which achievement it stands. */
export async function show(id: string, options: Answering, config: Config): Promise<void> {
  const tokenId = read(id)
  await inOffice(config, options, async (office) => {
    const { address } = await Collection.demand(office)
    const collection = office.badges.at(address)
    const owner = await collection.ownerOf(tokenId)
    const uri = owner === undefined ? undefined : await collection.tokenUri(tokenId)
    const proposal = await collection.rebindingOf(tokenId)
    if (options.json)
      return tell({
        collection: address,
        tokenId: `${tokenId}`,
        owner: owner ?? null,
        uri: uri ?? null,
        proposal: proposal ?? null,
      })
    const lines =
      owner === undefined
        ? ['Nobody holds this token, or not any more.']
        : [`  wallet       ${owner}`, `  achievement  ${uri}`]
    if (proposal !== undefined) lines.push(`  proposed     ${proposal.to}, from ${iso(proposal.readyOn)}`)
    process.stdout.write(`${lines.join('\n')}\n`)
  })
}

/** Binds a token to another wallet with its holder's signature, or shows what the holder has to sign. */
export async function rebind(
  id: string,
  options: Spending & { readonly to: string; readonly deadline?: string; readonly signature?: string },
  config: Config,
): Promise<void> {
  const tokenId = read(id)
  const to = Wallets.readOne(options.to)
  const signed = signatureOf(options)
  await inOffice(config, options, async (office, approve) => {
    if (signed === undefined) {
      const asked = await Rebind.typedData(office, tokenId, to)
      if (options.json) return tell(asked)
      process.stdout.write(
        `The wallet ${asked.holder} has to sign this (eth_signTypedData_v4):\n${JSON.stringify(asked.typedData)}\nThen: laurel token rebind ${tokenId} --to ${to} --deadline ${asked.deadline} --signature 0x…\n`,
      )
      return
    }
    const { newTokenId, ...outcome } = await Rebind.rebind(office, tokenId, { to, ...signed }, approve)
    if (options.json) return tell({ tokenId: `${tokenId}`, newTokenId: `${newTokenId}`, wallet: to, ...outcome })
    process.stdout.write(`${pc.green('✔')} ${to} has token ${newTokenId} in its place\n`)
  })
}

/** Proposes to bind a token of a wallet that was lost to another one. */
export async function proposeRebinding(
  id: string,
  options: Spending & { readonly to: string },
  config: Config,
): Promise<void> {
  const tokenId = read(id)
  const to = Wallets.readOne(options.to)
  await inOffice(config, options, async (office, approve) => {
    const outcome = await Rebind.proposeRebinding(office, tokenId, to, approve)
    if (options.json) return tell({ tokenId: `${tokenId}`, ...outcome })
    process.stdout.write(`${pc.green('✔')} Proposed; it can be carried out from ${iso(outcome.readyOn)}\n`)
  })
}

/** Makes a proposal void. */
export async function cancelRebinding(id: string, options: Spending, config: Config): Promise<void> {
  const tokenId = read(id)
  await inOffice(config, options, async (office, approve) => {
    const outcome = await Rebind.cancelRebinding(office, tokenId, approve)
    if (options.json) return tell({ tokenId: `${tokenId}`, ...outcome })
    process.stdout.write(`${pc.green('✔')} The proposal is void\n`)
  })
}

/** Carries a proposal out. */
export async function completeRebinding(id: string, options: Spending, config: Config): Promise<void> {
  const tokenId = read(id)
  await inOffice(config, options, async (office, approve) => {
    const outcome = await Rebind.completeRebinding(office, tokenId, approve)
    if (options.json) return tell({ tokenId: `${tokenId}`, ...outcome })
    process.stdout.write(`${pc.green('✔')} The token is bound to the other wallet\n`)
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
  const credentialId = Uuid.toUrn(id.replace(/\.ticket\.json$/, ''))
  await inOffice(config, options, async (office, approve) => {
    const outcome = await revokeTicket(office, credentialId, approve)
    if (options.json) return tell({ credentialId, revoked: true, ...outcome })
    process.stdout.write(
      `${pc.green('✔')} The ticket of ${credentialId} ${outcome.repeated ? 'was revoked before' : 'is revoked'}; the credential is not\n`,
    )
  })
}

function signatureOf({ deadline, signature }: { readonly deadline?: string; readonly signature?: string }) {
  if (deadline === undefined && signature === undefined) return undefined
  if (deadline === undefined || signature === undefined || !/^\d{1,12}$/.test(deadline))
    throw new SignatureMissingError()
  return { deadline: Number(deadline), signature: Bytes.fromHex(signature) }
}

function iso(time: number): string {
  return new Date(time * 1000).toISOString()
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

/** Thrown when a signature comes without its deadline in seconds, or a deadline without its signature. */
export class SignatureMissingError extends Errors.BaseError<'SIGNATURE_DEADLINE'> {
  override readonly name = 'token.SignatureMissingError'
  constructor() {
    super('SIGNATURE_DEADLINE', 'A signature is given together with the deadline that it names, in seconds.')
  }
}
