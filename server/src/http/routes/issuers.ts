import * as Multikey from '@laurel/core/Multikey'
import { z } from 'zod'
import * as Principal from '../../access/Principal.ts'
import { demandReplaceable, reportKey, rotateKey } from '../../issuer/change-keys.ts'
import { createIssuer, drawId } from '../../issuer/create-issuer.ts'
import * as Issuer from '../../issuer/Issuer.ts'
import { type Api, type Asked, define, json, known, type Route } from '../Route.ts'
import * as Speaking from '../Speaking.ts'
import * as schemas from '../schemas/issuers.ts'
import * as common from '../schemas.ts'
import * as Views from '../Views.ts'
import { change, current } from './issuer.ts'

const tag = 'Issuers'
const byId = z.strictObject({ id: schemas.issuerId })
const byMadeId = z.strictObject({ id: schemas.madeId })
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
    problems: ['ISSUERS_TOO_MANY', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'keys',
      prepare: async ({ body: { name } }, { randomness }) => ({
        subject: drawId(randomness),
        asked: { shown: { name }, kept: {} },
      }),
      carryOut: async ({ subject, asked }, _, api) => {
        const id = subject as string
        const { name } = asked.shown as { readonly name: string }
        if ((await made(id, api)) === undefined) await createIssuer({ name, id }, api)
      },
    },
    handle: async ({ body: { name } }, api) => {
      const issuer = await createIssuer({ name }, api)
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
    method: 'post',
    path: '/v1/issuers/{id}/rotate',
    operation: 'rotateIssuerKey',
    summary: 'Replaces the key of an issuer; what was accepted before keeps the old one, and stays valid',
    tag,
    scope: 'issuer:write',
    recent: true,
    params: byMadeId,
    body: schemas.Rotation,
    answers: { 200: { says: 'The issuer', schema: schemas.Issuer } },
    problems: ['ISSUER_UNKNOWN', 'KEY_NOT_LISTED', 'ROTATION_IMPOSSIBLE', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'keys',
      prepare: async ({ params: { id }, body: { key } }, api) => {
        const issuer = await find(id, api)
        demandReplaceable(issuer, Multikey.toEd25519(key))
        return { subject: id, asked: { shown: { issuer: issuer.did, key }, kept: {} } }
      },
      carryOut: async ({ subject, asked }, _, api) => {
        const { key } = asked.shown as { readonly key: string }
        await rotateKey(await find(subject as string, api), Multikey.toEd25519(key), api)
      },
    },
    handle: async ({ params: { id }, body: { key } }, api) =>
      json(200, view(await rotateKey(await find(id, api), Multikey.toEd25519(key), api))),
  }),
  define({
    method: 'post',
    path: '/v1/issuers/{id}/report',
    operation: 'reportIssuerKey',
    summary: 'Reports a key of an issuer as stolen, for good: nothing counts that it has signed since',
    tag,
    scope: 'issuer:write',
    recent: true,
    params: byMadeId,
    body: schemas.Compromise,
    answers: { 200: { says: 'The issuer', schema: schemas.Issuer } },
    problems: ['ISSUER_UNKNOWN', 'KEY_NOT_LISTED', 'REPORT_TIME', 'SIGN_IN_AGAIN'],
    handle: async ({ params: { id }, body: { key, from } }, api) => {
      const second = Math.floor(Date.parse(from) / 1_000)
      return json(200, view(await reportKey(await find(id, api), Multikey.toEd25519(key), second, api)))
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
async function find(id: string, api: Pick<Api, 'issuers'>): Promise<Issuer.Issuer> {
  const issuer = await made(id, api)
  if (issuer === undefined) throw new Issuer.UnknownIssuerError(id)
  return issuer
}

async function made(id: string, { issuers }: Pick<Api, 'issuers'>): Promise<Issuer.Issuer | undefined> {
  return (await issuers.issuers()).find((each) => each.id === id)
}

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
  const all = (await issuers.issuers()).map(view)
  const own = organisation === Principal.home ? await issuing.of(Principal.home) : undefined
  if (own === undefined) return all
  const key = Multikey.fromEd25519(credentialSigner.publicKey)
  const { name, identity } = own
  return [
    { id: Principal.home, name, did: identity.id, keys: [{ key, createdAt: null, reported: null }], createdAt: null },
    ...all,
  ]
}

function view({ id, name, did, keys, createdAt }: Issuer.Issuer): View {
  return {
    ...{ id, name, did, createdAt: Views.time(createdAt) },
    keys: keys.map(({ publicKey, createdAt, reported }) => ({
      key: Multikey.fromEd25519(publicKey),
      createdAt: Views.time(createdAt),
      reported: reported && { from: Views.time(reported.from * 1_000), on: Views.time(reported.on) },
    })),
  }
}
