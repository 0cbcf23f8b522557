import jsonld from 'jsonld'
import { canonize as canonizeDataset } from 'rdf-canonize'
import * as Contexts from './Contexts.ts'
import * as Errors from './Errors.ts'
import * as Json from './Json.ts'

// Our own documents need none; a document crafted to be slow needs more than any honest one (RDFC-1.0 §7.1).
const maxDeepIterations = 1024

/**
 * The canonical N-Quads of a JSON-LD document (RDFC-1.0), in safe mode, without a base URL, with bundled contexts only.
 *
 * @throws {Contexts.UnknownContextError} CONTEXT_UNKNOWN
 * @throws {UnsafeError} JSONLD_SAFE_MODE when something in the document would be dropped
 * @throws {LimitError} CANON_LIMIT when labelling its blank nodes takes too much work
 */
export async function canonize(document: Json.Object): Promise<string> {
  assertKept(document)
  return canonizeQuads(await toRdf(document))
}

/**
 * The canonical form of a dataset given as quads or as N-Quads (RDFC-1.0 §4).
 *
 * @throws {LimitError} CANON_LIMIT
 */
export async function canonizeQuads(quads: readonly object[] | string): Promise<string> {
  try {
    return await canonizeDataset(quads, {
      algorithm: 'RDFC-1.0',
      format: 'application/n-quads',
      ...(typeof quads === 'string' ? { inputFormat: 'application/n-quads' as const } : {}),
      maxDeepIterations,
    })
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith('Maximum deep iterations')) throw new LimitError(cause)
    throw cause
  }
}

/**
 * Asserts that JSON-LD keeps what its safe mode does not watch: a member `__proto__`, which it drops, and every digit
 * of a number (JSON-LD 1.1 API §8.2.2 has fifteen after the first; the library writes 1e-7 as 0).
 */
function assertKept(value: Json.Value): void {
  const rest: Json.Value[] = [value]
  while (rest.length > 0) {
    const item = rest.pop()
    if (typeof item === 'number' && !Object.is(Number(lexicalForm(item)), item)) throw new UnsafeError()
    if (Json.isArray(item)) for (const member of item) rest.push(member)
    else if (Json.isObject(item)) {
      if (Object.hasOwn(item, '__proto__')) throw new UnsafeError()
      for (const member of Object.values(item)) rest.push(member)
    }
  }
}

function lexicalForm(value: number): string {
  return String(value).includes('.') || Math.abs(value) >= 1e21 ? value.toExponential(15) : value.toFixed(0)
}

async function toRdf(document: Json.Object): Promise<readonly object[]> {
  const unknown: Contexts.UnknownContextError[] = []
  const documentLoader = async (url: string) => {
    try {
      return { contextUrl: null, documentUrl: url, document: Contexts.load(url) }
    } catch (error) {
      if (error instanceof Contexts.UnknownContextError) unknown.push(error)
      throw error
    }
  }
  try {
    const options = { safe: true, base: null, documentLoader, produceGeneralizedRdf: false }
    return (await jsonld.toRDF(document, options as unknown as jsonld.Options.ToRdf)) as object[]
  } catch (cause) {
    // jsonld wraps what its loader throws.
    if (unknown[0] !== undefined) throw unknown[0]
    throw new UnsafeError(cause)
  }
}

/** Thrown when a document cannot be read as JSON-LD without losing a part of it. */
export class UnsafeError extends Errors.BaseError<'JSONLD_SAFE_MODE'> {
  override readonly name = 'Rdfc.UnsafeError'
  constructor(cause?: unknown) {
    super('JSONLD_SAFE_MODE', 'A part of this document has no meaning in its vocabularies and would escape signing.', {
      cause,
    })
  }
}

/** Thrown when a document was made so that canonicalising it takes unreasonably long. */
export class LimitError extends Errors.BaseError<'CANON_LIMIT'> {
  override readonly name = 'Rdfc.LimitError'
  constructor(cause: unknown) {
    super('CANON_LIMIT', 'This document takes too much work to bring into its canonical form.', { cause })
  }
}
