import * as CodePoints from './internal/CodePoints.ts'
import * as NDegree from './internal/NDegree.ts'
import type * as Json from './Json.ts'
import * as JsonLd from './JsonLd.ts'
import * as Sha256 from './Sha256.ts'

export { LimitError } from './internal/NDegree.ts'

/**
 * How many times nodes are looked at with their surroundings. Our own documents hardly need it; a document crafted to be
 * slow needs more than any honest one (RDFC-1.0 §7.1).
 */
export const budget = 1024

/**
 * The canonical N-Quads of a JSON-LD document (RDFC-1.0), in safe mode, without a base URL, with bundled contexts only.
 *
 * @throws {LimitError} CANON_LIMIT when labelling its blank nodes takes too much work
 * @throws what {@link JsonLd.statements} throws
 */
export function canonize(document: Json.Object): string {
  return canonizeStatements(JsonLd.statements(document))
}

/**
 * The canonical form of statements (RDFC-1.0 §4.4): blank nodes are called c14n0, c14n1, … in an order that follows from
 * the statements alone, and the lines are sorted by code points.
 *
 * Lines are sorted subject by subject. That is the same order, because a subject ends where a space stands and has none.
 *
 * @param hashes those of an earlier call with a part of the same statements, or with more of them
 * @throws {LimitError} CANON_LIMIT
 */
export function canonizeStatements(statements: readonly JsonLd.Statement[], hashes: Hashes = new Map()): string {
  const blocks = [...Map.groupBy(statements, ({ subject }) => subject)].map(toBlock)
  const order = orderOf(blocks)
  const { issued } = issueLabels(blocks, order, hashes)
  const label = (node: number) => issued.get(node) as string
  const bySubject = new Map(blocks.map((block) => [`${write(block.subject, label)} `, block.lines]))
  let text = ''
  for (const subject of [...bySubject.keys()].sort(order))
    for (const rest of (bySubject.get(subject) ?? []).map((line) => restOf(line, label)).sort(order))
      text += subject + rest
  return text
}

/** First-degree hashes of blank nodes, and in how many statements each node stood: in as many means in the same. */
export type Hashes = Map<number, { readonly mentions: number; readonly hash: string }>

/** The lines of one subject, each once: a dataset is a set. */
type Block = { readonly subject: JsonLd.Term; readonly lines: readonly Line[] }

/** A statement, and its line behind the subject with numbers for blank nodes. */
type Line = { readonly statement: JsonLd.Statement; readonly rest: string }

function toBlock([subject, statements]: readonly [JsonLd.Term, readonly JsonLd.Statement[]]): Block {
  const lines = new Map<string, Line>()
  for (const statement of statements) {
    const { predicate, object, graph } = statement
    const rest = toRest(predicate, object, graph)
    lines.set(rest, { statement, rest })
  }
  return { subject, lines: [...lines.values()] }
}

function toRest(predicate: string, object: JsonLd.Term, graph: JsonLd.Term | undefined): string {
  return graph === undefined ? `${predicate} ${object} .\n` : `${predicate} ${object} ${graph} .\n`
}

type LabelOf = (node: number) => string

function restOf({ statement: { predicate, object, graph }, rest }: Line, labelOf: LabelOf): string {
  if (typeof object !== 'number' && typeof graph !== 'number') return rest
  return toRest(predicate, write(object, labelOf), graph === undefined ? undefined : write(graph, labelOf))
}

function write(term: JsonLd.Term, labelOf: LabelOf): string {
  return typeof term === 'number' ? labelOf(term) : term
}

function orderOf(blocks: readonly Block[]): CodePoints.Order {
  const texts = blocks.flatMap(({ subject, lines }) => [String(subject), ...lines.map(({ rest }) => rest)])
  return CodePoints.orderOf(texts)
}

/** The canonical labels of the blank nodes (§4.4.3 steps 2 to 5). */
function issueLabels(blocks: readonly Block[], order: CodePoints.Order, hashes: Hashes): NDegree.Labels {
  const mentions = new Map<number, Line[]>()
  const mention = (term: JsonLd.Term | undefined, line: Line) => {
    if (typeof term === 'number') push(mentions, term, line)
  }
  for (const { subject, lines } of blocks)
    for (const line of lines) {
      const { object, graph } = line.statement
      mention(subject, line)
      if (object !== subject) mention(object, line)
      if (graph !== subject && graph !== object) mention(graph, line)
    }
  const alike = new Map<string, number[]>()
  for (const [node, lines] of mentions) {
    const known = hashes.get(node)
    const hash = known?.mentions === lines.length ? known.hash : hashFirstDegree(node, lines, order)
    hashes.set(node, { mentions: lines.length, hash })
    push(alike, hash, node)
  }
  const labels: NDegree.Labels = { prefix: 'c14n', issued: new Map() }
  const groups = [...alike.keys()].sort().map((hash) => alike.get(hash) as readonly number[])
  for (const [node, another] of groups) if (node !== undefined && another === undefined) NDegree.issue(labels, node)
  const nodes = { mentions, hashes, labels, budget }
  for (const group of groups) if (group.length > 1) NDegree.issueAlike(nodes, group)
  return labels
}

/** Hash First Degree Quads (§4.6.3). */
function hashFirstDegree(node: number, lines: readonly Line[], order: CodePoints.Order): string {
  const label = (other: number) => (other === node ? '_:a' : '_:z')
  const texts = lines.map((line) => `${write(line.statement.subject, label)} ${restOf(line, label)}`)
  return Sha256.hex(texts.sort(order).join(''))
}

function push<key, item>(lists: Map<key, item[]>, key: key, item: item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
