import * as Bytes from '../Bytes.ts'
import * as Sha256 from '../Sha256.ts'
import * as Paper from './Paper.ts'

/**
 * The statements of a document with slots in place of values: a program that writes its canonical N-Quads (RDFC-1.0).
 *
 * What it writes is what the general algorithm writes for the same statements, because
 *
 * - the canonical form is a sorted set of lines, and a line is fixed but for its slots and its blank nodes' labels;
 * - labels follow the order of the nodes' first-degree hashes as long as these differ (§4.4.3, step 5). They are computed
 *   from the lines with their values each time; where no value occurs in them, once;
 * - lines are ordered by subject, then by predicate, then by what follows, because a token ends with a character that
 *   is in no token (`>`, a blank). Predicates are known beforehand. Subjects that are not find their place each time,
 *   and so do lines that have subject and predicate in common.
 *
 * Where one of these reasons fails, it gives up and writes nothing: two nodes of the same hash, whose labels need more
 * than the first degree (§4.7); two subjects, or two lines, that have become the same, whose statements fall together;
 * two lines whose order is one by code points and another by UTF-16 code units.
 */
export type Statements = {
  readonly lines: Lines<Uint8Array>
  /** Of each blank node, the lines that have it as subject. */
  readonly nodes: readonly Items<Uint8Array>[]
  /** The nodes whose hash depends on no value, in the order of their hashes. */
  readonly known: readonly Hashed[]
  /** The other nodes. Nodes of other programs that have the same key have the same hash. */
  readonly unknown: readonly { readonly node: number; readonly key: string; readonly lines: Lines<Uint8Array> }[]
  /** The numbers of labels in the order of lines: `c14n10` comes before `c14n2`. */
  readonly labelOrder: readonly number[]
  /** The slots in which an IRI stands. */
  readonly iris: readonly number[]
}

/** What marks the slots in quads that are compiled: a text that is a whole literal or IRI, and its slot. */
export type Marks = ReadonlyMap<string, number>

/** First-degree hashes by key, in hexadecimal. */
export type Hashes = Map<string, string>

type Hashed = { readonly node: number; readonly hash: string }
/** The number of a slot; or `~n`, which is negative, for the label of blank node n. */
type Place = number
type Line = readonly (string | Place)[]
/** Text and places in their order, and runs among them. */
type Items<text> = readonly (text | Place | Run<text>)[]
/** The lines of one subject and predicate, of which only the rest is different. They are sorted each time. */
type Run<text> = { readonly start: readonly (text | Place)[]; readonly rests: readonly Line[] }
/** All lines of one subject: its token, or the slot of its IRI. */
type Block<text> = { readonly subject: string | Place; readonly items: Items<text> }
/** Blocks in their order, and blocks that find their places each time. */
type Lines<text> = { readonly fixed: readonly Block<text>[]; readonly moving: readonly Block<text>[] }
type Quad = { readonly subject: Line; readonly predicate: string; readonly rest: Line }

const quad =
  /^(<[^>]*>|_:c14n\d+) (<[^>]*>) (<[^>]*>|_:c14n\d+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)(?: (<[^>]*>|_:c14n\d+))? \.$/
const surrogate = /[\ud800-\udfff]/

/**
 * Compiles canonical N-Quads in which marks stand for values. A mark that is more or less than a whole literal or IRI
 * is text like any other.
 *
 * @returns undefined for what this way never writes, such as nodes that have the same hash whatever the values are
 */
export function compile(text: string, marks: Marks): Statements | undefined {
  const quads: Quad[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const [, subject = '', predicate = '', object = '', graph] = quad.exec(line) ?? []
    // Tokens without such characters are in one order for everybody.
    if (predicate === '' || surrogate.test(subject + predicate)) return undefined
    const rest = [' ', ...parse(object, marks), ...(graph === undefined ? [] : [' ', ...parse(graph, marks)]), ' .\n']
    quads.push({ subject: parse(subject, marks), predicate, rest: join(rest) })
  }
  const count = Math.max(0, ...quads.flatMap(labels).map((node) => node + 1))
  const nodes = Array.from({ length: count }, (_, node) => node)
  const hashings = nodes.map((node) => {
    const texts = mentions(quads, node)
    const lines = encodeLines(texts)
    const writer = { paper: Paper.open([]), forms: [], labels: [], repeats: true, failed: false }
    return { node, key: JSON.stringify(texts), lines, hash: isConstant(texts) ? hashOf(writer, lines) : undefined }
  })
  if (new Set(hashings.map(({ key }) => key)).size < count) return undefined
  return {
    lines: encodeLines(arrange(quads.filter(({ subject }) => !isLabel(subject[0])))),
    nodes: nodes.map((node) => encodeItems(items(quads.filter(({ subject }) => subject[0] === ~node)))),
    known: hashings
      .flatMap(({ node, hash }) => (hash === undefined ? [] : { node, hash }))
      .sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    unknown: hashings.filter(({ hash }) => hash === undefined).map(({ node, key, lines }) => ({ node, key, lines })),
    labelOrder: nodes.toSorted((a, b) => (`${a} ` < `${b} ` ? -1 : 1)),
    iris: [...new Set(quads.flatMap(({ subject, rest }) => [...iris(subject), ...iris(rest)]))],
  }
}

/**
 * Writes the canonical N-Quads in UTF-8.
 *
 * @param forms what stands in the slots, escaped as N-Quads have it; of an IRI, characters that need no escape
 * @param hashes those known already; what is computed is added to them
 * @returns the bytes, valid until the next call; undefined when it gives up
 */
export function write(statements: Statements, forms: readonly string[], hashes: Hashes): Uint8Array | undefined {
  const paper = Paper.open(forms)
  const ranking = rank(statements, { paper, forms, labels: [], repeats: true, failed: false }, hashes)
  if (ranking === undefined) return undefined
  const labels: string[] = new Array(ranking.length)
  for (let i = 0; i < ranking.length; i++) labels[(ranking[i] as Hashed).node] = `_:c14n${i}`
  const writer = { paper, forms, labels, repeats: false, failed: false }
  writeLines(writer, statements.lines)
  for (const number of statements.labelOrder)
    writeItems(writer, statements.nodes[(ranking[number] as Hashed).node] as Items<Uint8Array>)
  return writer.failed ? undefined : Paper.close(writer.paper)
}

function parse(token: string, marks: Marks): Line {
  if (token.startsWith('_:')) return [~Number(token.slice('_:c14n'.length))]
  const end = token.startsWith('<') ? token.length - 1 : token.lastIndexOf('"')
  const slot = marks.get(token.slice(1, end))
  return slot === undefined ? [token] : [token.slice(0, 1), slot, token.slice(end)]
}

function isLabel(piece: unknown): piece is Place {
  return typeof piece === 'number' && piece < 0
}

function isSlot(piece: unknown): piece is Place {
  return typeof piece === 'number' && piece >= 0
}

function labels({ subject, rest }: Quad): readonly number[] {
  return [...subject, ...rest].filter(isLabel).map((label) => ~label)
}

function iris(line: Line): readonly number[] {
  return line.filter((piece, i): piece is Place => isSlot(piece) && String(line[i - 1]).endsWith('<'))
}

/** The lines that have a blank node, with `_:a` for itself and `_:z` for any other (§4.6.3). */
function mentions(quads: readonly Quad[], node: number): Lines<string> {
  const relabel = (line: Line) =>
    join(line.map((piece) => (isLabel(piece) ? (piece === ~node ? '_:a' : '_:z') : piece)))
  const own = quads.filter((quad) => labels(quad).includes(node))
  return arrange(
    own.map(({ subject, predicate, rest }) => ({ subject: relabel(subject), predicate, rest: relabel(rest) })),
  )
}

function arrange(quads: readonly Quad[]): Lines<string> {
  const subjectOf = ({ subject }: Quad) => subject.find(isSlot) ?? (subject[0] as string)
  const blocks = [...Map.groupBy(quads, subjectOf)].map(([subject, own]) => ({ subject, items: items(own) }))
  return {
    fixed: blocks.filter(({ subject }) => !isSlot(subject)).sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    moving: blocks.filter(({ subject }) => isSlot(subject)),
  }
}

function items(quads: readonly Quad[]): Items<string> {
  const runs = [...Map.groupBy(quads, ({ predicate }) => predicate)].sort(([a], [b]) => (a < b ? -1 : 1))
  return join(
    runs.flatMap(([predicate, run]): Items<string> => {
      const start = join<Place>([...(run[0] as Quad).subject, ` ${predicate}`])
      const rests = run.map(({ rest }) => rest)
      const texts = rests.flatMap((rest) => (rest.length === 1 && typeof rest[0] === 'string' ? rest[0] : []))
      const isFixed = rests.length === 1 || (texts.length === rests.length && isInOrder(texts.sort(), true))
      if (!isFixed) return [{ start, rests }]
      return rests.length === 1 ? [...start, ...(rests[0] as Line)] : texts.flatMap((text) => [...start, text])
    }),
  )
}

/** The same, with texts that follow each other as one. */
function join<other>(list: readonly (string | other)[]): readonly (string | other)[] {
  const joined: (string | other)[] = []
  for (const item of list) {
    const last = joined.at(-1)
    if (typeof item === 'string' && typeof last === 'string') joined[joined.length - 1] = last + item
    else joined.push(item)
  }
  return joined
}

function encodeLines({ fixed, moving }: Lines<string>): Lines<Uint8Array> {
  const encode = ({ subject, items }: Block<string>) => ({ subject, items: encodeItems(items) })
  return { fixed: fixed.map(encode), moving: moving.map(encode) }
}

function encodeItems(items: Items<string>): Items<Uint8Array> {
  const encode = (item: string | Place) => (typeof item === 'string' ? Bytes.fromUtf8(item) : item)
  return items.map((item) =>
    typeof item === 'object' ? { start: item.start.map(encode), rests: item.rests } : encode(item),
  )
}

function isConstant({ fixed, moving }: Lines<string>): boolean {
  return moving.length === 0 && fixed.every(({ items }) => items.every((item) => typeof item === 'string'))
}

/** The nodes in the order of their hashes; undefined when two have the same. */
function rank({ known, unknown }: Statements, writer: Writer, hashes: Hashes): readonly Hashed[] | undefined {
  const ranking = known.slice()
  for (const { node, key, lines } of unknown) {
    const hash = hashes.get(key) ?? hashOf(writer, lines)
    if (hash === undefined) return undefined
    hashes.set(key, hash)
    let place = ranking.length
    while (place > 0 && (ranking[place - 1] as Hashed).hash > hash) place--
    if (ranking[place - 1]?.hash === hash) return undefined
    ranking.splice(place, 0, { node, hash })
  }
  return ranking
}

function hashOf(writer: Writer, lines: Lines<Uint8Array>): string | undefined {
  writeLines(writer, lines)
  const hash = Sha256.hex(Paper.close(writer.paper))
  return writer.failed ? undefined : hash
}

/** `repeats`: whether a line may stand twice, as in what is hashed of a node. */
type Writer = {
  readonly paper: Paper.Paper
  readonly forms: readonly string[]
  readonly labels: readonly string[]
  readonly repeats: boolean
  failed: boolean
}

function writeLines(writer: Writer, { fixed, moving }: Lines<Uint8Array>): void {
  let next = 0
  for (const { token, items } of moving.length === 0 ? [] : placed(writer, moving)) {
    for (let block = fixed[next]; block !== undefined && block.subject <= token; block = fixed[++next]) {
      if (block.subject === token) writer.failed = true
      writeItems(writer, block.items)
    }
    writeItems(writer, items)
  }
  for (; next < fixed.length; next++) writeItems(writer, (fixed[next] as Block<Uint8Array>).items)
}

type Placed = { readonly token: string; readonly items: Items<Uint8Array> }

function placed(writer: Writer, moving: readonly Block<Uint8Array>[]): readonly Placed[] {
  const blocks = moving.map(({ subject, items }) => ({ token: `<${writer.forms[subject as Place]}>`, items }))
  if (blocks.length === 1) return blocks
  blocks.sort((a, b) => (a.token < b.token ? -1 : 1))
  for (let i = 1; i < blocks.length; i++) if (blocks[i]?.token === blocks[i - 1]?.token) writer.failed = true
  return blocks
}

function writeItems(writer: Writer, items: Items<Uint8Array>): void {
  for (const item of items)
    if (typeof item === 'number') writePlace(writer, item)
    else if (item instanceof Uint8Array) Paper.put(writer.paper, item)
    else writeRun(writer, item)
}

function writePlace({ paper, labels }: Writer, place: Place): void {
  if (place < 0) Paper.putText(paper, labels[~place] as string)
  else Paper.putForm(paper, place)
}

function writeRun(writer: Writer, { start, rests }: Run<Uint8Array>): void {
  const texts = rests.map((rest) => textOf(writer, rest)).sort()
  if (!isInOrder(texts, writer.repeats)) writer.failed = true
  for (const text of texts) {
    writeItems(writer, start)
    Paper.putText(writer.paper, text)
  }
}

function textOf({ forms, labels }: Writer, line: Line): string {
  let text = ''
  for (const piece of line) text += typeof piece === 'string' ? piece : piece < 0 ? labels[~piece] : forms[piece]
  return text
}

/**
 * Whether lines that were sorted by code units are in the order of code points too (RDFC-1.0 §4.4.3, step 7), and none
 * stands twice that may not.
 */
function isInOrder(lines: readonly string[], repeats: boolean): boolean {
  const isWide = lines.some((line) => surrogate.test(line))
  for (let i = 1; i < lines.length; i++) {
    const [before = '', line = ''] = [lines[i - 1], lines[i]]
    if (before === line ? !repeats : isWide && isDisputed(before, line)) return false
  }
  return true
}

/** Whether two texts first differ in half a character beyond U+FFFF here and one from U+E000 on there. */
function isDisputed(before: string, after: string): boolean {
  let i = 0
  while (i < before.length && before.charCodeAt(i) === after.charCodeAt(i)) i++
  return surrogate.test(before.charAt(i)) && after.charCodeAt(i) >= 0xe000
}
