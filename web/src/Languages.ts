import { ar } from './messages/ar.ts'
import { de } from './messages/de.ts'
import { en, type Messages } from './messages/en.ts'
import { es } from './messages/es.ts'
import { fr } from './messages/fr.ts'
import { pt } from './messages/pt.ts'

/** A language of our pages: how it calls itself, and all that is said in it. */
export type Language = {
  readonly tag: Tag
  readonly name: string
  readonly isRightToLeft: boolean
  readonly messages: Messages
}

export type Tag = 'en' | 'es' | 'fr' | 'de' | 'pt' | 'ar'

/** Every language that is complete, in the order in which they are offered. The first is what nobody has asked for. */
export const all: readonly [Language, ...Language[]] = [
  { tag: 'en', name: 'English', isRightToLeft: false, messages: en },
  { tag: 'es', name: 'Español', isRightToLeft: false, messages: es },
  { tag: 'fr', name: 'Français', isRightToLeft: false, messages: fr },
  { tag: 'de', name: 'Deutsch', isRightToLeft: false, messages: de },
  { tag: 'pt', name: 'Português', isRightToLeft: false, messages: pt },
  { tag: 'ar', name: 'العربية', isRightToLeft: true, messages: ar },
]

/** The language of a tag, or else the first. */
export function of(tag: string): Language {
  return all.find((each) => each.tag === tag) ?? all[0]
}
