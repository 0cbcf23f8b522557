import * as Entry from '../../audit/Entry.ts'
import type { AuditLog, Wanted } from '../../ports/AuditLog.ts'
import * as Cursor from '../Cursor.ts'
import { define, json, known, type Route } from '../Route.ts'
import * as schemas from '../schemas/audit.ts'

const tag = 'Audit'

export const audit: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/audit',
    operation: 'listAudit',
    summary: 'Lists who asked for what, and what became of it, the oldest first; ids only',
    tag,
    scope: 'audit:read',
    query: schemas.AuditQuery,
    answers: { 200: { says: 'A page of entries', schema: schemas.AuditEntries } },
    problems: ['PAGINATION_INVALID'],
    handle: async ({ query: { limit, cursor, ...wanted }, principal }, { audit }) => {
      const after = Cursor.readNumber('audit', cursor) ?? 0
      const found = await audit.entries(known(principal).organisation, after, Cursor.reach(limit), wanted)
      const page = Cursor.cut(found, limit, ({ sequence }) => Cursor.write('audit', sequence))
      return json(200, { ...page, items: page.items.map(Entry.told) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/audit.ndjson',
    operation: 'exportAudit',
    summary: 'Gives all entries, a line each, as they are taken: without a filter each follows from the one before',
    tag,
    scope: 'audit:read',
    query: schemas.AuditExport,
    answers: { 200: { says: 'The entries (NDJSON), the oldest first', type: 'application/x-ndjson' } },
    handle: async ({ query, principal }, { audit }) => ({
      status: 200,
      headers: { 'Cache-Control': 'private, no-store', 'Content-Disposition': 'attachment; filename="audit.ndjson"' },
      type: 'application/x-ndjson',
      body: lines(audit, known(principal).organisation, query),
    }),
  }),
]

/** How many entries are held at a time. */
const page = 1_000

async function* lines(audit: AuditLog, organisation: string, wanted: Wanted): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const run = await audit.entries(organisation, after, page, wanted)
    if (run.length > 0) yield run.map((entry) => `${JSON.stringify(Entry.told(entry))}\n`).join('')
    const last = run.at(-1)
    if (last === undefined || run.length < page) return
    after = last.sequence
  }
}
