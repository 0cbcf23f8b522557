import type { ChainSigner } from './ChainSigner.ts'

/**
 * What an account is for: `chain` anchors, `controller` speaks for the issuer in the directory, `badges` awards and records
 * the digests of status lists, `audit` anchors the audit log.
 */
export type AccountPurpose = 'chain' | 'controller' | 'badges' | 'audit'

/** What can be rotated. */
export type Rotated = 'credential' | 'chain' | 'badges'

/**
 * The keys of an issuer, each for one purpose, and how one comes after another. A key that was in use stays for ever.
 */
export type Keyring = {
  /** The newest in use; made when it is asked for first. */
  account(purpose: AccountPurpose): Promise<ChainSigner>
  /** Every one that was in use, the oldest first. */
  accounts(purpose: AccountPurpose): Promise<readonly ChainSigner[]>
  /** The public halves (32 bytes) of every credential key that was in use, the oldest first. */
  credentialKeys(): Promise<readonly Uint8Array[]>
  /** The one that is to come; made when it is asked for first, on the disk when this returns, and not in use. */
  nextAccount(purpose: AccountPurpose): Promise<ChainSigner>
  nextCredentialKey(): Promise<Uint8Array>
  /** Whether there is one that is to come. */
  hasNext(purpose: Rotated): Promise<boolean>
  /** Takes it into use. */
  promote(purpose: Rotated): Promise<void>
}
