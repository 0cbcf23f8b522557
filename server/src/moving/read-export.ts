import { isUtf8 } from 'node:buffer'
import { setImmediate as turn } from 'node:timers/promises'
import * as BakedPng from '@laurel/core/BakedPng'
import * as BakedSvg from '@laurel/core/BakedSvg'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Keepsake from '@laurel/core/Keepsake'
import * as FileNames from '@laurel/verifier/inputs/FileNames'
import * as Zip from '@laurel/verifier/inputs/Zip'
import * as Table from '../roster/Table.ts'
import { type Described, describe, describeRow, isColumn } from './describe-original.ts'
import type { Form, Found, Recipient, Wrong } from './Original.ts'

/** One badge of an export, and who has it. */
export type Read = Found & { readonly recipient: Recipient }

export type Item = { readonly read: Read } | { readonly wrong: Wrong }

/** What an import may have: badges and rows, bytes of an archive once it is unpacked, and values of a file of JSON. */
export type Limits = { readonly badges: number; readonly unpacked: number; readonly values: number }

/** What one may have unless told otherwise: an archive of so many badges with images, and a list with all that is said of them. */
const usual: Limits = { badges: 100_000, unpacked: 2 * 1024 * 1024 * 1024, values: 5_000_000 }

/** Of how many bytes a list in JSON may be, and a file in an archive. */
const largest = { json: 64 * 1024 * 1024, entry: 16 * 1024 * 1024 } as const

/** How many columns a table may have: each row names all of them. */
const widest = 1_000

/**
 * Reads whatever a place that issues badges hands out: a file of an Open Badge (2.0 or 3.0; JSON, JWT, PNG, SVG, keepsake), a
 * list of them, a list of rows (CSV, or the JSON of Badgr and of Credly), or an archive (ZIP) of all these, in which no
 * further archive is opened. What is wrong is told, and the rest is read.
 *
 * @throws {Zip.InvalidZipError} ZIP_INVALID, ZIP_LIMIT
 * @throws {TooManyError} IMPORT_TOO_MANY
 */
export async function* readExport(
  name: string,
  bytes: Uint8Array,
  limited: Partial<Limits> = {},
): AsyncGenerator<Item> {
  const limits = { ...usual, ...limited }
  let count = 0
  for await (const item of items(name, bytes, limits)) {
    if (count++ >= limits.badges) throw new TooManyError(limits.badges)
    yield item
  }
}

async function* items(name: string, bytes: Uint8Array, limits: Limits): AsyncGenerator<Item> {
  if (!Zip.isZip(bytes)) {
    yield* file(name, bytes, limits)
    return
  }
  for (const entry of Zip.open(bytes, { entries: 100_000, entryBytes: largest.entry, bytes: limits.unpacked })) {
    if (FileNames.isBeside(entry.name)) continue
    // What unpacks to much may say little: others have their turn in between.
    await turn()
    let content: Uint8Array
    try {
      content = entry.read()
    } catch (error) {
      yield { wrong: toWrong(entry.name, error) }
      continue
    }
    yield* file(entry.name, content, limits)
  }
}

async function* file(name: string, bytes: Uint8Array, { values }: Limits): AsyncGenerator<Item> {
  try {
    if (/\.csv$/i.test(name)) {
      yield* table(name, bytes)
      return
    }
    const text = textOf(bytes)
    if (text === undefined) {
      yield { wrong: { name, code: 'IMPORT_NOT_READ', message: 'This is no badge and no list of badges.' } }
      return
    }
    if (/^\s*[[{]/.test(text)) yield* parsed(name, bytes, Json.parse(text, { bytes: largest.json, values }))
    else yield { read: { name, form: 'open-badge', bytes, ...describe(text) } }
  } catch (error) {
    yield { wrong: toWrong(name, error) }
  }
}

/** The credential in a file: what is baked into an image, or the file itself. An address in an image of 2.0 is not followed. */
function textOf(bytes: Uint8Array): string | undefined {
  if (BakedPng.isPng(bytes)) return BakedPng.extract(bytes).text
  if (BakedSvg.isXml(bytes)) return BakedSvg.extract(bytes).text
  if (bytes.length > largest.json) throw new Json.LimitError('bytes', largest.json)
  const buffer = Buffer.from(bytes)
  // With or without a byte order mark.
  const text = buffer.toString('utf8').replace(/^\ufeff/, '')
  if (!/^\s*(?:[[{]|[\w-]+\.[\w-]+\.[\w-]+\s*$)/.test(text)) return undefined
  // What is not in UTF-8 would be kept as something else.
  if (!isUtf8(buffer)) throw new Json.UnicodeError()
  return text
}

function* parsed(name: string, bytes: Uint8Array, value: Json.Value): Generator<Item> {
  if (Json.isArray(value)) {
    for (const [i, each] of value.entries()) yield* element(`${name}#/${i}`, each, undefined)
    return
  }
  if (!Json.isObject(value)) throw new TypeError('JSON that begins with a bracket is a list or an object')
  const { result, data, assertions, verifiableCredential } = value
  // What a wallet presents: each is a badge of its own, and who presents them is nobody's business here.
  if (Json.isArray(verifiableCredential)) {
    for (const [i, each] of verifiableCredential.entries())
      yield* element(`${name}#/verifiableCredential/${i}`, each, undefined)
    return
  }
  // The answers of Badgr have `result`, its exports `assertions`, the answers of Credly `data`.
  for (const [member, list, form] of [
    ['result', result, 'badgr'],
    ['assertions', assertions, 'badgr'],
    ['data', data, 'credly'],
  ] as const)
    if (Json.isArray(list)) {
      for (const [i, each] of list.entries()) yield* element(`${name}#/${member}/${i}`, each, form)
      return
    }
  yield* element(name, value, undefined, bytes)
}

function* element(
  name: string,
  value: Json.Value,
  form: Form | undefined,
  bytes = Bytes.fromUtf8(JSON.stringify(value)),
): Generator<Item> {
  if (typeof value === 'string') {
    yield token(name, value)
    return
  }
  const isBadge = Json.isObject(value) && (value['@context'] !== undefined || Keepsake.isKeepsake(value))
  if (isBadge) yield { read: { name, form: 'open-badge', bytes, ...describe(value) } }
  else if (Json.isObject(value) && form !== undefined) {
    const described = describeRow(value)
    if (described === undefined) yield { wrong: nobody(name) }
    else yield { read: { name, form, bytes, ...described } }
  } else yield { wrong: { name, code: 'IMPORT_NOT_READ', message: 'This is no badge and no row of one.' } }
}

/** One of a list that is wrong does not take the others with it. */
function token(name: string, text: string): Item {
  try {
    return { read: { name, form: 'open-badge', bytes: Bytes.fromUtf8(text), ...describe(text) } }
  } catch (error) {
    return { wrong: toWrong(name, error) }
  }
}

async function* table(name: string, bytes: Uint8Array): AsyncGenerator<Item> {
  async function* pieces() {
    yield bytes
  }
  let header: readonly string[] | undefined
  for await (const { rows, flaw, damage } of Table.read(pieces(), isColumn)) {
    if (damage !== undefined) {
      yield { wrong: { name, code: 'CSV_NOT_UTF8', message: 'The file is not UTF-8.' } }
      return
    }
    for (const { number, cells } of rows) {
      if (header === undefined) {
        if (cells.length > widest) {
          yield { wrong: { name, code: 'CSV_COLUMN_COUNT', message: `This table has ${cells.length} columns.` } }
          return
        }
        header = distinct(cells)
        continue
      }
      const place = `${name}:${number}`
      // Behind a comma that nobody has quoted everything would be taken for something else.
      if (cells.slice(header.length).some((cell) => cell.trim() !== '')) {
        const message = `This row has ${cells.length} cells, the header ${header.length}.`
        yield { wrong: { name: place, code: 'CSV_COLUMN_COUNT', message } }
        continue
      }
      const row = Object.fromEntries(header.map((column, i) => [column, cells[i] ?? '']))
      const described: Described | undefined = describeRow(row)
      if (described === undefined) yield { wrong: nobody(place) }
      else yield { read: { name: place, form: 'table', bytes: Bytes.fromUtf8(JSON.stringify(row)), ...described } }
    }
    if (flaw !== undefined) yield { wrong: { name: `${name}:${flaw.row}`, code: flaw.code, message: flaw.message } }
  }
}

/** Of two columns with one name both are kept. */
function distinct(header: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return header.map((name, i) => {
    const own = seen.has(name) ? `${name} (${i + 1})` : name
    seen.add(name)
    return own
  })
}

function nobody(name: string): Wrong {
  return { name, code: 'IMPORT_ROW', message: 'This row names nobody, or no badge.' }
}

function toWrong(name: string, error: unknown): Wrong {
  if (!(error instanceof Errors.BaseError)) throw error
  return { name, code: error.code, message: error.message }
}

/** Thrown when there are more badges in an import than there may be. */
export class TooManyError extends Errors.BaseError<'IMPORT_TOO_MANY'> {
  override readonly name = 'readExport.TooManyError'
  constructor(most: number) {
    super('IMPORT_TOO_MANY', `There are more than ${most.toLocaleString('en')} badges in it.`)
  }
}
