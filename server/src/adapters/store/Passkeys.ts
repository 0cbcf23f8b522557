import type { Selectable } from 'kysely'
import * as Passkey from '../../access/Passkey.ts'
import type { PasskeyStore } from '../../ports/PasskeyStore.ts'
import type { Database } from './Database.ts'
import { type Tables, toMember } from './Rows.ts'
import * as Sessions from './Sessions.ts'

/** Passkeys, and what they are to sign next. */
export function passkeys({
  db,
  reader,
  alone,
  isTaken,
}: Pick<Database, 'db' | 'reader' | 'alone' | 'isTaken'>): PasskeyStore {
  const ofMember = (organisation: string, member: string) =>
    reader.selectFrom('passkeys').selectAll().where('organisation', '=', organisation).where('member', '=', member)
  return {
    challenge: async (browser, purpose, challenge, endsAt) => {
      await db
        .insertInto('passkey_challenges')
        .values({ browser, purpose, challenge, ends_at: endsAt })
        .onConflict((on) => on.columns(['browser', 'purpose']).doUpdateSet({ challenge, ends_at: endsAt }))
        .execute()
    },
    takeChallenge: async (browser, purpose, now) => {
      const taken = await db
        .deleteFrom('passkey_challenges')
        .where('browser', '=', browser)
        .where('purpose', '=', purpose)
        .returning(['challenge', 'ends_at'])
        .executeTakeFirst()
      return taken === undefined || taken.ends_at <= now ? undefined : taken.challenge
    },
    addPasskey: (passkey) =>
      db
        .transaction()
        .execute(async (tx) => {
          const { organisation, member } = passkey
          await alone(tx, `passkeys-${member}`)
          const before = await tx.selectFrom('passkeys').select('id').where('member', '=', member).execute()
          if (before.length >= Passkey.most) throw new Passkey.TooManyError()
          await tx
            .insertInto('passkeys')
            .values({
              ...{ id: passkey.id, organisation, member, name: passkey.name, public_key: passkey.publicKey },
              ...{ counter: passkey.counter, transports: JSON.stringify(passkey.transports) },
              ...{ created_at: passkey.createdAt, used_at: passkey.usedAt },
            })
            .execute()
        })
        .catch((error) => {
          throw isTaken(error) ? new Passkey.TakenError() : error
        }),
    passkey: async (id) => {
      const row = await reader.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toPasskey(row)
    },
    passkeys: async (organisation, member) =>
      (await ofMember(organisation, member).orderBy('created_at').orderBy('id').execute()).map(toPasskey),
    renamePasskey: async (organisation, member, id, name) => {
      const row = await db
        .updateTable('passkeys')
        .set({ name })
        .where('organisation', '=', organisation)
        .where('member', '=', member)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toPasskey(row)
    },
    removePasskey: async (organisation, member, id) => {
      const removed = await db
        .deleteFrom('passkeys')
        .where('organisation', '=', organisation)
        .where('member', '=', member)
        .where('id', '=', id)
        .returning('id')
        .execute()
      return removed.length > 0
    },
    enterByPasskey: (id, counter, opening) =>
      db.transaction().execute(async (tx) => {
        const counted = await tx
          .updateTable('passkeys')
          .set({ counter, used_at: opening.createdAt })
          .where('id', '=', id)
          // Many count nothing, and say 0 for ever (Web Authentication §6.1.1).
          .where((eb) => (counter === 0 ? eb('counter', '=', 0) : eb('counter', '<', counter)))
          .returning('member')
          .executeTakeFirst()
        const row =
          counted &&
          (await tx
            .selectFrom('members')
            .selectAll()
            .where('id', '=', counted.member)
            .where('removed_at', 'is', null)
            .executeTakeFirst())
        if (row === undefined) return undefined
        const member = toMember(row)
        await Sessions.insert(tx, member, opening)
        return member
      }),
  }
}

function toPasskey(row: Selectable<Tables['passkeys']>): Passkey.Passkey {
  const { id, organisation, member, name, public_key, counter, transports, created_at, used_at } = row
  return {
    ...{ id, organisation, member, name, publicKey: public_key, counter },
    transports: JSON.parse(transports) as readonly string[],
    ...{ createdAt: created_at, usedAt: used_at },
  }
}
