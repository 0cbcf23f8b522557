import * as Errors from '../Errors.ts'
import type { Statement, Term } from '../JsonLd.ts'
import * as NQuads from './NQuads.ts'

/** The labels that blank nodes have been given, in that order (RDFC-1.0 §4.5). */
export type Labels = { readonly prefix: string; readonly issued: Map<number, string> }

/** What is known of the blank nodes of a dataset. */
export type Nodes = {
  /** The statements that have the node. */
  readonly mentions: ReadonlyMap<number, readonly Statement[]>
  /** Its first-degree hash. */
  readonly hashes: ReadonlyMap<number, string>
  /** Its canonical label. */
  readonly labels: Labels
  /** The digest of a text in hexadecimal. */
  readonly hex: (text: string) => string
  /** How many more times a node may be looked at with its surroundings. */
  budget: number
}

type Path = { readonly text: string; readonly labels: Labels }
type Result = { readonly hash: string; readonly labels: Labels }

/** The label of a node; a new one where it has none. */
export function issue({ prefix, issued }: Labels, node: number): string {
  const known = issued.get(node)
  if (known !== undefined) return known
  const label = `_:${prefix}${issued.size}`
  issued.set(node, label)
  return label
}

/**
 * Labels nodes that have the same first-degree hash, by what surrounds them (§4.4.3 step 5).
 *
 * @throws {LimitError} CANON_LIMIT
 */
export function issueAlike(nodes: Nodes, alike: readonly number[]): void {
  const results = alike
    .filter((node) => !nodes.labels.issued.has(node))
    .map((node) => {
      const labels: Labels = { prefix: 'b', issued: new Map() }
      issue(labels, node)
      return hash(nodes, node, labels)
    })
  for (const { labels } of results.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0)))
    for (const node of labels.issued.keys()) issue(nodes.labels, node)
}

/** Hash N-Degree Quads (§4.8.3). */
function hash(nodes: Nodes, node: number, labels: Labels): Result {
  if (nodes.budget === 0) throw new LimitError()
  nodes.budget--
  const related = relatedOf(nodes, node, labels)
  let data = ''
  let current = labels
  for (const relatedHash of [...related.keys()].sort()) {
    let chosen: Path | undefined
    for (const order of permutations(related.get(relatedHash) as readonly number[]))
      chosen = walk(nodes, order, current, chosen) ?? chosen
    data += relatedHash + (chosen as Path).text
    current = (chosen as Path).labels
  }
  return { hash: nodes.hex(data), labels: current }
}

/** Steps 5.4.1 to 5.4.6: the path through some nodes in this order; undefined when it is not less than the one chosen. */
function walk(nodes: Nodes, order: readonly number[], labels: Labels, chosen: Path | undefined): Path | undefined {
  let text = ''
  let current: Labels = { prefix: labels.prefix, issued: new Map(labels.issued) }
  const unknown: number[] = []
  for (const node of order) {
    const canonical = nodes.labels.issued.get(node)
    if (canonical === undefined && !current.issued.has(node)) unknown.push(node)
    text += canonical ?? issue(current, node)
    if (chosen !== undefined && text > chosen.text) return undefined
  }
  // Each takes one look at least, and every look a copy of the labels: it ends here, not when the budget is used up.
  if (chosen === undefined && unknown.length > nodes.budget) throw new LimitError()
  for (const node of unknown) {
    const result = hash(nodes, node, current)
    text += `${issue(current, node)}<${result.hash}>`
    current = result.labels
    if (chosen !== undefined && text > chosen.text) return undefined
  }
  return chosen === undefined || text < chosen.text ? { text, labels: current } : undefined
}

/** The other blank nodes in the statements of a node, by what relates them to it (§4.8.3 steps 1 to 3, §4.7.3). */
function relatedOf(nodes: Nodes, node: number, labels: Labels): ReadonlyMap<string, readonly number[]> {
  const related = new Map<string, number[]>()
  const add = (term: Term | undefined, position: string) => {
    if (typeof term !== 'number' || term === node) return
    const name = nodes.labels.issued.get(term) ?? labels.issued.get(term) ?? nodes.hashes.get(term)
    const key = nodes.hex(position + name)
    const known = related.get(key)
    if (known === undefined) related.set(key, [term])
    else known.push(term)
  }
  for (const { subject, predicate, object, graph } of nodes.mentions.get(node) ?? []) {
    const name = `<${NQuads.fromIri(predicate)}>`
    add(subject, `s${name}`)
    add(object, `o${name}`)
    add(graph, 'g')
  }
  return related
}

/**
 * All orders of some items, each in the same array. There are as many as the factorial of their number: hence the budget.
 * An item comes several times where several statements relate to it in the same way; to exchange it with itself is no
 * other order.
 */
function* permutations(items: readonly number[]): Generator<readonly number[]> {
  const order = items.toSorted((a, b) => a - b)
  const item = (place: number) => order[place] as number
  const exchange = (a: number, b: number) => {
    const kept = item(a)
    order[a] = item(b)
    order[b] = kept
  }
  for (;;) {
    yield order
    // As in a dictionary: the last item that can give way to a larger one behind it, and the rest again from the least.
    let place = order.length - 2
    while (place >= 0 && item(place) >= item(place + 1)) place--
    if (place < 0) return
    let larger = order.length - 1
    while (item(larger) <= item(place)) larger--
    exchange(place, larger)
    for (let a = place + 1, b = order.length - 1; a < b; a++, b--) exchange(a, b)
  }
}

/** Thrown when a document was made so that canonicalising it takes unreasonably long. */
export class LimitError extends Errors.BaseError<'CANON_LIMIT'> {
  override readonly name = 'Rdfc.LimitError'
  constructor() {
    super('CANON_LIMIT', 'This document takes too much work to bring into its canonical form.')
  }
}
