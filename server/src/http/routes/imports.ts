import { z } from 'zod'
import { importOriginals } from '../../moving/import-originals.ts'
import { rosterOf } from '../../moving/roster-of.ts'
import type { Import, Numbered } from '../../ports/ImportStore.ts'
import * as Cursor from '../Cursor.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, type Route } from '../Route.ts'
import * as schemas from '../schemas/imports.ts'
import { time } from '../Views.ts'
import { files as badges } from './verification.ts'

const tag = 'Imports'

/** What can be imported: badges as they are verified, lists of them, tables and archives. */
const files = [...badges, 'application/zip', 'text/csv'] as const

/** What a request brings; more is brought by the command line, for which nobody waits at the other end, nor beside it. */
const limits = { badges: 1_000, unpacked: 64 * 1024 * 1024, values: 600_000 } as const

/** How many requests verify badges at a time: each of them asks the chain and the web many times. */
const atOnce = 2
let importing = 0

const params = z.strictObject({ id: schemas.importId })
const ofOne = z.strictObject({ id: schemas.importId, row: schemas.row })
const aside = { 'Cache-Control': 'private, no-store' } as const

export const imports: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/imports',
    operation: 'createImport',
    summary:
      'Brings badges of others here as they are: an Open Badge, a list of Credly or Badgr, or a ZIP of them; the same file again changes nothing',
    tag,
    scope: 'imports:write',
    weight: 20,
    query: schemas.NewImport,
    files,
    answers: {
      200: { says: 'What would be imported, or was imported before', schema: schemas.Imported },
      201: { says: 'It is imported', schema: schemas.Imported, headers: ['Location'] },
    },
    problems: ['IMPORT_EMPTY', 'IMPORT_REPLACED', 'IMPORT_TOO_MANY', 'VERIFICATION_BUSY', 'ZIP_INVALID', 'ZIP_LIMIT'],
    handle: async ({ query: { dryRun }, file, headers }, api) => {
      if (importing >= atOnce)
        throw new Problem.RefusedError('VERIFICATION_BUSY', 'Others are importing badges at the moment.')
      importing++
      try {
        const isTable = headers['content-type']?.toLowerCase().startsWith('text/csv') ?? false
        const given = { name: isTable ? 'import.csv' : 'import', bytes: file }
        const { made, outcomes, added } = await importOriginals(given, api, { dryRun: dryRun === 'true', limits })
        const body = { ...made, createdAt: time(made.createdAt), added, outcomes }
        return added ? json(201, body, { Location: `/v1/imports/${made.id}` }) : json(200, body)
      } finally {
        importing--
      }
    },
  }),
  define({
    method: 'get',
    path: '/v1/imports',
    operation: 'listImports',
    summary: 'Lists what was brought here, the oldest first',
    tag,
    scope: 'imports:read',
    answers: { 200: { says: 'All of it', schema: schemas.Imports } },
    handle: async (_, { imports }) => json(200, { items: (await imports.imports()).map(view) }),
  }),
  define({
    method: 'get',
    path: '/v1/imports/{id}',
    operation: 'getImport',
    summary: 'Shows what was brought here at one time, and what of it was not',
    tag,
    scope: 'imports:read',
    params,
    answers: { 200: { says: 'The import', schema: schemas.Import } },
    problems: ['IMPORT_UNKNOWN'],
    handle: async ({ params: { id } }, api) => json(200, view(await find(id, api))),
  }),
  define({
    method: 'get',
    path: '/v1/imports/{id}/originals',
    operation: 'listOriginals',
    summary: 'Lists the badges of an import: who has issued each, what it says, and what was found of it then',
    tag,
    scope: 'imports:read',
    params,
    query: schemas.OriginalsQuery,
    answers: { 200: { says: 'A page of badges', schema: schemas.Originals } },
    problems: ['IMPORT_UNKNOWN', 'PAGINATION_INVALID'],
    handle: async ({ params: { id }, query: { limit, cursor } }, api) => {
      await find(id, api)
      const after = Cursor.readNumber(`originals-${id}`, cursor) ?? 0
      const found = await api.imports.originals(id, after, Cursor.reach(limit))
      const page = Cursor.cut(found, limit, ({ row }) => Cursor.write(`originals-${id}`, row))
      return json(200, { ...page, items: page.items.map((each) => viewOf(id, each)) }, aside)
    },
  }),
  define({
    method: 'get',
    path: '/v1/imports/{id}/originals/{row}',
    operation: 'getOriginal',
    summary: 'Shows a badge that was brought here, and where it is from',
    tag,
    scope: 'imports:read',
    params: ofOne,
    answers: { 200: { says: 'The badge', schema: schemas.Original } },
    problems: ['ORIGINAL_UNKNOWN'],
    handle: async ({ params: { id, row } }, api) => json(200, viewOf(id, await original(id, row, api)), aside),
  }),
  define({
    method: 'get',
    path: '/v1/imports/{id}/originals/{row}/document',
    operation: 'getOriginalDocument',
    summary: 'Gives a badge that was brought here to the byte, as a file of which we say nothing',
    tag,
    scope: 'imports:read',
    params: ofOne,
    answers: { 200: { says: 'Its bytes', type: 'application/octet-stream' } },
    problems: ['ORIGINAL_UNKNOWN'],
    handle: async ({ params: { id, row } }, api) => ({
      status: 200,
      // It is anybody's: a browser keeps it, and shows nothing of it as a page of ours.
      headers: { ...aside, 'Content-Disposition': `attachment; filename="original-${row}"` },
      type: 'application/octet-stream',
      body: (await original(id, row, api)).bytes,
    }),
  }),
  define({
    method: 'get',
    path: '/v1/imports/{id}/roster',
    operation: 'getImportRoster',
    summary: 'Gives a roster of who has imported badges, to issue them anew with the originals as evidence',
    tag,
    scope: 'imports:read',
    params,
    query: schemas.RosterQuery,
    answers: { 200: { says: 'The roster (CSV)', type: 'text/csv' } },
    problems: ['IMPORT_UNKNOWN'],
    handle: async ({ params: { id }, query: { achievement, unverified } }, api) => {
      const found = await find(id, api)
      const wanted = { unverified: unverified === 'true', ...(achievement !== undefined && { achievement }) }
      return {
        status: 200,
        headers: { ...aside, 'Content-Disposition': `attachment; filename="roster-${id}.csv"` },
        type: 'text/csv',
        body: rosterOf(found, api.imports, wanted),
      }
    },
  }),
  define({
    method: 'get',
    path: '/v1/originals',
    operation: 'findOriginals',
    summary: 'Finds imported badges by what they call themselves, the newest import first',
    tag,
    scope: 'imports:read',
    query: schemas.FindOriginals,
    answers: { 200: { says: 'The badges; none where there is none', schema: schemas.Found } },
    handle: async ({ query: { badge } }, { imports }) => {
      const found = await imports.find(badge)
      const items = await Promise.all(
        found.map(async ({ import: id, row }) => {
          const one = await imports.original(id, row)
          return one === undefined ? [] : [viewOf(id, one)]
        }),
      )
      return json(200, { items: items.flat() }, aside)
    },
  }),
]

/** @throws {Problem.RefusedError} IMPORT_UNKNOWN */
async function find(id: string, { imports }: Pick<Api, 'imports'>): Promise<Import> {
  const found = await imports.get(id)
  if (found === undefined) throw new Problem.RefusedError('IMPORT_UNKNOWN', 'There is no import with this id.')
  return found
}

/** @throws {Problem.RefusedError} ORIGINAL_UNKNOWN */
async function original(id: string, row: number, { imports }: Pick<Api, 'imports'>) {
  const found = await imports.original(id, row)
  if (found === undefined) throw new Problem.RefusedError('ORIGINAL_UNKNOWN', 'There is no such badge of others here.')
  return found
}

function view({ id, kind, digest, createdAt, total, wrong }: Import): z.output<typeof schemas.Import> {
  return { id, kind, digest, createdAt: time(createdAt), total, wrong: [...wrong] }
}

function viewOf(id: string, original: Numbered): z.output<typeof schemas.Original> {
  const { row, name, form, digest, said, recipient, judged } = original
  const { verdict, code, message, checks } = judged
  return {
    ...{ import: id, row, name, form, digest, said, recipient },
    judged: { verdict, code, message, checks: [...checks] },
  }
}
