import { z } from 'zod'
import { time } from '../schemas.ts'

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,65536}$/)

export const passkeyId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,1400}$/)
  .meta({ description: 'As its device calls it, in base64url' })

const name = z.string().trim().min(1, 'A passkey has a name').max(100, 'A name has at most 100 characters')

export const Passkey = z
  .strictObject({ id: z.string(), name: z.string(), createdAt: time, usedAt: time.nullable() })
  .meta({ id: 'Passkey' })

export const Passkeys = z.strictObject({ items: z.array(Passkey) }).meta({ id: 'Passkeys' })

export const NewName = z.strictObject({ name }).meta({ id: 'PasskeyName' })

/** What both answers of a device have. */
const common = {
  id: passkeyId,
  rawId: passkeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()),
}

export const Creation = z
  .strictObject({
    ...common,
    response: z.strictObject({
      clientDataJSON: base64url,
      attestationObject: base64url,
      authenticatorData: base64url.optional(),
      publicKey: base64url.nullish(),
      publicKeyAlgorithm: z.int().optional(),
      transports: z.array(z.string().max(40)).max(20).optional(),
    }),
  })
  .meta({ id: 'PasskeyCreation', description: 'RegistrationResponseJSON (Web Authentication Level 3 §5.1)' })

export const Assertion = z.strictObject({
  ...common,
  response: z.strictObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
})

export const NewPasskey = z.strictObject({ name, credential: Creation }).meta({ id: 'NewPasskey' })

export const CreationOptions = z.record(z.string(), z.unknown()).meta({
  id: 'PasskeyOptions',
  description: 'PublicKeyCredentialCreationOptionsJSON (Web Authentication Level 3 §5.1)',
})
