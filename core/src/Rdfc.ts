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

/** The digest of a text in hexadecimal (RDFC-1.0 §4.1, the hash algorithm). */
export type Hex = (text: string) => string

/** First-degree hashes of blank nodes, and in how many statements each node stands. */
export type Hashes = Map<number, { readonly mentions: number; readonly hash: string }>

/**
 * The canonical form of statements (RDFC-1.0 §4.4): blank nodes are called c14n0, c14n1, … in an order that follows from
 * the statements alone, and the lines are sorted by code points.
 *
 * Instead of lines, subjects are sorted, then the predicates of each, then what is left. That is the same order, because
 * a subject and a predicate end where a space stands and have none, and a space comes before all that they may have.
 *
 * @param earlier the hashes of an earlier call with a part of the same statements, or with more of them: a node that
 *   stands in as many of them as before stands in the same ones, and keeps its hash
 * @param options the hash function, in hexadecimal, because those who sign with P-384 take SHA-384; and other names for
 *   the blank nodes, of which the lines then stand in order
 * @throws {LimitError} CANON_LIMIT
 */
export function canonizeStatements(
  statements: readonly JsonLd.Statement[],
  earlier: Hashes = new Map(),
  { hex = Sha256.hex, rename = String }: { readonly hex?: Hex; readonly rename?: (label: string) => string } = {},
): string {
  const blocks = toBlocks(statements)
  const labels = issueLabels(blocks, earlier, hex)
  const labelOf = (node: number) => rename(labels.get(node) as string)
  const subjects = new Map([...blocks].map(([subject, block]) => [`${write(subject, labelOf)} `, block]))
  let text = ''
  for (const subject of CodePoints.sort([...subjects.keys()]))
    text += describe(subject, subjects.get(subject) as Block, labelOf)
  return text
}

/** What is said of one subject: its predicates in order, each with its statements. */
type Block = readonly (readonly [predicate: string, statements: readonly JsonLd.Statement[]])[]
type Blocks = ReadonlyMap<JsonLd.Term, Block>

function toBlocks(statements: readonly JsonLd.Statement[]): Blocks {
  const bySubject = new Map<JsonLd.Term, Map<string, JsonLd.Statement[]>>()
  for (const statement of statements) {
    const { subject, predicate } = statement
    const byPredicate = bySubject.get(subject) ?? new Map()
    bySubject.set(subject, byPredicate)
    push(byPredicate, predicate, statement)
  }
  const blocks = new Map<JsonLd.Term, Block>()
  for (const [subject, byPredicate] of bySubject) {
    const predicates = CodePoints.sort([...byPredicate.keys()])
    blocks.set(
      subject,
      predicates.map((predicate) => [predicate, unique(byPredicate.get(predicate) ?? [])]),
    )
  }
  return blocks
}

/** A dataset is a set: what is said twice is said once. */
function unique(statements: readonly JsonLd.Statement[]): readonly JsonLd.Statement[] {
  if (statements.length === 1) return statements
  return [...new Map(statements.map((statement) => [`${statement.object} ${statement.graph}`, statement])).values()]
}

type LabelOf = (node: number) => string

/** The lines of one subject, which stands before each, in order. */
function describe(subject: string, block: Block, labelOf: LabelOf): string {
  let text = ''
  for (const [predicate, statements] of block)
    for (const rest of CodePoints.sort(statements.map((statement) => restOf(statement, labelOf))))
      text += `${subject}${predicate} ${rest}`
  return text
}

function restOf({ object, graph }: JsonLd.Statement, labelOf: LabelOf): string {
  return graph === undefined
    ? `${write(object, labelOf)} .\n`
    : `${write(object, labelOf)} ${write(graph, labelOf)} .\n`
}

function write(term: JsonLd.Term, labelOf: LabelOf): string {
  return typeof term === 'number' ? labelOf(term) : term
}

/** The canonical labels of the blank nodes (§4.4.3 steps 2 to 5). */
function issueLabels(blocks: Blocks, earlier: Hashes, hex: Hex): NDegree.Labels['issued'] {
  const mentions = mentionsIn(blocks)
  const hashes = new Map<number, string>()
  const alike = new Map<string, number[]>()
  for (const [node, statements] of mentions) {
    const known = earlier.get(node)
    const hash = known?.mentions === statements.length ? known.hash : hashFirstDegree(node, statements, blocks, hex)
    earlier.set(node, { mentions: statements.length, hash })
    hashes.set(node, hash)
    push(alike, hash, node)
  }
  const labels: NDegree.Labels = { prefix: 'c14n', issued: new Map() }
  const groups = [...alike.keys()].sort().map((hash) => alike.get(hash) as readonly number[])
  for (const [node, another] of groups) if (node !== undefined && another === undefined) NDegree.issue(labels, node)
  const nodes = { mentions, hashes, labels, hex, budget }
  for (const group of groups) if (group.length > 1) NDegree.issueAlike(nodes, group)
  return labels.issued
}

/** The statements in which each blank node stands. */
function mentionsIn(blocks: Blocks): ReadonlyMap<number, readonly JsonLd.Statement[]> {
  const mentions = new Map<number, JsonLd.Statement[]>()
  for (const block of blocks.values())
    for (const [, statements] of block)
      for (const statement of statements) {
        const { subject, object, graph } = statement
        if (typeof subject === 'number') push(mentions, subject, statement)
        if (typeof object === 'number' && object !== subject) push(mentions, object, statement)
        if (typeof graph === 'number' && graph !== subject && graph !== object) push(mentions, graph, statement)
      }
  return mentions
}

/** Hash First Degree Quads (§4.6.3): a line that begins with `<` comes before one with `_:a`, and that before `_:z`. */
function hashFirstDegree(node: number, mentions: readonly JsonLd.Statement[], blocks: Blocks, hex: Hex): string {
  const labelOf = (other: number) => (other === node ? '_:a' : '_:z')
  const before: string[] = []
  const after: string[] = []
  for (const statement of mentions) {
    const { subject, predicate } = statement
    if (subject !== node)
      (typeof subject === 'number' ? after : before).push(
        `${write(subject, labelOf)} ${predicate} ${restOf(statement, labelOf)}`,
      )
  }
  const own = describe('_:a ', blocks.get(node) ?? [], labelOf)
  return hex(CodePoints.sort(before).join('') + own + CodePoints.sort(after).join(''))
}

function push<key, item>(lists: Map<key, item[]>, key: key, item: item): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
