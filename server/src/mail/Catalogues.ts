import { ar } from './catalogues/ar.ts'
import { de } from './catalogues/de.ts'
import { en } from './catalogues/en.ts'
import { es } from './catalogues/es.ts'
import { fr } from './catalogues/fr.ts'
import { pt } from './catalogues/pt.ts'
import type { Catalogue } from './Texts.ts'

/** The languages that mails are written in (BCP 47), each with everything that they say. */
export const catalogues = { ar, de, en, es, fr, pt } as const satisfies Readonly<Record<string, Catalogue>>

export type Language = keyof typeof catalogues

/** Every language there is. */
export const languages = Object.keys(catalogues) as readonly Language[]

/**
 * The language nearest to the one that somebody wants (RFC 4647 §3.4, Lookup): fr-CA is written to in French. Of several
 * wanted ones the first that there is; English where there is none of them.
 */
export function nearest(...wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = /^[A-Za-z]{2,3}(?=$|-)/.exec(tag)?.[0].toLowerCase() ?? ''
    if (Object.hasOwn(catalogues, primary)) return primary as Language
  }
  return 'en'
}
