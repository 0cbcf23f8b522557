import { catalogue as coreCatalogue } from '@laurel/core/ErrorCatalogue'
import { catalogue } from './ErrorCatalogue.ts'

const all: Readonly<Record<string, { readonly todo: string }>> = { ...coreCatalogue, ...catalogue }

/** What to do about a code, by the catalogues, which are in English; `undefined` for a code that they do not have. */
export function todo(code: string): string | undefined {
  return Object.hasOwn(all, code) ? all[code]?.todo : undefined
}
