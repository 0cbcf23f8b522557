/**
 * Writes docs/openapi.json, the description of the HTTP interface, from the routes of the server.
 *
 *   node scripts/generate/openapi.ts            writes it
 *   node scripts/generate/openapi.ts --check    fails where the committed file is not what would be written
 */
import { describe } from '../../server/src/http/OpenApi.ts'
import { routes } from '../../server/src/http/routes.ts'
import * as Generated from '../Generated.ts'
import { render } from './openapi/Client.ts'

const description = describe(routes)
const files = {
  'docs/openapi.json': `${JSON.stringify(description, null, 2)}\n`,
  'client/src/generated/Operations.ts': render(description as never),
}

for (const [name, text] of Object.entries(files)) Generated.write(name, text)
