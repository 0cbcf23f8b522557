import * as Cell from '../roster/Cell.ts'

/** By whom mails are sent: an address, and perhaps a name that stands in place of the organisation's. */
export type Sender = { readonly address: string; readonly name: string | undefined }

/** Reads `name <address>`, or an address alone; `undefined` for anything else. */
export function parse(text: string): Sender | undefined {
  const [, name, within] = /^ *"?([^"<>\p{Cc}]*?)"? *<([^<>\s]+)> *$/u.exec(text) ?? [undefined, '', text.trim()]
  const address = Cell.email(within as string)
  if (!Cell.isRead(address)) return undefined
  return { address: address.value, name: name === '' ? undefined : name }
}
