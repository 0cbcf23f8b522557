import { readFile } from 'node:fs/promises'
import { workerData } from 'node:worker_threads'
import * as BlockContentStore from './adapters/content/BlockContentStore.ts'
import * as VerifierJudge from './adapters/judge/VerifierJudge.ts'
import * as LocalPress from './adapters/press/LocalPress.ts'
import * as Messages from './adapters/press/Messages.ts'
import * as SqlBatchStore from './adapters/store/SqlBatchStore.ts'

/** What a thread of the press is composed of: all of it reads, nothing writes, and no key is among it. */
const { home, database, badge } = workerData as Readonly<Record<'home' | 'database' | 'badge', string>>

await Messages.serve(async (signerOf) => {
  const store = SqlBatchStore.openReader(database)
  const content = await BlockContentStore.open(home)
  const press = LocalPress.create({
    store,
    signerOf,
    createJudge: () => VerifierJudge.create(home, content),
    badge: await readFile(badge),
  })
  return { press, store }
})
