import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'

/** What a message has to say that a wallet signs (EIP-4361), to the character. */
export type Asked = {
  /** The authority of this server: host, and port where it is not the usual one. */
  readonly domain: string
  /** What the signature is for. */
  readonly uri: string
  readonly nonce: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How long ago it may have been signed, in milliseconds. */
  readonly age: number
}

/** Of the chain on which the contracts of wallets are asked. */
export type WalletProof = {
  readonly chainId: number
  /**
   * Judges who has signed a message, and answers with the account (lower case). Contracts that are wallets are asked without
   * changing anything. Both texts are hostile.
   *
   * @throws {RefusedError} and CHAIN_UNREACHABLE when a contract would have to be asked, and nobody answers: then nothing is
   *   known of the signature
   */
  readonly judge: (message: string, signature: Bytes.Hex, asked: Asked) => Promise<Bytes.Hex>
}

export type Code =
  | 'SIWE_CHAIN_MISMATCH'
  | 'SIWE_DOMAIN_MISMATCH'
  | 'SIWE_EXPIRED'
  | 'SIWE_INVALID'
  | 'SIWE_NONCE_MISMATCH'
  | 'SIWE_SIGNATURE'
  | 'SIWE_URI_MISMATCH'

const details: Readonly<Record<Code, readonly [field: string, message: string]>> = {
  SIWE_CHAIN_MISMATCH: ['/message/chainId', 'This message is for another chain.'],
  SIWE_DOMAIN_MISMATCH: ['/message/domain', 'This message was signed for another website.'],
  SIWE_EXPIRED: ['/message/expirationTime', 'This message is not valid now, or was signed too long ago.'],
  SIWE_INVALID: ['/message', 'This is no message as EIP-4361 has it.'],
  SIWE_NONCE_MISMATCH: ['/message/nonce', 'The nonce is not one that was given for this, or it has been used.'],
  SIWE_SIGNATURE: ['/signature', 'The wallet has not signed this message.'],
  SIWE_URI_MISMATCH: ['/message/uri', 'This message was signed for something else.'],
}

/** Thrown when a wallet has not shown what was asked. What it has shown stands in nothing. */
export class RefusedError extends Errors.BaseError<Code> {
  override readonly name = 'WalletProof.RefusedError'
  /** A JSON Pointer to what is wrong. */
  readonly pointer: string
  constructor(code: Code, cause?: unknown) {
    const [pointer, message] = details[code]
    super(code, message, { cause })
    this.pointer = pointer
  }
}
