import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'chai'

type Content = Readonly<Record<string, { readonly schema: object }>>
type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly responses: Readonly<Record<string, { readonly content?: Content; readonly headers?: object }>>
}
type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const description: Description & { readonly components: object } = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
)
const ajv = new Ajv2020({ strict: false })
formats.default(ajv)
ajv.addSchema({ $id: 'openapi', components: description.components })

const described = Object.values(description.paths).flatMap((ways) => Object.values(ways))

/** Every operation that is described. */
export const operations: readonly string[] = described.map(({ operationId }) => operationId)

/** An achievement with what one must have, and no more. */
export const achievement = {
  id: 'https://example.org/a1',
  type: ['Achievement'],
  name: 'First aid',
  description: 'Knows what to do first.',
  criteria: { narrative: 'Two days of practice.' },
}

/** Which operations were asked for, with the statuses that they have answered. */
const seen = new Map<string, Set<number>>()

/** Every chapter of the description, with the test that asks for all of its operations. */
export const chapters: Readonly<Record<string, string>> = {
  Batches: 'http/api',
  Credentials: 'http/api',
  Achievements: 'http/api',
  Issuer: 'http/api',
  Issuers: 'http/matrix',
  Mail: 'http/mail',
  Webhooks: 'http/api',
  Keys: 'http/api',
  Imports: 'http/imports',
  Privacy: 'privacy/erase',
  Audit: 'http/audit',
  Organisation: 'http/matrix',
  Members: 'http/people',
  Passkeys: 'http/passkeys',
  Verification: 'http/verification',
  Claims: 'learners/learners',
  Learners: 'learners/learners',
  'Learners’ pages': 'learners/learners',
  Approvals: 'http/approvals',
  About: 'http/api',
}

/** The operations that a test is to ask for, see {@link chapters}, and that nobody has been asked for here. */
export function unasked(test: string): readonly string[] {
  return described
    .filter(({ operationId, tags }) => tags.some((chapter) => chapters[chapter] === test) && !seen.has(operationId))
    .map(({ operationId }) => operationId)
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: an answer is held against its schema, not against a type
  readonly json: any
}

export type Ask = {
  readonly key?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly csv?: string | Uint8Array
  readonly form?: FormData
  readonly body?: BodyInit
}

/** Asks a server as a program would that knows nothing of its sources. */
export function create(base: string, key?: string) {
  return async (method: string, path: string, ask: Ask = {}): Promise<Reply> => {
    const bearer = 'key' in ask ? ask.key : key
    const body = ask.body ?? ask.form ?? ask.csv ?? (ask.json === undefined ? undefined : JSON.stringify(ask.json))
    const type = ask.csv === undefined ? 'application/json' : 'text/csv'
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined || ask.form !== undefined ? {} : { 'content-type': type }),
        ...ask.headers,
      },
      ...(body === undefined ? {} : { body: body as BodyInit }),
      // What leads elsewhere is an answer, too.
      redirect: 'manual',
    })
    const text = await response.text()
    const isJson = /[/+]json|application\/vc/.test(response.headers.get('content-type') ?? '')
    const json = isJson && text !== '' ? JSON.parse(text) : undefined
    const reply = { status: response.status, headers: response.headers, text, json }
    conforms(method, path, reply)
    return reply
  }
}

/** Holds an answer against what the description says of its operation: its status, its type, its headers and its schema. */
export function conforms(
  method: string,
  path: string,
  { status, headers, json }: Pick<Reply, 'status' | 'headers' | 'json'>,
): void {
  const operation = find(method, path)
  if (operation === undefined) return
  const said = operation.responses[status]
  const name = `${operation.operationId} answers ${status}`
  if (said === undefined) throw new Error(`${name}, which is not described: ${JSON.stringify(json)}`)
  seen.set(operation.operationId, (seen.get(operation.operationId) ?? new Set()).add(status))
  for (const header of ['ETag', 'Location', 'Idempotent-Replayed']) {
    const isDescribed = header in (said.headers ?? {})
    const may = isDescribed && header === 'Idempotent-Replayed'
    if (!may) expect(headers.has(header), `${name} with ${header}`).to.equal(isDescribed)
  }
  const type = headers.get('content-type')?.split(';')[0]
  if (said.content === undefined) {
    expect(type, `${name} without a body`).to.equal(undefined)
    return
  }
  expect(Object.keys(said.content), name).to.deep.equal([type])
  if (json === undefined) return
  const schema = JSON.parse(
    JSON.stringify(said.content[type ?? '']?.schema).replaceAll('#/components/', 'openapi#/components/'),
  )
  const validate = ajv.compile(schema)
  if (!validate(json)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(json, null, 2)}`)
}

function find(method: string, path: string): Operation | undefined {
  const [plain = ''] = path.split('?')
  const fits = (template: string) =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain)
  const templates = Object.keys(description.paths).filter(fits)
  // The one with fewer parameters is meant.
  const [template] = templates.toSorted((a, b) => a.split('{').length - b.split('{').length)
  return template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()]
}
