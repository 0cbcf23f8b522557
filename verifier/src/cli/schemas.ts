import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type { Schemas } from '../checks/schemas.ts'

/**
 * Reads the JSON schemas, and schema credentials, in a folder.
 *
 * @throws {SchemasError} SCHEMAS_UNREADABLE, naming the file
 */
export async function read(folder: string): Promise<Schemas> {
  const names = await readdir(folder).catch((cause) => {
    throw new SchemasError(`The folder ${folder} cannot be read.`, cause)
  })
  const files = names.filter((name) => /\.json$/i.test(name)).map((name) => join(folder, name))
  const schemas = await Promise.all(files.map(readOne))
  return Object.fromEntries(schemas)
}

async function readOne(path: string): Promise<readonly [address: string, schema: Json.Object]> {
  let schema: Json.Object
  try {
    schema = Json.parseObject(await readFile(path))
  } catch (cause) {
    throw new SchemasError(`${path} cannot be read, or is no JSON.`, cause)
  }
  const address = schema.$id ?? schema.id
  if (typeof address !== 'string') throw new SchemasError(`${path} does not say by $id which schema it is.`)
  return [address.replace(/#$/, ''), schema]
}

/** Thrown when schemas cannot be used: then nothing is verified at all. */
export class SchemasError extends Errors.BaseError<'SCHEMAS_UNREADABLE'> {
  override readonly name = 'schemas.SchemasError'
  constructor(message: string, cause?: unknown) {
    super('SCHEMAS_UNREADABLE', message, { cause })
  }
}
