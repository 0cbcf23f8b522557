import { z } from 'zod'
import * as Passkey from '../../access/Passkey.ts'
import type { Principal } from '../../access/Principal.ts'
import * as Session from '../../access/Session.ts'
import * as UsePasskey from '../../access/use-passkey.ts'
import * as Origin from '../Origin.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Route } from '../Route.ts'
import * as schemas from '../schemas/passkeys.ts'
import * as Views from '../Views.ts'

const tag = 'Passkeys'
const own = { tag, scope: 'member', reach: 'any' } as const
const byId = z.strictObject({ id: schemas.passkeyId })

export const passkeys: readonly Route[] = [
  define({
    ...own,
    method: 'get',
    path: '/v1/passkeys',
    operation: 'listPasskeys',
    summary: 'Lists the own passkeys, the oldest first',
    answers: { 200: { says: 'All of them', schema: schemas.Passkeys } },
    handle: async ({ principal }, { passkeys }) => {
      const { organisation, id } = known(principal)
      return json(200, { items: (await passkeys.passkeys(organisation, id)).map(view) })
    },
  }),
  define({
    ...own,
    method: 'post',
    path: '/v1/passkeys/options',
    operation: 'beginPasskey',
    summary: 'Says what a device is asked that is to make a passkey; for five minutes, and for this session',
    recent: true,
    answers: { 200: { says: 'What navigator.credentials.create takes', schema: schemas.CreationOptions } },
    problems: ['SIGN_IN_AGAIN'],
    handle: async ({ principal, headers }, api) => {
      const asking = known(principal)
      const member = await api.members.member(asking.organisation, asking.id)
      if (member === undefined) throw new Passkey.RefusedError()
      return json(200, await UsePasskey.askToAdd(member, place(asking, headers, api), api))
    },
  }),
  define({
    ...own,
    method: 'post',
    path: '/v1/passkeys',
    operation: 'addPasskey',
    summary: 'Adds the passkey that a device has made. What it was asked is used up, whatever comes of it',
    recent: true,
    body: schemas.NewPasskey,
    answers: { 201: { says: 'The passkey', schema: schemas.Passkey } },
    problems: ['PASSKEY_REFUSED', 'PASSKEY_EXISTS', 'PASSKEYS_TOO_MANY', 'SIGN_IN_AGAIN'],
    handle: async ({ principal, body, headers }, api) => {
      const asking = known(principal)
      const made = { name: body.name, answer: body.credential }
      return json(201, view(await UsePasskey.add(asking, made, place(asking, headers, api), api)))
    },
  }),
  define({
    ...own,
    method: 'patch',
    path: '/v1/passkeys/{id}',
    operation: 'renamePasskey',
    summary: 'Gives a passkey another name',
    params: byId,
    body: schemas.NewName,
    answers: { 200: { says: 'The passkey', schema: schemas.Passkey } },
    problems: ['PASSKEY_UNKNOWN'],
    handle: async ({ principal, params, body }, { passkeys }) => {
      const { organisation, id } = known(principal)
      const renamed = await passkeys.renamePasskey(organisation, id, params.id, body.name)
      if (renamed === undefined) throw new Passkey.UnknownError()
      return json(200, view(renamed))
    },
  }),
  define({
    ...own,
    method: 'delete',
    path: '/v1/passkeys/{id}',
    operation: 'deletePasskey',
    summary: 'Removes a passkey: it signs nobody in any more',
    recent: true,
    params: byId,
    answers: { 204: { says: 'It is gone' } },
    problems: ['PASSKEY_UNKNOWN', 'SIGN_IN_AGAIN'],
    handle: async ({ principal, params }, { passkeys }) => {
      const { organisation, id } = known(principal)
      if (!(await passkeys.removePasskey(organisation, id, params.id))) throw new Passkey.UnknownError()
      return { status: 204 }
    },
  }),
]

/** The session stands for the browser: nobody else has it. */
function place({ session }: Principal, headers: Parameters<typeof Origin.of>[0], { terms }: Api): UsePasskey.Place {
  const origin = Origin.of(headers, terms.publicUrl)
  if (session === undefined || origin === undefined)
    throw new Problem.RefusedError('ORIGIN_REFUSED', `Passkeys are made at ${terms.publicUrl} only.`)
  return { browser: Session.digestOf(`session ${session.id}`), origin }
}

function view({ id, name, createdAt, usedAt }: Passkey.Passkey): z.output<typeof schemas.Passkey> {
  return { id, name, createdAt: Views.time(createdAt), usedAt: usedAt === null ? null : Views.time(usedAt) }
}
