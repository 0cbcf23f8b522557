import * as Bytes from '../Bytes.ts'
import * as Sha256 from '../Sha256.ts'

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
  readonly lines: Lines
  /** Of each blank node, the lines that have it as subject. */
  readonly nodes: readonly Items[]
  /** The nodes whose hash depends on no value, in the order of their hashes. */
  readonly known: readonly { readonly node: number; readonly hash: string }[]
  /** The other nodes. Those of other programs that have the same key have the same hash. */
  readonly hashed: readonly { readonly node: number; readonly key: string; readonly lines: Lines }[]
  /** The numbers of labels in the order of lines: `c14n10` comes before `c14n2`. */
  readonly labelOrder: readonly number[]
  /** The slots in which an IRI stands, somewhere at least. */
  readonly iris: readonly number[]
}

/** What marks the slots in quads that are compiled: a text that is a whole literal or IRI, and its slot. */
export type Marks = ReadonlyMap<string, number>

/** First-degree hashes by key, in hexadecimal. */
export type Hashes = Map<string, string>

/** Text; the number of a slot; or `~n`, which is negative, for the label of blank node n. */
type Piece = string | number
type Line = readonly Piece[]
/** Pieces in their order; lists of lines among them are sorted each time. */
type Items = readonly (Piece | readonly Line[])[]
/** All lines of one subject: its token, or the slot of its IRI. */
type Block = { readonly subject: Piece; readonly items: Items }
/** Blocks in their order, and blocks that find their places each time. */
type Lines = { readonly fixed: readonly Block[]; readonly moving: readonly Block[] }
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
    const rest = [' ', ...pieces(object, marks), ...(graph === undefined ? [] : [' ', ...pieces(graph, marks)]), ' .\n']
    quads.push({ subject: pieces(subject, marks), predicate, rest })
  }
  const count = Math.max(0, ...quads.flatMap(labels).map((node) => node + 1))
  const nodes = Array.from({ length: count }, (_, node) => node)
  const hashings = nodes.map((node) => ({ node, lines: mentions(quads, node) }))
  const hashed = hashings.map(({ node, lines }) => ({ node, lines, key: JSON.stringify(lines) }))
  if (new Set(hashed.map(({ key }) => key)).size < count) return undefined
  const known = hashed.flatMap(({ node, lines }) => {
    const hash = isConstant(lines) ? hashOf(lines, []) : undefined
    return hash === undefined ? [] : [{ node, hash }]
  })
  return {
    lines: arrange(quads.filter(({ subject }) => !isLabel(subject[0]))),
    nodes: nodes.map((node) => items(quads.filter(({ subject }) => subject[0] === ~node))),
    known: known.sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    hashed: hashed.filter(({ node }) => !known.some((one) => one.node === node)),
    labelOrder: nodes.toSorted((a, b) => (`${a} ` < `${b} ` ? -1 : 1)),
    iris: [...new Set(quads.flatMap(({ subject, rest }) => [...iris(subject), ...iris(rest)]))],
  }
}

/**
 * Writes the canonical N-Quads.
 *
 * @param forms what stands in the slots, escaped as N-Quads have it; of an IRI the characters that need no escape
 * @param hashes those known already; what is computed is added to them
 * @returns undefined when it gives up
 */
export function write(statements: Statements, forms: readonly string[], hashes: Hashes): string | undefined {
  const ranking = rank(statements, forms, hashes)
  if (ranking === undefined) return undefined
  const labels: string[] = new Array(ranking.length)
  for (let i = 0; i < ranking.length; i++) labels[ranking[i] as number] = `_:c14n${i}`
  const writer: Writer = { forms, labels, repeats: false, failed: false }
  let text = writeLines(writer, statements.lines)
  for (const number of statements.labelOrder)
    text += writeItems(writer, statements.nodes[ranking[number] as number] as Items)
  return writer.failed ? undefined : text
}

function pieces(token: string, marks: Marks): Line {
  if (token.startsWith('_:')) return [~Number(token.slice('_:c14n'.length))]
  const end = token.startsWith('<') ? token.length - 1 : token.lastIndexOf('"')
  const slot = marks.get(token.slice(1, end))
  return slot === undefined ? [token] : [token.slice(0, 1), slot, token.slice(end)]
}

function isLabel(piece: Piece | undefined): piece is number {
  return typeof piece === 'number' && piece < 0
}

function isSlot(piece: Piece | undefined): piece is number {
  return typeof piece === 'number' && piece >= 0
}

function labels({ subject, rest }: Quad): readonly number[] {
  return [...subject, ...rest].filter(isLabel).map((label) => ~label)
}

function iris(line: Line): readonly number[] {
  return line.filter((piece, i): piece is number => isSlot(piece) && line[i - 1] === '<')
}

/** The lines that have a blank node, with `_:a` for itself and `_:z` for any other (§4.6.3). */
function mentions(quads: readonly Quad[], node: number): Lines {
  const relabel = (piece: Piece) => (isLabel(piece) ? (piece === ~node ? '_:a' : '_:z') : piece)
  return arrange(
    quads
      .filter((quad) => labels(quad).includes(node))
      .map(({ subject, predicate, rest }) => ({
        subject: subject.map(relabel),
        predicate,
        rest: rest.map(relabel),
      })),
  )
}

function arrange(quads: readonly Quad[]): Lines {
  const subjectOf = ({ subject }: Quad) => subject.find(isSlot) ?? (subject[0] as string)
  const blocks = [...Map.groupBy(quads, subjectOf)].map(([subject, own]) => ({ subject, items: items(own) }))
  return {
    fixed: blocks.filter(({ subject }) => !isSlot(subject)).sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    moving: blocks.filter(({ subject }) => isSlot(subject)),
  }
}

function items(quads: readonly Quad[]): Items {
  const runs = [...Map.groupBy(quads, ({ predicate }) => predicate)].sort(([a], [b]) => (a < b ? -1 : 1))
  const list: (Piece | readonly Line[])[] = []
  for (const [, run] of runs) {
    const lines = run.map(({ subject, predicate, rest }) => joined([...subject, ` ${predicate}`, ...rest]))
    const texts = lines.map(([text]) => text)
    const isFixed = lines.every((line) => line.length === 1 && typeof line[0] === 'string')
    const ordered = isFixed ? inOrder(texts as string[], true) : undefined
    if (lines.length === 1) list.push(...(lines[0] as Line))
    else list.push(ordered === undefined ? lines : ordered.join(''))
  }
  return joined(list)
}

/** The same with texts that follow each other in one. */
function joined<item>(list: readonly (item | string)[]): readonly (item | string)[] {
  const result: (item | string)[] = []
  for (const item of list) {
    const last = result.at(-1)
    if (typeof item === 'string' && typeof last === 'string') result[result.length - 1] = last + item
    else result.push(item)
  }
  return result
}

function isConstant({ fixed, moving }: Lines): boolean {
  return moving.length === 0 && fixed.every(({ items }) => items.length === 1 && typeof items[0] === 'string')
}

/** The nodes in the order of their hashes, or undefined when two have the same. */
function rank({ known, hashed }: Statements, forms: readonly string[], hashes: Hashes): readonly number[] | undefined {
  const sorted = known.slice()
  for (const { node, key, lines } of hashed) {
    let hash = hashes.get(key)
    if (hash === undefined) {
      hash = hashOf(lines, forms)
      if (hash === undefined) return undefined
      hashes.set(key, hash)
    }
    let place = sorted.length
    while (place > 0 && (sorted[place - 1] as { hash: string }).hash > hash) place--
    if (sorted[place - 1]?.hash === hash) return undefined
    sorted.splice(place, 0, { node, hash })
  }
  return sorted.map(({ node }) => node)
}

function hashOf(lines: Lines, forms: readonly string[]): string | undefined {
  const writer: Writer = { forms, labels: [], repeats: true, failed: false }
  const text = writeLines(writer, lines)
  return writer.failed ? undefined : Bytes.toHex(Sha256.digest(Bytes.fromUtf8(text)))
}

/** `repeats`: whether the same line may stand twice, as in what is hashed of a node. */
type Writer = {
  readonly forms: readonly string[]
  readonly labels: readonly string[]
  readonly repeats: boolean
  failed: boolean
}

function writeLines(writer: Writer, { fixed, moving }: Lines): string {
  let text = ''
  let next = 0
  for (const { token, items } of placed(writer, moving)) {
    for (let block = fixed[next]; block !== undefined && block.subject <= token; block = fixed[++next]) {
      if (block.subject === token) writer.failed = true
      text += writeItems(writer, block.items)
    }
    text += writeItems(writer, items)
  }
  for (; next < fixed.length; next++) text += writeItems(writer, (fixed[next] as Block).items)
  return text
}

type Placed = { readonly token: string; readonly items: Items }

function placed(writer: Writer, moving: readonly Block[]): readonly Placed[] {
  const blocks = moving.map(({ subject, items }) => ({ token: `<${writer.forms[subject as number]}>`, items }))
  if (blocks.length < 2) return blocks
  blocks.sort((a, b) => (a.token < b.token ? -1 : 1))
  if (blocks.some(({ token }, i) => token === blocks[i - 1]?.token)) writer.failed = true
  return blocks
}

function writeItems(writer: Writer, items: Items): string {
  let text = ''
  for (const item of items)
    if (typeof item === 'object') text += writeSorted(writer, item)
    else text += typeof item === 'string' ? item : item < 0 ? writer.labels[~item] : writer.forms[item]
  return text
}

function writeSorted(writer: Writer, lines: readonly Line[]): string {
  const sorted = inOrder(
    lines.map((line) => writeItems(writer, line)),
    writer.repeats,
  )
  if (sorted === undefined) writer.failed = true
  return sorted?.join('') ?? ''
}

/**
 * Sorts lines, in place. Undefined when the order is another by code points (RDFC-1.0 §4.4.3, step 7) than by code units,
 * and when a line stands twice that may not.
 */
function inOrder(lines: string[], repeats: boolean): readonly string[] | undefined {
  lines.sort()
  const isWide = lines.some((line) => surrogate.test(line))
  for (let i = 1; i < lines.length; i++) {
    const [before = '', line = ''] = [lines[i - 1], lines[i]]
    if (before === line ? !repeats : isWide && isDisputed(before, line)) return undefined
  }
  return lines
}

/** Whether two texts first differ in half a character beyond U+FFFF here and one from U+E000 on there. */
function isDisputed(before: string, after: string): boolean {
  let i = 0
  while (i < before.length && before.charCodeAt(i) === after.charCodeAt(i)) i++
  return surrogate.test(before.charAt(i)) && after.charCodeAt(i) >= 0xe000
}
