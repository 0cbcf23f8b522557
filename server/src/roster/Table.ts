import * as Bytes from '@laurel/core/Bytes'
import { type CsvError, parse } from 'csv-parse'
import * as LineEnds from './LineEnds.ts'
import { InvalidRosterError } from './Refusal.ts'
import * as Text from './Text.ts'
import * as Utf8 from './Utf8.ts'

/** A row as a spreadsheet numbers it: the first is 1, and a quoted newline does not begin another. */
export type Row = { readonly number: number; readonly cells: readonly string[] }

/** A wrong place in a table, at which it ends. */
export type Flaw = { readonly row: number; readonly code: string; readonly message: string }

/** Some rows of a table. */
export type Part = {
  readonly rows: readonly Row[]
  readonly flaw: Flaw | undefined
  /** Where the first byte lies that is not UTF-8, from 0, as far as is known. What could not be read stands as U+FFFD. */
  readonly damage: number | undefined
}

/** The longest row, in bytes: more than all columns filled to their limits. */
const longestRow = 4 * 1024 * 1024

const delimiters = [',', ';', '\t'] as const

/**
 * Reads the bytes of a CSV file (RFC 4180) as a table of text, part by part: UTF-8 with or without a byte order mark,
 * comma, semicolon or tab, quoted newlines, LF or CRLF, with or without the last one. Rows in which every cell is blank
 * are left out, as spreadsheets leave them behind; every other cell is kept to the character. The first row is the header.
 *
 * @param pieces the first of at least 64 KiB, unless it is the last
 * @param isColumn whether a text is a column's name; what separates the most of them is the delimiter
 * @throws {InvalidRosterError} CSV_EMPTY, CSV_NO_ROWS, CSV_NOT_UTF8, CSV_LINE_ENDING, CSV_DELIMITER or FILE_TYPE, where
 *   it holds no table
 */
export async function* read(
  pieces: AsyncIterable<Uint8Array>,
  isColumn: (name: string) => boolean,
): AsyncGenerator<Part> {
  const utf8 = Utf8.create()
  const lineEnds = LineEnds.create()
  let parser: Parser | undefined
  let visible = false
  let count = 0
  let flaw: Flaw | undefined
  const part = (rows: readonly Row[]): Part => {
    if (lineEnds.stray() !== undefined) throw strayReturn(lineEnds.stray() as number)
    count += rows.length
    const told = flaw
    flaw = parser?.flaw(lineEnds.isQuoted())
    return { rows, flaw: told === undefined ? flaw : undefined, damage: utf8.damage() }
  }
  for await (const piece of pieces) {
    utf8.push(piece)
    lineEnds.push(piece)
    visible ||= !isWhite(piece)
    parser ??= begin(piece, isColumn)
    if (flaw === undefined) yield part(await parser.write(parser.isBegun() ? piece : withoutMark(piece)))
  }
  utf8.end()
  lineEnds.end()
  if (parser === undefined || !visible) throw empty()
  yield part(flaw === undefined ? await parser.end() : [])
  if (count === 0 && flaw === undefined) throw empty()
  if (count === 1 && flaw === undefined)
    throw new InvalidRosterError('CSV_NO_ROWS', 'This roster has names of columns, but nobody is on it.')
}

/** The name that a spreadsheet gives to a column: A for 0, AA for 26. */
export function letter(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : letter(Math.floor(column / 26) - 1) + last
}

function begin(piece: Uint8Array, isColumn: (name: string) => boolean): Parser {
  recognise(piece)
  const delimiter = detect(new TextDecoder().decode(piece), isColumn)
  if (delimiter === undefined)
    throw new InvalidRosterError('CSV_DELIMITER', 'The first row mixes commas, semicolons and tabs between its names.')
  return createParser(delimiter)
}

function recognise(bytes: Uint8Array): void {
  const refuse = (code: string, message: string) => {
    throw new InvalidRosterError(code, message, [], code === 'CSV_NOT_UTF8' ? { offset: 0 } : {})
  }
  const start = Bytes.toHex(bytes.subarray(0, 4)).slice(2)
  if (start === '504b0304' || start === 'd0cf11e0') refuse('FILE_TYPE', 'This is a spreadsheet, not a CSV file.')
  if (start === '25504446' || start.startsWith('1f8b') || start === '89504e47')
    refuse('FILE_TYPE', 'This is a PDF, a compressed file or an image, not a CSV file.')
  const head = bytes.subarray(0, 1024)
  const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  if (start.startsWith('fffe') || start.startsWith('feff') || start === '0000feff' || zeros > head.length / 4)
    refuse('CSV_NOT_UTF8', 'This file is in UTF-16 or UTF-32, not in UTF-8.')
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return Bytes.equals(bytes.subarray(0, 3), Uint8Array.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes
}

function isWhite(bytes: Uint8Array): boolean {
  return /^[\s\u00a0]*$/.test(new TextDecoder().decode(bytes))
}

function empty(): InvalidRosterError {
  return new InvalidRosterError('CSV_EMPTY', 'There is nothing in this file.')
}

function strayReturn(row: number): InvalidRosterError {
  return new InvalidRosterError(
    'CSV_LINE_ENDING',
    `Row ${row} ends with a carriage return alone, so that programs disagree on where rows begin.`,
  )
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

/** Turns bytes into rows, until something is wrong with its quotation marks. */
type Parser = {
  readonly write: (bytes: Uint8Array) => Promise<readonly Row[]>
  readonly end: () => Promise<readonly Row[]>
  readonly isBegun: () => boolean
  readonly flaw: (isQuoted: boolean) => Flaw | undefined
}

function createParser(delimiter: string): Parser {
  let rows: Row[] = []
  let number = 0
  let begun = false
  let error: CsvError | undefined
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: longestRow,
    on_record: (cells: readonly string[]) => {
      number++
      if (!cells.every(Text.isBlank)) rows.push({ number, cells })
      return null
    },
  })
  parser.on('error', (reason: CsvError) => {
    error = reason
  })
  parser.resume()
  const take = () => {
    const taken = rows
    rows = []
    return taken
  }
  return {
    write: (bytes) => {
      begun = true
      return new Promise((resolve) => parser.write(bytes, () => resolve(take())))
    },
    end: () => new Promise((resolve) => parser.once('close', () => resolve(take())).end()),
    isBegun: () => begun,
    flaw: (isQuoted) => error && toFlaw(error, number + 1, isQuoted),
  }
}

function toFlaw(error: CsvError, row: number, isQuoted: boolean): Flaw {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || (error.code === 'CSV_MAX_RECORD_SIZE' && isQuoted))
    return {
      row,
      code: 'CSV_UNCLOSED_QUOTE',
      message: 'A quotation mark opens a cell in this row and is never closed.',
    }
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return { row, code: 'STRING_TOO_LONG', message: 'This row is longer than all columns together may be.' }
  return {
    row,
    code: 'CSV_QUOTE_MISPLACED',
    message: 'A quotation mark stands in the midst of a cell; what follows cannot be read.',
  }
}
