import * as Bytes from '@laurel/core/Bytes'
import * as Sha256 from '@laurel/core/Sha256'
import type { z } from 'zod'
import type * as ApiKey from '../access/ApiKey.ts'
import * as Batch from '../Batch.ts'
import type { Profile } from '../issuer/Profile.ts'
import type { Looked } from '../pipeline/1-intake.ts'
import type * as CatalogueStore from '../ports/CatalogueStore.ts'
import type * as IssuerStore from '../ports/IssuerStore.ts'
import type * as MailStore from '../ports/MailStore.ts'
import type * as OutboxStore from '../ports/OutboxStore.ts'
import type * as Endpoint from '../webhooks/Endpoint.ts'
import type * as Event from '../webhooks/Event.ts'
import type * as mailSchemas from './schemas/mail.ts'
import type * as schemas from './schemas.ts'

/** What goes out is built member by member: nothing that is kept slips out because somebody has added it. */
type View<schema extends z.ZodType> = z.output<schema>

export function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function key(key: ApiKey.Stored): View<typeof schemas.Key> {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    createdAt: time(key.createdAt),
    expiresAt: key.expiresAt === null ? null : time(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : time(key.revokedAt),
  }
}

/** What an issuer says of itself. */
export function said({ name, url, description, email, image }: Profile) {
  return {
    name,
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(email !== undefined && { email }),
    ...(image !== undefined && { image: { ...image } }),
  }
}

export function profile({
  profile,
  version,
  createdAt,
}: Pick<IssuerStore.Version, 'profile'> & {
  readonly version: number | null
  readonly createdAt: number | null
}): View<typeof schemas.Profile> {
  return { version, createdAt: createdAt === null ? null : time(createdAt), ...said(profile) }
}

export function achievement(version: CatalogueStore.Version): View<typeof schemas.Achievement> {
  return {
    name: version.name,
    version: version.version,
    digest: version.digest,
    metadataDigest: Bytes.toHex(Sha256.digest(Bytes.fromUtf8(version.metadata))),
    createdAt: time(version.createdAt),
    definition: version.definition,
  }
}

/** Whether the chain has the root for good. While a reorganisation is mended, it has not. */
function isAnchored(batch: Batch.Batch): boolean {
  return ['final', 'assembled', 'delivered'].includes(Batch.stage(batch))
}

export function batch(batch: Batch.Batch, looked?: Pick<Looked, 'formulas'>): View<typeof schemas.BatchView> {
  const { terms, anchoring, anchor } = batch
  return {
    id: batch.id,
    title: batch.title,
    department: batch.department,
    state: Batch.told(batch),
    reason: batch.reason,
    size: batch.size,
    createdAt: time(batch.createdAt),
    achievement: named(batch.achievement),
    collection: terms.collection?.address ?? null,
    ...(looked === undefined ? {} : { warnings: warnings(looked) }),
    anchor:
      anchoring === null || anchor === null || !isAnchored(batch)
        ? null
        : {
            chainId: terms.chainId,
            registry: terms.registry,
            account: terms.account,
            root: anchoring.root,
            transactionHash: anchor.transactionHash,
            block: anchor.block,
            time: time(anchor.time * 1_000),
          },
  }
}

export function named({ definition }: Batch.Achievement): { readonly id: string; readonly name: string } {
  return { id: definition.id as string, name: definition.name as string }
}

export function warnings({ formulas }: Pick<Looked, 'formulas'>): { code: string; row: number; column: string }[] {
  return formulas.map(({ row, column }) => ({ code: 'CSV_FORMULA_LIKE', row, column }))
}

export function webhook(endpoint: Endpoint.Endpoint): View<typeof schemas.Webhook> {
  const { ended, failingSince, secret } = endpoint
  if (ended?.reason === 'ENDPOINT_DELETED') throw new TypeError('What was removed is shown to nobody')
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    types: endpoint.types === null ? null : [...endpoint.types],
    createdAt: time(endpoint.createdAt),
    disabled: ended === null ? null : { reason: ended.reason, at: time(ended.at) },
    failingSince: failingSince === null ? null : time(failingSince),
    previousSecretUntil: secret.previousUntil === null ? null : time(secret.previousUntil),
  }
}

export function event({ id, type, at, subject, sequence, data }: Event.Event): View<typeof schemas.EventView> {
  return { id, type, at: time(at), subject, sequence, data: { ...data } }
}

export function delivery(delivery: OutboxStore.Delivery): View<typeof schemas.Delivery> {
  const { id, type, at, subject } = delivery.event
  return {
    event: { id, type, at: time(at), subject },
    state: delivery.state,
    reason: delivery.reason,
    dueAt: delivery.dueAt === null ? null : time(delivery.dueAt),
    tries: delivery.tries.map(({ at, status, duration, code, excerpt }) => ({
      at: time(at),
      status,
      milliseconds: duration,
      code,
      excerpt,
    })),
  }
}

export function mail(mail: MailStore.Stored): View<typeof mailSchemas.MailView> {
  return {
    id: mail.id,
    template: mail.template,
    credential: mail.about,
    state: mail.state,
    reason: mail.reason,
    failures: mail.failures,
    createdAt: time(mail.createdAt),
    sentAt: mail.sentAt === null ? null : time(mail.sentAt),
  }
}

export function mailing(mailing: MailStore.Mailing & { readonly repeated: boolean }): View<typeof mailSchemas.Mailing> {
  return {
    batch: mailing.batch,
    whom: mailing.whom,
    learners: mailing.size,
    reached: mailing.reached,
    written: mailing.written,
    ended: mailing.ended,
    repeated: mailing.repeated,
  }
}
