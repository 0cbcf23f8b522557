import { z } from 'zod'
import { paging } from '../schemas.ts'

const time = z.iso.datetime().meta({ description: 'RFC 3339, in UTC' })
const hex = z.string().regex(/^0x[0-9a-f]{64}$/)

export const importId = z.string().regex(/^[0-9a-f]{16}$/)
export const row = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/)
  .transform(Number)

export const NewImport = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional().meta({ description: 'Only tells what would be imported' }),
})
export const OriginalsQuery = z.strictObject(paging)
export const FindOriginals = z.strictObject({
  badge: z
    .string()
    .min(1)
    .max(500)
    .refine((text) => !text.includes('\0'), 'No badge calls itself so')
    .meta({ description: 'What a badge calls itself: its id, or its address' }),
})
export const RosterQuery = z.strictObject({
  achievement: z.string().min(1).max(500).optional().meta({ description: 'Only those of this one, by its id or name' }),
  unverified: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Also those of which nobody can tell whether they are valid' }),
})

const verdict = z.enum(['accepted', 'rejected', 'unknown'])

const wrong = z
  .strictObject({ name: z.string(), code: z.string(), message: z.string() })
  .meta({ description: 'Something in the file that was not imported: where it stands, and why' })

const common = {
  kind: z.enum(['badges', 'export']).meta({ description: 'export: all that an organisation had in another Laurel' }),
  digest: hex.meta({ description: 'SHA-256 of the file; other bytes once somebody in it was erased' }),
  createdAt: time,
  total: z.int().meta({ description: 'How many badges were imported' }),
  wrong: z.array(wrong),
}

export const Import = z.strictObject({ id: importId, ...common }).meta({ id: 'Import' })
export const Imports = z.strictObject({ items: z.array(Import) }).meta({ id: 'Imports' })

export const Imported = z
  .strictObject({
    id: importId.nullable().meta({ description: 'null after a dry run' }),
    ...common,
    added: z.boolean().meta({ description: 'false after a dry run, and where the same file was imported before' }),
    outcomes: z
      .array(
        z.strictObject({
          name: z.string().meta({ description: 'The file in an archive, and where in it: a row, or a JSON Pointer' }),
          outcome: z.enum([...verdict.options, 'refused']),
          code: z.string(),
        }),
      )
      .meta({ description: 'What became of everything in the file, in its order' }),
  })
  .meta({ id: 'Imported' })

const party = z.strictObject({ id: z.string().optional(), name: z.string().optional() })

export const Original = z
  .strictObject({
    import: importId,
    row: z.int(),
    name: z.string().meta({ description: 'Where it stood in what was imported' }),
    form: z.enum(['open-badge', 'badgr', 'credly', 'table']),
    digest: hex.meta({ description: 'SHA-256 of its bytes, which are kept as they were' }),
    said: z
      .strictObject({
        issuer: party,
        achievement: party,
        issuedOn: z.string().optional(),
        expires: z.string().optional(),
        address: z.string().optional(),
        revoked: z.boolean().optional(),
      })
      .meta({ description: 'What the badge says of itself: nothing of it is ours, or believed' }),
    recipient: z.strictObject({
      name: z.string().optional(),
      email: z.string().optional(),
      id: z.string().optional(),
      hashed: z.strictObject({ hash: z.string(), salt: z.string() }).optional(),
    }),
    judged: z
      .strictObject({
        verdict,
        code: z.string(),
        message: z.string(),
        checks: z.array(z.strictObject({ check: z.string(), outcome: z.string(), code: z.string() })),
      })
      .meta({ description: 'What the verifier found when it was imported' }),
  })
  .meta({ id: 'Original', description: 'A badge that somebody else has issued' })

export const Originals = z
  .strictObject({
    items: z.array(Original),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' }),
  })
  .meta({ id: 'Originals' })
export const Found = z.strictObject({ items: z.array(Original) }).meta({ id: 'FoundOriginals' })
