import type * as Bytes from '@laurel/core/Bytes'
import type * as Standing from '@laurel/core/Standing'

/** A call that is yet to be made: where to, and with which data. */
export type Call = { readonly to: Bytes.Hex; readonly data: Bytes.Hex }

/**
 * An issuer as the directory has it. Digests and ids are 32 bytes in hexadecimal. `head` is another one after everything
 * that is said of the issuer.
 */
export type Issuer = {
  readonly controller: Bytes.Hex
  readonly did: string
  readonly profileDigest: Bytes.Hex
  readonly head: Bytes.Hex
}

/**
 * The directory of issuers on one chain: what it says, and the calls that change it. What it says is as of the newest
 * block; every method that asks rejects with `CHAIN_UNREACHABLE` where nobody answers. Nothing here sends anything.
 */
export type IssuerDirectory = {
  readonly address: Bytes.Hex
  issuer(issuerId: Bytes.Hex): Promise<Issuer | undefined>
  /** `undefined`: it was never added. */
  account(issuerId: Bytes.Hex, account: Bytes.Hex): Promise<Standing.Standing | undefined>
  key(issuerId: Bytes.Hex, keyId: Bytes.Hex): Promise<Standing.Standing | undefined>
  /** What an account has to sign its next consent with. */
  consentNonce(account: Bytes.Hex): Promise<number>
  readonly calls: {
    register(salt: Bytes.Hex, did: string, profileDigest: Bytes.Hex): Call
    describe(issuerId: Bytes.Hex, did: string, profileDigest: Bytes.Hex): Call
    addAccount(issuerId: Bytes.Hex, account: Bytes.Hex, deadline: number, signature: Bytes.Hex): Call
    retireAccount(issuerId: Bytes.Hex, account: Bytes.Hex): Call
    reportAccount(issuerId: Bytes.Hex, account: Bytes.Hex, compromisedFrom: number): Call
    addKey(issuerId: Bytes.Hex, keyId: Bytes.Hex): Call
    retireKey(issuerId: Bytes.Hex, keyId: Bytes.Hex): Call
    reportKey(issuerId: Bytes.Hex, keyId: Bytes.Hex, compromisedFrom: number): Call
  }
}
