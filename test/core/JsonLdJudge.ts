import jsonld from 'jsonld'
import util from 'jsonld/lib/util.js'
import { _canonizeSync, NQuads } from 'rdf-canonize'
import * as Contexts from '../../core/src/Contexts.ts'
import type * as Json from '../../core/src/Json.ts'
import type * as JsonLd from '../../core/src/JsonLd.ts'

/** What becomes of a document: its canonical form, or the code of an error. */
export type Outcome = { readonly text: string } | { readonly code: string }

/**
 * What the libraries `jsonld` and `rdf-canonize` make of a document, in two things corrected by the standard: a dataset
 * is a set (RDF 1.1 §4), and what is sorted is sorted by code points (RDFC-1.0 §4.4.3; digitalbazaar/rdf-canonize#52).
 */
export async function judge(document: Json.Object): Promise<Outcome> {
  const unknown: string[] = []
  try {
    const made = await toQuads(document, unknown)
    return canonize([...new Map(made.map((quad) => [NQuads.serializeQuad(quad), quad])).values()])
  } catch {
    return { code: unknown.length > 0 ? 'CONTEXT_UNKNOWN' : 'JSONLD_SAFE_MODE' }
  }
}

/**
 * What the library `jsonld` says that a document says, in safe mode.
 *
 * @param unknown is given the URLs of contexts that are not bundled
 */
export async function toQuads(document: Json.Object, unknown: string[] = []): Promise<readonly NQuads.Quad[]> {
  return (await jsonld.toRDF(document, optionsWith(unknown))) as unknown as readonly NQuads.Quad[]
}

// For every node with a type the library copies the definitions of all terms, which is most of its time. None is ever
// changed once it is made: frozen, so that it would be an error, they may as well be shared.
const copy = util.clone
util.clone = (value) => {
  if (!(value instanceof Map)) return copy(value)
  for (const definition of value.values()) Object.freeze(definition)
  return new Map(value)
}

/**
 * Whether a document that the library's safe mode accepts has something that it drops or changes all the same: what
 * `JsonLd.statements` says that it refuses besides.
 */
export async function isChanged(document: Json.Object): Promise<boolean> {
  const visit = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false
    const { '@id': id, '@value': content, '@type': type } = value as Readonly<Record<string, unknown>>
    if (id === '' || id === null) return true
    // Where there is a vocabulary, the library takes it for the name of a blank node, and nowhere else.
    if (typeof id === 'string' && /^_:.*\s/s.test(id)) return true
    if (typeof content === 'number' && !Object.is(Number(lexical(content, type)), content)) return true
    if (typeof content === 'string' && isDouble(type) && !/^-?\d\.(0|\d*[1-9])E-?\d+$/.test(content)) return true
    if (content !== undefined && Array.isArray(type)) return true
    if (content === undefined && '@language' in value) return true
    return Object.values(value).some(visit)
  }
  return visit(await jsonld.expand(document, optionsWith([])))
}

// As the library writes numbers (JSON-LD 1.1 API §8.2.2).
function lexical(value: number, type: unknown): string {
  const isFraction = String(value).includes('.') || Math.abs(value) >= 1e21
  return isFraction || isDouble(type) ? value.toExponential(15) : value.toFixed(0)
}

function isDouble(type: unknown): boolean {
  return type === 'http://www.w3.org/2001/XMLSchema#double'
}

/** Safe mode, no base, bundled contexts; the URLs of others are noted. */
function optionsWith(unknown: string[]): jsonld.Options.ToRdf {
  const documentLoader = async (url: string) => {
    if (!Contexts.urls().includes(url)) unknown.push(url)
    // A context that never changes is processed once.
    return { contextUrl: null, documentUrl: url, document: Contexts.load(url), tag: 'static' }
  }
  return { safe: true, base: null, documentLoader, produceGeneralizedRdf: false } as unknown as jsonld.Options.ToRdf
}

/** The same for quads. */
export function canonize(quads: readonly NQuads.Quad[]): Outcome {
  try {
    return { text: sortingByCodePoints(() => _canonizeSync(quads, { algorithm: 'RDFC-1.0', maxDeepIterations: 1024 })) }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Maximum deep iterations')) return { code: 'CANON_LIMIT' }
    throw error
  }
}

/** What a text in N-Quads says. */
export function quads(nquads: string): readonly NQuads.Quad[] {
  return NQuads.parse(nquads)
}

/** The same as our statements. */
export function statements(nquads: string): readonly JsonLd.Statement[] {
  const nodes = new Map<string, number>()
  const term = ({ termType, value }: NQuads.Term, written: string): JsonLd.Term => {
    if (termType !== 'BlankNode') return written
    const number = nodes.get(value) ?? nodes.size
    nodes.set(value, number)
    return number
  }
  return quads(nquads).map((quad) => {
    const { subject, predicate, object, graph } = quad
    // Written one by one, each in the place of an object, by the judge's own hand.
    const write = (each: NQuads.Term) =>
      NQuads.serializeQuadComponents(dummy, dummy, each, { termType: 'DefaultGraph', value: '' }).slice(8, -3)
    return {
      subject: term(subject, write(subject)),
      predicate: write(predicate),
      object: term(object, write(object)),
      graph: graph.termType === 'DefaultGraph' ? undefined : term(graph, write(graph)),
    }
  })
}

const dummy: NQuads.Term = { termType: 'NamedNode', value: 'x' }

// Without a comparison of one's own, texts are sorted by code units; no other way leads into the library's sorting.
function sortingByCodePoints<result>(work: () => result): result {
  const { sort } = Array.prototype
  try {
    Array.prototype.sort = function (compare) {
      return sort.call(this, compare ?? ((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    }
    return work()
  } finally {
    Array.prototype.sort = sort
  }
}
