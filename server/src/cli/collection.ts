import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import pc from 'picocolors'
import * as Batch from '../Batch.ts'
import { awardsOf } from '../badges/award.ts'
import * as Collection from '../badges/Collection.ts'
import { createCollection, type Options } from '../badges/create-collection.ts'
import { closeBatch, offered, openBatch } from '../badges/open-batch.ts'
import type { Config } from '../config.ts'
import type { Office } from '../issuer/Office.ts'
import type { Stored } from '../ports/CollectionStore.ts'
import * as Failure from './Failure.ts'
import { type Answering, inOffice, type Spending, tell } from './in-office.ts'

/** Makes the issuer's collection of badge tokens, or finds it. */
export async function create(options: Options & Spending, config: Config): Promise<void> {
  const { json, yes: _, ...named } = options
  await inOffice(config, options, async (office, approve) => {
    const { collection, repeated, transactionHash } = await createCollection(office, named, approve)
    if (json) return tell({ ...toJson(office, collection), repeated, transactionHash })
    const what = repeated ? 'was made before' : 'is made'
    process.stdout.write(`${pc.green('✔')} “${collection.name}” ${what}\n${toText(office, collection)}`)
  })
}

/** Shows what the issuer's collection is, what was awarded in it, and which batches offer tokens. */
export async function show(options: Answering, config: Config): Promise<void> {
  await inOffice(config, options, async (office) => {
    const collection = await Collection.demand(office)
    const awards = (await awardsOf(office.badges.at(collection.address), 0)).map(({ number, achievement, list }) => ({
      number,
      achievement,
      size: list.length / 20,
    }))
    const batches = await batchesOf(office, collection)
    if (options.json) return tell({ ...toJson(office, collection), awards, batches })
    process.stdout.write(
      [
        toText(office, collection).trimEnd(),
        ...awards.map(({ number, size, achievement }) => `  award ${number}  ${size} wallets  ${achievement}`),
        ...batches.map(({ batch, size, open }) => `  batch ${batch}  ${size} tickets  ${open ? 'open' : 'not open'}`),
        '',
      ].join('\n'),
    )
  })
}

/** Opens a batch for redeeming. */
export async function open(id: string, options: Spending, config: Config): Promise<void> {
  await inOffice(config, options, async (office, approve) => {
    const outcome = await openBatch(office, await demand(office, id), approve)
    if (options.json) return tell({ batch: id, open: true, ...outcome })
    process.stdout.write(`${pc.green('✔')} ${id} ${outcome.repeated ? 'was open before' : 'is open for redeeming'}\n`)
  })
}

/** Closes a batch whose account was compromised when it anchored it. */
export async function close(id: string, options: Spending, config: Config): Promise<void> {
  await inOffice(config, options, async (office, approve) => {
    const outcome = await closeBatch(office, await demand(office, id), approve)
    if (options.json) return tell({ batch: id, open: false, ...outcome })
    process.stdout.write(`${pc.green('✔')} ${id} ${outcome.repeated ? 'was closed before' : 'is closed'}\n`)
  })
}

async function demand({ store }: Office, id: string): Promise<Batch.Batch> {
  const batch = await store.get(id)
  if (batch === undefined) throw new Failure.UnknownBatchError(id)
  return batch
}

async function batchesOf(office: Office, { address }: Stored) {
  const batches = (await office.store.list()).filter(
    ({ terms, anchoring, state }) =>
      terms.collection?.address === address &&
      terms.chainId === office.chain.chainId &&
      anchoring !== null &&
      state !== 'cancelled',
  )
  const shown = []
  for (const batch of batches) {
    const { series, ticketRoot } = await offered(office, batch)
    shown.push({ batch: batch.id, state: Batch.stage(batch), size: batch.size, ticketRoot, open: series.isOpen })
  }
  return shown
}

function toJson({ chain }: Office, { address, issuerId, name, symbol, metadataDigest }: Stored) {
  return { chainId: chain.chainId, address, issuerId, name, symbol, metadataDigest, uri: uriOf(metadataDigest) }
}

function toText({ chain }: Office, { address, name, symbol, metadataDigest }: Stored): string {
  return `  collection  ${address} on chain ${chain.chainId}\n  name        ${name} (${symbol})\n  metadata    ${uriOf(metadataDigest)}\n`
}

function uriOf(digest: Bytes.Hex): string {
  return `ipfs://${Cid.fromDigest(Bytes.fromHex(digest))}`
}
