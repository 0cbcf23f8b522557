import { z } from 'zod'
import * as Cell from '../../roster/Cell.ts'
import { time } from '../schemas.ts'

/** Hostile: it is read as the e-mail address of a roster is. */
export const email = z
  .string()
  .max(254)
  .refine((text) => Cell.isRead(Cell.email(text)), {
    error: 'This is not one e-mail address',
    params: { code: 'EMAIL_INVALID' },
  })
  .meta({ description: 'One e-mail address', examples: ['ada@example.org'] })

/** What opens something; what can be none opens nothing, and is told so by whoever looks it up. */
export const token = z.string().min(1).max(200)

const claimState = z.enum(['offered', 'accepted', 'declined'])

export const seen = z.strictObject({
  seen: claimState.optional().meta({ description: 'How the page showed it: it is decided only if it still stands so' }),
})

export const ClaimSettings = z
  .strictObject({
    onDelivery: z.boolean().meta({ description: 'Whether links are sent as soon as a batch is delivered' }),
    days: z.int().min(1).max(3_650).meta({ description: 'For how many days a link opens its page' }),
    waitingDays: z.int().min(0).max(90).meta({ description: 'For how many days an old address may object to a move' }),
  })
  .meta({ id: 'ClaimSettings' })

export const NewClaimLinks = z
  .strictObject({
    renew: z
      .boolean()
      .optional()
      .meta({ description: 'Whether those who have a link and have not answered get another' }),
  })
  .meta({ id: 'NewClaimLinks' })

export const ClaimLinks = z
  .strictObject({ batch: z.string(), begun: z.boolean().meta({ description: 'false: they were under way already' }) })
  .meta({ id: 'ClaimLinks' })

export const Claim = z
  .strictObject({
    credential: z.string(),
    state: claimState,
    decidedAt: time.nullable(),
    sentAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Claim', description: 'With nobody’s name or address' })

export const NewMove = z
  .strictObject({
    email,
    reason: z.string().min(1, 'Say why').max(1_000).meta({ description: 'How it is known that this is the learner' }),
  })
  .meta({ id: 'NewMove' })

export const Move = z
  .strictObject({
    id: z.string(),
    credential: z.string(),
    state: z.enum(['waiting', 'done', 'objected', 'dropped']),
    askedAt: time,
    due: time.meta({ description: 'Until then the old address may object' }),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Move' })

const code = z.string().min(8).max(20).meta({ description: 'The eight digits of the mail' })

export const NewChallenge = z
  .union([
    z.strictObject({ email: email.meta({ description: 'Which is sent a link and a code' }) }),
    z.strictObject({ kind: z.enum(['did', 'wallet']).meta({ description: 'By what it will be signed' }) }),
  ])
  .meta({ id: 'NewChallenge' })

export const Challenge = z
  .strictObject({
    challenge: z.string().meta({ description: 'To be shown with the answer; it is told to nobody else' }),
    expiresAt: time,
    nonce: z.string().nullable().meta({ description: 'What is to be signed; null where a mail was sent' }),
    domain: z.string().meta({ description: 'For whom it is to be signed' }),
    uri: z.string().meta({ description: 'For what it is to be signed' }),
    chainId: z.int(),
  })
  .meta({ id: 'Challenge' })

const byToken = z.strictObject({ token })
const byCode = z.strictObject({ challenge: token, code })

export const WalletAnswer = z
  .strictObject({
    challenge: token,
    message: z.string().max(10_000).meta({ description: 'As EIP-4361 has it' }),
    signature: z.string().max(40_000),
  })
  .meta({ id: 'WalletAnswer' })

export const DidAnswer = z
  .strictObject({
    challenge: token,
    presentation: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .meta({ description: 'A verifiable presentation, or one as a token, with the nonce as its challenge' }),
  })
  .meta({ id: 'DidAnswer' })

export const AddressAnswer = z.union([byToken, byCode]).meta({ id: 'AddressAnswer' })

export const NewSession = z.union([byToken, byCode, WalletAnswer, DidAnswer]).meta({ id: 'NewLearnerSession' })

export const Session = z
  .strictObject({
    id: z.string(),
    way: z.enum(['address', 'did', 'wallet']),
    createdAt: time,
    expiresAt: time,
    current: z.boolean(),
  })
  .meta({ id: 'LearnerSession' })

export const Sessions = z.strictObject({ items: z.array(Session) }).meta({ id: 'LearnerSessions' })

export const Learner = z
  .strictObject({
    id: z.string(),
    createdAt: time,
    addresses: z.array(z.strictObject({ email: z.string(), verifiedAt: time })),
    dids: z.array(z.strictObject({ did: z.string(), boundAt: time })),
    wallets: z.array(z.strictObject({ address: z.string(), boundAt: time })),
  })
  .meta({ id: 'Learner' })

export const Badges = z
  .strictObject({
    items: z.array(
      z.strictObject({
        credential: z.string(),
        achievement: z.string(),
        issuer: z.string(),
        issuedAt: time,
        email: z.string(),
        state: claimState,
        status: z.enum(['valid', 'suspended', 'reinstated', 'revoked']),
        document: z.string().meta({ description: 'Where it is downloaded' }),
        image: z.string(),
      }),
    ),
  })
  .meta({ id: 'LearnerBadges' })

export const OldAddress = z
  .strictObject({
    email,
    to: email.optional().meta({ description: 'Which other address gets its badges; the oldest unless told otherwise' }),
  })
  .meta({ id: 'OldAddress' })

export const MoveAll = z.strictObject({ from: email, to: email }).meta({ id: 'MoveAll' })
export const Moved = z.strictObject({ moved: z.int() }).meta({ id: 'Moved' })

export const OldWallet = z.strictObject({ address: z.string().max(42) }).meta({ id: 'OldWallet' })
export const OldDid = z.strictObject({ did: z.string().max(2_048) }).meta({ id: 'OldDid' })

/** What the pages send, which have no script. */
export const EmailForm = z.object({ email: z.string() })
export const CodeForm = z.object({ challenge: z.string(), code: z.string() })
