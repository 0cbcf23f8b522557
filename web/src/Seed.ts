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

/** The name of the meta element whose content it is. */
export const name = 'seed'

/** What stands on the page that this script is of. */
export function read(): Seed {
  const text = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content
  if (!text) throw new TypeError('The page has no seed')
  return JSON.parse(text) as Seed
}
