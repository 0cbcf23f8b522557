import { stat } from 'node:fs/promises'
import * as Location from '../adapters/store/Location.ts'
import type { Figures } from '../ports/Census.ts'
import type { Restoration } from '../ports/RestorationStore.ts'
import { type Check, type Finding, failed, type Patient, passed, skipped, unknown } from './Examination.ts'

/** What a database is found to be, without changing anything in it. */
export type Seen = Location.Inspection & {
  /** Missing where its tables are not those of this program. */
  readonly inside?: { readonly figures: Figures; readonly restoration: Restoration | undefined }
}

/** How far the clocks of this machine and of the database may be apart, in milliseconds. */
const apart = 5_000
/** How old the last backup may be, in milliseconds: one a day, and a night's delay. */
const oldestBackup = 36 * 60 * 60 * 1_000
/** How old a status list may be, in milliseconds: they are signed anew every six hours and hold for a week. */
const oldestList = 24 * 60 * 60 * 1_000

/**
 * The database, and what is in it.
 *
 * @param see looks at it, once for all checks
 * @param isDevelopment whether nothing that is here has to last
 */
export function store(
  { config: { database }, now }: Patient,
  see: () => Promise<Seen>,
  isDevelopment: () => Promise<boolean>,
): readonly Check[] {
  const inside = async (
    look: (inside: NonNullable<Seen['inside']>) => Finding | Promise<Finding>,
  ): Promise<Finding> => {
    if (await isMissing(database)) return skipped('There is no database yet.')
    const seen = await see()
    return seen.inside === undefined ? unknown('The database has to be brought up to date first.') : look(seen.inside)
  }
  return [
    {
      name: 'database',
      look: async () => {
        if (await isMissing(database)) return skipped('The database is made by the first start.')
        try {
          const { pending, newer, forgets } = await see()
          if (forgets !== undefined)
            return failed(
              `The server has ${forgets} off, and would forget at a power failure what it has acknowledged.`,
              `ALTER SYSTEM SET ${forgets} = on; SELECT pg_reload_conf();`,
            )
          if (newer !== undefined)
            return failed(`A later version of Laurel has written to the database (${newer}).`, 'run that version again')
          return pending > 0
            ? failed(`${pending} changes of the tables are due.`, 'npm start, which makes them')
            : passed('The database answers, keeps what it acknowledges, and is up to date.')
        } catch (error) {
          const { code, message } = error as { readonly code?: unknown; readonly message: string }
          if (!/^DATABASE_/.test(String(code))) throw error
          return failed(message, 'start the database, or mend LAUREL_DATABASE_URL')
        }
      },
    },
    {
      name: 'database-clock',
      look: async () => {
        if (!Location.isUrl(database)) return skipped('The database is a file and has the clock of this machine.')
        const before = now()
        const { at } = await see()
        const ahead = Math.round((now() + before) / 2 - at)
        return Math.abs(ahead) > apart + (now() - before)
          ? failed(
              `The clocks of this machine and of the database are ${Math.abs(ahead) / 1_000} seconds apart.`,
              'timedatectl set-ntp true, on both',
            )
          : passed('The clocks of this machine and of the database agree.')
      },
    },
    {
      name: 'restoration',
      look: () =>
        inside(({ restoration }) =>
          restoration === undefined
            ? passed('The database may be written to.')
            : failed(
                `The database is a backup of ${new Date(restoration.backupAt).toISOString()}, and is only read.`,
                'laurel reconcile',
              ),
        ),
    },
    {
      name: 'backup',
      look: () =>
        inside(async ({ figures: { at, backupAt } }) => {
          const mend = 'laurel backup FILE --passphrase-file FILE, every day'
          if (await isDevelopment()) return skipped('What is issued on a chain for development need not last.')
          if (backupAt === null) return failed('There never was a backup.', mend)
          const hours = Math.round((at - backupAt) / 3_600_000)
          const sentence = `The last backup is ${hours} hours old.`
          return at - backupAt > oldestBackup ? failed(sentence, mend) : passed(sentence)
        }),
    },
    {
      name: 'batches',
      look: () =>
        inside(({ figures: { batches } }) => {
          const blocked = batches.find(({ state }) => state === 'blocked')?.count ?? 0
          return blocked > 0
            ? failed(`${blocked} batches are blocked.`, 'laurel status, which says why')
            : passed('No batch is blocked.')
        }),
    },
    {
      name: 'status-lists',
      look: () =>
        inside(({ figures: { at, lists } }) => {
          if (lists.oldest === null) return skipped('There is no status list yet.')
          const hours = Math.round((at - lists.oldest) / 3_600_000)
          return at - lists.oldest > oldestList
            ? failed(`The oldest status list was signed ${hours} hours ago.`, 'laurel worker, which signs them anew')
            : passed(`Every status list was signed within ${hours + 1} hours.`)
        }),
    },
    {
      name: 'webhooks',
      look: () =>
        inside(({ figures: { webhooks } }) => {
          const { total, failing, ended } = webhooks
          if (total === 0) return skipped('There is no webhook.')
          return failing + ended > 0
            ? failed(`${failing} of ${total} webhooks fail, and ${ended} were given up.`, 'laurel webhook list')
            : passed(`All ${total} webhooks take what they are told.`)
        }),
    },
  ]
}

async function isMissing(database: string): Promise<boolean> {
  if (Location.isUrl(database)) return false
  return stat(database).then(
    () => false,
    () => true,
  )
}
