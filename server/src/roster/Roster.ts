import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Bytes from '@laurel/core/Bytes'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Fields } from '../Document.ts'
import * as Cell from './Cell.ts'
import * as Columns from './Columns.ts'
import * as Refusal from './Refusal.ts'
import { InvalidRosterError, type Problem } from './Refusal.ts'
import * as Seen from './Seen.ts'
import * as Source from './Source.ts'
import * as Table from './Table.ts'
import * as Text from './Text.ts'

export { InvalidRosterError }

export type Options = {
  /** What is awarded: result columns are for its result descriptions, and a column `achievement` names it. */
  readonly achievement?: Json.Object
  /** Who issues. Nobody can be awarded under the issuer's own DID. */
  readonly issuer?: string
  /** Addresses that are nobody's wallet, such as the registry's. */
  readonly reserved?: readonly Bytes.Hex[]
  /** When it is issued, in milliseconds since 1970: where a row does not say from when it is valid. */
  readonly now?: number
  /** What the columns are called on this roster, where they have other names. */
  readonly mapping?: Columns.Mapping
  /** Hears of every cell that is taken as it stands, but looks like a formula: a spreadsheet would run it. */
  readonly onFormula?: (place: { readonly row: number; readonly column: string }) => void
  /** 1 GiB unless told otherwise. */
  readonly maximumBytes?: number
  /** 1,000,000 unless told otherwise. */
  readonly maximumPeople?: number
}

/** The bytes and the people that a roster may have. */
const limits = { bytes: 1024 * 1024 * 1024, people: 1_000_000 } as const

/** What a roster's name is, as long as its bytes do not change. */
export function digest(source: Source.Source, { maximumBytes = limits.bytes }: Options = {}): Promise<Uint8Array> {
  return Source.digest(source, maximumBytes)
}

/**
 * Reads a roster, a CSV file, to its end: either it is taken as a whole, or every wrong place is named at once.
 *
 * Required are `name` and one of `email`, `did` and `wallet`. Texts are kept to the character, blanks and composition
 * included; around dates, numbers, addresses and results, spaces do not count. A plain date is the beginning of its day
 * in UTC. What begins like a formula is text like any other. A row in which every cell is blank is nobody's.
 *
 * It is read piece by piece, and of what was read only 20 bytes are kept for each thing that identifies a person, to know
 * who comes twice.
 *
 * @param source at most 1 GiB and 1,000,000 people; UTF-8
 * @param digest of its bytes
 * @returns how many people are on it
 * @throws {InvalidRosterError} ROW_INVALID with every problem; or CSV_EMPTY, CSV_NO_ROWS, CSV_NOT_UTF8, CSV_LINE_ENDING,
 *   CSV_DELIMITER, FILE_TYPE, BATCH_TOO_LARGE for the file as a whole
 * @throws {Source.ChangedError} when the bytes are not those of the digest
 */
export async function check(source: Source.Source, digest: Uint8Array, options: Options = {}): Promise<number> {
  let size = 0
  await examine(source, digest, options, ({ people }) => {
    size += people.length
  })
  return size
}

/**
 * {@link check} and {@link people} in one, for a roster that is small enough to be held whole.
 *
 * @throws what {@link check} throws
 */
export async function whole(
  source: Source.Source,
  digest: Uint8Array,
  options: Options = {},
): Promise<readonly Fields[]> {
  const all: Fields[] = []
  await examine(source, digest, options, ({ people }) => all.push(...people.map(({ fields }) => fields)))
  return all
}

async function examine(
  source: Source.Source,
  digest: Uint8Array,
  options: Options,
  take: (part: Part) => void,
): Promise<void> {
  const refusal = Refusal.create()
  const seen = Seen.create()
  let damage: number | undefined
  for await (const part of read(source, digest, options)) {
    take(part)
    damage = part.damage
    for (const problem of part.problems) Refusal.add(refusal, problem)
    for (const person of part.people) {
      for (const problem of person.problems) Refusal.add(refusal, { row: person.row, ...problem })
      for (const problem of repeated(person, seen)) Refusal.add(refusal, problem)
    }
    if (part.flaw !== undefined) Refusal.add(refusal, part.flaw)
  }
  if (refusal.total > 0) throw Refusal.toError(refusal, damage === undefined ? {} : { offset: damage })
}

/**
 * The people on a roster that {@link check} has taken, in its order, some at a time. The same bytes and options give the
 * same fields, ids of evidence without an address included.
 *
 * @throws {Source.ChangedError} at the end, when the bytes are not those of the digest: then nothing of it counts
 */
export async function* people(
  source: Source.Source,
  digest: Uint8Array,
  options: Options = {},
): AsyncGenerator<readonly Fields[]> {
  for await (const part of read(source, digest, options)) {
    if (part.problems.length > 0 || part.flaw !== undefined || part.people.some(({ problems }) => problems.length > 0))
      throw new Source.ChangedError()
    yield part.people.map(({ fields }) => fields)
  }
}

/** Some people, with all that is wrong with each; and what is wrong with the header, or where the table ends. */
type Part = {
  readonly people: readonly (Person & { readonly row: number })[]
  readonly problems: readonly Problem[]
  readonly flaw: Problem | undefined
  readonly damage: number | undefined
}

async function* read(source: Source.Source, digest: Uint8Array, options: Options): AsyncGenerator<Part> {
  const { maximumPeople = limits.people } = options
  const isColumn = (name: string) => options.mapping?.has(name) || Columns.isName(name)
  let header: Header | undefined
  let size = 0
  for await (const { rows, flaw, damage } of Table.read(Source.pieces(source, digest), isColumn)) {
    const [first, ...below] = rows
    const isFirst = header === undefined && first !== undefined
    if (isFirst) header = begin(first, digest, options)
    const own = isFirst ? below : rows
    size += own.length
    if (size > maximumPeople)
      throw new InvalidRosterError('BATCH_TOO_LARGE', `This roster has more than ${maximumPeople} people.`)
    const reader = header?.isKnown ? { ...header, damaged: damage !== undefined } : undefined
    yield {
      people: reader === undefined ? [] : own.map((row) => ({ ...readRow(reader, row), row: row.number })),
      problems: isFirst ? (header?.columns.problems ?? []).map((problem) => ({ row: first.number, ...problem })) : [],
      flaw,
      damage,
    }
  }
}

function begin(header: Table.Row, digest: Uint8Array, options: Options): Header {
  const achievement = options.achievement as AchievementCredential.Achievement | undefined
  const columns = Columns.find(header.cells, achievement?.resultDescription ?? [], options.mapping)
  return {
    ...options,
    columns,
    isKnown: columns.places.size + columns.results.length > 0,
    width: header.cells.length,
    digest,
    today: options.now === undefined ? undefined : DateTimeStamp.fromSeconds(Math.floor(options.now / 1000)),
    taken: new Set([...ids(options.achievement ?? {}), ...(options.issuer === undefined ? [] : [options.issuer])]),
  }
}

type Flaw = Omit<Problem, 'row'>
type Person = {
  readonly fields: Fields
  readonly keys: readonly (readonly [column: string, key: string])[]
  readonly problems: readonly Flaw[]
}
/** What a header says, and what holds for every row below it. */
type Header = Options & {
  readonly columns: Columns.Columns
  /** Whether the first row is a header at all. */
  readonly isKnown: boolean
  readonly width: number
  readonly digest: Uint8Array
  /** The moment of issuing, in words. */
  readonly today: string | undefined
  /** Ids that stand for something else in every document of the batch. */
  readonly taken: ReadonlySet<string>
}
type Reader = Header & { readonly damaged: boolean }

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
    else if (/^[=+\-@\uff0b\uff0d\uff1d\uff20]/.test(cell)) reader.onFormula?.({ row: number, column })
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
  const unclear = problems.some(({ column }) => column === 'validFrom')
  problems.push(
    ...periodFlaw('validUntil', dates.validFrom ?? (unclear ? undefined : reader.today), dates.validUntil),
    ...periodFlaw('activityEndDate', activity.activityStartDate, activity.activityEndDate),
  )
  const language = parsed('language', get('language'), Cell.language)
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
    ...present({ ...dates, language }),
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

/** Who was on the roster before: by e-mail address, DID or wallet. */
function repeated({ row, keys }: Person & { readonly row: number }, seen: Seen.Seen): readonly Problem[] {
  return keys.flatMap(([column, key]) => {
    const before = seen.before(key, row)
    if (before === undefined) return []
    const message = `Row ${row} is for the same person as row ${before}.`
    return [{ row, column, code: 'DUPLICATE_ROW', message }]
  })
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
  const left: Partial<members> = {}
  for (const member in members) if (members[member] !== undefined) left[member] = members[member]
  return left as Present<members>
}
