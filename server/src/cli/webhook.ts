import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as Uuid from '../Uuid.ts'
import { addEndpoint } from '../webhooks/add-endpoint.ts'
import type * as Endpoint from '../webhooks/Endpoint.ts'
import type * as Event from '../webhooks/Event.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { moment } from './moment.ts'
import { say } from './say.ts'
import { withOrganisation } from './with-organisation.ts'

type Organised = Answering & { readonly organisation?: string }

/** Adds a webhook and shows its secret, this once. */
export function add(
  url: string,
  options: Organised & { readonly description?: string; readonly types?: readonly Event.Type[] },
  config: Config,
): Promise<void> {
  return withOrganisation(options, config, async (home) => {
    const { description = null, types = null } = options
    const { endpoint, secret } = await addEndpoint({ url, description, types }, home)
    say(options, { ...view(endpoint), secret }, [
      `${pc.green('✔')} ${endpoint.id}`,
      `  secret  ${secret}`,
      '          By it the receiver knows who sends. It is shown this once.',
    ])
  })
}

/** Lists the webhooks, without their secrets. */
export function list(options: Organised, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ outbox }) => {
    const all = await outbox.endpoints()
    const lines = all.map((endpoint) => `${endpoint.id}  ${standing(endpoint)}  ${endpoint.url}`)
    say(options, { webhooks: all.map(view) }, lines.length === 0 ? ['There is no webhook yet.'] : lines)
  })
}

/** Shows a webhook and what it was told last. */
export function show(id: string, options: Organised, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ outbox }) => {
    const endpoint = known(id, await outbox.endpoint(id))
    const deliveries = (await outbox.deliveries(id, { limit: 20 })).map(({ event, state, reason, tries }) => ({
      ...{ event: event.id, type: event.type, at: time(event.at), state, reason },
      tries: tries.length,
    }))
    const lines = deliveries.map(
      ({ at, state, type, event, reason }) =>
        `  ${at}  ${state.padEnd(9)}  ${type.padEnd(21)}  ${event}  ${pc.dim(reason ?? '')}`,
    )
    say(options, { ...view(endpoint), deliveries }, [`${id}  ${standing(endpoint)}  ${endpoint.url}`, ...lines])
  })
}

/** Sends events to a webhook again, one or all since a moment: whoever serves does so. */
export function replay(
  id: string,
  what: string,
  options: Organised & { readonly missing?: boolean },
  config: Config,
): Promise<void> {
  return withOrganisation(options, config, async ({ outbox }) => {
    known(id, await outbox.endpoint(id))
    const { missing = false } = options
    const isEvent = Uuid.toBytes(Uuid.toUrn(what)) !== undefined
    const events = await outbox.replay(id, isEvent ? { event: what } : { since: moment(what), missing })
    if (events === undefined) throw new Failure.DisabledWebhookError(id)
    say(options, { events }, [`${pc.green('✔')} ${events} in its queue again`])
  })
}

/** Removes a webhook with all that waits for it. */
export function remove(id: string, options: Organised, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ outbox }) => {
    if (!(await outbox.removeEndpoint(id))) throw new Failure.UnknownWebhookError(id)
    say(options, { id }, [`${pc.green('✔')} ${id} is sent nothing any more`])
  })
}

function known(id: string, endpoint: Endpoint.Endpoint | undefined): Endpoint.Endpoint {
  if (endpoint === undefined) throw new Failure.UnknownWebhookError(id)
  return endpoint
}

function standing({ ended, failingSince }: Endpoint.Endpoint): string {
  if (ended !== null) return ended.reason
  return failingSince === null ? 'well' : `failing since ${time(failingSince)}`
}

function view({ id, url, description, types, createdAt, ended, failingSince }: Endpoint.Endpoint): object {
  return {
    ...{ id, url, description, types, createdAt: time(createdAt) },
    disabled: ended && { reason: ended.reason, at: time(ended.at) },
    failingSince: failingSince === null ? null : time(failingSince),
  }
}

function time(at: number): string {
  return new Date(at).toISOString()
}
