import { z } from 'zod'
import * as ApiKey from '../access/ApiKey.ts'
import * as Cookie from './Cookie.ts'
import * as Problem from './Problem.ts'
import type { Answer, Route } from './Route.ts'
import { Approval } from './schemas/approvals.ts'
import * as schemas from './schemas.ts'

type Schema = Record<string, unknown>

const headers = {
  ETag: 'What changes with every version; send it in If-Match or If-None-Match',
  Location: 'Where what was made is found',
  'Idempotent-Replayed': 'true where the answer was given before',
} as const

const heeded = {
  'Idempotency-Key':
    'Yours, and new for every new request: whoever repeats both gets the first answer and no second effect',
  'If-Match': 'The ETag as you know it: nothing is changed where it is another',
  'If-None-Match': 'The ETags that you have; * where there is to be none yet',
} as const

/** What is answered where a second person is needed. */
const waiting: Answer = {
  says: 'A second person has to approve it: nothing is done before that',
  schema: Approval,
  headers: ['Location'],
}

/** Why a status is answered for which a route names no code of its own. */
const common: Readonly<Record<number, string>> = {
  400: 'The request is not one that can be read',
  401: 'AUTHENTICATION_REQUIRED, AUTHENTICATION_AMBIGUOUS',
  403: 'SCOPE_REQUIRED, ORIGIN_REFUSED',
  404: 'There is nothing of this name',
  408: 'The body comes too slowly',
  413: 'The body is too large',
  415: 'The body is of a kind that is not read',
  422: 'The request can be read, and is wrong: every place is named',
  429: 'You have asked too often',
  500: 'Something went wrong inside',
  503: 'Something that is needed does not answer now',
  507: 'The disk is full',
}

/**
 * Describes routes in OpenAPI 3.1, whose schemas are JSON Schema as it is (2020-12). The order is that of the routes, so
 * that the same routes give the same bytes.
 */
export function describe(routes: readonly Route[]): Schema {
  const components: Record<string, Schema> = {}
  const paths: Record<string, Record<string, Schema>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    ;(paths[route.path] as Record<string, Schema>)[route.method] = operation(route, components)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Laurel',
      version: '1',
      summary: 'Issues Open Badges 3.0 that outlive their issuer',
      description:
        'Every problem is told as RFC 9457, with a stable code that docs/errors.md explains. Times are RFC 3339 in UTC; ' +
        'amounts are whole numbers of wei as text. What is not in this description is refused, not ignored.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: `A key, which has scopes: ${ApiKey.allScopes.map((scope) => `${scope} (${ApiKey.scopes[scope]})`).join('; ')}.`,
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: Cookie.nameOf('session', 'https:'),
          description:
            'A person who has signed in at /sign-in, and has the scopes of the own role (docs/access.md). A change comes with ' +
            'the header Laurel-CSRF, whose value GET /v1/me tells.',
        },
      },
    },
  }
}

function security(scope: Route['scope']): readonly Schema[] {
  if (scope === null) return []
  const scopes = scope === 'any' || scope === 'member' ? [] : [scope]
  return [...(scope === 'member' ? [] : [{ key: scopes }]), { session: scopes }]
}

function operation(route: Route, components: Record<string, Schema>): Schema {
  const { operation: operationId, summary, tag, scope, params, query, body, roster, form, files, heeds = [] } = route
  const parameters = [
    ...fields(params, 'path', components),
    ...fields(query, 'query', components),
    ...heeds.map((name) => ({ name, in: 'header', description: heeded[name], schema: { type: 'string' } })),
  ]
  return {
    operationId,
    summary,
    tags: [tag],
    security: security(scope),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: toSchema(body, 'input', components) },
          ...(roster && {
            'text/csv': { schema: { type: 'string', description: 'A roster, UTF-8, plain or in gzip' } },
          }),
          ...(form && { 'multipart/form-data': { schema: toSchema(form, 'input', components) } }),
        },
      },
    }),
    ...(files !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(files.map((type) => [type, { schema: ofFile(type) }])),
      },
    }),
    responses: responses(route, components),
  }
}

/** JSON is an object whatever it says; of anything else a description knows no more than its type. */
function ofFile(type: string): Schema {
  return type === 'application/json' ? { type: 'object' } : { type: 'string', contentMediaType: type }
}

function responses(route: Route, components: Record<string, Schema>): Schema {
  const { problems = [], scope, query, params, approval } = route
  const answers = approval === undefined ? route.answers : { ...route.answers, 202: waiting }
  const body = route.body ?? route.files
  const problem = { 'application/problem+json': { schema: toSchema(schemas.Problem, 'output', components) } }
  const codes = Map.groupBy(problems, (code) => Problem.statusOf(code))
  const statuses = [
    ...(body === undefined && query === undefined ? [400, 429, 500, 503] : [400, 422, 429, 500, 503]),
    ...(body === undefined ? [] : [408, 413, 415, 507]),
    ...(scope === null ? [] : [401, 403]),
    ...(params === undefined ? [] : [404]),
    ...codes.keys(),
  ]
  const told = Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer, components)] as const)
  const refused = [...new Set(statuses)].map((status) => {
    const description = codes.get(status)?.join(', ') ?? common[status]
    return [String(status), { description, content: problem }] as const
  })
  return Object.fromEntries([...refused, ...told].sort(([a], [b]) => Number(a) - Number(b)))
}

function describeAnswer(
  { says, type, schema, headers: names = [] }: Answer,
  components: Record<string, Schema>,
): Schema {
  const media = type ?? (schema === undefined ? undefined : 'application/json')
  return {
    description: says,
    ...(names.length > 0 && {
      headers: Object.fromEntries(
        names.map((name) => [name, { description: headers[name], schema: { type: 'string' } }]),
      ),
    }),
    ...(media !== undefined && {
      content: { [media]: { schema: schema === undefined ? {} : toSchema(schema, 'output', components) } },
    }),
  }
}

function fields(
  object: z.ZodObject | undefined,
  place: 'path' | 'query',
  components: Record<string, Schema>,
): Schema[] {
  return Object.entries(object?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = toSchema(field as z.ZodType, 'input', components)
    const isRequired = place === 'path' || !(field as z.ZodType).safeParse(undefined).success
    return { name, in: place, required: isRequired, ...(description !== undefined && { description }), schema }
  })
}

/** JSON Schema of a zod schema. What has a name of its own goes among the components, and is referred to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', components: Record<string, Schema>): Schema {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Schema
  const lift = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lift)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, item]) => {
        if (name === 'id' && typeof item === 'string') return []
        if (name === '$ref') return [[name, String(item).replace('#/$defs/', '#/components/schemas/')]]
        return [[name, lift(item)]]
      }),
    )
  }
  for (const [name, definition] of Object.entries($defs as Record<string, Schema>))
    components[name] = lift(definition) as Schema
  const { id } = own as { readonly id?: string }
  if (id === undefined) return lift(own) as Schema
  components[id] = lift(own) as Schema
  return { $ref: `#/components/schemas/${id}` }
}
