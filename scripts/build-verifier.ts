/**
 * Builds what `@laurel/verifier` is published as, into `verifier/dist/`: `laurel-verifier.js`, one module for a page, and
 * the integrity by which a page can pin it; and `package/`, which `npm pack` takes.
 */
import { join } from 'node:path'
import * as Build from './build/Verifier.ts'

const folder = join(import.meta.dirname, '../verifier/dist')
const { bytes, gzipBytes, integrity } = await Build.page(folder)
await Build.packed(join(folder, 'package'))
console.log(`laurel-verifier.js: ${bytes} bytes, ${gzipBytes} with gzip, ${integrity}`)
