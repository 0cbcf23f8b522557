import * as Bytes from '../Bytes.ts'
import type { Statement } from '../JsonLd.ts'
import * as Rdfc from '../Rdfc.ts'
import * as Sha256 from '../Sha256.ts'
import * as CodePoints from './CodePoints.ts'
import * as NDegree from './NDegree.ts'
import * as Paper from './Paper.ts'

/**
 * The statements of a document with slots in place of values: a program that writes its canonical N-Quads (RDFC-1.0).
 *
 * What it writes is what the general algorithm writes for the same statements, because
 *
 * - the canonical form is a sorted set of lines, and a line is fixed but for its slots and its blank nodes' labels;
 * - labels follow the order of the nodes' first-degree hashes (§4.4.3, step 4), which are computed each time from the
 *   lines with their values, or once where no value occurs in them. Nodes of the same hash are told apart by what
 *   surrounds them (step 5), with the code of the general algorithm;
 * - lines are ordered by subject, then by predicate, then by what follows, because a token ends with a character that
 *   is in no token (`>`, a blank). Predicates are known beforehand. Subjects that are not find their place each time,
 *   and so do lines that have subject and predicate in common.
 *
 * One thing it cannot do, and gives up: when two subjects, or two lines, have become the same, statements fall together.
 */
export type Statements = {
  readonly lines: Lines<Uint8Array>
  /** Of each blank node, the lines that have it as subject. */
  readonly nodes: readonly Items<Uint8Array>[]
  /** The nodes whose hash depends on no value, in the order of their hashes. */
  readonly known: readonly Hashed[]
  /** The other nodes. Nodes that have the same key, in other programs too, have the same hash. */
  readonly unknown: readonly Unknown[]
  /** What is said of each node, as far as it is said with other nodes. */
  readonly mentions: NDegree.Nodes['mentions']
  /** The numbers of labels in the order of lines: `c14n10` comes before `c14n2`. */
  readonly labelOrder: readonly number[]
  /** The slots in which an IRI stands. */
  readonly iris: readonly number[]
}

/** What marks the slots in quads that are compiled: a text that is a whole literal or IRI, and its slot. */
export type Marks = ReadonlyMap<string, number>

/** First-degree hashes by key, in hexadecimal. */
export type Hashes = Map<string, string>

/** A node, its lines, and the slots in them. */
type Unknown = {
  readonly node: number
  readonly key: string
  readonly lines: Lines<Uint8Array>
  readonly slots: readonly number[]
}
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
type Quad = {
  readonly subject: Line
  readonly predicate: string
  readonly object: Line
  readonly graph: Line | undefined
}

const quad =
  /^(<[^>]*>|_:c14n\d+) (<[^>]*>) (<[^>]*>|_:c14n\d+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)(?: (<[^>]*>|_:c14n\d+))? \.$/

/**
 * Compiles canonical N-Quads in which marks stand for values. A mark that is more or less than a whole literal or IRI
 * is text like any other.
 */
export function compile(text: string, marks: Marks): Statements {
  const quads: Quad[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const [, subject = '', predicate = '', object = '', graph] = quad.exec(line) ?? []
    quads.push({
      subject: parse(subject, marks),
      predicate,
      object: parse(object, marks),
      graph: graph === undefined ? undefined : parse(graph, marks),
    })
  }
  const mentioning: Quad[][] = []
  for (const quad of quads)
    for (const node of new Set(labels(quad))) {
      mentioning[node] ??= []
      mentioning[node].push(quad)
    }
  const nodes = [...mentioning.keys()]
  const hashings = nodes.map((node) => {
    const texts = mentions(mentioning[node] as readonly Quad[], node)
    const lines = encodeLines(texts)
    const writer = { paper: Paper.open([]), forms: [], labels: [], repeats: true, failed: false }
    const hash = isConstant(texts) ? hashOf(writer, lines) : undefined
    return { node, key: JSON.stringify(texts), lines, slots: slots(mentioning[node] as readonly Quad[]), hash }
  })
  return {
    lines: encodeLines(arrange(quads.filter(({ subject }) => !isLabel(subject[0])))),
    nodes: nodes.map((node) => encodeItems(items(quads.filter(({ subject }) => subject[0] === ~node)))),
    known: hashings
      .flatMap(({ node, hash }) => (hash === undefined ? [] : { node, hash }))
      .sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    unknown: hashings.filter(({ hash }) => hash === undefined).map(({ hash: _, ...rest }) => rest),
    mentions: new Map(nodes.map((node) => [node, (mentioning[node] as readonly Quad[]).map(toMention)])),
    labelOrder: nodes.toSorted((a, b) => (`${a} ` < `${b} ` ? -1 : 1)),
    iris: [...new Set(quads.flatMap(iris))],
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
  for (let i = 0; i < ranking.length; i++) labels[ranking[i] as number] = `_:c14n${i}`
  const writer = { paper, forms, labels, repeats: false, failed: false }
  writeLines(writer, statements.lines)
  for (const number of statements.labelOrder)
    writeItems(writer, statements.nodes[ranking[number] as number] as Items<Uint8Array>)
  return writer.failed ? undefined : Paper.close(writer.paper)
}

/** How many bytes of text a program has. */
export function sizeOf({ lines, nodes, unknown }: Statements): number {
  const sizeOfItems = (items: Items<Uint8Array>) =>
    items.reduce((sum: number, item) => sum + (item instanceof Uint8Array ? item.length : 0), 0)
  const sizeOfLines = ({ fixed, moving }: Lines<Uint8Array>) =>
    [...fixed, ...moving].reduce((sum, { items }) => sum + sizeOfItems(items), 0)
  return [lines, ...unknown.map(({ lines }) => lines)].reduce(
    (sum, each) => sum + sizeOfLines(each),
    nodes.reduce((sum, items) => sum + sizeOfItems(items), 0),
  )
}

const json = '"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'

function parse(token: string, marks: Marks): Line {
  if (token.startsWith('_:')) return [~Number(token.slice('_:c14n'.length))]
  // Numbers are written in ways of their own in the canonical form of JSON.
  if (token.endsWith(json)) return [token]
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

/** The pieces of a line behind its predicate. */
function restOf({ object, graph }: Quad): Line {
  return join<Place>([' ', ...object, ...(graph === undefined ? [] : [' ', ...graph]), ' .\n'])
}

function labels({ subject, object, graph = [] }: Quad): readonly number[] {
  return [...subject, ...object, ...graph].filter(isLabel).map((label) => ~label)
}

function iris({ subject, object, graph = [] }: Quad): readonly number[] {
  return [subject, object, graph].flatMap(([open, slot]) => (open === '<' && isSlot(slot) ? slot : []))
}

function slots(quads: readonly Quad[]): readonly number[] {
  return [
    ...new Set(quads.flatMap(({ subject, object, graph = [] }) => [...subject, ...object, ...graph].filter(isSlot))),
  ]
}

/** The lines that have a blank node, with `_:a` for itself and `_:z` for any other (§4.6.3). */
function mentions(quads: readonly Quad[], node: number): Lines<string> {
  const relabel = (line: Line) => line.map((piece) => (isLabel(piece) ? (piece === ~node ? '_:a' : '_:z') : piece))
  return arrange(
    quads.map(({ subject, predicate, object, graph }) => ({
      subject: relabel(subject),
      predicate,
      object: relabel(object),
      graph: graph && relabel(graph),
    })),
  )
}

/** What a quad says of blank nodes, as {@link NDegree} has it, to which other terms are all the same. */
function toMention({ subject, predicate, object, graph }: Quad): Statement {
  const term = ([piece]: Line) => (isLabel(piece) ? ~piece : '')
  return { subject: term(subject), predicate, object: term(object), graph: graph && term(graph) }
}

/** Lines by subject, those of fixed subjects in their order. */
function arrange(quads: readonly Quad[]): Lines<string> {
  const subjectOf = ({ subject }: Quad) => subject.find(isSlot) ?? (subject[0] as string)
  const blocks = [...Map.groupBy(quads, subjectOf)].map(([subject, own]) => ({ subject, items: items(own) }))
  const tokens = blocks.flatMap(({ subject }) => (typeof subject === 'string' ? subject : []))
  return {
    fixed: CodePoints.sort(tokens).map((token) => blocks.find(({ subject }) => subject === token) as Block<string>),
    moving: blocks.filter(({ subject }) => isSlot(subject)),
  }
}

/** The lines of one subject in the order of their predicates. */
function items(quads: readonly Quad[]): Items<string> {
  const runs = Map.groupBy(quads, ({ predicate }) => predicate)
  return join(
    CodePoints.sort([...runs.keys()]).flatMap((predicate): Items<string> => {
      const run = runs.get(predicate) as readonly Quad[]
      const start = join<Place>([...(run[0] as Quad).subject, ` ${predicate}`])
      const rests = run.map(restOf)
      const texts = rests.flatMap((rest) => (rest.length === 1 && typeof rest[0] === 'string' ? rest[0] : []))
      if (rests.length === 1) return [...start, ...(rests[0] as Line)]
      if (texts.length < rests.length) return [{ start, rests }]
      return (sorted(texts, true) ?? []).flatMap((text) => [...start, text])
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

/** The nodes in the order of their labels; undefined when it gives up. */
function rank(statements: Statements, writer: Writer, hashes: Hashes): readonly number[] | undefined {
  const ranking = statements.known.slice()
  for (const { node, key, lines } of statements.unknown) {
    const hash = hashes.get(key) ?? hashOf(writer, lines)
    if (hash === undefined) return undefined
    hashes.set(key, hash)
    let place = ranking.length
    while (place > 0 && (ranking[place - 1] as Hashed).hash > hash) place--
    ranking.splice(place, 0, { node, hash })
  }
  const isTied = ranking.some(({ hash }, i) => hash === ranking[i + 1]?.hash)
  return isTied ? untie(statements, ranking) : ranking.map(({ node }) => node)
}

/** Nodes of a hash of their own come first; those that share one follow (§4.4.3, steps 4 and 5). */
function untie({ mentions }: Statements, ranking: readonly Hashed[]): readonly number[] {
  const issued = new Map<number, string>()
  const labels: NDegree.Labels = { prefix: 'c14n', issued }
  const hashes = new Map(ranking.map(({ node, hash }) => [node, hash]))
  const groups = [...Map.groupBy(ranking, ({ hash }) => hash).values()].map((group) => group.map(({ node }) => node))
  for (const group of groups) if (group.length === 1) NDegree.issue(labels, group[0] as number)
  const nodes = { mentions, hashes, labels, hex: Sha256.hex, budget: Rdfc.budget }
  for (const group of groups) if (group.length > 1) NDegree.issueAlike(nodes, group)
  return [...issued.keys()]
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

/** The moving blocks in the order of their subjects as they are now. */
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
  const texts = sorted(
    rests.map((rest) => textOf(writer, rest)),
    writer.repeats,
  )
  if (texts === undefined) writer.failed = true
  for (const text of texts ?? []) {
    writeItems(writer, start)
    Paper.putText(writer.paper, text)
  }
}

function textOf({ forms, labels }: Writer, line: Line): string {
  let text = ''
  for (const piece of line) text += typeof piece === 'string' ? piece : piece < 0 ? labels[~piece] : forms[piece]
  return text
}

/** Sorts lines by code points (§4.4.3, step 7). Undefined when one stands twice that may not. */
function sorted(lines: readonly string[], repeats: boolean): readonly string[] | undefined {
  const result = CodePoints.sort([...lines])
  return repeats || result.every((line, i) => line !== result[i + 1]) ? result : undefined
}
