import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pc from 'picocolors'
import * as HomeFiles from '../adapters/files/HomeFiles.ts'
import * as Batch from '../Batch.ts'
import type { Config } from '../config.ts'
import { createHome } from '../main.ts'
import { folder } from '../pipeline/9-deliver.ts'
import * as Failure from './Failure.ts'
import * as Progress from './Progress.ts'

/** Stamps out a delivered batch once more into an empty folder: the same bytes as at delivery, the newest status lists. */
export async function exportBatch(
  id: string,
  destination: string,
  options: { readonly json?: boolean },
  config: Config,
): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const { store, badge, close } = await createHome(config)
  try {
    const batch = await store.get(id)
    if (batch === undefined) throw new Failure.UnknownBatchError(id)
    if (batch.state !== 'delivered') throw new Failure.NotDeliveredError(batch)
    const target = resolve(destination)
    await mkdir(target, { recursive: true })
    if ((await readdir(target)).length > 0) throw new Failure.FolderNotEmptyError(destination)
    let count = 0
    const progress = (done: number) => reporter.report({ batch: id, step: 'deliver', done, total: batch.size })
    for await (const file of folder(Batch.final(batch), store, badge, progress)) {
      await HomeFiles.replace(join(target, file.name), file.bytes)
      count++
    }
    reporter.end()
    if (options.json) process.stdout.write(`${JSON.stringify({ batch: id, folder: target, files: count }, null, 2)}\n`)
    else process.stdout.write(`${pc.green('✔')} ${count} files in ${target}\n`)
  } finally {
    reporter.end()
    await close()
  }
}
