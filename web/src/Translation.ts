import { IntlMessageFormat } from 'intl-messageformat'
import type { Key, Messages } from './messages/en.ts'

/** Says something in one language, with values put into it. */
export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string

/** Days are those of UTC, as a badge names them; times of day are the reader's own. */
const formats = {
  date: { day: { dateStyle: 'long', timeZone: 'UTC' } },
  time: { clock: { timeStyle: 'short' } },
} as const

/** The sentences of a language, each read once (ICU message syntax). */
export function create(language: string, messages: Messages): Translate {
  const read = new Map<Key, IntlMessageFormat>()
  return (key, values) => {
    const message = read.get(key) ?? new IntlMessageFormat(messages[key], language, formats, { ignoreTag: true })
    read.set(key, message)
    return String(message.format(values))
  }
}
