import * as Bytes from '@laurel/core/Bytes'
import { CsvError, parse } from 'csv-parse/sync'
import * as Text from './Text.ts'

/** A row as a spreadsheet numbers it: the first is 1, and a quoted newline does not begin another. */
export type Row = { readonly number: number; readonly cells: readonly string[] }

/** A wrong place in a table. */
export type Flaw = { readonly row: number; readonly code: string; readonly message: string }

/** `damage`: where the first byte lies that is not UTF-8, from 0. What could not be read stands as U+FFFD. */
export type Table = {
  readonly header: Row
  readonly rows: readonly Row[]
  readonly flaws: readonly Flaw[]
  readonly damage: number | undefined
}

/** Why a file holds no table at all. */
export type Unreadable = {
  readonly code: string
  readonly message: string
  readonly facts?: { readonly offset: number }
}

/** The bytes and the people that a roster may have. */
const limits = { bytes: 64 * 1024 * 1024, rows: 100_000 } as const

const delimiters = [',', ';', '\t'] as const

/**
 * Reads the bytes of a CSV file (RFC 4180) as a table of text: UTF-8 with or without a byte order mark, comma, semicolon
 * or tab, quoted newlines, LF or CRLF, with or without the last one. Rows in which every cell is blank are left out, as
 * spreadsheets leave them behind; every other cell is kept to the character.
 *
 * @param isColumn whether a text is a column's name; what separates the most of them is the delimiter
 */
export function read(bytes: Uint8Array, isColumn: (name: string) => boolean): Table | Unreadable {
  const unreadable = recognise(bytes)
  if (unreadable !== undefined) return unreadable
  const { text, damage } = decode(bytes)
  if (/^[\s\u00a0]*$/.test(text)) return { code: 'CSV_EMPTY', message: 'There is nothing in this file.' }
  const stray = strayReturn(text)
  if (stray !== undefined)
    return {
      code: 'CSV_LINE_ENDING',
      message: `Row ${stray} ends with a carriage return alone, so that programs disagree on where rows begin.`,
    }
  const delimiter = detect(text, isColumn)
  if (delimiter === undefined)
    return { code: 'CSV_DELIMITER', message: 'The first row mixes commas, semicolons and tabs between its names.' }
  return split(text, delimiter, damage)
}

/** Whether {@link read} found a table. */
export function isTable(value: Table | Unreadable): value is Table {
  return 'header' in value
}

/** The name that a spreadsheet gives to a column: A for 0, AA for 26. */
export function letter(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : letter(Math.floor(column / 26) - 1) + last
}

function recognise(bytes: Uint8Array): Unreadable | undefined {
  if (bytes.length === 0) return { code: 'CSV_EMPTY', message: 'There is nothing in this file.' }
  if (bytes.length > limits.bytes)
    return { code: 'PAYLOAD_TOO_LARGE', message: `This file is larger than ${limits.bytes / 1024 / 1024} MiB.` }
  const start = Bytes.toHex(bytes.subarray(0, 4)).slice(2)
  if (start === '504b0304' || start === 'd0cf11e0')
    return { code: 'FILE_TYPE', message: 'This is a spreadsheet, not a CSV file.' }
  if (start === '25504446' || start.startsWith('1f8b') || start === '89504e47')
    return { code: 'FILE_TYPE', message: 'This is a PDF, a compressed file or an image, not a CSV file.' }
  const head = bytes.subarray(0, 1024)
  const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  if (start.startsWith('fffe') || start.startsWith('feff') || start === '0000feff' || zeros > head.length / 4)
    return { code: 'CSV_NOT_UTF8', message: 'This file is in UTF-16 or UTF-32, not in UTF-8.', facts: { offset: 0 } }
  return undefined
}

function decode(bytes: Uint8Array): { readonly text: string; readonly damage: number | undefined } {
  if (isUtf8(bytes)) return { text: new TextDecoder('utf-8').decode(bytes), damage: undefined }
  let sound = 0
  let broken = bytes.length
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (isUtf8(bytes.subarray(0, middle), true)) sound = middle
    else broken = middle
  }
  // The last character of what is sound may be the beginning of the broken one.
  while (!isUtf8(bytes.subarray(0, sound))) sound--
  return { text: new TextDecoder('utf-8').decode(bytes), damage: sound }
}

/** `open`: a character may be cut short at the end. */
function isUtf8(bytes: Uint8Array, open = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: open })
    return true
  } catch {
    return false
  }
}

/** The row that a carriage return without a line feed ends, outside of quotes. */
function strayReturn(text: string): number | undefined {
  if (!/\r(?!\n)/.test(text)) return undefined
  let row = 1
  let quoted = false
  for (const { 0: mark } of text.matchAll(/"|\r?\n|\r/g)) {
    if (mark === '"') quoted = !quoted
    else if (quoted) continue
    else if (mark === '\r') return row
    else row++
  }
  return undefined
}

/** The one delimiter that separates the most names of columns in the first row that has any text. */
function detect(text: string, isColumn: (name: string) => boolean): string | undefined {
  const head = firstRow(text)
  const found = delimiters.map((delimiter) => {
    const names = divide(head, delimiter)
    return { delimiter, known: names.filter(isColumn).length, all: names.length }
  })
  const [best, second] = found.toSorted((a, b) => b.known - a.known || b.all - a.all)
  if (best === undefined || second === undefined || best.all === 1) return ','
  return best.known === second.known && second.all > 1 ? undefined : best.delimiter
}

const longestHeader = 65_536

function firstRow(text: string): string {
  let start = 0
  let quoted = false
  for (let i = 0; i < Math.min(text.length, longestHeader); i++) {
    if (text[i] === '"') quoted = !quoted
    if (text[i] !== '\n' || quoted) continue
    if (!Text.isBlank(text.slice(start, i).trim())) return text.slice(start, i)
    start = i + 1
  }
  return text.slice(start, longestHeader)
}

function divide(head: string, delimiter: string): readonly string[] {
  const names = ['']
  let quoted = false
  for (const character of head) {
    if (character === '"') quoted = !quoted
    else if (character === delimiter && !quoted) names.push('')
    else names[names.length - 1] += character
  }
  return names.map((name) => name.trim())
}

function split(text: string, delimiter: string, damage: number | undefined): Table | Unreadable {
  const rows: Row[] = []
  const flaws: Flaw[] = []
  let number = 0
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      on_record: (cells: readonly string[]) => {
        number++
        if (!cells.every(Text.isBlank)) rows.push({ number, cells })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    flaws.push(quoteFlaw(error, number + 1))
  }
  const [header, ...rest] = rows
  if (header === undefined) return flaws[0] ?? { code: 'CSV_EMPTY', message: 'There is nothing in this file.' }
  if (rest.length === 0 && flaws.length === 0)
    return { code: 'CSV_NO_ROWS', message: 'This roster has names of columns, but nobody is on it.' }
  if (rest.length > limits.rows)
    return { code: 'BATCH_TOO_LARGE', message: `This roster has more than ${limits.rows} people.` }
  return { header, rows: rest, flaws, damage }
}

function quoteFlaw(error: CsvError, row: number): Flaw {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return {
      row,
      code: 'CSV_UNCLOSED_QUOTE',
      message: 'A quotation mark opens a cell in this row and is never closed.',
    }
  return {
    row,
    code: 'CSV_QUOTE_MISPLACED',
    message: 'A quotation mark stands in the midst of a cell; what follows cannot be read.',
  }
}
