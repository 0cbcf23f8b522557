import * as Multikey from '@laurel/core/Multikey'
import { z } from 'zod'
import * as Principal from '../../access/Principal.ts'
import { createIssuer } from '../../issuer/create-issuer.ts'
import * as Issuer from '../../issuer/Issuer.ts'
import { type Api, type Asked, define, json, known, type Route } from '../Route.ts'
import * as Speaking from '../Speaking.ts'
import * as schemas from '../schemas/issuers.ts'
import * as common from '../schemas.ts'
import * as Views from '../Views.ts'
import { change, current } from './issuer.ts'

const tag = 'Issuers'
const byId = z.strictObject({ id: schemas.issuerId })
type View = z.output<typeof schemas.Issuer>

export const issuers: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/issuers',
    operation: 'listIssuers',
    summary: 'Lists the issuers of the organisation; the first of them issues what names none',
    tag,
    scope: 'any',
    answers: { 200: { says: 'All of them, the oldest first', schema: schemas.Issuers } },
    handle: async ({ principal }, api) => json(200, { items: await list(known(principal), api) }),
  }),
  define({
    method: 'post',
    path: '/v1/issuers',
    operation: 'createIssuer',
    summary: 'Makes an issuer with a key and a DID of its own; what it issues is anchored by the server’s account',
    tag,
    scope: 'issuer:write',
    recent: true,
    body: schemas.NewIssuer,
    answers: { 201: { says: 'The issuer', schema: schemas.Issuer, headers: ['Location'] } },
    problems: ['SIGN_IN_AGAIN'],
    handle: async ({ body: { name } }, api) => {
      const issuer = await createIssuer(name, api)
      return json(201, view(issuer), { Location: `/v1/issuers/${issuer.id}` })
    },
  }),
  define({
    method: 'get',
    path: '/v1/issuers/{id}',
    operation: 'getOrganisationIssuer',
    summary: 'Shows an issuer of the organisation',
    tag,
    scope: 'any',
    params: byId,
    answers: { 200: { says: 'The issuer', schema: schemas.Issuer } },
    problems: ['ISSUER_UNKNOWN'],
    handle: async ({ params: { id }, principal }, api) => {
      const found = (await list(known(principal), api)).find((each) => each.id === id)
      if (found === undefined) throw new Issuer.UnknownIssuerError(id)
      return json(200, found)
    },
  }),
  define({
    method: 'get',
    path: '/v1/issuers/{id}/profile',
    operation: 'getOrganisationIssuerProfile',
    summary: 'Says what an issuer of the organisation says of itself in what is accepted now',
    tag,
    scope: 'any',
    params: byId,
    answers: { 200: { says: 'Its newest version', schema: common.Profile, headers: ['ETag'] } },
    problems: ['ISSUER_UNKNOWN'],
    handle: async (asked, api) => {
      const { view, tag } = await current(await named(asked, api))
      return json(200, view, { ETag: `"${tag}"` })
    },
  }),
  define({
    method: 'put',
    path: '/v1/issuers/{id}/profile',
    operation: 'putOrganisationIssuerProfile',
    summary: 'Changes what an issuer of the organisation says of itself; what was issued keeps its own',
    tag,
    scope: 'issuer:write',
    params: byId,
    body: common.NewProfile,
    heeds: ['If-Match'],
    answers: {
      200: { says: 'Its newest version, which is this already', schema: common.Profile, headers: ['ETag'] },
      201: { says: 'Its new version', schema: common.Profile, headers: ['ETag'] },
    },
    problems: ['ISSUER_PROFILE_INVALID', 'ISSUER_UNKNOWN', 'PRECONDITION_FAILED'],
    handle: async (asked, api) => change(asked, await named(asked, api)),
  }),
]

/** @throws {Issuer.UnknownIssuerError} ISSUER_UNKNOWN */
function named(
  { params, principal }: Pick<Asked<{ readonly id: string }, unknown, unknown>, 'params' | 'principal'>,
  api: Api,
): Promise<Api> {
  return Speaking.speakFor(known(principal).organisation, api, params.id)
}

async function list(
  { organisation }: Principal.Principal,
  { issuers, issuing, credentialSigner }: Api,
): Promise<readonly View[]> {
  const made = (await issuers.issuers()).map(view)
  const own = organisation === Principal.home ? await issuing.of(Principal.home) : undefined
  if (own === undefined) return made
  const key = Multikey.fromEd25519(credentialSigner.publicKey)
  const { name, identity } = own
  return [{ id: Principal.home, name, did: identity.id, keys: [{ key, createdAt: null }], createdAt: null }, ...made]
}

function view({ id, name, did, keys, createdAt }: Issuer.Issuer): View {
  return {
    ...{ id, name, did, createdAt: Views.time(createdAt) },
    keys: keys.map(({ publicKey, createdAt }) => ({
      key: Multikey.fromEd25519(publicKey),
      createdAt: Views.time(createdAt),
    })),
  }
}
