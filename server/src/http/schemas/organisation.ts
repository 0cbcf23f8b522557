import { z } from 'zod'
import * as Text from '../../roster/Text.ts'
import { time } from '../schemas.ts'

const count = z.int().min(0)
const limit = count.nullable().meta({ description: 'null: there is no end to it' })

const name = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => Text.isVisible(text) && Text.flaw(text, 300) === undefined, 'A name is a text that can be seen')

const language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$/)
  .meta({ description: 'In which it writes to people of whom nothing else is known (BCP 47)', examples: ['fr'] })

export const Organisation = z
  .strictObject({
    id: z.string().meta({ description: 'It never changes' }),
    name: z.string(),
    settings: z.strictObject({ language: z.string().optional() }),
    quotas: z.strictObject({
      recipientsPerDay: limit,
      recipientsPerMonth: limit,
      bytesPerMonth: limit,
      openBatches: limit,
      requestsPerMinute: limit,
    }),
    use: z.strictObject({
      recipientsToday: count,
      recipientsThisMonth: count,
      bytesThisMonth: count,
      openBatches: count,
    }),
  })
  .meta({ id: 'Organisation' })

export const OrganisationChanges = z
  .strictObject({ name: name.optional(), settings: z.strictObject({ language: language.optional() }).optional() })
  .meta({ id: 'OrganisationChanges' })

export const Department = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Department' })

export const Departments = z.strictObject({ items: z.array(Department) }).meta({ id: 'Departments' })

export const NewDepartment = z.strictObject({ name }).meta({ id: 'NewDepartment' })
