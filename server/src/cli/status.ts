import pc from 'picocolors'
import * as Batch from '../Batch.ts'
import type { Config } from '../config.ts'
import { createHome } from '../main.ts'
import type { Condition, Lane } from '../ports/TransactionStore.ts'
import * as HeldUp from '../transactions/HeldUp.ts'
import * as Uuid from '../Uuid.ts'
import { credentialStatus } from './credential-status.ts'
import { explain } from './explain.ts'
import * as Failure from './Failure.ts'
import * as Pinned from './Pinned.ts'

/**
 * Shows where every batch stands, or one of them, and what holds an account up; or how a credential stands. Asks no chain
 * but for a credential, and changes nothing.
 */
export async function status(
  id: string | undefined,
  options: { readonly at?: string; readonly json?: boolean },
  config: Config,
): Promise<void> {
  const credentialId = Uuid.toUrn(id ?? '')
  if (options.at !== undefined || Uuid.toBytes(credentialId) !== undefined)
    return credentialStatus(credentialId, options, config)
  const { store, transactions, files, pins, places, clock, close } = await createHome(config)
  try {
    const batches = (await store.list()).filter((batch) => id === undefined || batch.id === id)
    if (id !== undefined && batches.length === 0) throw new Failure.UnknownBatchError(id)
    if (options.json) {
      const rows = batches.map((batch) => ({
        batch: batch.id,
        state: Batch.told(batch),
        reason: batch.reason,
        size: batch.size,
        achievement: batch.achievement.definition.name,
        accepted: new Date(batch.createdAt).toISOString(),
        chainId: batch.terms.chainId,
        root: batch.anchoring?.root ?? null,
        transactionHash: batch.anchor?.transactionHash ?? null,
        folder: batch.state === 'delivered' ? files.folder(batch.id) : null,
      }))
      process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
      return
    }
    for (const lane of await transactions.lanes())
      if (lane.condition !== null) process.stdout.write(held(lane, lane.condition))
    if (batches.length === 0) {
      process.stdout.write('No batch yet. Issue one: npx laurel issue ROSTER.csv --achievement FILE.json\n')
      return
    }
    for (const batch of batches) process.stdout.write(describe(batch, files.folder(batch.id)))
    if (id === undefined)
      for (const line of Pinned.describe(await Pinned.count({ pins, places, clock }))) process.stdout.write(`${line}\n`)
  } finally {
    await close()
  }
}

function held({ since }: Lane, condition: Condition): string {
  return `${pc.red('!')} ${condition.code} since ${new Date(since).toISOString()}: ${HeldUp.describe(condition)}\n`
}

function describe(batch: Batch.Batch, folder: string): string {
  const mark = batch.state === 'delivered' ? pc.green('✔') : batch.state === 'blocked' ? pc.red('✖') : pc.yellow('…')
  const lines = [
    `${mark} ${pc.bold(batch.id)}  ${Batch.told(batch)}  ${batch.size} × ${batch.achievement.definition.name}`,
  ]
  if (batch.reason !== null) lines.push(`    ${batch.reason}: ${explain(batch.reason) ?? 'see docs/errors.md'}`)
  if (batch.anchoring !== null) lines.push(`    root    ${batch.anchoring.root}`)
  if (batch.state === 'delivered') lines.push(`    folder  ${folder}`)
  return `${lines.join('\n')}\n`
}
