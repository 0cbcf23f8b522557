import type * as ApiKey from '../access/ApiKey.ts'
import type { Quotas } from '../organisations/Organisation.ts'

/**
 * Remembers who may use the HTTP interface. Of a key's secret only a digest is known here. Every change is on the disk
 * when its method returns, and holds for every process from then on: nobody keeps keys beside this store.
 */
export type ApiKeyStore = {
  /** Adds a key; of two with the same id the second is refused by an error of the adapter's own. */
  addKey(key: ApiKey.Stored): Promise<void>
  /** Adds a key where there is none at all yet, revoked ones included. Answers whether it did. */
  addFirstKey(key: ApiKey.Stored): Promise<boolean>
  key(id: string): Promise<ApiKey.Stored | undefined>
  /** A key, and whose it is: for whoever lets it in, who knows no organisation yet. */
  holder(id: string): Promise<Holder | undefined>
  /** Oldest first. */
  keys(): Promise<readonly ApiKey.Stored[]>
  /** Ends a key for good; repeating it keeps the first moment. `undefined` when there is no such key. */
  revokeKey(id: string, now: number): Promise<ApiKey.Stored | undefined>
}

export type Holder = {
  readonly key: ApiKey.Stored
  readonly organisation: string
  /** Those of the organisation. */
  readonly quotas: Quotas
}
