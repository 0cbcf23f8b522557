import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'

export type Value = null | boolean | number | string | readonly Value[] | Object
export type Object = { readonly [member: string]: Value }

/** `bytes` of UTF-8, levels of nesting and values, those in arrays and objects included, that a text may have. */
export type Limits = { readonly bytes?: number; readonly depth?: number; readonly values?: number }

const defaults = { bytes: 4 * 1024 * 1024, depth: 64, values: 1_000_000 }

/**
 * Reads one JSON text (RFC 8259) from hostile hands, and means the same by it as every other reader:
 * no member twice, no number that a double changes, no lone surrogate, no byte order mark, bounded in size, depth and values.
 *
 * @param input UTF-8 bytes, or text
 * @param limits 4 MiB, 64 levels and 1,000,000 values unless told otherwise
 * @throws {InvalidJsonError} JSON_SYNTAX with the offset in UTF-16 code units
 * @throws {DuplicateMemberError} JSON_DUPLICATE_KEY
 * @throws {NumberError} JSON_NUMBER
 * @throws {UnicodeError} JSON_NOT_UTF8
 * @throws {LimitError} TOO_LARGE
 */
export function parse(input: string | Uint8Array, limits: Limits = {}): Value {
  const { bytes = defaults.bytes, depth = defaults.depth, values = defaults.values } = limits
  if (input.length > bytes || sizeOf(input) > bytes) throw new LimitError('bytes', bytes)
  const reader: Reader = { text: typeof input === 'string' ? input : decode(input), at: 0, depth, values, left: values }
  skipSpace(reader)
  const value = readValue(reader, 0)
  skipSpace(reader)
  if (reader.at < reader.text.length) throw new InvalidJsonError(reader.at)
  return value
}

/**
 * Reads one JSON text that is an object. See {@link parse}.
 *
 * @throws {InvalidJsonError} JSON_SYNTAX also when it is anything but an object
 */
export function parseObject(input: string | Uint8Array, limits: Limits = {}): Object {
  const value = parse(input, limits)
  if (!isObject(value)) throw new InvalidJsonError(0)
  return value
}

/** Whether a value is an object: not null, not an array. */
export function isObject(value: Value | undefined): value is Object {
  return typeof value === 'object' && value !== null && !isArray(value)
}

/** Whether a value is an array. */
export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

/** Whether a list has an item twice, member for member in the same order. */
export function isRepetitive(items: readonly Value[]): boolean {
  // Items that are the same have the same name: mostly it ends here.
  const names = new Set(items.map(nameOf))
  return names.size < items.length && new Set(items.map((item) => JSON.stringify(item))).size < items.length
}

/** A text, number or the like itself; of an object its id. */
function nameOf(item: Value): Value | undefined {
  if (typeof item !== 'object' || item === null) return item
  return isObject(item) && typeof item.id === 'string' ? item.id : undefined
}

type Reader = { readonly text: string; at: number; readonly depth: number; readonly values: number; left: number }

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const literals: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

// Code units, because comparing them is what most of the time goes into.
const quote = 0x22
const backslash = 0x5c
const firstSurrogate = 0xd800

function sizeOf(input: string | Uint8Array): number {
  return typeof input === 'string' ? Bytes.fromUtf8(input).length : input.length
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new UnicodeError(cause)
  }
}

function skipSpace(reader: Reader): void {
  for (;;) {
    const unit = reader.text.charCodeAt(reader.at)
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
    reader.at++
  }
}

function readValue(reader: Reader, level: number): Value {
  if (--reader.left < 0) throw new LimitError('values', reader.values)
  const next = reader.text[reader.at]
  if (next === '"') return readString(reader)
  if (next === '{' || next === '[') {
    if (level >= reader.depth) throw new LimitError('depth', reader.depth)
    reader.at++
    return next === '{' ? readObject(reader, level + 1) : readArray(reader, level + 1)
  }
  for (const [name, value] of literals) {
    if (!reader.text.startsWith(name, reader.at)) continue
    reader.at += name.length
    return value
  }
  return readNumber(reader)
}

function readObject(reader: Reader, level: number): Object {
  const members: Record<string, Value> = {}
  skipSpace(reader)
  if (reader.text[reader.at] === '}') {
    reader.at++
    return members
  }
  for (;;) {
    skipSpace(reader)
    const at = reader.at
    if (reader.text[at] !== '"') throw new InvalidJsonError(at)
    const name = readString(reader)
    if (globalThis.Object.hasOwn(members, name)) throw new DuplicateMemberError(at)
    skipSpace(reader)
    if (reader.text[reader.at] !== ':') throw new InvalidJsonError(reader.at)
    reader.at++
    skipSpace(reader)
    const value = readValue(reader, level)
    // Set like any other, it would become the prototype.
    if (name === '__proto__')
      globalThis.Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true })
    else members[name] = value
    skipSpace(reader)
    const end = reader.text[reader.at]
    if (end !== ',' && end !== '}') throw new InvalidJsonError(reader.at)
    reader.at++
    if (end === '}') return members
  }
}

function readArray(reader: Reader, level: number): readonly Value[] {
  const items: Value[] = []
  skipSpace(reader)
  if (reader.text[reader.at] === ']') {
    reader.at++
    return items
  }
  for (;;) {
    skipSpace(reader)
    items.push(readValue(reader, level))
    skipSpace(reader)
    const end = reader.text[reader.at]
    if (end !== ',' && end !== ']') throw new InvalidJsonError(reader.at)
    reader.at++
    if (end === ']') return items
  }
}

function readString(reader: Reader): string {
  const { text } = reader
  const start = reader.at
  let value = ''
  let from = start + 1
  let hasSurrogate = false
  for (let at = from; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      value += text.slice(from, at)
      reader.at = at + 1
      if (hasSurrogate && !value.isWellFormed()) throw new UnicodeError(undefined, start)
      return value
    }
    if (unit === backslash) {
      value += text.slice(from, at)
      reader.at = at
      const escaped = readEscape(reader)
      hasSurrogate ||= escaped.charCodeAt(0) >= firstSurrogate
      value += escaped
      from = reader.at
      at = from - 1
    } else if (unit >= firstSurrogate) hasSurrogate = true
    // Not a number behind the end of the text.
    else if (!(unit >= 0x20)) throw new InvalidJsonError(at)
  }
}

function readEscape(reader: Reader): string {
  const letter = reader.text.charAt(reader.at + 1)
  const simple = escapes[letter]
  if (simple !== undefined) {
    reader.at += 2
    return simple
  }
  const code = reader.text.slice(reader.at + 2, reader.at + 6)
  if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(code)) throw new InvalidJsonError(reader.at)
  reader.at += 6
  return String.fromCharCode(Number.parseInt(code, 16))
}

function readNumber(reader: Reader): number {
  const at = reader.at
  number.lastIndex = at
  const text = number.exec(reader.text)?.[0]
  if (text === undefined) throw new InvalidJsonError(at)
  reader.at += text.length
  const value = Number(text)
  if (!Number.isFinite(value) || !isExact(text, value)) throw new NumberError(at)
  return value
}

/** Whether a double says the same as the decimal it was read from, to the last digit that is written. */
function isExact(text: string, value: number): boolean {
  const [digits, exponent] = scientific(text)
  const [readDigits, readExponent] = scientific(value.toString())
  return digits === readDigits && (digits === '' || exponent === readExponent)
}

/** The significant digits of a decimal without zeros at either end, and the power of ten of the first. */
function scientific(text: string): readonly [digits: string, exponent: number] {
  const [mantissa = '', power = '0'] = text.toLowerCase().replace(/^-/, '').split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = whole + fraction
  // Loops, because a pattern for the zeros at the end takes quadratic time on a number made for that.
  let start = 0
  while (digits[start] === '0') start++
  let end = digits.length
  while (end > start && digits[end - 1] === '0') end--
  return [digits.slice(start, end), Number(power) + whole.length - start]
}

/** Thrown when a text is not JSON. `offset` counts UTF-16 code units. */
export class InvalidJsonError extends Errors.BaseError<'JSON_SYNTAX'> {
  override readonly name = 'Json.InvalidJsonError'
  constructor(offset: number) {
    super('JSON_SYNTAX', `This is not the JSON expected here: character ${offset + 1} cannot stand there.`, {
      facts: { offset },
    })
  }
}

/** Thrown when an object has a member twice: readers disagree on which of the two counts. */
export class DuplicateMemberError extends Errors.BaseError<'JSON_DUPLICATE_KEY'> {
  override readonly name = 'Json.DuplicateMemberError'
  constructor(offset: number) {
    super('JSON_DUPLICATE_KEY', `A member stands twice in one object, the second time at character ${offset + 1}.`, {
      facts: { offset },
    })
  }
}

/** Thrown when a number is too large for a double, or has digits that a double drops. */
export class NumberError extends Errors.BaseError<'JSON_NUMBER'> {
  override readonly name = 'Json.NumberError'
  constructor(offset: number) {
    super('JSON_NUMBER', `The number at character ${offset + 1} cannot be read without changing it.`, {
      facts: { offset },
    })
  }
}

/** Thrown when bytes are not UTF-8, or a string has half of a surrogate pair. */
export class UnicodeError extends Errors.BaseError<'JSON_NOT_UTF8'> {
  override readonly name = 'Json.UnicodeError'
  constructor(cause?: unknown, offset?: number) {
    super('JSON_NOT_UTF8', 'This is not Unicode text in UTF-8.', {
      facts: offset === undefined ? {} : { offset },
      cause,
    })
  }
}

const unitOf = { bytes: 'bytes', depth: 'levels', values: 'values' } as const

/** Thrown when a text is longer, nested deeper, or has more values than its reader accepts. */
export class LimitError extends Errors.BaseError<'TOO_LARGE'> {
  override readonly name = 'Json.LimitError'
  constructor(limit: keyof typeof unitOf, value: number) {
    super('TOO_LARGE', `This goes beyond the limit of ${value} ${unitOf[limit]}.`, { facts: { limit, value } })
  }
}
