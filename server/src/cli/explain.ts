import { catalogue as core } from '@laurel/core/ErrorCatalogue'
import { catalogue as server } from '../ErrorCatalogue.ts'

/** What the reader of an error can do, by its code. */
export function explain(code: string): string | undefined {
  return ({ ...core, ...server } as Readonly<Record<string, { readonly todo: string }>>)[code]?.todo
}
