/**
 * Builds what `@laurel/verifier` is published as, into `verifier/dist/`: `laurel-verifier.js`, the library as one module for
 * a page, and `laurel-badge.js`, the same with the element that shows badges, each with the integrity by which a page can
 * pin it; and `package/`, which `npm pack` takes.
 */
import { join } from 'node:path'
import * as Build from './build/Verifier.ts'

const folder = join(import.meta.dirname, '../verifier/dist')
for (const name of ['laurel-verifier.js', 'laurel-badge.js'] as const) {
  const { bytes, gzipBytes, integrity } = await Build.module(folder, name)
  console.log(`${name}: ${bytes} bytes, ${gzipBytes} with gzip, ${integrity}`)
}
await Build.packed(join(folder, 'package'))
