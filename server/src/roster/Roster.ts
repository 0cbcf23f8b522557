import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Bytes from '@laurel/core/Bytes'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Fields } from '../Document.ts'
import * as Cell from './Cell.ts'
import * as Columns from './Columns.ts'
import * as Table from './Table.ts'
import * as Text from './Text.ts'

/**
 * One wrong place. `row` is as a spreadsheet numbers it: the header is 1. `column` is the column's name, or the letter of
 * one that has no name of ours. What stands in the cell is never repeated.
 */
export type Problem = {
  readonly row: number
  readonly column?: string
  readonly code: string
  readonly message: string
}

export type Options = {
  /** What is awarded: result columns are for its result descriptions, and a column `achievement` names it. */
  readonly achievement?: Json.Object
  /** Who issues. Nobody can be awarded under the issuer's own DID. */
  readonly issuer?: string
  /** Addresses that are nobody's wallet, such as the registry's. */
  readonly reserved?: readonly Bytes.Hex[]
  /** When it is issued, in milliseconds since 1970: where a row does not say from when it is valid. */
  readonly now?: number
}

/**
 * Reads a roster, a CSV file, whole: every person on it, in its order, or every wrong place at once.
 *
 * Required are `name` and one of `email`, `did` and `wallet`. Texts are kept to the character, blanks and composition
 * included; around dates, numbers, addresses and results, spaces do not count. A plain date is the beginning of its day
 * in UTC. What begins like a formula is text like any other. A row in which every cell is blank is nobody's.
 *
 * The same bytes and options give the same fields, ids of evidence without an address included.
 *
 * @param bytes at most 64 MiB and 100,000 people; UTF-8
 * @throws {InvalidRosterError} ROW_INVALID with every problem; or CSV_EMPTY, CSV_NO_ROWS, CSV_NOT_UTF8, CSV_LINE_ENDING,
 *   CSV_DELIMITER, FILE_TYPE, PAYLOAD_TOO_LARGE, BATCH_TOO_LARGE for the file as a whole
 */
export function read(bytes: Uint8Array, options: Options = {}): readonly Fields[] {
  const table = Table.read(bytes, Columns.isName)
  if (!Table.isTable(table)) throw new InvalidRosterError(table.code, table.message, [], table.facts)
  const achievement = options.achievement as AchievementCredential.Achievement | undefined
  const columns = Columns.find(table.header.cells, achievement?.resultDescription ?? [])
  const reader: Reader = {
    ...options,
    columns,
    width: table.header.cells.length,
    damaged: table.damage !== undefined,
    digest: Sha256.digest(bytes),
    taken: new Set([...ids(options.achievement ?? {}), ...(options.issuer === undefined ? [] : [options.issuer])]),
  }
  const problems: Problem[] = columns.problems.map((problem) => ({ row: table.header.number, ...problem }))
  const people: (Person & { readonly row: number })[] = []
  const known = columns.places.size + columns.results.length > 0
  for (const row of known ? table.rows : []) {
    const person = readRow(reader, row)
    problems.push(...person.problems.map((problem) => ({ row: row.number, ...problem })))
    people.push({ ...person, row: row.number })
  }
  problems.push(...table.flaws, ...repeated(people))
  if (problems.length > 0) throw refusal(problems, table.damage === undefined ? {} : { offset: table.damage })
  return people.map(({ fields }) => fields)
}

type Flaw = Omit<Problem, 'row'>
type Person = {
  readonly fields: Fields
  readonly keys: readonly (readonly [column: string, key: string])[]
  readonly problems: readonly Flaw[]
}
type Reader = Options & {
  readonly columns: Columns.Columns
  readonly width: number
  readonly damaged: boolean
  readonly digest: Uint8Array
  /** Ids that stand for something else in every document of the batch. */
  readonly taken: ReadonlySet<string>
}

const texts = { short: 300, long: 20_000, address: 2_048 } as const
const longColumns: ReadonlySet<string> = new Set(['narrative', 'evidenceNarrative', 'evidenceDescription'])
const addressColumns: ReadonlySet<string> = new Set(['did', 'evidenceUrl'])

function readRow(reader: Reader, { number, cells }: Table.Row): Person {
  const problems: Flaw[] = []
  if (cells.length !== reader.width) {
    const message = `This row has ${cells.length} cells, the header ${reader.width}.`
    return { fields: { recipient: {} }, keys: [], problems: [{ code: 'CSV_COLUMN_COUNT', message }] }
  }
  const { places, results } = reader.columns
  // A person's text as it stands, or undefined where it is blank or wrong.
  const text = (column: string, place: number | undefined): string | undefined => {
    const cell = place === undefined ? undefined : cells[place]
    if (cell === undefined) return undefined
    const problem = cellFlaw(reader, column, cell)
    if (problem !== undefined) problems.push({ column, ...problem })
    return problem === undefined && !Text.isBlank(cell) ? cell : undefined
  }
  const get = (column: Columns.Name) => text(column, places.get(column))
  const parsed = <value>(column: string, cell: string | undefined, read: (cell: string) => Cell.Reading<value>) => {
    if (cell === undefined) return undefined
    const reading = read(cell.replace(/^ +| +$/g, ''))
    if (Cell.isRead(reading)) return reading.value
    problems.push({ column, ...reading })
    return undefined
  }
  const date = (column: Columns.Name) => parsed(column, get(column), Cell.date)

  const name = get('name')
  if (name === undefined && places.has('name') && !problems.some(({ column }) => column === 'name'))
    problems.push({ column: 'name', code: 'NAME_MISSING', message: 'Nobody is named here.' })
  const email = parsed('email', get('email'), Cell.email)
  const did = parsed('did', get('did'), Cell.did)
  const wallet = parsed('wallet', get('wallet'), (cell) => Cell.wallet(cell, reader.reserved ?? []))
  const id = did ?? wallet
  problems.push(...identityFlaws(reader, { cells, did, wallet, known: [email, did, wallet], problems }))
  awarded(reader, get('achievement'), problems)

  const dates = {
    validFrom: date('validFrom'),
    validUntil: date('validUntil'),
    awardedDate: date('awardedDate'),
  }
  const activity = { activityStartDate: date('activityStartDate'), activityEndDate: date('activityEndDate') }
  const now = reader.now === undefined ? undefined : DateTimeStamp.fromSeconds(Math.floor(reader.now / 1000))
  const unclear = problems.some(({ column }) => column === 'validFrom')
  problems.push(
    ...periodFlaw('validUntil', dates.validFrom ?? (unclear ? undefined : now), dates.validUntil),
    ...periodFlaw('activityEndDate', activity.activityStartDate, activity.activityEndDate),
  )
  const rest = {
    ...activity,
    creditsEarned: parsed('creditsEarned', get('creditsEarned'), Cell.number),
    licenseNumber: get('licenseNumber'),
    role: get('role'),
    term: get('term'),
    narrative: get('narrative'),
  }
  const achieved = results.map(({ name: column, place, description }) =>
    parsed(column, text(column, place), (cell) => Cell.result(cell, description)),
  )
  const evidence = present({
    id: parsed('evidenceUrl', get('evidenceUrl'), Cell.url),
    name: get('evidenceName'),
    description: get('evidenceDescription'),
    narrative: get('evidenceNarrative'),
    genre: get('evidenceGenre'),
    audience: get('evidenceAudience'),
  })
  if (evidence.id !== undefined && (reader.taken.has(evidence.id) || evidence.id === id))
    problems.push({
      column: 'evidenceUrl',
      code: 'ID_TAKEN',
      message: 'This address stands for something else already, such as the achievement itself.',
    })
  const fields: Fields = {
    ...present(dates),
    recipient: {
      ...present({ id }),
      identifiers: [
        ...(name === undefined ? [] : [{ type: 'name', value: name }]),
        ...(email === undefined ? [] : [{ type: 'emailAddress', value: email }]),
      ],
      ...present(rest),
      ...(achieved.some((result) => result !== undefined) && {
        results: achieved.filter((result) => result !== undefined),
      }),
      ...(Object.keys(evidence).length > 0 && { evidence: [{ id: evidenceId(reader, number), ...evidence }] }),
    },
  }
  const keys: [string, string][] = []
  if (email !== undefined) keys.push(['email', `mailto:${Cell.emailKey(email)}`])
  if (id !== undefined)
    keys.push([did === undefined ? 'wallet' : 'did', id.startsWith('did:pkh:eip155:') ? id.toLowerCase() : id])
  return { fields, keys, problems }
}

function cellFlaw(reader: Reader, column: string, cell: string): Omit<Flaw, 'column'> | undefined {
  if (reader.damaged && cell.includes('\ufffd'))
    return {
      code: 'CSV_NOT_UTF8',
      message: 'A character here is not in UTF-8; the file seems to be in an older encoding, such as Windows-1252.',
    }
  const most = longColumns.has(column) ? texts.long : addressColumns.has(column) ? texts.address : texts.short
  const flaw = Text.flaw(cell, most)
  if (flaw !== undefined) return flaw
  if (Text.isBlank(cell) || Text.isVisible(cell)) return undefined
  if (column === 'name') return { code: 'NAME_MISSING', message: 'Nothing of this name can be seen.' }
  return { code: 'CHAR_NOT_ALLOWED', message: 'Nothing of this text can be seen.' }
}

function identityFlaws(
  reader: Reader,
  row: {
    readonly cells: readonly string[]
    readonly did: string | undefined
    readonly wallet: string | undefined
    readonly known: readonly (string | undefined)[]
    readonly problems: readonly Flaw[]
  },
): readonly Flaw[] {
  const { places } = reader.columns
  const columns = (['email', 'did', 'wallet'] as const).filter((column) => places.has(column))
  const [first] = columns
  if (row.did !== undefined && row.wallet !== undefined)
    return [
      {
        column: 'wallet',
        code: 'IDENTIFIER_CONFLICT',
        message: 'This row has a DID and a wallet; a person has one of them in a credential.',
      },
    ]
  if (row.did !== undefined && reader.taken.has(row.did))
    return [{ column: 'did', code: 'ID_TAKEN', message: 'This DID is the issuer’s, or stands for something else.' }]
  const tried = row.problems.some(({ column }) => columns.some((one) => one === column))
  if (first === undefined || tried || row.known.some((value) => value !== undefined)) return []
  return [
    {
      column: first,
      code: 'RECIPIENT_UNKNOWN',
      message: 'Nothing in this row identifies the person: an e-mail address, a DID or a wallet.',
    },
  ]
}

/** A roster may say what it awards; then it has to be what is awarded. */
function awarded(reader: Reader, said: string | undefined, problems: Flaw[]): void {
  const { id, humanCode, name } = reader.achievement ?? {}
  if (said === undefined || [id, humanCode, name].includes(said.trim())) return
  problems.push({
    column: 'achievement',
    code: 'ACHIEVEMENT_MISMATCH',
    message: 'This is neither the id nor the human code nor the name of the achievement that is awarded.',
  })
}

function periodFlaw(column: string, from: string | undefined, until: string | undefined): readonly Flaw[] {
  if (from === undefined || until === undefined) return []
  if (DateTimeStamp.toMilliseconds(until) >= DateTimeStamp.toMilliseconds(from)) return []
  return [{ column, code: 'PERIOD_INVALID', message: 'This period ends before it begins.' }]
}

/** Rows that name the same person: by e-mail address, DID or wallet. */
function repeated(people: readonly (Person & { readonly row: number })[]): readonly Problem[] {
  const first = new Map<string, number>()
  const problems: Problem[] = []
  for (const { row, keys } of people) {
    for (const [column, key] of keys) {
      const before = first.get(key)
      if (before === undefined) first.set(key, row)
      else {
        const message = `Row ${row} is for the same person as row ${before}.`
        problems.push({ row, column, code: 'DUPLICATE_ROW', message })
      }
    }
  }
  return problems
}

/** A UUID that follows from the roster and the row (RFC 9562 §5.8), for evidence that is told here and nowhere else. */
function evidenceId({ digest }: Reader, row: number): string {
  const bytes = Sha256.digest(Bytes.fromUtf8('laurel/evidence/v1'), digest, Bytes.fromUint(row, 4)).slice(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Bytes.toHex(bytes).slice(2)
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Every `id` that a document names. */
function ids(value: Json.Value): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([member, item]) =>
    member === 'id' && typeof item === 'string' ? [item] : ids(item as Json.Value),
  )
}

type Present<members> = { readonly [member in keyof members]?: Exclude<members[member], undefined> }

function present<members extends object>(members: members): Present<members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<members>
}

function refusal(problems: readonly Problem[], facts: Errors.Facts): InvalidRosterError {
  const ordered = problems.toSorted((a, b) => a.row - b.row)
  const rows = new Set(ordered.map(({ row }) => row)).size
  const places = `${ordered.length} ${ordered.length === 1 ? 'place' : 'places'} in ${rows} ${rows === 1 ? 'row' : 'rows'}`
  return new InvalidRosterError('ROW_INVALID', `The roster is wrong at ${places}; nothing was issued.`, ordered, facts)
}

/** Thrown when a roster is not taken. `problems` has every wrong place, in the order of rows; none where it is no table. */
export class InvalidRosterError extends Errors.BaseError {
  override readonly name = 'Roster.InvalidRosterError'
  readonly problems: readonly Problem[]
  constructor(code: string, message: string, problems: readonly Problem[] = [], facts: Errors.Facts = {}) {
    super(code, message, { facts: { ...facts, problems: problems.length } })
    this.problems = problems
  }
}
