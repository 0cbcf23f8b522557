import { type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'
import * as Json from '@laurel/core/Json'
import * as Memory from '../Memory.ts'
import { failed, type Result, unknown } from '../Report.ts'
import { obeysBadgeSchema } from './badge-schema.ts'

/** The schemas that a verifier has, by their addresses. No other is ever looked up, least of all at its address. */
export type Schemas = Readonly<Record<string, Json.Object>>

/** What stands in a `credentialSchema`: JSON Schema under the names of 1EdTech, of VC JSON Schema and of the VC Data Model 1.1. */
const types: readonly Json.Value[] = [
  '1EdTechJsonSchemaValidator2019',
  'JsonSchema',
  'JsonSchemaCredential',
  'JsonSchemaValidator2018',
]

/** The dialects that are read, by the `$schema` of a schema. */
const dialects: Readonly<Record<string, SchemaDraft>> = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'http://json-schema.org/draft-07/schema': '7',
}

/** The schemas of 1EdTech, by their addresses of old and new, in documents of any. */
const published =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json(-ld)?\/ob_v3p0_(any)?(achievement|endorsement)credential_schema\.json$/

/**
 * Whether a document obeys the schemas that it is said to obey (VC Data Model 2.0 §4.11, VC JSON Schema). What a schema
 * credential says is taken from the verifier's own copy, whose signature is the verifier's affair.
 *
 * @returns undefined where it does
 */
export function schemas(document: Json.Object, named: readonly Json.Object[], known: Schemas): Result | undefined {
  const results = named.map((each) => check(document, each, known)).filter((result) => result !== undefined)
  return results.find(({ outcome }) => outcome === 'failed') ?? results[0]
}

function check(document: Json.Object, { id, type }: Json.Object, known: Schemas): Result | undefined {
  const address = String(id)
  if (type === undefined || !types.includes(type)) return missing()
  const copy = Object.hasOwn(known, address) ? known[address] : undefined
  if (copy === undefined && type === '1EdTechJsonSchemaValidator2019' && published.test(address)) {
    const isObeyed = obeysBadgeSchema(document)
    return isObeyed === undefined ? missing() : isObeyed ? undefined : mismatch(address)
  }
  if (copy === undefined) return missing()
  const schema = type === 'JsonSchemaCredential' ? schemaOf(copy, known) : copy
  const validate = schema === undefined ? undefined : compile(schema)
  try {
    if (validate?.(document) === true) return undefined
    if (validate !== undefined) return mismatch(address)
  } catch {
    // A reference that leads nowhere, or to itself without end: the schema says nothing that could be told.
  }
  return unknown('SCHEMA_INVALID', 'The copy of a schema that it is said to obey cannot be read.')
}

function mismatch(address: string): Result {
  return failed('SCHEMA_MISMATCH', `It does not obey the schema that it is said to obey (${address}).`)
}

function missing(): Result {
  return unknown('SCHEMA_UNKNOWN', 'It is said to obey a schema that this verifier does not have.')
}

/** VC JSON Schema §2.2: the schema stands in the credential, or the credential refers to it. */
function schemaOf({ credentialSubject: subject }: Json.Object, known: Schemas): Json.Object | undefined {
  const schema = Json.isObject(subject) ? subject.jsonSchema : undefined
  if (!Json.isObject(schema)) return undefined
  const { $ref: reference } = schema
  const isReference = Object.keys(schema).length === 1 && typeof reference === 'string' && !reference.startsWith('#')
  return isReference ? (Object.hasOwn(known, reference) ? known[reference] : undefined) : schema
}

// A whole batch has one schema.
const compile = Memory.once((schema: Json.Object): ((document: Json.Object) => boolean) | undefined => {
  const dialect = typeof schema.$schema === 'string' ? dialects[schema.$schema.replace(/#$/, '')] : undefined
  if (dialect === undefined) return undefined
  const validator = new Validator(structuredClone(schema) as Schema, dialect)
  return (document) => validator.validate(document).valid
})
