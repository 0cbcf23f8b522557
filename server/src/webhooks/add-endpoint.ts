import type { Context } from '../Context.ts'
import type { NewEndpoint } from '../ports/OutboxStore.ts'
import * as Uuid from '../Uuid.ts'
import type * as Endpoint from './Endpoint.ts'
import * as Signature from './Signature.ts'

/** An endpoint with its secret, which is told once. */
export type Made = { readonly endpoint: Endpoint.Endpoint; readonly secret: string }

/**
 * Adds an address to which events are told.
 *
 * If we die before its secret has been told: nobody has it, and it is rotated.
 *
 * @throws {Outbound.OutboundError} URL_BLOCKED
 * @throws {OutboxStore.TooManyError} WEBHOOKS_TOO_MANY
 */
export async function addEndpoint(
  wanted: Omit<NewEndpoint, 'id' | 'key'>,
  context: Pick<Context, 'outbox' | 'web' | 'webhookSecrets' | 'randomness'>,
): Promise<Made> {
  const { outbox, web, webhookSecrets, randomness } = context
  await web.check(wanted.url)
  const id = Uuid.name(Uuid.urn(randomness.bytes(16)))
  return withSecret(await outbox.addEndpoint({ ...wanted, id, key: await webhookSecrets.key() }), context)
}

/** The newest secret beside an endpoint. */
export async function withSecret(
  endpoint: Endpoint.Endpoint,
  { webhookSecrets }: Pick<Context, 'webhookSecrets'>,
): Promise<Made> {
  const secret = await webhookSecrets.secret(endpoint.id, endpoint.secret.generation)
  return { endpoint, secret: Signature.toText(secret) }
}
