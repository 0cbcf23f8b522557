/** What a page gets with one file that shows badges: `<laurel-badge>`, and all that the library has. */
import { define } from './element/LaurelBadge.ts'

export * from './browser.ts'
export { LaurelBadge } from './element/LaurelBadge.ts'
export * as TrustFile from './element/TrustFile.ts'
export * as Words from './element/Words.ts'

define()
