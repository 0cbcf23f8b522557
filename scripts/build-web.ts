/** Builds `web/dist`, the pages for people, unless that is made of the sources as they are: `--quiet` says nothing of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as Web from './build/Web.ts'

const { quiet } = parseArgs({ options: { quiet: { type: 'boolean' } } }).values
if (quiet && !Web.isBuilt()) process.stderr.write('Building the pages for people …\n')
const folder = await Web.ensure()
if (!quiet) {
  const size = (file: string) => readFileSync(join(folder, `${file}.gz`)).length
  for (const [name, { script, style }] of Object.entries(Web.manifest().pages))
    console.log(`${name}: ${size(script)} bytes of script with gzip, ${size(style)} of style`)
}
