import * as Caip10 from './Caip10.ts'

/**
 * The did:pkh of an EVM account in CAIP-10 form.
 *
 * @throws {Caip10.InvalidAccountError} ACCOUNT_INVALID
 */
export function fromAccount(account: string): string {
  Caip10.parse(account)
  return `did:pkh:${account}`
}

/** The verification method of an EVM account (did:pkh §3.1). */
export function verificationMethod(account: string): string {
  return `${fromAccount(account)}#blockchainAccountId`
}
