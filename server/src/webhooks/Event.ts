import type * as Batch from '../Batch.ts'
import type * as Status from '../Status.ts'

/** What is told to endpoints, each with a sentence for whoever listens. */
export const types = {
  'batch.accepted': 'a batch is stored for good, and will be issued',
  'batch.anchored': 'its root is anchored, and that is final',
  'batch.delivered': 'its credentials can be had',
  'batch.reorged': 'the chain has lost its anchor, which is being sent again',
  'batch.held-up': 'it waits for something; the reason is the code of what',
  'batch.cancelled': 'it was cancelled before its root was fixed',
  'credential.revoked': 'a credential was revoked for good',
  'credential.suspended': 'a credential was suspended',
  'credential.reinstated': 'the suspension of a credential has ended',
  'credential.accepted': 'whoever it was sent to has taken it',
  'credential.declined': 'whoever it was sent to does not want it',
  'credential.moved': 'it is with another address of its learner',
  'credential.move-objected': 'whoever reads the old address has objected to a move',
  'mail.sent': 'a mail was taken by the mail server',
  'mail.bounced': 'a mail came back, or its address was refused; the reason is the code of why',
  'mail.failed': 'a mail was given up; the reason is the code of why',
  'credential.erased': 'what was kept of its recipient is erased; whoever has copies may have to do so too',
  'issuer.changed': 'what the issuer says of itself has changed, for what is accepted from now on',
  'webhook.disabled': 'an endpoint was given up; the reason is the code of why',
  'webhook.test': 'somebody wanted to see whether an endpoint hears anything',
} as const

export type Type = keyof typeof types

/** Every type there is. */
export const allTypes = Object.keys(types) as readonly Type[]

/** Something that has happened, as it is told: ids and codes, and nothing about a person. */
export type Event = {
  /** A UUID: the same for every endpoint and every try. */
  readonly id: string
  readonly type: Type
  /** The id of what it is about. */
  readonly subject: string
  /** Rises, with gaps, with every event about the same thing: by it a receiver knows which is the later one. */
  readonly sequence: number
  /** By the clock of the database, in milliseconds since 1970. */
  readonly at: number
  readonly data: Data
}

/** What is told beside the subject, and the name that the subject has there. */
export type Data = Readonly<Record<string, string | null>>

/** What is told of a batch that has come into a state; `undefined` where nothing is. */
export function ofState(state: Batch.State): Type | undefined {
  return told[state]
}

const told: Partial<Record<Batch.State, Type>> = {
  accepted: 'batch.accepted',
  final: 'batch.anchored',
  delivered: 'batch.delivered',
  reorged: 'batch.reorged',
  'waiting-fee': 'batch.held-up',
  'waiting-funds': 'batch.held-up',
  blocked: 'batch.held-up',
  cancelled: 'batch.cancelled',
}

/** What is told of a decision. */
export const ofAct: Readonly<Record<Status.Act, Type>> = {
  revoke: 'credential.revoked',
  suspend: 'credential.suspended',
  reinstate: 'credential.reinstated',
}

/** The body that is sent (Standard Webhooks, "Payload structure"): always the same for one event. */
export function text({ type, at, sequence, data }: Event): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data: { ...data, sequence } })
}
