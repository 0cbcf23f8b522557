/** What a server asks to make pages for people. Built into one file that needs nothing beside it. */
import * as Languages from '../Languages.ts'
import * as Badge from './Badge.tsx'
import * as Notice from './Notice.tsx'
import type { Assets } from './Page.tsx'

/** The tags of the languages that there are, the first of which is for whoever asks for none of them. */
export const languages: readonly string[] = Languages.all.map(({ tag }) => tag)

/** The page of a badge, in a language that there is. */
export function badge(badge: Badge.Badge, language: string, assets: Assets): string {
  return Badge.render(badge, Languages.of(language), assets)
}

/** The page that says why no badge is shown. */
export function notice(reason: Notice.Reason, path: string, language: string, assets: Assets): string {
  return Notice.render(reason, path, Languages.of(language), assets)
}
