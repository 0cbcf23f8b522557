import { catalogue } from '../ErrorCatalogue.ts'

/** What the reader of an error can do, by its code. */
export function explain(code: string): string | undefined {
  return (catalogue as Readonly<Record<string, { readonly todo: string }>>)[code]?.todo
}
