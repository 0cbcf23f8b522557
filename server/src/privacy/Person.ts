import * as IdentityHash from '@laurel/core/IdentityHash'
import type { Fields } from '../Document.ts'
import type { Correspondence, Held, PrivacyStore } from '../ports/PrivacyStore.ts'
import * as Cell from '../roster/Cell.ts'

/** What is kept of whoever has an e-mail address. */
export type Person = {
  readonly address: string
  readonly held: readonly Held[]
  readonly correspondence: Correspondence
}

/**
 * All that is kept of whoever has an e-mail address; `undefined` where that is nothing. What reaches the same mailbox is the
 * same address. It goes through all that there is: an index of addresses would be one more place in which they are.
 */
export async function find(
  address: string,
  { people, correspondence }: Pick<PrivacyStore, 'people' | 'correspondence'>,
): Promise<Person | undefined> {
  const key = Cell.emailKey(address)
  const held: Held[] = []
  for await (const page of people()) held.push(...page.filter((each) => isOf(each, address, key)))
  const written = await correspondence(address)
  const isNobody = held.length === 0 && Object.values(written).every((each) => each.length === 0)
  return isNobody ? undefined : { address, held, correspondence: written }
}

function isOf(held: Held, address: string, key: string): boolean {
  if (held.kind !== 'original') return addressesOf(held).includes(key)
  const { email, hashed } = held.recipient
  // Others have hashed an address as it was written, or in lower case.
  const spellings = [address, address.toLowerCase()]
  const isHashed =
    hashed !== undefined && spellings.some((text) => IdentityHash.matches(hashed.hash, text, hashed.salt))
  return isHashed || (email !== undefined && Cell.emailKey(email) === key)
}

function addressesOf(held: Exclude<Held, { readonly kind: 'original' }>): readonly string[] {
  const { recipient } = held.fields as unknown as Fields
  const named = (recipient.identifiers ?? []).filter(({ type }) => type === 'emailAddress').map(({ value }) => value)
  // Whoever has lost an address has another one by now.
  const moved = held.kind === 'row' && held.address !== undefined ? [held.address] : []
  return [...named, ...moved].map(Cell.emailKey)
}
