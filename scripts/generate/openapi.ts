/**
 * Writes docs/openapi.json, the description of the HTTP interface, from the routes of the server.
 *
 *   node scripts/generate/openapi.ts            writes it
 *   node scripts/generate/openapi.ts --check    fails where the committed file is not what would be written
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from '../../server/src/http/OpenApi.ts'
import { routes } from '../../server/src/http/routes.ts'
import { render } from './openapi/Client.ts'

const root = resolve(import.meta.dirname, '../..')
const description = describe(routes)
const files = {
  'docs/openapi.json': `${JSON.stringify(description, null, 2)}\n`,
  'client/src/generated/Operations.ts': render(description as never),
}

for (const [name, fresh] of Object.entries(files)) {
  const target = resolve(root, name)
  if (existsSync(target) && readFileSync(target, 'utf8') === fresh) console.log(`${name} is fresh`)
  else if (process.argv.includes('--check')) {
    console.error(`${name} is stale: run npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(target, fresh)
    console.log(`wrote ${name}`)
  }
}
