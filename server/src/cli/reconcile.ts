import * as Bytes from '@laurel/core/Bytes'
import * as StatusHistory from '@laurel/core/StatusHistory'
import pc from 'picocolors'
import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import type { Config } from '../config.ts'
import { owner } from '../internal/owner.ts'
import { createContext, openReconciling } from '../main.ts'
import { endRestoration, findLost } from '../restoration/find-lost.ts'
import * as Failure from './Failure.ts'
import { gatherOf } from './gather-of.ts'
import type { Answering } from './in-office.ts'
import * as Progress from './Progress.ts'
import { say } from './say.ts'

/**
 * Looks up on the chain what a restored database does not know, says it, and lets the database be written to again; or lets
 * a batch go on that was blocked by that.
 */
export async function reconcile(options: Answering & { readonly resume?: string }, config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const opened = await createContext(
    config,
    { progress: reporter.report, say: reporter.say },
    { reconciling: options.resume === undefined },
  )
  const { context, rpc, close } = opened
  try {
    if (options.resume !== undefined) {
      await resume(options.resume, context)
      say(options, { batch: options.resume }, [`${pc.green('✔')} Batch ${options.resume} goes on`])
      return
    }
    const { restoration } = context
    if (restoration === undefined) throw new Failure.NotRestoredError()
    const { log, recorder } = await openReconciling(config, context, rpc)
    const lost = await findLost(restoration, context, log)
    const changed = recorder === undefined ? [] : await changedLists(context, recorder)
    // What waits to be gathered may have been issued as well: in a batch, it is blocked with the others.
    if (lost.roots.length > 0)
      for (const organisation of await context.orders.organisationsWaiting()) {
        const speaker = await context.issuing.of(organisation)
        if (speaker !== undefined) await gatherOf(organisation, speaker, { count: 1_000, seconds: 0 }, context)
      }
    const { blocked, accepted } = await endRestoration(lost, context)
    const since = new Date(restoration.backupAt).toISOString()
    say(
      options,
      {
        backup: since,
        roots: lost.roots.map(({ root, transactionHash }) => ({ root, transactionHash })),
        found: lost.anchored,
        blocked,
        unexplained: lost.unexplained,
        changedLists: changed,
      },
      describe({ since, lost, blocked, accepted, changed }),
    )
  } finally {
    reporter.end()
    await close()
  }
}

type Told = {
  readonly since: string
  readonly lost: Awaited<ReturnType<typeof findLost>>
  readonly blocked: readonly string[]
  readonly accepted: boolean
  readonly changed: readonly string[]
}

/** What was found, and what nobody can know. */
function describe({ since, lost, blocked, accepted, changed }: Told): readonly string[] {
  const lines = [
    `${pc.green('✔')} The database may be written to again; start its servers and workers anew.`,
    `  ${lost.anchored} roots of batches here were anchored after the backup: they go on from there, and are not sent again.`,
    `  ${lost.roots.length} roots were anchored after the backup that no batch here has: their credentials stay valid, and`,
    '  cannot be looked up, revoked or exported here any more.',
  ]
  if (blocked.length > 0)
    lines.push(
      `${pc.yellow('!')} ${blocked.length} batches were not anchored by the time of the backup; any of them may be among those. Ask a`,
      '  learner of each. Whoever has none yet: laurel reconcile --resume ID. Else cancel it.',
      ...blocked.map((id) => `    ${id}`),
    )
  if (!accepted)
    lines.push(
      `${pc.yellow('!')} Transactions of the account are on the chain that anchor nothing (nonces ${lost.unexplained.join(', ')}); it signs`,
      '  nothing until you have looked at them: laurel transactions --accept ACCOUNT',
    )
  lines.push(
    ...changed.map(
      (url) => `${pc.yellow('!')} ${url} has been changed after the backup: decide again what you know of.`,
    ),
    `What nobody can know from here: what was decided, ordered, said of the issuer and erased after ${since}.`,
    '  Revoke again what was revoked, erase again what was erased, end again the keys that were ended (laurel key list), and',
    '  report again which keys of issuers were stolen (laurel issuer report-compromise).',
  )
  return lines
}

/** The URLs of the lists of which the registry on the chain knows more than this database. */
async function changedLists(
  { store, history }: Pick<Context, 'store' | 'history'>,
  { registry, ...recorder }: NonNullable<Awaited<ReturnType<typeof openReconciling>>['recorder']>,
): Promise<readonly string[]> {
  const changed: string[] = []
  for (const list of await store.lists()) {
    const known = (await history.digests(list, recorder)).flatMap((each) =>
      'time' in each ? [{ digest: Bytes.fromHex(each.digest), time: each.time }] : [],
    )
    const head = await registry.head(recorder.account, StatusHistory.listId(list.url))
    if (Bytes.toHex(StatusHistory.head(known)) !== head) changed.push(list.url)
  }
  return changed
}

/** Lets a batch go on that was blocked because nobody knew whether it had been issued. */
async function resume(id: string, { store }: Pick<Context, 'store'>): Promise<void> {
  const batch = await store.get(id)
  if (batch === undefined) throw new Failure.UnknownBatchError(id)
  if (batch.state !== 'blocked' || batch.reason !== 'RESTORED') throw new Failure.NotRestoredError()
  const lease = await store.lease(id, owner(), 30_000)
  if (lease === undefined) throw new Failure.NotRestoredError()
  try {
    await store.move(batch, Batch.stage(batch), null, lease)
  } finally {
    await store.release(lease)
  }
}
