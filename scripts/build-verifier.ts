/**
 * Builds what `@laurel/verifier` is published as, into `verifier/dist/`: `laurel-verifier.js`, the library as one module for
 * a page, and `laurel-badge.js`, the same with the element that shows badges, each with the integrity by which a page can
 * pin it; `verify.html`, a page that verifies, in which `--trust FILE` puts a trust file; and `package/`, which `npm pack`
 * takes.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as Build from './build/Verifier.ts'

const folder = join(import.meta.dirname, '../verifier/dist')
const { trust } = parseArgs({ options: { trust: { type: 'string' } } }).values
for (const name of ['laurel-verifier.js', 'laurel-badge.js'] as const) {
  const { bytes, gzipBytes, integrity } = await Build.module(folder, name)
  console.log(`${name}: ${bytes} bytes, ${gzipBytes} with gzip, ${integrity}`)
}
const { bytes } = await Build.document(folder, trust === undefined ? undefined : new Uint8Array(await readFile(trust)))
console.log(`verify.html: ${bytes} bytes`)
await Build.packed(join(folder, 'package'))
