import * as ActiveContext from './internal/ActiveContext.ts'
import * as Lexical from './internal/Lexical.ts'
import * as NQuads from './internal/NQuads.ts'
import * as Jcs from './Jcs.ts'
import * as Json from './Json.ts'

export { UnsafeError, UnsupportedError } from './internal/ActiveContext.ts'

/** What a statement is made of: an IRI or a literal as N-Quads writes it, or the number of a blank node. */
export type Term = string | number

/** One statement of a document (an RDF quad). `graph` is undefined in the default graph. */
export type Statement = {
  readonly subject: Term
  readonly predicate: string
  readonly object: Term
  readonly graph: Term | undefined
}

/**
 * The statements that a document makes: JSON-LD 1.1 API, expansion (§5.1), node maps (§7.2) and serialisation (§8.1) in
 * one pass, without a base IRI. Contexts are bundled ones, or stand in the document and name nothing but what names mean. The
 * same statement may come twice.
 *
 * It reads the part of JSON-LD that credentials are written in: such contexts at any depth, names and compact IRIs,
 * nodes, values with a language or a datatype, JSON literals, and the containers @set, @list and @graph. The rest is
 * refused, not guessed.
 *
 * Nothing is dropped or changed without a word. Whatever the safe mode of the library `jsonld` refuses is refused here;
 * besides, what that mode does not watch: a member `__proto__`, a number that loses digits (§8.2.2 has fifteen after the
 * first, and the library writes 1e-7 as 0), a text for a double in another form than its canonical one, an identifier
 * that is empty, a blank node's with white space in it, a language or a direction beside no text, a value that is an empty list or has two types.
 *
 * @throws {Contexts.UnknownContextError} CONTEXT_UNKNOWN
 * @throws {UnsafeError} JSONLD_SAFE_MODE when something in the document would be dropped
 * @throws {UnsupportedError} JSONLD_UNSUPPORTED
 */
export function statements(document: Json.Object): readonly Statement[] {
  return read(document).statements
}

/** What has been read of a document, so that a member can still be added. */
export type Reading = {
  readonly statements: readonly Statement[]
  readonly outermost: Outermost
  readonly labels: ReadonlyMap<string, number>
  readonly count: number
}

/** The same as {@link statements}, with what {@link extend} needs. */
export function read(document: Json.Object): Reading {
  return guard(() => {
    const state: State = { statements: [], labels: new Map(), count: 0 }
    readObject(state, ActiveContext.initial(), undefined, document, undefined, true)
    return { ...state, outermost: state.outermost as Outermost }
  })
}

/**
 * The statements that a document makes with one member more. It is what the whole would say, because a member that is a
 * property changes neither what other names mean nor what they say.
 *
 * @throws what {@link statements} throws
 */
export function extend(
  { statements, outermost, labels, count }: Reading,
  name: string,
  value: Json.Value,
): readonly Statement[] {
  return guard(() => {
    const state: State = { statements: [...statements], labels: new Map(labels), count }
    const { context, subject } = outermost
    const { members } = takeApart(context, context, { [name]: value }, [name])
    if (members.length === 0) throw new TypeError(`${name} is no property`)
    readMember(state, context, name, value, subject, undefined)
    return state.statements
  })
}

function guard<result>(work: () => result): result {
  try {
    return work()
  } catch (error) {
    // Nested deeper than the stack.
    if (error instanceof RangeError) throw unsafe()
    throw error
  }
}

type State = {
  readonly statements: Statement[]
  /** The numbers of the blank nodes that the document itself has named. */
  readonly labels: Map<string, number>
  count: number
  outermost?: Outermost
}

/** The node that a document is about, and what names mean in it. */
type Outermost = { readonly context: ActiveContext.ActiveContext; readonly subject: Term }

const xsd = 'http://www.w3.org/2001/XMLSchema#'
const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/**
 * Reads an object. Of a node, the statements are added.
 *
 * @param property the name of the member in which it stands
 * @param isAlone whether nothing is said about it, so that it has to say something itself
 * @returns the node, or the literal of a value
 */
function readObject(
  state: State,
  active: ActiveContext.ActiveContext,
  property: string | undefined,
  element: Json.Object,
  graph: Term | undefined,
  isAlone: boolean,
): Term {
  const names = Object.keys(element)
  const outer = enter(active, property, element, names)
  const inner = withTypes(outer, element, names)
  const { id, types, value, language, members } = takeApart(outer, inner, element, names)
  if (value !== undefined) {
    if (isAlone || id !== undefined || members.some((name) => element[name] !== null)) throw unsafe()
    return readValue(value, types, language)
  }
  if (language !== undefined) throw unsafe()
  const subject = id === undefined ? state.count++ : toTerm(state, id)
  state.outermost ??= { context: inner, subject }
  for (const type of types)
    state.statements.push({ subject, predicate: NQuads.rdfType, object: toTerm(state, type), graph })
  let says = types.length > 0
  for (const name of members) says = readMember(state, inner, name, element[name] as Json.Value, subject, graph) || says
  if (isAlone && !says) throw unsafe()
  return subject
}

/** The context inside of an object, its types apart (§5.1.2 steps 7 to 9). */
function enter(
  active: ActiveContext.ActiveContext,
  property: string | undefined,
  element: Json.Object,
  names: readonly string[],
): ActiveContext.ActiveContext {
  const scoped = property === undefined ? undefined : active.terms.get(property)?.context
  let context = active
  if (active.previous !== undefined && !isReferenceOrValue(active, names)) context = active.previous
  if (scoped !== undefined) context = ActiveContext.follow(context, scoped, 'property')
  const own = Object.hasOwn(element, '@context') ? element['@context'] : undefined
  return own === undefined ? context : ActiveContext.follow(context, own, 'document')
}

/** Step 7: what a node's type says about names ends where the next node begins. */
function isReferenceOrValue(active: ActiveContext.ActiveContext, names: readonly string[]): boolean {
  if (names.length > 2 || names.includes('@context')) return false
  return names.some((name) => {
    const keyword = ActiveContext.meaning(active, name)
    return keyword === '@value' || (keyword === '@id' && names.length === 1)
  })
}

/** Steps 10 and 11: every type may bring a context, in the order of the types' names. */
function withTypes(
  outer: ActiveContext.ActiveContext,
  element: Json.Object,
  names: readonly string[],
): ActiveContext.ActiveContext {
  let inner = outer
  for (const name of sorted(names.filter((each) => ActiveContext.meaning(outer, each) === '@type'))) {
    const value = element[name]
    for (const type of Json.isArray(value) ? sorted(value) : [value]) {
      const context = typeof type === 'string' ? outer.terms.get(type)?.context : undefined
      if (context !== undefined) inner = ActiveContext.follow(inner, context, 'type')
    }
  }
  return inner
}

function sorted<item>(items: readonly item[]): readonly item[] {
  return items.length > 1 ? items.toSorted() : items
}

type Parts = {
  readonly id: string | undefined
  readonly types: readonly string[]
  readonly value: Json.Value | undefined
  readonly language: string | undefined
  /** The names of the members that are properties. */
  readonly members: readonly string[]
}

function takeApart(
  outer: ActiveContext.ActiveContext,
  inner: ActiveContext.ActiveContext,
  element: Json.Object,
  names: readonly string[],
): Parts {
  let id: string | undefined
  let value: Json.Value | undefined
  let language: string | undefined
  const types: string[] = []
  const members: string[] = []
  for (const name of names) {
    const item = element[name] as Json.Value
    const meaning = ActiveContext.meaning(inner, name)
    switch (meaning) {
      case '@context':
        break
      case '@id':
        if (id !== undefined || typeof item !== 'string') throw unsafe()
        id = toAbsolute(ActiveContext.expand(inner, item, false))
        break
      case '@type':
        for (const type of Json.isArray(item) ? item : [item]) {
          if (typeof type !== 'string') throw unsafe()
          if (type === '@json') throw new ActiveContext.UnsupportedError()
          types.push(toAbsolute(ActiveContext.expand(outer, type, true)))
        }
        break
      case '@value':
        if (value !== undefined) throw unsafe()
        value = item
        break
      case '@language':
        if (item === null) break
        // §9.5: a language is well-formed by BCP 47, and in lower case.
        if (typeof item !== 'string' || !/^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/.test(item)) throw unsafe()
        language = item.toLowerCase()
        break
      case '@direction':
        throw unsafe()
      default:
        if (meaning?.startsWith('@')) throw new ActiveContext.UnsupportedError()
        if (!ActiveContext.isAbsolute(meaning) || name === '__proto__') throw unsafe()
        members.push(name)
    }
  }
  return { id, types, value, language, members }
}

/** A value object (§9.5). */
function readValue(value: Json.Value, types: readonly string[], language: string | undefined): Term {
  const [type, another] = types
  if (value === null || typeof value === 'object' || another !== undefined) throw unsafe()
  if (language !== undefined) {
    if (type !== undefined || typeof value !== 'string') throw unsafe()
    return NQuads.textIn(language, value)
  }
  if (type?.startsWith('_:') || type === NQuads.langString) throw unsafe()
  return literal(value, type)
}

/** Adds what a member says of a subject. False when that is nothing, as JSON-LD has it of null. */
function readMember(
  state: State,
  outer: ActiveContext.ActiveContext,
  name: string,
  value: Json.Value,
  subject: Term,
  graph: Term | undefined,
): boolean {
  const term = outer.terms.get(name)
  const predicate = term?.written ?? NQuads.iri(toAbsolute(ActiveContext.expand(outer, name, true)))
  const context = term?.context
  const active = context === undefined ? outer : ActiveContext.follow(outer, context, 'property')
  const add = (object: Term) => {
    // §8.1: a blank node is no property.
    if (predicate.startsWith('<_:')) throw unsafe()
    state.statements.push({ subject, predicate, object, graph })
  }
  if (term?.type === '@json') {
    assertKept(value)
    add(NQuads.literal(Jcs.text(value), `${rdf}JSON`))
    return true
  }
  if (value === null) return false
  const items = flat(value)
  switch (term?.container) {
    case '@list':
      add(readList(state, active, name, Json.isArray(value) ? value : [value], graph))
      return true
    case '@graph':
      for (const item of items) {
        if (!Json.isObject(item)) throw unsafe()
        const own = state.count++
        add(own)
        readObject(state, active, name, item, own, true)
      }
      return items.length > 0
    default:
      for (const item of items) add(readItem(state, active, name, item, graph))
      return true
  }
}

/** A value that is neither null nor an array. */
function readItem(
  state: State,
  active: ActiveContext.ActiveContext,
  name: string,
  value: Json.Value,
  graph: Term | undefined,
): Term {
  if (Json.isObject(value)) return readObject(state, active, name, value, graph, false)
  const type = active.terms.get(name)?.type
  if (type !== '@id' && type !== '@vocab') return literal(value as Scalar, type)
  if (typeof value !== 'string') return literal(value as Scalar, undefined)
  return toTerm(state, toAbsolute(ActiveContext.expand(active, value, type === '@vocab')))
}

/** §8.3: a list is a chain of blank nodes. */
function readList(
  state: State,
  active: ActiveContext.ActiveContext,
  name: string,
  items: readonly Json.Value[],
  graph: Term | undefined,
): Term {
  let rest: Term = NQuads.rdfNil
  for (const item of items.toReversed()) {
    if (item === null) continue
    const subject = state.count++
    const first = Json.isArray(item)
      ? readList(state, active, name, item, graph)
      : readItem(state, active, name, item, graph)
    state.statements.push({ subject, predicate: NQuads.rdfFirst, object: first, graph })
    state.statements.push({ subject, predicate: NQuads.rdfRest, object: rest, graph })
    rest = subject
  }
  return rest
}

/** A set in a set is one set, and null is nothing. */
function flat(value: Json.Value): readonly Json.Value[] {
  if (!Json.isArray(value)) return value === null ? [] : [value]
  return value.every((item) => item !== null && !Json.isArray(item)) ? value : value.flatMap(flat)
}

type Scalar = string | number | boolean

/** §8.2.2: the literal of a plain value. */
function literal(value: Scalar, datatype: string | undefined): Term {
  if (typeof value === 'boolean') return NQuads.literal(String(value), datatype ?? `${xsd}boolean`)
  if (typeof value === 'number') {
    const form = datatype === `${xsd}double` ? Lexical.double(value) : Lexical.form(value)
    if (!Object.is(Number(form), value)) throw unsafe()
    return NQuads.literal(form, datatype ?? `${xsd}${Lexical.isInteger(value) ? 'integer' : 'double'}`)
  }
  if (datatype === undefined) return NQuads.text(value)
  // The library would bring it into this form, and 1abc into 1.0E0; the standard leaves it as it is.
  if (datatype === `${xsd}double` && Lexical.double(Number.parseFloat(value)) !== value) throw unsafe()
  return NQuads.literal(value, datatype)
}

/** Asserts of a JSON literal what is asserted of all values. */
function assertKept(value: Json.Value): void {
  if (typeof value === 'number' && !Lexical.isKept(value)) throw unsafe()
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) throw unsafe()
  for (const item of Object.values(value)) assertKept(item)
}

function toAbsolute(iri: string | null): string {
  if (!ActiveContext.isAbsolute(iri)) throw unsafe()
  return iri
}

function toTerm(state: State, iri: string): Term {
  if (!iri.startsWith('_:')) return NQuads.iri(iri)
  const known = state.labels.get(iri)
  if (known !== undefined) return known
  state.labels.set(iri, state.count)
  return state.count++
}

function unsafe(): ActiveContext.UnsafeError {
  return new ActiveContext.UnsafeError()
}
