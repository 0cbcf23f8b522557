import type { Fields } from '../Document.ts'
import type { Held, PrivacyStore } from '../ports/PrivacyStore.ts'
import * as Cell from '../roster/Cell.ts'

/**
 * All that is kept of whoever has an e-mail address. What reaches the same mailbox is the same address. It goes through all
 * that there is: an index of addresses would be one more place in which they are.
 */
export async function find(address: string, { people }: Pick<PrivacyStore, 'people'>): Promise<readonly Held[]> {
  const key = Cell.emailKey(address)
  const found: Held[] = []
  for await (const page of people()) found.push(...page.filter((each) => addressesOf(each).includes(key)))
  return found
}

function addressesOf(held: Held): readonly string[] {
  const { recipient } = held.fields as unknown as Fields
  const named = (recipient.identifiers ?? []).filter(({ type }) => type === 'emailAddress').map(({ value }) => value)
  // Whoever has lost an address has another one by now.
  const moved = held.kind === 'row' && held.address !== undefined ? [held.address] : []
  return [...named, ...moved].map(Cell.emailKey)
}
