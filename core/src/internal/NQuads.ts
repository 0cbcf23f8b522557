/** The IRIs that stand in every document, whatever its contexts. */
export const rdfType = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'
export const rdfFirst = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>'
export const rdfRest = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>'
export const rdfNil = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>'

/** The datatype of texts in a language. */
export const langString = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'

const xsdString = 'http://www.w3.org/2001/XMLSchema#string'

/** An IRI as the canonical form of N-Quads has it (RDFC-1.0 §5): what may not stand in one is escaped. */
export function iri(text: string): string {
  return `<${iriNeedsEscape.test(text) ? text.replace(iriEscaped, toCode) : text}>`
}

/** The IRI that {@link iri} wrote. */
export function fromIri(written: string): string {
  const text = written.slice(1, -1)
  return text.replace(/\\u([0-9A-F]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** A literal of a datatype. */
export function literal(value: string, datatype: string): string {
  return datatype === xsdString ? quoted(value) : `${quoted(value)}^^${iri(datatype)}`
}

/** A text without language. */
export function text(value: string): string {
  return quoted(value)
}

/** A text in a language, whose tag the caller has checked. */
export function textIn(language: string, value: string): string {
  return `${quoted(value)}@${language}`
}

// Twice, because a pattern with the flag g keeps its place from one test to the next.
const iriNeedsEscape = /[\0- <>"{}|^`\\]/
const iriEscaped = /[\0- <>"{}|^`\\]/g
const textNeedsEscape = /[^ !#-[\]-~\u0080-\uffff]/
const textEscaped = /[^ !#-[\]-~\u0080-\uffff]/g
const short: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

function quoted(value: string): string {
  return `"${escaped(value)}"`
}

/** A text as it stands between the quotes of a literal. */
export function escaped(value: string): string {
  return textNeedsEscape.test(value) ? value.replace(textEscaped, (char) => short[char] ?? toCode(char)) : value
}

function toCode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
