import type * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

/** An account on an EVM chain. `address` is 20 bytes. */
export type Account = { readonly chainId: number; readonly address: Bytes.Hex }

/** Writes an account in lower case: `eip155:1:0x…` (CAIP-10, namespace eip155). */
export function format(chainId: number, address: Bytes.Hex): string {
  const text = `eip155:${chainId}:${address.toLowerCase()}`
  parse(text)
  return text
}

/**
 * Reads an account as {@link format} writes it.
 *
 * @throws {InvalidAccountError} ACCOUNT_INVALID, also for upper-case digits
 */
export function parse(text: string): Account {
  const [, chain, address] = /^eip155:([1-9][0-9]*):(0x[0-9a-f]{40})$/.exec(text) ?? []
  const chainId = Number(chain)
  if (address === undefined || !Number.isSafeInteger(chainId)) throw new InvalidAccountError()
  return { chainId, address: address as Bytes.Hex }
}

/** Thrown when a text is not an EVM account in lower case. */
export class InvalidAccountError extends Errors.BaseError<'ACCOUNT_INVALID'> {
  override readonly name = 'Caip10.InvalidAccountError'
  constructor() {
    super('ACCOUNT_INVALID', 'This is not an account such as eip155:1:0x… in lower case.')
  }
}
