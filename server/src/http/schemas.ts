import { z } from 'zod'
import * as ApiKey from '../access/ApiKey.ts'
import * as Batch from '../Batch.ts'
import * as Columns from '../roster/Columns.ts'
import * as Text from '../roster/Text.ts'
import * as Event from '../webhooks/Event.ts'
import { issuerId } from './schemas/issuers.ts'

/** How many recipients a body of JSON may name; more come as text/csv. */
export const mostRecipients = 10_000

/** A custom code for what a check finds wrong. */
const say = (code: string, message: string) => ({ error: message, params: { code } })

export const time = z.iso.datetime().meta({ description: 'RFC 3339, in UTC' })
const hex = z.string().regex(/^0x[0-9a-f]{64}$/)
const address = z.string().regex(/^0x[0-9a-f]{40}$/)
const amount = z
  .string()
  .regex(/^[0-9]+$/)
  .meta({ description: 'A whole number in decimal: a double would round it' })
/** A UUID, as all but batches, keys, sessions and achievements have for an id. */
export const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .meta({ description: 'The name by which its issuer calls an achievement', examples: ['intro-to-ai'] })

export const batchId = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}$/)
export const keyId = z.string().regex(/^[0-9a-f]{8}$/)
export const credentialId = uuid.meta({ description: 'The credential’s id without urn:uuid:' })
export const versionNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/)
  .transform(Number)

export const paging = {
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, 'A limit is a whole number from 1 to 200')
    .refine((text) => Number(text) <= 200, 'A limit is a whole number from 1 to 200')
    .transform(Number)
    .optional()
    .meta({ description: 'How many are named at most; 50 unless told otherwise', examples: ['50'] }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,200}$/, 'This is no cursor from here')
    .optional()
    .meta({ description: 'Where to go on: next of the page before' }),
}

const next = z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' })

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable for ever; see docs/errors.md' }),
    detail: z.string(),
    instance: z.string().optional().meta({ description: 'The id of the request, as X-Request-Id and the log have it' }),
    facts: z.record(z.string(), z.unknown()).optional(),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().meta({
            description: 'A JSON Pointer into the body; into a roster /rows/N/COLUMN, where the first person is 1',
          }),
          code: z.string(),
          detail: z.string(),
          row: z.int().optional().meta({ description: 'As a spreadsheet numbers it: the header is 1' }),
          column: z.string().optional(),
        }),
      )
      .optional()
      .meta({ description: 'Every wrong place, the first thousand of them' }),
    total: z.int().optional().meta({ description: 'How many places are wrong' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' })

export const scope = z.enum(ApiKey.allScopes as readonly [ApiKey.Scope, ...ApiKey.Scope[]]).meta({ id: 'Scope' })

export const Key = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scopes: z.array(scope),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' })

export const Keys = z.strictObject({ items: z.array(Key) }).meta({ id: 'ApiKeys' })

export const NewKey = z
  .strictObject({
    name: z.string().min(1, 'A key has a name').max(100, 'A name has at most 100 characters'),
    scopes: z.array(scope).min(1, 'A key without scopes opens nothing'),
    expiresAt: time.optional(),
  })
  .meta({ id: 'NewApiKey' })

export const MadeKey = Key.extend({
  secret: z.string().meta({ description: 'What goes behind Bearer. It is told this once and kept nowhere.' }),
}).meta({ id: 'MadeApiKey' })

const check = z
  .strictObject({
    check: z.string(),
    outcome: z.enum(['passed', 'failed', 'unknown', 'skipped']),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'Check', description: 'One check, what came of it, and why in a sentence' })

const verdict = z.enum(['accepted', 'rejected', 'unknown']).meta({
  description: 'accepted: every check that counts was made and passed; unknown: some could not be made',
})

const judged = {
  verdict,
  code: z.string().meta({ description: 'Of the check that decided; see docs/errors.md' }),
  message: z.string(),
  credentialId: z.string().nullable(),
  issuer: z.string().nullable(),
  achievement: z.string().nullable(),
  checks: z.array(check),
}

const Endorsement = z
  .strictObject(judged)
  .meta({ id: 'EndorsementVerification', description: 'What an endorsement in it is worth; it decides nothing' })

const alone = { ...judged, endorsements: z.array(Endorsement) }

const PartVerification = z
  .strictObject({ place: z.string().meta({ description: 'JSON Pointer' }), ...alone })
  .meta({ id: 'PartVerification', description: 'One of the credentials in a presentation or in a record' })

const holder = z.string().nullable().meta({ description: 'Who has signed a presentation, once that has been checked' })

export const Verification = z.strictObject({ ...alone, holder, parts: z.array(PartVerification) }).meta({
  id: 'Verification',
  description: 'Where it holds credentials, verdict, code and message are of the worst of them',
})

const vcApi = {
  verdict,
  problemDetails: z.array(
    z.strictObject({
      type: z.string(),
      title: z.string(),
      detail: z.string(),
      code: z.string(),
      check: z.string(),
    }),
  ),
}

export const VcApiVerification = z.strictObject({ verified: z.literal(true), ...vcApi }).meta({
  id: 'VcApiVerification',
  description: 'What the W3C VC API answers; what could not be checked stands beside it',
})

export const VcApiProblem = Problem.extend({ verified: z.literal(false), ...vcApi })
  .partial({ verified: true, verdict: true, problemDetails: true })
  .meta({ id: 'VcApiProblem', description: 'Problem details, with verified: false where a credential could be read' })

const input = z.strictObject({ verified: z.boolean(), input: z.string() })

const vcApiPresentation = {
  ...vcApi,
  results: z.strictObject({
    presentation: z.strictObject({
      holder: input.optional().meta({ description: 'Who has signed it, once that has been checked' }),
      challenge: input.optional(),
      domain: input.optional(),
    }),
    credentials: z.array(
      z.strictObject({
        place: z.string().meta({ description: 'Where it stands in the presentation (JSON Pointer)' }),
        verified: z.boolean(),
        ...vcApi,
      }),
    ),
  }),
  verifiablePresentation: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
}

export const VcApiPresentationVerification = z.strictObject({ verified: z.literal(true), ...vcApiPresentation }).meta({
  id: 'VcApiPresentationVerification',
  description: 'What the W3C VC API answers of a presentation; what could not be checked stands beside it',
})

export const VcApiPresentationProblem = Problem.extend({ verified: z.literal(false), ...vcApiPresentation })
  .partial({ verified: true, verdict: true, problemDetails: true, results: true })
  .meta({
    id: 'VcApiPresentationProblem',
    description: 'Problem details, with verified: false where a presentation could be read',
  })

const Image = z.strictObject({ id: z.string(), type: z.literal('Image'), caption: z.string().optional() })

/** What an issuer may say of itself. */
export const NewProfile = z
  .strictObject({
    name: z.string(),
    url: z.string().optional().meta({ description: 'Its web page' }),
    description: z.string().optional(),
    email: z.string().optional(),
    image: z
      .strictObject({
        id: z.string().meta({
          description: 'An https: or ipfs: address, or a PNG as a data: address, which is encoded anew and kept',
        }),
        caption: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'NewIssuerProfile', description: 'What stands in every credential that is accepted from now on' })

export const Profile = z
  .strictObject({
    version: z.int().nullable().meta({ description: 'null: as the environment of the server says' }),
    createdAt: time.nullable(),
    name: z.string(),
    url: z.string().optional(),
    description: z.string().optional(),
    email: z.string().optional(),
    image: Image.optional(),
  })
  .meta({ id: 'IssuerProfile', description: 'What the issuer says of itself (Open Badges 3.0, Profile)' })

export const Profiles = z.strictObject({ items: z.array(Profile) }).meta({ id: 'IssuerProfiles' })

export const Issuer = z
  .strictObject({
    id: z.string().meta({ description: 'The issuer’s DID' }),
    name: z.string(),
    url: z.string().optional(),
    description: z.string().optional(),
    email: z.string().optional(),
    image: Image.optional(),
    profile: z.enum(['standard', 'blockcerts']),
    verificationMethod: z.string(),
    didDocument: z.string().meta({ description: 'Where its DID document is' }),
    publicUrl: z.string(),
    chain: z.strictObject({
      id: z.int(),
      test: z.boolean().meta({ description: 'Whether its coins are worth nothing' }),
      registry: address,
      account: address,
      confirmations: z.int().meta({ description: 'How many blocks make an anchor final' }),
    }),
  })
  .meta({ id: 'Issuer', description: 'Who issues, with which keys, and where it is anchored' })

export const Achievement = z
  .strictObject({
    name,
    version: z.int().min(1),
    digest: hex.meta({ description: 'SHA-256 of the definition in canonical JSON (RFC 8785)' }),
    metadataDigest: hex.meta({ description: 'SHA-256 of the public metadata, as manifests and tokens name it' }),
    createdAt: time,
    definition: z.record(z.string(), z.unknown()).meta({
      description: 'Class Achievement of Open Badges 3.0, as it will stand in every credential',
    }),
  })
  .meta({ id: 'Achievement' })

export const Achievements = z.strictObject({ items: z.array(Achievement), next }).meta({ id: 'Achievements' })
export const Versions = z.strictObject({ items: z.array(Achievement) }).meta({ id: 'AchievementVersions' })

export const Definition = z.record(z.string(), z.unknown()).meta({
  id: 'AchievementDefinition',
  description:
    'Class Achievement of Open Badges 3.0 (§B.1.2). An image may be a PNG as a data: address, of at most 1 MiB and 4096 ' +
    'pixels a side: it is encoded anew, kept under its content identifier, and named by it. Another language is an ' +
    'achievement of its own, with inLanguage and related.',
})

const text = (description: string) => z.string().optional().meta({ description })
const recipientTexts = Object.fromEntries(
  Columns.names
    .filter((column) => column !== 'achievement' && column !== 'name')
    .map((column) => [column, text('As the column of this name in a roster')]),
) as Record<Exclude<Columns.Name, 'achievement' | 'name'>, ReturnType<typeof text>>

export const Recipient = z
  .strictObject({
    name: z.string().refine(Text.isVisible, say('NAME_MISSING', 'Nobody is named here')),
    ...recipientTexts,
    results: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'What was achieved, by the names of the achievement’s result descriptions' }),
  })
  .meta({
    id: 'Recipient',
    description: 'A person, by the columns of a roster. Named by an e-mail address, a DID or a wallet.',
  })

const version = z.int().min(1).optional().meta({ description: 'The newest unless told otherwise' })

export const title = z
  .string()
  .max(200, 'A title has at most 200 characters')
  .meta({ description: 'What you call the batch; public nowhere' })

export const NewBatch = z
  .strictObject({
    achievement: name,
    version,
    issuer: issuerId
      .optional()
      .meta({ description: 'Who issues it; the first issuer of the organisation when absent' }),
    title: title.optional(),
    draft: z.boolean().optional().meta({ description: 'Whether it waits until it is submitted' }),
    allowDuplicate: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the same roster may be issued once more, on purpose' }),
    redeemable: z
      .boolean()
      .optional()
      .meta({ description: 'Whether learners are given tickets, for tokens in the issuer’s collection' }),
    recipients: z
      .array(Recipient)
      .refine(({ length }) => length > 0, say('BATCH_EMPTY', 'Nobody is in this batch'))
      .refine(
        ({ length }) => length <= mostRecipients,
        say('BATCH_TOO_LARGE', `JSON names at most ${mostRecipients} people; send more as text/csv`),
      )
      .meta({ minItems: 1, maxItems: mostRecipients }),
  })
  .meta({ id: 'NewBatch' })

const flag = z.enum(['true', 'false']).optional()

/** What accompanies a roster that is text/csv, or a form. */
export const RosterQuery = z.strictObject({
  dryRun: flag.meta({ description: 'Whether it is only looked at: nothing is stored, and the answer is a preview' }),
  achievement: name.optional().meta({ description: 'What is awarded; for a roster that is a file' }),
  version: versionNumber.optional().meta({ description: 'For a roster that is a file' }),
  issuer: issuerId.optional().meta({ description: 'Who issues it, if not the first; for a roster that is a file' }),
  title: title.optional().meta({ description: 'For a roster that is a file' }),
  draft: flag.meta({ description: 'For a roster that is a file' }),
  allowDuplicate: flag.meta({ description: 'For a roster that is a file' }),
  redeemable: flag.meta({ description: 'For a roster that is a file' }),
  columns: z
    .string()
    .max(20_000, 'A mapping has at most 20,000 characters')
    .optional()
    .meta({
      description:
        'For a roster that is a file: a JSON object of your column names, each with the column of a roster that it is, or ' +
        'null for one that is left out',
      examples: ['{"Nom":"name","Courriel":"email","Note":"result:Final grade","Classe":null}'],
    }),
})

const file = (type: string, description: string) => z.string().meta({ contentMediaType: type, description })

/** What a form says beside its roster. `dryRun` stands in the address. */
export const RosterFields = RosterQuery.omit({ dryRun: true })

/** A roster with what accompanies it, as a form. */
export const RosterForm = RosterFields.extend({
  file: file('text/csv', 'A roster, UTF-8; whatever it is called'),
}).meta({ id: 'RosterForm', description: 'What stands in the address need not stand here, and may not stand in both' })

/** An achievement with its image, as a form. */
export const AchievementForm = z
  .strictObject({
    definition: Definition,
    image: file('image/png', 'Its image: a PNG, which is encoded anew').optional(),
  })
  .meta({ id: 'AchievementForm' })

export const BatchState = z.enum(['held', ...Batch.states]).meta({
  id: 'BatchState',
  description:
    'held: waits until it is submitted. Then accepted, drafted, signed, rooted, published, submitted, final, assembled, ' +
    'delivered; waiting-fee, waiting-funds, reorged and blocked interrupt these and say why; cancelled ends it before ' +
    'rooted.',
})

export const BatchQuery = z.strictObject({ ...paging, state: BatchState.optional() })

const anchor = z
  .strictObject({
    chainId: z.int(),
    registry: address,
    account: address,
    root: hex,
    transactionHash: hex,
    block: amount,
    time,
  })
  .nullable()
  .meta({ description: 'Where the batch is anchored; null until that is final' })

export const BatchView = z
  .strictObject({
    id: batchId,
    title: z.string().nullable(),
    department: z
      .string()
      .nullable()
      .meta({ description: 'To which its author was limited; null: it is nobody’s who is limited to one' }),
    state: BatchState,
    reason: z.string().nullable().meta({ description: 'The code of why it waits; see docs/errors.md' }),
    size: z.int().min(1),
    createdAt: time,
    achievement: z.strictObject({ id: z.string(), name: z.string() }),
    collection: address
      .nullable()
      .meta({ description: 'In which learners may redeem tokens; null where they are given no tickets' }),
    warnings: z
      .array(z.strictObject({ code: z.string(), row: z.int(), column: z.string() }))
      .optional()
      .meta({ description: 'What was taken as it stands, but may surprise: cells that a spreadsheet would run' }),
    anchor,
  })
  .meta({ id: 'Batch' })

export const Batches = z.strictObject({ items: z.array(BatchView), next }).meta({ id: 'Batches' })

export const Progress = z
  .strictObject({
    state: BatchState,
    reason: z.string().nullable(),
    size: z.int(),
    drafted: z.int(),
    signed: z.int(),
    verified: z.int().meta({ description: 'How many credentials were verified against the final anchor' }),
  })
  .meta({ id: 'Progress', description: 'The data of an event' })

export const Preview = z
  .strictObject({
    recipients: z.int(),
    achievement: z.strictObject({ id: z.string(), name: z.string() }),
    warnings: z.array(z.strictObject({ code: z.string(), row: z.int(), column: z.string() })),
    chain: z.strictObject({ id: z.int(), test: z.boolean(), registry: address, confirmations: z.int() }),
    signs: z.strictObject({
      credentials: z.string().meta({ description: 'The key that signs every credential' }),
      anchor: address.meta({ description: 'The account that pays and vouches for the root' }),
    }),
    cost: z.strictObject({
      gas: amount.meta({ description: 'What one root takes, however many credentials are under it' }),
      gasAtMost: amount,
      feePerGas: amount.meta({ description: 'What is offered now, in wei' }),
      feePerGasAtMost: amount.meta({ description: 'The cap of the operator, in wei; above it the batch waits' }),
      now: amount.meta({ description: 'In wei' }),
      atMost: amount.meta({ description: 'In wei; fees that rise are followed to here and no further' }),
      balance: amount.meta({ description: 'What the account has, in wei' }),
    }),
    needs: z
      .array(z.strictObject({ code: z.string(), detail: z.string() }))
      .meta({ description: 'What keeps it from being anchored now, the first thing that would; nothing when empty' }),
    risks: z.array(z.string()).meta({ description: 'What cannot be undone, and from when on' }),
  })
  .meta({ id: 'Preview', description: 'What a batch would cost and mean. As of now: nothing is reserved.' })

export const Item = z
  .strictObject({
    row: z.int().meta({ description: 'On the roster: the first person is 1' }),
    credential: z.string().nullable().meta({ description: 'urn:uuid:…; null until it is drawn' }),
  })
  .meta({ id: 'BatchItem' })
export const Items = z.strictObject({ items: z.array(Item), next }).meta({ id: 'BatchItems' })

export const NewOrder = z
  .strictObject({
    achievement: name,
    version,
    redeemable: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the learner is given a ticket, for a token in the issuer’s collection' }),
    recipient: Recipient,
  })
  .meta({ id: 'NewOrder', description: 'One credential, which is issued in a batch with others' })

export const Order = z
  .strictObject({
    id: uuid,
    state: z.enum(['waiting', ...Batch.states]).meta({ description: 'waiting for its batch; then the state of that' }),
    acceptedAt: time,
    achievement: z.strictObject({ name, version: z.int() }),
    redeemable: z.boolean().meta({ description: 'Whether its learner is given a ticket' }),
    batch: batchId.nullable(),
    credential: z.string().nullable(),
  })
  .meta({ id: 'Order' })

const StatusState = z.enum(['valid', 'suspended', 'reinstated', 'revoked']).meta({
  id: 'CredentialStatus',
  description: 'What its status lists say of it; reinstated is as good as valid',
})

export const Credential = z
  .strictObject({
    id: z.string(),
    batch: batchId,
    row: z.int(),
    state: BatchState,
    status: StatusState,
    decided: z
      .strictObject({ at: time, reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'The decision that made its status what it is. The reason is never published.' }),
    mail: z
      .strictObject({
        id: uuid,
        state: z.enum(['queued', 'sent', 'bounced', 'failed']),
        reason: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'The last mail to its learner about it' }),
  })
  .meta({ id: 'Credential', description: 'Where a credential stands. The credential itself is its document.' })

export const Reason = z
  .strictObject({ reason: z.string().max(1_000, 'A reason has at most 1,000 characters').optional() })
  .meta({ id: 'Reason' })

export const Decided = z
  .strictObject({ id: z.string(), status: StatusState, repeated: z.boolean() })
  .meta({ id: 'Decided' })

export const DecidedAll = z
  .strictObject({ revoked: z.int(), repeated: z.int().meta({ description: 'How many were revoked before' }) })
  .meta({ id: 'Revocations' })

export const Document = z.record(z.string(), z.unknown()).meta({
  id: 'CredentialDocument',
  description: 'An Open Badge 3.0 with both its proofs',
})

export const Ticket = z.record(z.string(), z.unknown()).meta({
  id: 'Ticket',
  description: 'A ticket (LaurelTicket); see docs/format.md §10',
})

export const Proof = z.record(z.string(), z.unknown()).meta({
  id: 'Proof',
  description: 'The proof that anchors a credential (merkle-proof-2019); see docs/format.md',
})

const eventType = z.enum(Event.allTypes as readonly [Event.Type, ...Event.Type[]]).meta({
  id: 'EventType',
  description: Event.allTypes.map((type) => `${type}: ${Event.types[type]}`).join('; '),
})

const target = z
  .url({ protocol: /^https?$/, error: 'A webhook has an address of HTTPS' })
  .max(2_048, 'An address has at most 2,048 characters')
  .meta({ description: 'To which events are sent: by HTTPS, at port 443 or 8443, and where everybody can reach it' })
const description = z.string().max(200, 'A description has at most 200 characters')
const listens = z
  .array(eventType)
  .min(1, 'A webhook that listens to nothing is none')
  .meta({ description: 'What it is told; everything where this is null' })

export const NewWebhook = z
  .strictObject({ url: target, description: description.optional(), types: listens.nullable().optional() })
  .meta({ id: 'NewWebhook' })

export const WebhookChanges = z
  .strictObject({
    url: target.optional(),
    description: description.nullable().optional(),
    types: listens.nullable().optional(),
    enabled: z
      .boolean()
      .optional()
      .meta({ description: 'What is disabled hears of nothing, and its queue is emptied' }),
  })
  .meta({ id: 'WebhookChanges', description: 'What is left out stays as it is' })

export const Webhook = z
  .strictObject({
    id: uuid,
    url: z.string(),
    description: z.string().nullable(),
    types: z.array(eventType).nullable(),
    createdAt: time,
    disabled: z
      .strictObject({ reason: z.enum(['ENDPOINT_DISABLED', 'ENDPOINT_GONE', 'ENDPOINT_FAILING']), at: time })
      .nullable()
      .meta({ description: 'Why and since when nothing is sent to it' }),
    failingSince: time.nullable().meta({ description: 'Since when every try has failed' }),
    previousSecretUntil: time.nullable().meta({ description: 'Until when the secret before signs as well' }),
  })
  .meta({ id: 'Webhook' })

export const Webhooks = z.strictObject({ items: z.array(Webhook) }).meta({ id: 'Webhooks' })

export const MadeWebhook = Webhook.extend({
  secret: z.string().meta({ description: 'By which you know that a message is from here (whsec_…). Told this once.' }),
}).meta({ id: 'MadeWebhook' })

export const Rotation = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(7 * 24 * 60 * 60)
      .optional()
      .meta({ description: 'For how long the secret before signs as well; a day unless told otherwise' }),
  })
  .meta({ id: 'Rotation' })

export const EventView = z
  .strictObject({
    id: uuid,
    type: eventType,
    at: time,
    subject: z.string().meta({ description: 'The id of what it is about' }),
    sequence: z.int().meta({ description: 'Rises with every event about the same thing, with gaps' }),
    data: z.record(z.string(), z.string().nullable()),
  })
  .meta({ id: 'Event', description: 'Something that has happened' })

export const Events = z.strictObject({ items: z.array(EventView), next }).meta({ id: 'Events' })

const deliveryState = z.enum(['waiting', 'delivered', 'failed', 'dropped']).meta({
  id: 'DeliveryState',
  description: 'waiting: in the queue; failed: every try has failed; dropped: its webhook was disabled or is gone',
})

export const DeliveryQuery = z.strictObject({ ...paging, state: deliveryState.optional() })

export const Delivery = z
  .strictObject({
    event: z.strictObject({ id: uuid, type: eventType, at: time, subject: z.string() }),
    state: deliveryState,
    reason: z
      .string()
      .nullable()
      .meta({ description: 'The code of the last failure: HTTP_500, or one of docs/errors.md' }),
    dueAt: time.nullable().meta({ description: 'When it is tried next' }),
    tries: z.array(
      z.strictObject({
        at: time,
        status: z.int().nullable(),
        milliseconds: z.int(),
        code: z.string(),
        excerpt: z.string().meta({ description: 'The beginning of what was answered' }),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' })

export const Deliveries = z.strictObject({ items: z.array(Delivery), next }).meta({ id: 'WebhookDeliveries' })

export const Replay = z
  .union([
    z.strictObject({ event: uuid }),
    z.strictObject({
      since: time,
      missing: z.boolean().optional().meta({ description: 'Whether only what has not arrived is sent again' }),
    }),
  ])
  .meta({ id: 'Replay', description: 'One event, or all that it listens to since a time' })

export const Replayed = z
  .strictObject({ events: z.int().meta({ description: 'How many are in the queue again' }) })
  .meta({ id: 'Replayed' })
