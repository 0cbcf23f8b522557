import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import * as Delivery from '../Delivery.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { type Held, UnderWayError } from '../ports/PrivacyStore.ts'
import { decide } from '../status/decide.ts'
import * as Uuid from '../Uuid.ts'
import { type Erasure, receipt } from './Erasure.ts'

/** What erasing needs. */
export type Erasing = Pick<
  Context,
  'store' | 'privacy' | 'content' | 'files' | 'press' | 'clock' | 'credentialSigner' | 'identity' | 'issuing'
>

/**
 * Forgets people: what is kept of them in the database, in files and in what the database has left in its own files, and
 * signs a receipt of that. What was issued beside them stays valid.
 *
 * If we die anywhere: what is forgotten is forgotten, and {@link finish} does the rest, by whoever runs it next. Before that,
 * the same request begins anew; a credential that was revoked first is revoked.
 *
 * @param id of the erasure: the same id is the same erasure
 * @param address of the person, where nothing at all is to be left of them
 * @param revoke whether their credentials are revoked first, which a verifier sees of the copies that others have
 * @throws {UnderWayError} ERASURE_TOO_EARLY when a batch of theirs is under way: nothing was changed
 * @throws {BatchStore.NoStatusError} when something is to be revoked that has no status
 */
export async function erase(
  people: readonly Held[],
  { id, revoke, address }: { readonly id: string; readonly revoke: boolean; readonly address?: string | undefined },
  context: Erasing,
): Promise<Erasure> {
  const { privacy } = context
  await demandSettled(people, context)
  if (revoke)
    for (const each of people)
      if (each.kind === 'row' && each.credential !== null) await decide('revoke', each.credential, null, context)
  const erasure = await privacy.erase(id, people, address)
  crashpoint('erase:after-commit')
  return finish(erasure, context)
}

/** Does what is left to do of an erasure, and signs its receipt. Repeating it changes nothing. */
export async function finish(erasure: Erasure, context: Erasing): Promise<Erasure> {
  if (erasure.receipt !== null) return erasure
  await finishTogether([erasure], context)
  return (await context.privacy.erasure(erasure.id)) ?? erasure
}

/** The same of several: what takes longest is done once for all of them. */
async function finishTogether(erasures: readonly Erasure[], context: Erasing): Promise<void> {
  const { privacy, clock } = context
  const credentials = erasures.flatMap((erasure) => erasure.credentials)
  for (const [batch, own] of Map.groupBy(credentials, (each) => each.batch))
    await removeFiles(
      batch,
      own.map(({ id }) => Uuid.name(id)),
      context,
    )
  await context.files.sweepMails()
  crashpoint('erase:after-files')
  await privacy.scrub()
  crashpoint('erase:after-scrub')
  for (const erasure of erasures) {
    const now = clock.now()
    await privacy.finish(erasure, await receipt(erasure, now, context), now)
    crashpoint('erase:after-receipt')
  }
}

/** After how many milliseconds whoever has begun an erasure has died, or will do no harm. */
const abandoned = 30_000

/** Finishes what somebody has begun who has died meanwhile. Answers with how many that were. */
export async function finishAll(context: Erasing): Promise<number> {
  const open = await context.privacy.unfinished(abandoned)
  if (open.length > 0) await finishTogether(open, context)
  return open.length
}

/** Of a credential that was issued from here: what is to be forgotten with it. `undefined` where nothing is any more. */
export async function heldOf(credentialId: string, { store }: Pick<Context, 'store'>): Promise<Held | undefined> {
  const found = await store.find(credentialId)
  if (found === undefined || Batch.isErased(found.recipient)) return undefined
  const { batch, recipient } = found
  return { kind: 'row', batch: batch.id, row: recipient.row, credential: credentialId, fields: recipient.fields }
}

async function demandSettled(people: readonly Held[], { store }: Pick<Context, 'store'>): Promise<void> {
  const ids = new Set(people.flatMap((each) => (each.kind === 'row' ? [each.batch] : [])))
  const batches = await Promise.all([...ids].map((id) => store.get(id)))
  const open = batches.filter((batch) => batch !== undefined && Batch.isOpen(batch))
  if (open.length > 0) throw new UnderWayError(open.map((batch) => (batch as Batch.Batch).id))
}

async function removeFiles(
  id: string,
  names: readonly string[],
  { store, press, files }: Pick<Context, 'store' | 'press' | 'files'>,
): Promise<void> {
  const batch = await store.get(id)
  // Of a batch that was cancelled there are no files.
  if (batch?.state !== 'delivered') return
  await files.remove(
    id,
    names.flatMap((name) => Delivery.filesOf(name)),
  )
  const source = { store, press, tell: () => {} }
  for await (const file of Delivery.naming(Batch.final(batch), source)) await files.refresh(id, file)
}
