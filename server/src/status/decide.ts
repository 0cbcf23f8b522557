import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { Context } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type * as Status from '../Status.ts'
import { publishLists } from './publish-lists.ts'

/**
 * Revokes, suspends or reinstates a credential, and publishes the list that says so. Repeating it changes nothing.
 *
 * If we die right after the decision is stored: it stands, and whatever runs next publishes it.
 *
 * @param reason kept here, never published
 * @throws {Status.RefusedError} CREDENTIAL_REVOKED or CREDENTIAL_NOT_SUSPENDED where it makes no sense
 * @throws {BatchStore.UnknownCredentialError} when no such credential was issued from here
 * @throws {BatchStore.NoStatusError} when it was issued without a status list
 */
export async function decide(
  act: Status.Act,
  credentialId: string,
  reason: string | null,
  context: Pick<Context, 'store' | 'content' | 'files' | 'clock' | 'issuing'>,
): Promise<{ readonly repeated: boolean }> {
  const outcome = await context.store.decide(act, credentialId, reason, context.clock.now())
  crashpoint('decide:after-commit')
  await publish([credentialId], context)
  crashpoint('decide:after-publish')
  return outcome
}

/** Publishes the lists of credentials. What the lists of another issuer lack is no matter of theirs. */
async function publish(credentialIds: readonly string[], context: Parameters<typeof decide>[3]): Promise<void> {
  const { store } = context
  try {
    while (!(await publishLists(context))) await pause(50)
  } catch (error) {
    const numbers = new Set<number | undefined>()
    for (const id of credentialIds) numbers.add((await store.find(id))?.batch.statusLists?.number)
    const own = (await store.lists()).filter(({ number }) => numbers.has(number))
    const isPublic = own.length > 0 && own.every(({ published, version }) => published === version)
    if (!(error instanceof Errors.BaseError) || !isPublic) throw error
  }
}

/**
 * Decides the same about many credentials, and publishes their lists once. Answers with those that it has changed.
 *
 * If we die in its midst: what was decided stands, and whatever runs next publishes it; repeating it decides the rest.
 *
 * @throws what {@link decide} throws; what was decided by then stands
 */
export async function decideAll(
  act: Status.Act,
  credentialIds: readonly string[],
  reason: string | null,
  context: Parameters<typeof decide>[3],
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>()
  for (const id of credentialIds) {
    const { repeated } = await context.store.decide(act, id, reason, context.clock.now())
    if (!repeated) changed.add(id)
    crashpoint('decide:after-some')
  }
  await publish(credentialIds, context)
  return changed
}
