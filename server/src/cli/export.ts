import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type * as StorageProof from '@laurel/core/StorageProof'
import * as EvmAnchorReader from '@laurel/verifier/readers/EvmAnchorReader'
import pc from 'picocolors'
import * as Disk from '../adapters/files/Disk.ts'
import * as Batch from '../Batch.ts'
import type { Config } from '../config.ts'
import * as Delivery from '../Delivery.ts'
import * as Contracts from '../deployment/Contracts.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { createHome, createOffice, type Home } from '../main.ts'
import * as Failure from './Failure.ts'
import * as Progress from './Progress.ts'

export type Options = {
  readonly format: 'folder' | 'ndjson' | 'car' | 'laurel'
  /** Also bakes every credential of a large batch into an image; those of a small one are always. */
  readonly images?: boolean
  /** Asks the chain for what shows the anchor to whoever trusts a block of it, and puts that into the keepsakes. */
  readonly proof?: boolean
  readonly json?: boolean
}

/**
 * Stamps out a delivered batch once more, into an empty folder or a new file: the same bytes as at delivery, the newest
 * status lists. It is seen under its name once it is whole; after a crash it is written from the beginning.
 */
export async function exportBatch(id: string, destination: string, options: Options, config: Config): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const { store, press, documents, issuing, prove, close } = await open(config, options)
  try {
    const found = await store.get(id)
    if (found === undefined) throw new Failure.UnknownBatchError(id)
    if (found.state !== 'delivered') throw new Failure.NotDeliveredError(found)
    const batch = Batch.final(found)
    const target = resolve(destination)
    await mkdir(dirname(target), { recursive: true })
    await Disk.sweep(dirname(target), `${basename(target)}.`)
    const tell = (done: number) => reporter.report({ batch: id, step: 'deliver', done, total: batch.size })
    const source = { store, press, tell, keep: () => keep(batch, { documents, issuing }, prove) }
    const files = await write[options.format](batch, target, source, options)
    crashpoint('export:after-rename')
    reporter.end()
    if (options.json) process.stdout.write(`${JSON.stringify({ batch: id, target, files }, null, 2)}\n`)
    else process.stdout.write(`${pc.green('✔')} ${files === 1 ? target : `${files} files in ${target}`}\n`)
  } finally {
    reporter.end()
    await close()
  }
}

type Prove = (batch: Batch.Final) => Promise<StorageProof.StorageProof | undefined>

/** A home; and its chain only where it is to be asked. */
async function open(
  config: Config,
  { format, proof }: Options,
): Promise<Pick<Home, 'store' | 'press' | 'documents' | 'issuing' | 'close'> & { readonly prove?: Prove }> {
  if (format !== 'laurel' || !proof) return createHome(config)
  const demand = [Contracts.anchorRegistry]
  const { office, documents, rpc, close } = await createOffice(config, { say: () => {}, purposes: [], demand })
  const { store, press, chain, issuing } = office
  const prove: Prove = async ({ terms, anchoring }) =>
    chain.chainId === terms.chainId
      ? EvmAnchorReader.prove(
          globalThis.fetch,
          rpc,
          { registry: terms.registry, confirmations: chain.confirmations },
          terms.account,
          anchoring.root,
        )
      : undefined
  return { store, press, documents, issuing, prove, close }
}

async function keep(
  batch: Batch.Final,
  { documents, issuing }: Pick<Home, 'documents' | 'issuing'>,
  prove: Prove | undefined,
): Promise<Delivery.Keeping> {
  const proof = await prove?.(batch)
  if (prove !== undefined && proof === undefined) throw new Failure.NoProofError(batch.terms.chainId)
  return {
    ...(await Delivery.issuerOf(batch, documents.did, issuing)),
    storageProofs: proof === undefined ? [] : [{ chainId: batch.terms.chainId, proof }],
  }
}

type Source = Delivery.Source & { readonly keep: () => Promise<Delivery.Keeping> }
type Write = (batch: Batch.Final, target: string, source: Source, options: Options) => Promise<number>

const whole = () => crashpoint('export:before-rename')
const written = (count: number) => {
  if (count === 2) crashpoint('export:half-written')
}

const write: Readonly<Record<Options['format'], Write>> = {
  folder: async (batch, target, source, { images = false }) => {
    if ((await entries(target)) > 0) throw new Failure.FolderNotEmptyError(target)
    const isSmall = batch.size <= Delivery.fewest
    const files = isSmall ? Delivery.folder(batch, source) : Delivery.shards(batch, source, images)
    return Disk.writeFolder(target, files, { written, whole })
  },
  laurel: async (batch, target, source) => {
    if ((await entries(target)) > 0) throw new Failure.FolderNotEmptyError(target)
    return Disk.writeFolder(target, Delivery.keepsakes(batch, source, await source.keep()), { written, whole })
  },
  ndjson: async (batch, target, source) => {
    await mustNotExist(target)
    await Disk.replace(target, Delivery.lines(batch, source), { whole })
    return 1
  },
  car: async (batch, target, source) => {
    await mustNotExist(target)
    const { body, head, headLength } = Delivery.archive(batch, source)
    await Disk.replace(target, body, { head: { length: headLength, bytes: head }, whole })
    return 1
  },
}

async function mustNotExist(file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) throw new Failure.FileExistsError(file)
}

/** How many entries a folder has; none where there is no folder. */
async function entries(folder: string): Promise<number> {
  return (await readdir(folder).catch(() => [])).length
}
