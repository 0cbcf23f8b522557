import { z } from 'zod'
import { count, exportOrganisation } from '../../moving/export-organisation.ts'
import * as ZipStream from '../../moving/ZipStream.ts'
import type * as Organisation from '../../organisations/Organisation.ts'
import * as Uuid from '../../Uuid.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Route } from '../Route.ts'
import * as schemas from '../schemas/organisation.ts'
import { uuid } from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Organisation'

/** How many credentials are given in one archive; more are exported into a folder. */
const most = 8_000

export const organisation: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/organisation',
    operation: 'getOrganisation',
    summary: 'Shows the organisation of whoever asks, what it may use, and what it has used',
    tag,
    scope: 'any',
    answers: { 200: { says: 'The organisation', schema: schemas.Organisation } },
    handle: async ({ principal }, api) => {
      const { organisation: id } = known(principal)
      return json(200, await view(await api.organisations.organisation(id), api))
    },
  }),
  define({
    method: 'patch',
    path: '/v1/organisation',
    operation: 'changeOrganisation',
    summary: 'Changes its name or its settings; what is not named stays',
    tag,
    scope: 'organisation:write',
    body: schemas.OrganisationChanges,
    answers: { 200: { says: 'The organisation', schema: schemas.Organisation } },
    handle: async ({ body: { name, settings }, principal }, api) => {
      const { organisation: id } = known(principal)
      const changes = { name, settings: settings && toSettings(settings) }
      return json(200, await view(await api.organisations.changeOrganisation(id, changes), api))
    },
  }),
  define({
    method: 'post',
    path: '/v1/organisation/export',
    operation: 'exportOrganisation',
    summary:
      'Gives all that the organisation has, in a form that needs no Laurel any more and can be imported elsewhere',
    tag,
    scope: 'organisation:export',
    recent: true,
    weight: 20,
    answers: { 200: { says: 'The archive (docs/moving.md), as it is written', type: 'application/zip' } },
    problems: ['EXPORT_TOO_LARGE'],
    handle: async ({ principal }, api) => {
      const { organisation: id } = known(principal)
      if ((await count(api)) > most) throw new ZipStream.TooLargeError()
      return {
        status: 200,
        headers: { 'Cache-Control': 'private, no-store', 'Content-Disposition': `attachment; filename="${id}.zip"` },
        type: 'application/zip',
        body: ZipStream.zip(exportOrganisation(id, api)),
      }
    },
  }),
  define({
    method: 'get',
    path: '/v1/departments',
    operation: 'listDepartments',
    summary: 'Lists the departments of the organisation',
    tag,
    scope: 'any',
    answers: { 200: { says: 'All of them, by name', schema: schemas.Departments } },
    handle: async (_, { organisations }) =>
      json(200, { items: (await organisations.departments()).map(viewDepartment) }),
  }),
  define({
    method: 'post',
    path: '/v1/departments',
    operation: 'createDepartment',
    summary: 'Adds a department',
    tag,
    scope: 'organisation:write',
    body: schemas.NewDepartment,
    answers: { 201: { says: 'The department', schema: schemas.Department, headers: ['Location'] } },
    problems: ['NAME_TAKEN'],
    handle: async ({ body: { name } }, { organisations, clock, randomness }) => {
      const id = Uuid.name(Uuid.urn(randomness.bytes(16)))
      const department = { id, name, createdAt: clock.now() }
      await organisations.addDepartment(department)
      return json(201, viewDepartment(department), { Location: `/v1/departments/${id}` })
    },
  }),
  define({
    method: 'delete',
    path: '/v1/departments/{id}',
    operation: 'deleteDepartment',
    summary: 'Removes a department',
    tag,
    scope: 'organisation:write',
    params: z.strictObject({ id: uuid }),
    answers: { 204: { says: 'It is gone' } },
    problems: ['DEPARTMENT_UNKNOWN'],
    handle: async ({ params }, { organisations }) => {
      if (!(await organisations.removeDepartment(params.id)))
        throw new Problem.RefusedError('DEPARTMENT_UNKNOWN', 'There is no department with this id.')
      return { status: 204 }
    },
  }),
]

async function view(
  organisation: Organisation.Organisation | undefined,
  { organisations, clock }: Pick<Api, 'organisations' | 'clock'>,
): Promise<z.output<typeof schemas.Organisation>> {
  if (organisation === undefined) throw new TypeError('Whoever asks belongs to an organisation')
  const { id, name, settings, quotas } = organisation
  const use = await organisations.use(id, clock.now())
  return {
    id,
    name,
    settings: toSettings(settings),
    quotas: {
      recipientsPerDay: quotas.recipientsPerDay ?? null,
      recipientsPerMonth: quotas.recipientsPerMonth ?? null,
      bytesPerMonth: quotas.bytesPerMonth ?? null,
      openBatches: quotas.openBatches ?? null,
      requestsPerMinute: quotas.requestsPerMinute ?? null,
    },
    use: {
      recipientsToday: use.recipientsToday,
      recipientsThisMonth: use.recipientsThisMonth,
      bytesThisMonth: use.bytesThisMonth,
      openBatches: use.openBatches,
    },
  }
}

function toSettings({ language }: { readonly language?: string | undefined }): { language?: string } {
  return language === undefined ? {} : { language }
}

function viewDepartment({ id, name, createdAt }: Organisation.Department): z.output<typeof schemas.Department> {
  return { id, name, createdAt: Views.time(createdAt) }
}
