import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Multikey from '@laurel/core/Multikey'
import type * as Standing from '@laurel/core/Standing'
import type { ChainSigner } from '../ports/ChainSigner.ts'
import type * as Directory from '../ports/IssuerDirectory.ts'
import type { Rotated } from '../ports/Keyring.ts'
import { carryOut } from '../transactions/carry-out.ts'
import { carrying, type Office } from './Office.ts'

/** An account or key of ours, and what the directory knows about it: nothing if it was never added. */
export type Member = {
  readonly purpose: Rotated
  /** An address, or a key as a Multikey. */
  readonly id: string
  readonly standing: Standing.Standing | undefined
}

/** What the directory says about us. */
export type Entry = {
  readonly issuerId: Bytes.Hex
  readonly issuer: Directory.Issuer
  /** The oldest of each purpose first. */
  readonly members: readonly Member[]
}

/**
 * A home registers one issuer per chain, whose id follows from its controller: there is nothing to be remembered.
 */
export const registrationSalt: Bytes.Hex = `0x${'00'.repeat(32)}`

/** The id (32 bytes) of the issuer whose first controller this account is. */
export function idOf(chainId: number, controller: Bytes.Hex): Bytes.Hex {
  return Bytes.toHex(IssuerDirectory.issuerId(chainId, controller, Bytes.fromHex(registrationSalt)))
}

/** The id under which the directory knows a credential key: 32 bytes. */
export function keyId(publicKey: Uint8Array): Bytes.Hex {
  return Bytes.toHex(IssuerDirectory.keyId(Multikey.fromEd25519(publicKey)))
}

/** What the directory says about us; `undefined` where we are not registered. Makes no key. */
export async function find(office: Office): Promise<Entry | undefined> {
  const { chain, directory, keyring } = office
  // The first controller, which is in the id.
  const [controller] = await keyring.accounts('controller')
  if (controller === undefined) return undefined
  const issuerId = idOf(chain.chainId, controller.address)
  const issuer = await directory.issuer(issuerId)
  if (issuer === undefined) return undefined
  const members: Member[] = []
  for (const purpose of ['chain', 'badges'] as const)
    for (const { address } of await keyring.accounts(purpose))
      members.push({ purpose, id: address, standing: await directory.account(issuerId, address) })
  for (const key of await keyring.credentialKeys()) {
    const standing = await directory.key(issuerId, keyId(key))
    members.push({ purpose: 'credential', id: Multikey.fromEd25519(key), standing })
  }
  return { issuerId, issuer, members }
}

/**
 * The same, where nothing can be done without it.
 *
 * @throws {NotRegisteredError} ISSUER_NOT_REGISTERED
 */
export async function demand(office: Office): Promise<Entry> {
  const entry = await find(office)
  if (entry === undefined) throw new NotRegisteredError(office.chain.chainId)
  return entry
}

/**
 * Has the controller say something in the directory, once for each subject.
 *
 * @throws {Chain.RevertedError} and what else carrying a transaction out throws
 */
export async function say(office: Office, call: Directory.Call, subject: string): Promise<Bytes.Hex> {
  const signer = await office.keyring.account('controller')
  const intent = { chainId: office.chain.chainId, account: signer.address, ...call, purpose: 'directory', subject }
  return carryOut(intent, carrying(office, signer))
}

/** Adds an account of ours by its own consent, signed for the next day only. */
export async function addAccount(office: Office, issuerId: Bytes.Hex, signer: ChainSigner): Promise<Bytes.Hex> {
  const { chain, directory } = office
  const { address } = signer
  const deadline = (await chain.head()).time + 24 * 60 * 60
  const digest = IssuerDirectory.joinDigest({
    chainId: chain.chainId,
    directory: directory.address,
    issuerId: Bytes.fromHex(issuerId),
    account: address,
    nonce: await directory.consentNonce(address),
    deadline,
  })
  const { r, s, yParity } = await signer.signDigest(digest)
  const signature = Bytes.concat(Bytes.fromHex(r), Bytes.fromHex(s), Uint8Array.of(27 + yParity))
  const call = directory.calls.addAccount(issuerId, address, deadline, Bytes.toHex(signature))
  return say(office, call, `add account ${address} to ${issuerId}`)
}

/** Adds a credential key of ours. */
export async function addKey(office: Office, issuerId: Bytes.Hex, publicKey: Uint8Array): Promise<Bytes.Hex> {
  const id = keyId(publicKey)
  return say(office, office.directory.calls.addKey(issuerId, id), `add key ${id} to ${issuerId}`)
}

/** Thrown when something is asked of an issuer's entry that is not there. */
export class NotRegisteredError extends Errors.BaseError<'ISSUER_NOT_REGISTERED'> {
  override readonly name = 'Entry.NotRegisteredError'
  constructor(chainId: number) {
    super('ISSUER_NOT_REGISTERED', `This issuer is not registered in the directory on chain ${chainId}.`, {
      facts: { chainId },
    })
  }
}
