import type * as Bytes from '@laurel/core/Bytes'
import * as Json from '@laurel/core/Json'
import { z } from 'zod'
import * as Achievement from '../../achievement/Achievement.ts'
import { addAchievement } from '../../catalogue/add-achievement.ts'
import * as Template from '../../catalogue/Template.ts'
import { pointer } from '../../internal/pointer.ts'
import * as Catalogue from '../../ports/CatalogueStore.ts'
import * as Body from '../Body.ts'
import * as Cursor from '../Cursor.ts'
import * as Multipart from '../Multipart.ts'
import * as Problem from '../Problem.ts'
import * as Reading from '../Reading.ts'
import { type Api, define, json, type Route, tagged } from '../Route.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Achievements'
const byName = z.strictObject({ name: schemas.name })

/**
 * A version of an achievement, the newest unless told otherwise.
 *
 * @throws {Problem.RefusedError} ACHIEVEMENT_UNKNOWN
 */
export async function find(
  { catalogue }: Pick<Api, 'catalogue'>,
  name: string,
  version?: number,
): Promise<Catalogue.Version> {
  const found = await catalogue.achievement(name, version)
  if (found === undefined) throw new Problem.RefusedError('ACHIEVEMENT_UNKNOWN', 'There is no such achievement.')
  return found
}

/**
 * A definition and its image out of a form, as they would come in JSON.
 *
 * @throws {Problem.RefusedError} MULTIPART_INVALID, and what reading JSON throws
 */
async function readForm(form: AsyncIterable<Multipart.Part>, { limits }: Api): Promise<Json.Object> {
  let definition: Json.Object | undefined
  let picture: string | undefined
  for await (const part of form) {
    if (part.name === 'definition') {
      const value = Body.parse(await Multipart.bytes(part, limits.json), limits.json)
      definition = Reading.read(schemas.Definition, value, '') as Json.Object
    } else if (part.name === 'image')
      picture = `data:image/png;base64,${Buffer.from(await Multipart.bytes(part, limits.json)).toString('base64')}`
    else
      throw Reading.refuse([
        { pointer: pointer('', [part.name]), code: 'UNKNOWN_FIELD', detail: 'There is nothing of this name.' },
      ])
  }
  if (definition === undefined)
    throw Reading.refuse([{ pointer: '/definition', code: 'TYPE', detail: 'This is missing.' }])
  if (picture === undefined) return definition
  const { image } = definition
  return { ...definition, image: Json.isObject(image) ? { ...image, id: picture } : picture }
}

export const achievements: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/achievements',
    operation: 'listAchievements',
    summary: 'Lists the achievements that can be awarded, the newest version of each',
    tag,
    scope: 'achievements:read',
    reach: 'any',
    query: z.strictObject(schemas.paging),
    answers: { 200: { says: 'A page of them, by name', schema: schemas.Achievements } },
    problems: ['PAGINATION_INVALID'],
    handle: async ({ query: { limit, cursor } }, { catalogue }) => {
      const found = await catalogue.achievements(Cursor.read('achievements', cursor) ?? '', Cursor.reach(limit))
      const page = Cursor.cut(found, limit, ({ name }) => Cursor.write('achievements', name))
      return json(200, { ...page, items: page.items.map(Views.achievement) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/achievements/{name}',
    operation: 'getAchievement',
    summary: 'Shows an achievement as it is awarded now',
    tag,
    scope: 'achievements:read',
    reach: 'any',
    params: byName,
    heeds: ['If-None-Match'],
    answers: {
      200: { says: 'Its newest version', schema: schemas.Achievement, headers: ['ETag'] },
      304: { says: 'It is as you know it', headers: ['ETag'] },
    },
    problems: ['ACHIEVEMENT_UNKNOWN'],
    handle: async (asked, api) => {
      const found = await find(api, asked.params.name)
      return tagged(Views.achievement(found), found.digest, asked)
    },
  }),
  define({
    method: 'put',
    path: '/v1/achievements/{name}',
    operation: 'putAchievement',
    summary: 'Adds an achievement or a new version of it; the same definition again changes nothing',
    tag,
    scope: 'achievements:write',
    params: byName,
    body: schemas.Definition,
    form: schemas.AchievementForm,
    heeds: ['If-Match', 'If-None-Match'],
    answers: {
      200: { says: 'Its newest version, which is this already', schema: schemas.Achievement, headers: ['ETag'] },
      201: { says: 'Its new version', schema: schemas.Achievement, headers: ['ETag', 'Location'] },
    },
    problems: [
      'ACHIEVEMENT_INVALID',
      'IMAGE_INVALID',
      'MULTIPART_INVALID',
      'MULTIPART_TOO_MANY_PARTS',
      'PRECONDITION_FAILED',
    ],
    handle: async ({ params: { name }, body, form, headers }, api) => {
      const definition = form === undefined ? (body as Json.Object) : await readForm(form, api)
      const input = { name, definition, expected: expected(headers) }
      const { version, added } = await addAchievement(input, api).catch((error) => {
        throw error instanceof Achievement.InvalidAchievementError ? refuse(error) : error
      })
      const location = `/v1/achievements/${name}/versions/${version.version}`
      return json(added ? 201 : 200, Views.achievement(version), {
        ETag: `"${version.digest}"`,
        ...(added && { Location: location }),
      })
    },
  }),
  define({
    method: 'get',
    path: '/v1/achievements/{name}/versions',
    operation: 'listAchievementVersions',
    summary: 'Lists all versions of an achievement, the newest first',
    tag,
    scope: 'achievements:read',
    reach: 'any',
    params: byName,
    answers: { 200: { says: 'The versions', schema: schemas.Versions } },
    problems: ['ACHIEVEMENT_UNKNOWN'],
    handle: async ({ params: { name } }, api) => {
      await find(api, name)
      return json(200, { items: (await api.catalogue.versions(name)).map(Views.achievement) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/achievements/{name}/versions/{version}',
    operation: 'getAchievementVersion',
    summary: 'Shows one version, which never changes',
    tag,
    scope: 'achievements:read',
    reach: 'any',
    params: z.strictObject({ name: schemas.name, version: schemas.versionNumber }),
    heeds: ['If-None-Match'],
    answers: {
      200: { says: 'The version', schema: schemas.Achievement, headers: ['ETag'] },
      304: { says: 'It is as you know it', headers: ['ETag'] },
    },
    problems: ['ACHIEVEMENT_UNKNOWN'],
    handle: async (asked, api) => {
      const found = await find(api, asked.params.name, asked.params.version)
      return tagged(Views.achievement(found), found.digest, asked)
    },
  }),
  define({
    method: 'get',
    path: '/v1/achievements/{name}/roster.csv',
    operation: 'getRosterTemplate',
    summary: 'Gives an empty roster for an achievement: the header with every column that it may have',
    tag,
    scope: 'achievements:read',
    reach: 'any',
    params: byName,
    answers: { 200: { says: 'A CSV file of one row', type: 'text/csv' } },
    problems: ['ACHIEVEMENT_UNKNOWN'],
    handle: async ({ params: { name } }, api) => ({
      status: 200,
      headers: { 'Content-Disposition': `attachment; filename="${name}.csv"` },
      type: 'text/csv; charset=utf-8',
      body: Template.header(await find(api, name)),
    }),
  }),
]

/** What the caller knows of the newest version (RFC 9110 §13.1). */
function expected(headers: Readonly<Record<string, string | string[] | undefined>>): Bytes.Hex | null | undefined {
  if (headers['if-none-match'] === '*') return null
  const tag = headers['if-match']
  if (tag === undefined || tag === '*') return undefined
  const [, digest] = /^"(0x[0-9a-f]{64})"$/.exec(String(tag)) ?? []
  // A tag that was never given out is that of no version.
  if (digest === undefined) throw new Catalogue.ChangedError()
  return digest as Bytes.Hex
}

function refuse({ code, places, message }: Achievement.InvalidAchievementError): Problem.RefusedError {
  return new Problem.RefusedError(code, message, {
    places: places.map(({ pointer, code, message }) => ({ pointer, code, detail: message })),
  })
}
