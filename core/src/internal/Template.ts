import * as Contexts from '../Contexts.ts'
import type * as DataIntegrity from '../DataIntegrity.ts'
import * as Json from '../Json.ts'
import * as Rdfc from '../Rdfc.ts'
import type * as Shape from '../Shape.ts'
import * as Conditions from './Conditions.ts'
import * as JsonText from './JsonText.ts'
import * as Lexical from './Lexical.ts'
import * as NQuads from './NQuads.ts'
import * as Outline from './Outline.ts'
import * as Statements from './Statements.ts'

/** What the documents of an outline are compiled from. */
export type Source = {
  readonly layout: (fields: Json.Object) => Json.Object
  readonly className: Shape.ClassName
  readonly verificationMethod: string
}

/** A document's JSON text, without indentation and with two spaces, and what its values have to be. */
export type Text = {
  readonly compact: JsonText.JsonText
  readonly pretty: JsonText.JsonText
  readonly conditions: Conditions.Conditions
}

/**
 * The statements of a proof's options, of which its id and its date are the slots. Outlines of the same context, whose
 * JSON text is kept, have them in common.
 */
export type ProofOptions = { readonly statements: Statements.Statements; readonly context: string }

/**
 * A document's statements: without proof, and with its first proof, whose slots follow those of the fields: its id, its
 * date, its value.
 */
export type Quads = {
  readonly unsecured: Statements.Statements
  readonly secured: Statements.Statements
  readonly options: ProofOptions
  /** Of each slot, whether an IRI stands there. */
  readonly isIri: readonly boolean[]
  /** The names that the contexts define. None may be the scheme of an IRI: it could be a short form of another one. */
  readonly terms: ReadonlySet<string>
  /** What stood last in each slot, and its form: the next document often has the same there. */
  readonly last: (readonly [Outline.Value, string])[]
}

/**
 * Compiles the text of an outline out of any fields that have it.
 *
 * @returns undefined where it is not proven
 */
export function compileText(source: Source, fields: Json.Object, values: readonly Outline.Value[]): Text | undefined {
  const lay = (set: readonly Outline.Value[]) => source.layout(Outline.fill(fields, set))
  const plain = values.map(plainValue)
  const document = lay(plain)
  const marks = new Map(plain.map((value, slot) => [value, slot]))
  const conditions = Conditions.compile(document, source.className, marks)
  if (conditions === undefined || Object.hasOwn(document, 'proof')) return undefined
  const compact = JsonText.compile(document, marks, 0)
  const pretty = JsonText.compile(document, marks, 2)
  const strange = values.map((value, slot) => strangeValue(value, slot, false))
  const forms = strange.map(jsonForm)
  const expected = lay(strange)
  const isProven =
    JsonText.write(compact, forms) === JSON.stringify(expected) &&
    JsonText.write(pretty, forms) === JSON.stringify(expected, null, 2)
  return isProven ? { compact, pretty, conditions } : undefined
}

/**
 * How many bytes the template of an outline takes, about: the text twice, and the statements, which are as long, twice
 * and with what leads there.
 */
export function sizeOf({ pretty }: Text): number {
  return 8 * pretty.reduce<number>((size, piece) => size + (typeof piece === 'string' ? piece.length : 0), 0)
}

/**
 * Compiles the statements of an outline out of any fields that have it.
 *
 * @param known proof options that were compiled before
 * @returns undefined where they are not proven
 * @throws what {@link Rdfc.canonize} throws
 */
export function compileQuads(
  source: Source,
  fields: Json.Object,
  values: readonly Outline.Value[],
  known?: ProofOptions,
): Quads | undefined {
  const canonize = (set: readonly Outline.Value[]): readonly string[] => {
    const document = source.layout(Outline.fill(fields, set.slice(0, -3)))
    const [id, created, proofValue] = set.slice(-3) as [string, string, string]
    const secured = { ...document, proof: [proof(source, id, created, proofValue) as unknown as Json.Object] }
    return [Rdfc.canonize(document), Rdfc.canonize(secured)]
  }
  const document = source.layout(fields)
  const terms = termsOf(document)
  const context = JSON.stringify(document['@context'] ?? null)
  const options = known?.context === context ? known : compileOptions(source, context)
  const programs = compileProven(canonize, [...values, '', '', ''])
  if (terms === undefined || options === undefined || programs === undefined) return undefined
  const [unsecured, secured] = programs as [Statements.Statements, Statements.Statements]
  // The id of a proof is an IRI in its options, so it is one here.
  const isIri = [...values, '', '', ''].map((_, slot) => secured.iris.includes(slot))
  return { unsecured, secured, options, isIri, terms, last: [] }
}

function compileOptions(source: Source, context: string): ProofOptions | undefined {
  const canonize = (set: readonly Outline.Value[]): readonly string[] => {
    const [id, created] = set as [string, string]
    const { proofValue: _, ...options } = proof(source, id, created, '')
    return [Rdfc.canonize({ ...options, '@context': JSON.parse(context) })]
  }
  const [statements] = compileProven(canonize, ['', '']) ?? []
  return statements && { statements, context }
}

/** Compiles what the general way makes of plain values, where it writes what that makes of strange ones. */
function compileProven(
  canonize: (values: readonly Outline.Value[]) => readonly string[],
  values: readonly Outline.Value[],
): readonly Statements.Statements[] | undefined {
  const plain = values.map(plainValue)
  const marks = new Map(plain.map((value, slot) => [quadForm(value), slot]))
  const programs = canonize(plain).map((quads) => Statements.compile(quads, marks))
  const iris = new Set(programs.flatMap((statements) => statements.iris))
  const strange = values.map((value, slot) => strangeValue(value, slot, iris.has(slot)))
  const [forms, expected] = [strange.map(quadForm), canonize(strange)]
  const isProven = programs.every((program, i) => toText(Statements.write(program, forms, new Map())) === expected[i])
  return isProven ? programs : undefined
}

/** Bytes in UTF-8 as text. */
export function toText(bytes: Uint8Array | undefined): string | undefined {
  return bytes && decoder.decode(bytes)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The proof that is made with a document. */
export function proof(source: Source, id: string, created: string, proofValue: string): DataIntegrity.Proof {
  return {
    id,
    type: 'DataIntegrityProof',
    created,
    verificationMethod: source.verificationMethod,
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod',
    proofValue,
  }
}

/** How a value stands in a JSON text. */
export function jsonForm(value: Outline.Value): string {
  return JSON.stringify(value)
}

/** What decides how a value stands in the statements of an outline. */
export type Inking = Pick<Quads, 'isIri' | 'terms'>

/**
 * Compiles the statements of any document.
 *
 * @param values of the document, in the order of its outline
 * @param slots those of them, in order, that are to be slots
 * @returns undefined where they are not proven
 * @throws what {@link Rdfc.canonize} throws
 */
export function compileDocument(
  document: Json.Object,
  values: readonly Outline.Value[],
  slots: readonly number[],
): { readonly statements: Statements.Statements; readonly inking: Inking } | undefined {
  const canonize = (set: readonly Outline.Value[]) => {
    const filled = [...values]
    for (const [i, slot] of slots.entries()) filled[slot] = set[i] as Outline.Value
    return [Rdfc.canonize(Outline.fill(document, filled))]
  }
  const inSlots = slots.map((slot) => values[slot] as Outline.Value)
  const terms = termsOf(document)
  const [statements] = compileProven(canonize, inSlots) ?? []
  if (terms === undefined || statements === undefined) return undefined
  return { statements, inking: { isIri: slots.map((_, place) => statements.iris.includes(place)), terms } }
}

/**
 * How values stand in N-Quads: between quotes or brackets.
 *
 * @returns undefined when JSON-LD or N-Quads would not take one as it stands: a number that loses digits; in the place of
 *   an IRI, what is not absolute, could be a short form of another, or has to be escaped
 */
export function quadForms(quads: Quads, values: readonly Outline.Value[]): string[] | undefined {
  const { last } = quads
  const forms: string[] = []
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot] as Outline.Value
    const [lastValue, lastForm] = last[slot] ?? []
    if (lastForm === undefined || !Object.is(lastValue, value)) {
      const form = quadFormOf(quads, slot, value)
      if (form === undefined) return undefined
      last[slot] = [value, form]
      forms.push(form)
    } else forms.push(lastForm)
  }
  return forms
}

/** The same of the value in one slot. */
export function quadFormOf({ isIri, terms }: Inking, slot: number, value: Outline.Value): string | undefined {
  const isTaken =
    typeof value === 'number'
      ? Lexical.isKept(value)
      : value.isWellFormed() && (!isIri[slot] || isPlainIri(value, terms))
  return isTaken ? quadForm(value) : undefined
}

function quadForm(value: Outline.Value): string {
  return typeof value === 'number' ? Lexical.form(value) : NQuads.escaped(value)
}

function isPlainIri(value: string, terms: ReadonlySet<string>): boolean {
  const scheme = plainIri.exec(value)?.[1]
  return scheme !== undefined && !terms.has(scheme)
}

// A scheme (RFC 3986 §3.1), and characters of ASCII that stand in an IRI unescaped.
const plainIri = /^([A-Za-z][A-Za-z0-9+.-]*):[!#-;=?-[\]_a-z~]*$/

function plainValue(value: Outline.Value, slot: number): Outline.Value {
  if (typeof value === 'string') return `urn:laurel:plain:${slot}`
  return Lexical.isInteger(value) ? 800_000_000_000 + slot : 900_000_000_000.5 + slot
}

/** In another order, of other lengths, with everything that has to be escaped. */
function strangeValue(value: Outline.Value, slot: number, isIri: boolean): Outline.Value {
  if (typeof value === 'number') return Lexical.isInteger(value) ? -slot - 1 : (slot + 0.5) / -8
  const place = `${'z'.repeat(slot % 5)}${9999 - slot}`
  return isIri ? `did:laurel:${place}` : `${place}"\\\0\n\x1b\x7f é \u{1f3c5}`
}

/** The names that a document's contexts define, anywhere in them; undefined when one of them could be an IRI. */
function termsOf(document: Json.Object): ReadonlySet<string> | undefined {
  const terms = new Set<string>()
  const loaded = new Set<string>()
  const define = (context: Json.Value): void => {
    if (typeof context === 'string') {
      if (loaded.has(context)) return
      loaded.add(context)
      define(Contexts.load(context))
    } else if (Json.isArray(context)) context.forEach(define)
    else if (Json.isObject(context))
      for (const [name, definition] of Object.entries(context)) {
        terms.add(name)
        if (name === '@context' || name === '@import' || Json.isObject(definition)) define(definition)
      }
  }
  const visit = (value: Json.Value): void => {
    if (Json.isArray(value)) value.forEach(visit)
    else if (Json.isObject(value))
      for (const [name, item] of Object.entries(value)) (name === '@context' ? define : visit)(item)
  }
  visit(document)
  return [...terms].some((term) => term.includes(':')) ? undefined : terms
}
