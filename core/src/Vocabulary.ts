import * as ActiveContext from './internal/ActiveContext.ts'
import * as Json from './Json.ts'

/** How many scopes are looked into, one within the other. */
const maximumDepth = 4

/**
 * Whether the contexts that a document has in itself do nothing but give names to what the bundled ones beside them cannot
 * say. Otherwise the same statements could be written under other names, and a reader of the JSON would not find them: an
 * end of validity under a name that nobody looks for, or an identifier that stands in no list of what is revoked, because it
 * is shortened by a prefix.
 *
 * @param document what is written in them, themselves left out
 * @throws what `JsonLd.statements` throws for such contexts
 */
export function isAdded(contexts: readonly Json.Value[], document: Json.Object): boolean {
  const own = contexts.filter(Json.isObject)
  if (own.length === 0) return true
  const bundled = contexts.filter((context) => !Json.isObject(context))
  const known = ActiveContext.follow(ActiveContext.initial(), bundled, 'document')
  const meanings = new Set<string>()
  collect(known, meanings, 0)
  const all = ActiveContext.follow(ActiveContext.initial(), contexts, 'document')
  return own.every((context) =>
    Object.keys(context).every((name) => {
      const term = all.terms.get(name)
      const isNew = term !== undefined && !known.terms.has(name) && !meanings.has(term.iri)
      const isAlone = isNew && !term.iri.startsWith('@') && term.context === undefined
      return isAlone && !(term.isPrefix && hasText(document, `${name}:`))
    }),
  )
}

/** Whether a text in a document begins like this. */
function hasText(value: Json.Value, start: string): boolean {
  if (typeof value === 'string') return value.startsWith(start)
  return typeof value === 'object' && value !== null && Object.values(value).some((item) => hasText(item, start))
}

/** All that names can mean, those included that mean it in one place only. */
function collect(active: ActiveContext.ActiveContext, meanings: Set<string>, depth: number): void {
  for (const { iri, context } of active.terms.values()) {
    if (meanings.has(iri) && context === undefined) continue
    meanings.add(iri)
    if (context !== undefined && context !== null && depth < maximumDepth)
      collect(ActiveContext.follow(active, context, 'property'), meanings, depth + 1)
  }
}
