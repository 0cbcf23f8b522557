import { domainToASCII } from 'node:url'
import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Bytes from '@laurel/core/Bytes'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as DidKey from '@laurel/core/DidKey'
import * as DidPkh from '@laurel/core/DidPkh'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Errors from '@laurel/core/Errors'
import * as Multibase from '@laurel/core/Multibase'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** The value of a cell, or why it has none. */
export type Reading<value> = { readonly value: value } | { readonly code: string; readonly message: string }

/** Whether a cell could be read. */
export function isRead<value>(reading: Reading<value>): reading is { readonly value: value } {
  return 'value' in reading
}

/**
 * Reads a date, or a date and time with its zone (`dateTimeStamp`), which is kept as it is written. A plain date is the
 * beginning of its day in UTC: `2026-03-01` is `2026-03-01T00:00:00Z`.
 */
export function date(text: string): Reading<string> {
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const value = plain ? `${text}T00:00:00Z` : text
  try {
    DateTimeStamp.toMilliseconds(value)
  } catch (error) {
    if (plain || error instanceof DateTimeStamp.InvalidDateError || isMisnumbered(text))
      return { code: 'DATE_INVALID', message: 'This day or this time does not exist.' }
    if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?$/i.test(text))
      return { code: 'DATE_FORMAT', message: 'This time does not say in which time zone it is.' }
    return { code: 'DATE_FORMAT', message: 'This is not a date such as 2026-03-01 or 2026-03-01T09:30:00Z.' }
  }
  if (value < '1900')
    return { code: 'DATE_INVALID', message: 'This is before the year 1900, which must be a slip of the pen.' }
  return { value }
}

function isMisnumbered(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)
}

/** Reads a number that is not negative, written with a point and with no more digits than are kept exactly. */
export function number(text: string): Reading<number> {
  const value = Number(text)
  if (!/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) || text.replace(/^0?\.?0*|\./g, '').length > 15)
    return { code: 'NUMBER_FORMAT', message: 'This is not a number such as 2 or 2.5.' }
  return { value }
}

/**
 * Reads an e-mail address (RFC 5321 §4.1.2, RFC 6531): a dot-atom, `@` and a domain name of at least two labels, both in
 * any script. The value is kept as it is written; no message is ever sent to find out whether it exists.
 */
export function email(text: string): Reading<string> {
  const refused = { code: 'EMAIL_INVALID', message: 'This is not one e-mail address such as ada@example.org.' }
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  if (at < 1 || Buffer.byteLength(local) > 64 || Buffer.byteLength(text) > 254) return refused
  if (
    !/^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~\p{Join_Control}-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~\p{Join_Control}-]+)*$/u.test(
      local,
    )
  )
    return refused
  return isDomain(domain) ? { value: text } : refused
}

function isDomain(domain: string): boolean {
  if (!/^[\p{L}\p{M}\p{N}\p{Join_Control}.-]+$/u.test(domain)) return false
  // What a resolver would turn into something else (full-width letters, for one) is another name than the one written.
  if (domain.normalize('NFKC').toLowerCase() !== domain.normalize('NFC').toLowerCase()) return false
  const labels = toAscii(domain).split('.')
  const top = labels.at(-1) ?? ''
  return (
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    /[a-z]/.test(top) &&
    top.length >= 2 &&
    labels.join('.').length <= 253
  )
}

/** Reads the tag of a language (BCP 47), and writes it as it should be written: de-CH. */
export function language(text: string): Reading<string> {
  const refused = { code: 'LANGUAGE_INVALID', message: 'This is not the tag of a language such as de or pt-BR.' }
  try {
    const [value] = Intl.getCanonicalLocales(text)
    return value === undefined || value.length > 35 ? refused : { value }
  } catch {
    return refused
  }
}

/** Two spellings of an e-mail address that reach the same mailbox, as nearly every server has it, are one. */
export function emailKey(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at).normalize('NFC').toLowerCase()}@${toAscii(address.slice(at + 1))}`
}

/** `domainToASCII`, which takes its time, of the domains that the people of a roster share. */
function toAscii(domain: string): string {
  const ascii = asciiDomains.get(domain) ?? domainToASCII(domain)
  if (asciiDomains.size >= 1_000) asciiDomains.clear()
  asciiDomains.set(domain, ascii)
  return ascii
}

const asciiDomains = new Map<string, string>()

// multicodec: the varints of public keys in a did:key, and how long each key is.
const keys: Readonly<Record<string, number>> = {
  '0xed01': 32,
  '0xec01': 32,
  '0xe701': 33,
  '0x8024': 33,
  '0x8124': 49,
  '0x8224': 67,
  '0xea01': 48,
  '0xeb01': 96,
}

/**
 * Reads a DID (DID Core §3.1) without path, query or fragment. Methods that are understood (did:key, did:web, did:pkh of
 * an EVM account) are read to their last character, others for their form alone. Nothing is resolved.
 */
export function did(text: string): Reading<string> {
  const refused = { code: 'DID_INVALID', message: 'This is not a DID such as did:key:z6Mk… or did:web:example.org.' }
  const [, method] =
    /^did:([a-z0-9]+):(?:(?:[A-Za-z0-9._-]|%[0-9A-F]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+$/.exec(text) ?? []
  if (method === undefined) return refused
  if (method === 'pkh' && text.startsWith('did:pkh:eip155:')) return pkh(text, refused)
  try {
    if (method === 'web') DidWeb.toUrl(text)
    if (text.startsWith('did:key:z6Mk')) DidKey.toPublicKey(text)
    else if (method === 'key' && !isKey(Multibase.fromBase58(text.slice('did:key:'.length)))) return refused
  } catch (error) {
    if (error instanceof Errors.BaseError) return refused
    throw error
  }
  return { value: text }
}

function isKey(key: Uint8Array): boolean {
  return keys[Bytes.toHex(key.subarray(0, 2))] === key.length - 2
}

function pkh(text: string, refused: Reading<string>): Reading<string> {
  const [, account] = /^did:pkh:eip155:[1-9]\d{0,15}:(0x[0-9A-Fa-f]{40})$/.exec(text) ?? []
  if (account === undefined) return refused
  const reading = address(account, [])
  return isRead(reading) ? { value: text } : reading
}

/** Reads a wallet as the did:pkh of its account on Ethereum, in lower case. See {@link address}. */
export function wallet(text: string, reserved: readonly Bytes.Hex[]): Reading<string> {
  const reading = address(text, reserved)
  return isRead(reading) ? { value: DidPkh.fromAccount(`eip155:1:${reading.value}`) } : reading
}

/**
 * Reads an EVM address. In mixed case its checksum must be right (ERC-55); in one case it has none. Addresses that nobody
 * has the key of are refused: zero, the precompiled contracts, the customary grave, and those named.
 */
export function address(text: string, reserved: readonly Bytes.Hex[]): Reading<Bytes.Hex> {
  if (!/^0x[0-9A-Fa-f]{40}$/.test(text))
    return { code: 'ADDRESS_INVALID', message: 'This is not a wallet address: 0x and 40 hexadecimal digits.' }
  const lower = text.toLowerCase() as Bytes.Hex
  const digits = text.slice(2)
  const cased = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (cased && text !== checksummed(lower))
    return { code: 'ADDRESS_CHECKSUM', message: 'The capitals of this address show that a character of it is wrong.' }
  const grave = lower === '0x000000000000000000000000000000000000dead'
  if (/^0x0{36}/.test(lower) || grave || reserved.some((one) => one.toLowerCase() === lower))
    return { code: 'ADDRESS_RESERVED', message: 'Nobody holds the key of this address.' }
  return { value: lower }
}

function checksummed(lower: string): string {
  const digest = Bytes.toHex(keccak_256(Bytes.fromUtf8(lower.slice(2)))).slice(2)
  const digits = Array.from(lower.slice(2), (digit, i) =>
    Number.parseInt(digest.charAt(i), 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${digits.join('')}`
}

/** Reads the address of a page (http, https) or a URN that stands for evidence. It is kept as it is written. */
export function url(text: string): Reading<string> {
  const refused = { code: 'URL_INVALID', message: 'This is not a web address such as https://example.org/work.' }
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return refused
  if (/^urn:[a-z0-9][a-z0-9-]{1,31}:./i.test(text)) return { value: text }
  const parsed = URL.parse(text)
  if (parsed === null || !/^https?:\/\/[^/]/i.test(text)) return refused
  if (parsed.username !== '' || parsed.password !== '')
    return { code: 'URL_INVALID', message: 'This web address has a user name or a password in it.' }
  return { value: text }
}

// Open Badges 3.0.3 §B.5.4 (ResultStatusType).
const statuses = ['Completed', 'Enrolled', 'Failed', 'InProgress', 'OnHold', 'Provisional', 'Withdrew']

/** Reads a result as its description has it: a value within its bounds, one of those allowed, a level or a status. */
export function result(
  text: string,
  description: AchievementCredential.ResultDescription,
): Reading<AchievementCredential.Result> {
  const { id, resultType, allowedValue, rubricCriterionLevel: levels, valueMin, valueMax } = description
  if (resultType === 'Status') {
    if (!statuses.includes(text)) return refuse(`one of ${statuses.join(', ')}`)
    return { value: { resultDescription: id, status: text } }
  }
  if (resultType === 'RubricCriterionLevel') {
    const level = levels?.filter((one) => one.name === text || one.level === text || one.id === text) ?? []
    if (level.length !== 1 || level[0] === undefined) return refuse('one of the levels that the achievement describes')
    return { value: { resultDescription: id, achievedLevel: level[0].id } }
  }
  if (allowedValue !== undefined && !allowedValue.includes(text)) return refuse(`one of ${allowedValue.join(', ')}`)
  const numeric = resultType === 'Percent' || isNumeric(valueMin) || isNumeric(valueMax)
  if (allowedValue === undefined && numeric) {
    const least = isNumeric(valueMin) ? Number(valueMin) : resultType === 'Percent' ? 0 : Number.NEGATIVE_INFINITY
    const most = isNumeric(valueMax) ? Number(valueMax) : resultType === 'Percent' ? 100 : Number.POSITIVE_INFINITY
    if (!isNumeric(text) || Number(text) < least || Number(text) > most)
      return refuse(`a number from ${least} to ${most}, without a unit`)
  }
  return { value: { resultDescription: id, value: text } }
}

function isNumeric(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text)
}

function refuse(what: string): Reading<never> {
  return { code: 'RESULT_VALUE', message: `This result has to be ${what}.` }
}
