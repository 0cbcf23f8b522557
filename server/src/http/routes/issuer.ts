import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import type { z } from 'zod'
import { describe } from '../../issuer/describe.ts'
import { InvalidProfileError } from '../../issuer/Profile.ts'
import { ChangedError } from '../../ports/CatalogueStore.ts'
import type { Version } from '../../ports/IssuerStore.ts'
import * as Problem from '../Problem.ts'
import { type Api, type Asked, define, json, known, type Reply, type Route, tagged } from '../Route.ts'
import * as Speaking from '../Speaking.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Issuer'

export const issuer: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/issuer/profile',
    operation: 'getIssuerProfile',
    summary: 'Says what the issuer says of itself in what is accepted now',
    tag,
    scope: null,
    heeds: ['If-None-Match'],
    answers: {
      200: { says: 'Its newest version', schema: schemas.Profile, headers: ['ETag'] },
      304: { says: 'It is as you know it', headers: ['ETag'] },
    },
    handle: async (asked, api) => {
      const now = await current(api)
      return tagged(now.view, now.tag, asked)
    },
  }),
  define({
    method: 'put',
    path: '/v1/issuer/profile',
    operation: 'putIssuerProfile',
    summary:
      'Changes what the issuer says of itself; the same again changes nothing, and what was issued keeps its own',
    tag,
    scope: 'issuer:write',
    body: schemas.NewProfile,
    heeds: ['If-Match'],
    answers: {
      200: { says: 'Its newest version, which is this already', schema: schemas.Profile, headers: ['ETag'] },
      201: { says: 'Its new version', schema: schemas.Profile, headers: ['ETag'] },
    },
    problems: ['ISSUER_MISSING', 'ISSUER_PROFILE_INVALID', 'PRECONDITION_FAILED'],
    handle: async (asked, api) => change(asked, await own(asked, api)),
  }),
  define({
    method: 'get',
    path: '/v1/issuer/profile/versions',
    operation: 'listIssuerProfiles',
    summary: 'Lists all that the issuer has said of itself, the newest first',
    tag,
    scope: 'any',
    answers: { 200: { says: 'The versions; none while the environment says it', schema: schemas.Profiles } },
    problems: ['ISSUER_MISSING'],
    handle: async (asked, api) => {
      const { issuers, identity } = await own(asked, api)
      return json(200, { items: (await issuers.profiles(identity.id)).map(Views.profile) })
    },
  }),
]

/** What speaks for the first issuer of the organisation. */
function own({ principal }: Pick<Asked<unknown, unknown, unknown>, 'principal'>, api: Api): Promise<Api> {
  return Speaking.speakFor(known(principal).organisation, api)
}

/** Changes what the issuer says of itself that the interface was opened for. */
export async function change(
  { body, headers }: Pick<Asked<unknown, unknown, z.output<typeof schemas.NewProfile>>, 'body' | 'headers'>,
  api: Api,
): Promise<Reply> {
  const match = headers['if-match']
  const now = await current(api)
  const isAny = match === undefined || match === '*'
  if (!isAny && match !== `"${now.tag}"`) throw new ChangedError()
  const expected = isAny ? undefined : (now.view.version ?? 0)
  const { version, added } = await describe(toProfile(body), api, expected).catch(refuse)
  return json(added ? 201 : 200, Views.profile(version), { ETag: `"${tagOf(version.profile)}"` })
}

/** What it says of itself now. */
export async function current({ issuers, terms }: Pick<Api, 'issuers' | 'terms'>) {
  const { id, ...profile } = terms.issuer
  const version = await issuers.profile(id)
  const view = Views.profile(version ?? { profile, version: null, createdAt: null })
  return { view, tag: tagOf(version?.profile ?? profile) }
}

/** What is said, and not when: the same again is as it was. */
function tagOf(profile: Version['profile']): string {
  return Bytes.toHex(Jcs.digest(profile as unknown as Json.Object))
}

function toProfile({ name, url, description, email, image }: z.output<typeof schemas.NewProfile>): Version['profile'] {
  return {
    name,
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(email !== undefined && { email }),
    ...(image !== undefined && {
      image: { id: image.id, type: 'Image', ...(image.caption !== undefined && { caption: image.caption }) },
    }),
  }
}

/** Says what is wrong where it stands. */
function refuse(error: unknown): never {
  if (!(error instanceof InvalidProfileError)) throw error
  const places = error.places.map(({ pointer, code, message }) => ({ pointer, code, detail: message }))
  throw new Problem.RefusedError(error.code, error.message, { places })
}
