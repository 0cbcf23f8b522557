import { z } from 'zod'
import * as Text from '../../roster/Text.ts'

export const issuerId = z
  .string()
  .regex(/^(home|[0-9a-f]{8})$/)
  .meta({ description: 'An issuer of the organisation; home: the one that the server came with', examples: ['home'] })

const name = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => Text.isVisible(text) && Text.flaw(text, 300) === undefined, 'A name is a text that can be seen')

export const Issuer = z
  .strictObject({
    id: issuerId,
    name: z.string().meta({ description: 'Its profile says what stands in credentials, once it has one' }),
    did: z.string(),
    keys: z
      .array(
        z.strictObject({
          key: z.string().meta({ description: 'A Multikey' }),
          createdAt: z.iso.datetime().nullable().meta({ description: 'null: it was there from the beginning' }),
          reported: z
            .strictObject({ from: z.iso.datetime(), on: z.iso.datetime() })
            .nullable()
            .meta({ description: 'That it was stolen: from when on nothing counts, and when that was said' }),
        }),
      )
      .meta({ description: 'Its credential keys, the last of which is in use; of home that one alone' }),
    createdAt: z.iso.datetime().nullable().meta({ description: 'null: it was there from the beginning' }),
  })
  .meta({ id: 'OrganisationIssuer', description: 'An issuer of an organisation, with which keys it signs' })

export const Issuers = z.strictObject({ items: z.array(Issuer) }).meta({ id: 'OrganisationIssuers' })

/** One that was made, and not the server’s own. */
export const madeId = z.string().regex(/^[0-9a-f]{8}$/)

const key = z
  .string()
  .regex(/^z[1-9A-HJ-NP-Za-km-z]{20,100}$/)
  .meta({ description: 'One of its keys: a Multikey' })

export const Rotation = z
  .strictObject({ key })
  .meta({ id: 'KeyRotation', description: 'Which key is replaced: where it was before, nothing is changed' })

export const Compromise = z
  .strictObject({
    key,
    from: z.iso.datetime().meta({ description: 'Nothing counts that was anchored then or later; whole seconds' }),
  })
  .meta({ id: 'KeyReport' })

export const NewIssuer = z.strictObject({ name }).meta({ id: 'NewIssuer' })
