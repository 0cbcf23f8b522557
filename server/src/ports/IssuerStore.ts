import type { Issuer, Key, Report } from '../issuer/Issuer.ts'
import type { Profile } from '../issuer/Profile.ts'

/** One version of an issuer's profile. It never changes. */
export type Version = {
  readonly profile: Profile
  /** From 1. */
  readonly version: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/**
 * Remembers which issuers there are beside the home's own, and what an issuer says of itself, every version for ever. The
 * home's own without a version says what the environment says of it, any other has its name alone.
 */
export type IssuerStore = {
  /**
   * Adds a version, or answers with the newest where it is the same: repeating it changes nothing. An event tells of it.
   *
   * @param issuer its DID
   * @param expected the number of the newest version as the caller knows it, 0 for none; unchecked when absent
   * @throws {CatalogueStore.ChangedError} PRECONDITION_FAILED when the newest version is another, and nothing was added
   */
  describe(
    issuer: string,
    profile: Profile,
    now: number,
    expected?: number,
  ): Promise<{ readonly version: Version; readonly added: boolean }>
  /** The newest version. */
  profile(issuer: string): Promise<Version | undefined>
  /** All of them, the newest first. */
  profiles(issuer: string): Promise<readonly Version[]>
  /** @throws {Issuer.TakenKeyError} KEY_TAKEN when its key, or its DID, is that of another */
  addIssuer(issuer: Issuer): Promise<void>
  /**
   * Takes a key into use in place of the one before, and has the issuer's status lists signed anew, in one transaction.
   *
   * @param generation from 1
   * @throws {Issuer.TakenKeyError} KEY_TAKEN when it is that of another, or another was faster
   */
  addIssuerKey(issuer: Pick<Issuer, 'id' | 'did'>, generation: number, key: Key): Promise<void>
  /** Reports a key as stolen, from earlier on than it was before. */
  reportIssuerKey(issuer: Pick<Issuer, 'id'>, generation: number, report: Report): Promise<void>
  /** Whether a key (its public half, 32 bytes) is, or was, that of an issuer. */
  hasIssuerKey(publicKey: Uint8Array): Promise<boolean>
  /** The oldest first. */
  issuers(): Promise<readonly Issuer[]>
  /** The one with a DID. */
  issuer(did: string): Promise<Issuer | undefined>
}
