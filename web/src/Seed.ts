import type { Messages } from './messages/en.ts'

/** What a page hands to its script: nothing that does not stand on it already, or belongs to its language. */
export type Seed = {
  readonly language: string
  readonly messages: Messages
  /** Where the badge is to be had, and whom this site says can be trusted. */
  readonly credential: string
  readonly trust: string
  /** As the page shows it. */
  readonly issuer: string
  readonly address: string
}

/** The id of the element that holds it. */
export const id = 'seed'

/** As text of a script element that no browser runs: nothing in it ends the element. */
export function write(seed: Seed): string {
  return JSON.stringify(seed).replaceAll('<', '\\u003c')
}

/** What stands on the page that this script is of. */
export function read(): Seed {
  const text = document.getElementById(id)?.textContent
  if (!text) throw new TypeError('The page has no seed')
  return JSON.parse(text) as Seed
}
