import * as Contexts from '../Contexts.ts'
import * as Errors from '../Errors.ts'
import * as Jcs from '../Jcs.ts'
import * as Json from '../Json.ts'
import * as NQuads from './NQuads.ts'

/**
 * What the names of a document mean at one place in it: JSON-LD's active context, made from the bundled contexts and
 * from those in the document (JSON-LD 1.1 API §4). It never changes; what follows from it is made once and kept with it.
 */
export type ActiveContext = {
  readonly terms: ReadonlyMap<string, Term>
  /** What stands before a name that is no term. */
  readonly vocabulary: string | undefined
  /** What is in force again below a node, where this context came with the node's type. */
  readonly previous: ActiveContext | undefined
  /** Whether it has a term that may not be redefined. */
  readonly isProtected: boolean
  readonly followers: Readonly<Record<Scope, Map<Json.Value, ActiveContext>>>
}

/** What one name means (§4.2). */
export type Term = {
  /** An absolute IRI or a keyword. */
  readonly iri: string
  /** The IRI as N-Quads writes it. */
  readonly written: string
  /** What a plain value is: `@id`, `@vocab`, `@json` or the IRI of a datatype. */
  readonly type: string | undefined
  readonly container: '@set' | '@list' | '@graph' | undefined
  /** What the names below this one mean. */
  readonly context: Json.Value | undefined
  readonly isPrefix: boolean
  readonly isProtected: boolean
}

/** Where a local context stands: in a document, or in the term of a property or of a type. */
type Scope = 'document' | 'property' | 'type'

// More than anybody needs, and so few that they are followed at once.
const maximumContexts = 16
// Strangers choose in which order contexts follow each other, and there is no end of orders.
const maximumFollowers = 1000
let count = 0
let root = create({ terms: new Map(), vocabulary: undefined, previous: undefined, isProtected: false })

/** The context of a document that has not named any yet. */
export function initial(): ActiveContext {
  if (count >= maximumFollowers) {
    count = 0
    root = create({ terms: new Map(), vocabulary: undefined, previous: undefined, isProtected: false })
  }
  return root
}

/**
 * The context that follows from a local one (§4.1).
 *
 * @throws {Contexts.UnknownContextError} CONTEXT_UNKNOWN
 * @throws {UnsafeError} JSONLD_SAFE_MODE when it is no context, or redefines what is protected
 * @throws {UnsupportedError} JSONLD_UNSUPPORTED when it is written in a way that is not read here, or there are too many
 */
export function follow(active: ActiveContext, local: Json.Value, scope: Scope): ActiveContext {
  const locals = Json.isArray(local) ? local : [local]
  for (const each of locals) if (typeof each === 'string') Contexts.load(each)
  if (locals.length > maximumContexts) throw new UnsupportedError()
  let result = active
  for (const each of locals) {
    const known = result.followers[scope].get(each)
    const next = known ?? process(result, each, scope)
    // An object in a document is never met again.
    if (known === undefined && count < maximumFollowers && !(scope === 'document' && Json.isObject(each))) {
      count++
      result.followers[scope].set(each, next)
    }
    result = next
  }
  return result
}

/** What the name of a member means: an IRI, a keyword, or what {@link expand} makes of it. */
export function meaning(active: ActiveContext, name: string): string | null {
  return active.terms.get(name)?.iri ?? expand(active, name, true)
}

/**
 * The IRI or the keyword for which a text stands (§5.2), without a base: the text itself where it is a relative
 * reference, null where it can stand for nothing.
 *
 * @param isName whether it is the name of a property or a type, and not the identifier of something
 */
export function expand(
  { terms, vocabulary }: Pick<ActiveContext, 'terms' | 'vocabulary'>,
  text: string,
  isName: boolean,
): string | null {
  if (text.startsWith('@')) {
    if (keywords.has(text)) return text
    // §5.2.2: kept for keywords to come.
    if (/^@[a-zA-Z]+$/.test(text)) return null
  }
  const term = isName ? terms.get(text) : undefined
  if (term !== undefined) return term.iri
  const colon = text.indexOf(':')
  if (colon > 0) {
    if (text.startsWith('//', colon + 1) || text.startsWith('_:')) return text
    const prefix = terms.get(text.slice(0, colon))
    if (prefix?.isPrefix) return prefix.iri + text.slice(colon + 1)
    if (isAbsolute(text)) return text
  }
  return isName && vocabulary !== undefined ? vocabulary + text : text
}

/** Whether a text is an absolute IRI or the label of a blank node, by the loose rule of JavaScript's processors. */
export function isAbsolute(text: string | null): text is string {
  return text !== null && /^(?:[A-Za-z][A-Za-z0-9+\-.,]*|_):\S*$/.test(text)
}

const keywords: ReadonlySet<string> = new Set(
  (
    'base container context default direction embed explicit graph id included index json language list nest none ' +
    'omitDefault prefix preserve protected requireAll reverse set type value version vocab'
  )
    .split(' ')
    .map((name) => `@${name}`),
)

type Content = Omit<ActiveContext, 'followers'>

function create(content: Content): ActiveContext {
  return { ...content, followers: { document: new Map(), property: new Map(), type: new Map() } }
}

function process(active: ActiveContext, local: Json.Value, scope: Scope): ActiveContext {
  const mayOverride = scope === 'property'
  if (local === null) {
    if (active.isProtected && !mayOverride) throw new UnsafeError()
    return initial()
  }
  if (scope === 'document' && Json.isObject(local) && Object.hasOwn(local, '@vocab'))
    return withVocabulary(active, local)
  const definitions = typeof local === 'string' ? Contexts.load(local)['@context'] : local
  if (!Json.isObject(definitions)) throw new UnsafeError()
  const { '@version': version = 1.1 } = definitions
  if (version !== 1.1) throw new UnsupportedError()
  const terms = new Map(active.terms)
  const { vocabulary } = active
  const definition: Definition = { local: definitions, terms, vocabulary, mayOverride, defined: new Map() }
  for (const name of Object.keys(definitions)) if (!settings.includes(name)) define(definition, name)
  return create({
    terms,
    vocabulary,
    previous: active.previous ?? (scope === 'type' ? active : undefined),
    isProtected: active.isProtected || [...terms.values()].some((term) => term.isProtected),
  })
}

/** The examples of the standards name a vocabulary beside the bundled contexts. */
function withVocabulary(active: ActiveContext, local: Json.Object): ActiveContext {
  const { '@vocab': vocabulary, ...rest } = local
  if (typeof vocabulary !== 'string' || !/^https?:\/\/\S*$/.test(vocabulary) || Object.keys(rest).length > 0)
    throw new UnsupportedError()
  return create({ ...active, vocabulary })
}

/** A local context on its way into a new active one. `defined` is false for a term that is just being defined. */
type Definition = {
  readonly local: Json.Object
  readonly terms: Map<string, Term>
  readonly vocabulary: string | undefined
  readonly mayOverride: boolean
  readonly defined: Map<string, boolean>
}

// What the bundled contexts have. A new one that has more is noticed where all are compiled, in the tests.
const settings = ['@version', '@protected']
const members = ['@id', '@type', '@container', '@context', '@protected']
const containers: readonly unknown[] = [undefined, '@set', '@list', '@graph']
const kinds: readonly unknown[] = [undefined, '@id', '@vocab', '@json']

function define(definition: Definition, name: string): void {
  const { local, terms, mayOverride, defined } = definition
  if (defined.get(name) === true) return
  const written = local[name]
  const isSimple = typeof written === 'string'
  const value = isSimple ? { '@id': written } : written
  if (defined.has(name) || name === '' || /[@:/]/.test(name) || !isDefinition(value)) throw new UnsupportedError()
  defined.set(name, false)
  const before = terms.get(name)
  terms.delete(name)
  const iri = resolve(definition, value['@id'])
  // What stands under the name would be taken for a context, and left out.
  if (iri === '@context') throw new UnsupportedError()
  const { '@type': type, '@container': container, '@context': context } = value
  const mustStay = before?.isProtected === true && !mayOverride
  const after: Term = {
    iri,
    written: NQuads.iri(iri),
    type: type === undefined || kinds.includes(type) ? type : datatype(definition, type),
    container,
    context,
    isPrefix: isSimple && /[:/?#[\]@]$/.test(iri),
    isProtected: mustStay || (value['@protected'] ?? local['@protected']) === true,
  }
  // §4.2.2, last step: what is protected may be defined again, as the same.
  if (mustStay && !isSame(before, after)) throw new UnsafeError()
  terms.set(name, after)
  defined.set(name, true)
}

type Written = {
  readonly '@id': string
  readonly '@type'?: string
  readonly '@container'?: Term['container']
  readonly '@context'?: Json.Value
  readonly '@protected'?: boolean
}

function isDefinition(value: Json.Value | undefined): value is Written & Json.Object {
  return (
    Json.isObject(value) &&
    Object.keys(value).every((member) => members.includes(member)) &&
    typeof value['@id'] === 'string' &&
    ['undefined', 'string'].includes(typeof value['@type']) &&
    containers.includes(value['@container']) &&
    // A list or a graph of JSON literals is not read: JSON is one literal, whatever it is.
    !(value['@type'] === '@json' && ['@list', '@graph'].includes(value['@container'] as string))
  )
}

function isSame(a: Term, b: Term): boolean {
  return (
    a.iri === b.iri &&
    a.type === b.type &&
    a.container === b.container &&
    a.isPrefix === b.isPrefix &&
    (a.context === b.context ||
      (a.context !== undefined && b.context !== undefined && Jcs.text(a.context) === Jcs.text(b.context)))
  )
}

/** The IRI for which a text stands in a term's definition, whose own terms it may use before they are reached. */
function resolve(definition: Definition, text: string): string {
  const { local, defined } = definition
  for (const name of [text, text.slice(0, Math.max(0, text.indexOf(':')))])
    if (Object.hasOwn(local, name) && defined.get(name) !== true) define(definition, name)
  const iri = expand(definition, text, true)
  if (!isAbsolute(iri) && !keywords.has(iri ?? '')) throw new UnsupportedError()
  return iri as string
}

/** The IRI of a datatype: no keyword, no blank node, and not that of texts in a language, which nothing says. */
function datatype(definition: Definition, text: string): string {
  const iri = resolve(definition, text)
  if (iri.startsWith('@') || iri.startsWith('_:') || iri === NQuads.langString) throw new UnsupportedError()
  return iri
}

/** Thrown when a document cannot be read as JSON-LD without losing a part of it. */
export class UnsafeError extends Errors.BaseError<'JSONLD_SAFE_MODE'> {
  override readonly name = 'JsonLd.UnsafeError'
  constructor() {
    super('JSONLD_SAFE_MODE', 'A part of this document has no meaning in its vocabularies and would escape signing.')
  }
}

/** Thrown when a document uses a part of JSON-LD for which no credential has a use, and which is not read here. */
export class UnsupportedError extends Errors.BaseError<'JSONLD_UNSUPPORTED'> {
  override readonly name = 'JsonLd.UnsupportedError'
  constructor() {
    super('JSONLD_UNSUPPORTED', 'This document is written in a way of JSON-LD that is not read here.')
  }
}
