import * as Errors from '@laurel/core/Errors'
import { z } from 'zod'
import { addEndpoint, type Made, withSecret } from '../../webhooks/add-endpoint.ts'
import type * as Endpoint from '../../webhooks/Endpoint.ts'
import * as Cursor from '../Cursor.ts'
import * as Problem from '../Problem.ts'
import { define, json, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Webhooks'
const byId = z.strictObject({ id: schemas.uuid })

/** For how long the secret before signs as well unless told otherwise, in seconds. */
const usualOverlap = 24 * 60 * 60

export const webhooks: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/events',
    operation: 'listEvents',
    summary: 'Lists what has happened, the newest first',
    tag,
    scope: 'webhooks:read',
    query: z.strictObject(schemas.paging),
    answers: { 200: { says: 'A page of them', schema: schemas.Events } },
    problems: ['PAGINATION_INVALID'],
    handle: async ({ query: { limit, cursor } }, { outbox }) => {
      const found = await outbox.events({ before: Cursor.readNumber('events', cursor), limit: Cursor.reach(limit) })
      const page = Cursor.cut(found, limit, ({ seq }) => Cursor.write('events', seq))
      return json(200, { ...page, items: page.items.map(Views.event) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/webhooks',
    operation: 'listWebhooks',
    summary: 'Lists the webhooks, without their secrets',
    tag,
    scope: 'webhooks:read',
    answers: { 200: { says: 'All of them, the oldest first', schema: schemas.Webhooks } },
    handle: async (_, { outbox }) => json(200, { items: (await outbox.endpoints()).map(Views.webhook) }),
  }),
  define({
    method: 'post',
    path: '/v1/webhooks',
    operation: 'createWebhook',
    summary: 'Adds a webhook. Its secret is told this once; when the answer is lost, rotate it',
    tag,
    scope: 'webhooks:write',
    recent: true,
    body: schemas.NewWebhook,
    answers: { 201: { says: 'The webhook with its secret', schema: schemas.MadeWebhook, headers: ['Location'] } },
    problems: ['URL_BLOCKED', 'WEBHOOKS_TOO_MANY', 'SIGN_IN_AGAIN'],
    handle: async ({ body }, api) => {
      const { url, description = null, types = null } = body
      const made = await addEndpoint({ url, description, types }, api).catch(atUrl)
      return json(201, tell(made), { Location: `/v1/webhooks/${made.endpoint.id}` })
    },
  }),
  define({
    method: 'get',
    path: '/v1/webhooks/{id}',
    operation: 'getWebhook',
    summary: 'Shows a webhook',
    tag,
    scope: 'webhooks:read',
    params: byId,
    answers: { 200: { says: 'The webhook', schema: schemas.Webhook } },
    problems: ['WEBHOOK_UNKNOWN'],
    handle: async ({ params }, { outbox }) => json(200, Views.webhook(known(await outbox.endpoint(params.id)))),
  }),
  define({
    method: 'patch',
    path: '/v1/webhooks/{id}',
    operation: 'changeWebhook',
    summary: 'Changes a webhook, disables it, or enables it again',
    tag,
    scope: 'webhooks:write',
    params: byId,
    body: schemas.WebhookChanges,
    answers: { 200: { says: 'The webhook', schema: schemas.Webhook } },
    problems: ['URL_BLOCKED', 'WEBHOOK_UNKNOWN'],
    handle: async ({ params, body }, api) => {
      if (body.url !== undefined) await api.web.check(body.url).catch(atUrl)
      return json(200, Views.webhook(known(await api.outbox.changeEndpoint(params.id, body))))
    },
  }),
  define({
    method: 'delete',
    path: '/v1/webhooks/{id}',
    operation: 'deleteWebhook',
    summary: 'Removes a webhook with all that waits for it; repeating it changes nothing',
    tag,
    scope: 'webhooks:write',
    params: byId,
    answers: { 204: { says: 'Nothing is sent to it any more' } },
    handle: async ({ params }, { outbox }) => {
      await outbox.removeEndpoint(params.id)
      return { status: 204 }
    },
  }),
  define({
    method: 'post',
    path: '/v1/webhooks/{id}/rotate-secret',
    operation: 'rotateWebhookSecret',
    summary: 'Begins another secret, beside which the one before signs for a while',
    tag,
    scope: 'webhooks:write',
    recent: true,
    params: byId,
    body: schemas.Rotation,
    answers: { 200: { says: 'The webhook with its new secret, which is told this once', schema: schemas.MadeWebhook } },
    problems: ['WEBHOOK_UNKNOWN', 'SIGN_IN_AGAIN'],
    handle: async ({ params, body }, api) => {
      const overlap = (body.overlapSeconds ?? usualOverlap) * 1_000
      const rotated = await api.outbox.rotateSecret(params.id, await api.webhookSecrets.key(), overlap)
      return json(200, tell(await withSecret(known(rotated), api)))
    },
  }),
  define({
    method: 'post',
    path: '/v1/webhooks/{id}/test',
    operation: 'testWebhook',
    summary: 'Sends an event to a webhook that nobody else hears of',
    tag,
    scope: 'webhooks:write',
    params: byId,
    answers: { 202: { says: 'The event, which is in its queue', schema: schemas.EventView } },
    problems: ['WEBHOOK_DISABLED', 'WEBHOOK_UNKNOWN'],
    handle: async ({ params }, { outbox }) => {
      known(await outbox.endpoint(params.id))
      return json(202, Views.event(enabled(await outbox.test(params.id))))
    },
  }),
  define({
    method: 'post',
    path: '/v1/webhooks/{id}/replay',
    operation: 'replayWebhook',
    summary: 'Sends events to a webhook again, under the ids that they have',
    tag,
    scope: 'webhooks:write',
    params: byId,
    body: schemas.Replay,
    answers: { 202: { says: 'How many', schema: schemas.Replayed } },
    problems: ['EVENT_UNKNOWN', 'WEBHOOK_DISABLED', 'WEBHOOK_UNKNOWN'],
    handle: async ({ params, body }, { outbox }) => {
      known(await outbox.endpoint(params.id))
      const which = 'event' in body ? body : { since: Date.parse(body.since), missing: body.missing ?? false }
      const events = enabled(await outbox.replay(params.id, which))
      if ('event' in which && events === 0)
        throw new Problem.RefusedError('EVENT_UNKNOWN', 'There is no event with this id for this webhook.')
      return json(202, { events })
    },
  }),
  define({
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    operation: 'listWebhookDeliveries',
    summary: 'Lists what a webhook was or is to be told, with what it has answered',
    tag,
    scope: 'webhooks:read',
    params: byId,
    query: schemas.DeliveryQuery,
    answers: { 200: { says: 'A page of them, the newest event first', schema: schemas.Deliveries } },
    problems: ['PAGINATION_INVALID', 'WEBHOOK_UNKNOWN'],
    handle: async ({ params: { id }, query: { limit, cursor, state } }, { outbox }) => {
      known(await outbox.endpoint(id))
      const range = { before: Cursor.readNumber(id, cursor), limit: Cursor.reach(limit), state }
      const page = Cursor.cut(await outbox.deliveries(id, range), limit, ({ seq }) => Cursor.write(id, seq))
      return json(200, { ...page, items: page.items.map(Views.delivery) })
    },
  }),
]

/** @throws {Problem.RefusedError} WEBHOOK_UNKNOWN */
function known(endpoint: Endpoint.Endpoint | undefined): Endpoint.Endpoint {
  if (endpoint === undefined) throw new Problem.RefusedError('WEBHOOK_UNKNOWN', 'There is no webhook with this id.')
  return endpoint
}

/** @throws {Problem.RefusedError} WEBHOOK_DISABLED */
function enabled<value>(value: value | undefined): value {
  if (value === undefined) throw new Problem.RefusedError('WEBHOOK_DISABLED', 'This webhook is sent nothing now.')
  return value
}

/** Says of an address that is refused where it stood. */
function atUrl(error: unknown): never {
  if (!(error instanceof Errors.BaseError) || error.code !== 'URL_BLOCKED') throw error
  const { code, message } = error
  throw new Problem.RefusedError(code, message, { places: [{ pointer: '/url', code, detail: message }] })
}

function tell({ endpoint, secret }: Made): z.output<typeof schemas.MadeWebhook> {
  return { ...Views.webhook(endpoint), secret }
}
