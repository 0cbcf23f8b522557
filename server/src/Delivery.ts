import { setImmediate as turn } from 'node:timers/promises'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Car from '@laurel/core/Car'
import * as Cid from '@laurel/core/Cid'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Json from '@laurel/core/Json'
import * as Keepsake from '@laurel/core/Keepsake'
import type * as Batch from './Batch.ts'
import * as Block from './Block.ts'
import { ahead, range } from './internal/ahead.ts'
import type { Issuing } from './issuer/Issuing.ts'
import type { BatchStore } from './ports/BatchStore.ts'
import type { File } from './ports/Files.ts'
import type { Press } from './ports/Press.ts'
import * as Uuid from './Uuid.ts'

/** How many credentials lie in a folder as files of their own; more are lines of one file (docs/decisions/0015). */
export const fewest = 1_000

export type Source = {
  readonly store: Pick<BatchStore, 'leaves' | 'publication' | 'erased'>
  readonly press: Press
  /** Hears how many credentials have been written. */
  readonly tell: (done: number) => void
}

/** The files of a batch's folder, stamped out from the store: the same bytes each time. */
export async function* folder(batch: Batch.Final, source: Source): AsyncGenerator<File> {
  const isSmall = batch.size <= fewest
  if (isSmall) yield* credentials(batch, source, { images: true, shards: false })
  else {
    yield { name: 'credentials.ndjson', bytes: lines(batch, source) }
    yield { name: 'rows.csv', bytes: rows(batch, source) }
  }
  if (hasTickets(batch))
    if (isSmall) yield* tickets(batch, source, false)
    else yield { name: 'tickets.ndjson', bytes: ticketLines(batch, source) }
  yield* beside(batch, source, isSmall ? await listing(batch, source) : undefined)
}

/** The files that a small batch has of one credential, by the UUID of that. */
export function filesOf(name: string): readonly string[] {
  return [`${name}.json`, `${name}.png`, `${name}.ticket.json`]
}

/** Of the files of a folder those that have something of every credential in them, or name it. */
export async function* naming(batch: Batch.Final, source: Source): AsyncGenerator<File> {
  if (batch.size <= fewest) {
    for await (const file of beside(batch, source, await listing(batch, source)))
      if (file.name === 'summary.json') yield file
    return
  }
  yield { name: 'credentials.ndjson', bytes: lines(batch, source) }
  yield { name: 'rows.csv', bytes: rows(batch, source) }
  if (hasTickets(batch)) yield { name: 'tickets.ndjson', bytes: ticketLines(batch, source) }
}

/** The same of a large batch with a file for every credential, in folders by the first two digits of their ids. */
export async function* shards(batch: Batch.Final, source: Source, images: boolean): AsyncGenerator<File> {
  yield* credentials(batch, source, { images, shards: true })
  if (hasTickets(batch)) yield* tickets(batch, source, true)
  yield { name: 'rows.csv', bytes: rows(batch, source) }
  yield* beside(batch, source)
}

/** Every credential as a file of its own, in the order of the tree. */
async function* credentials(
  batch: Batch.Final,
  { press, tell }: Source,
  { images, shards }: { readonly images: boolean; readonly shards: boolean },
): AsyncGenerator<File> {
  let done = 0
  const blocks = range(0, Block.count(batch.size))
  for await (const files of ahead(blocks, press.width, (place) => press.files(batch, place, images))) {
    for (const { name, bytes } of files) yield { name: sharded(name, shards), bytes }
    done += files.length / (images ? 2 : 1)
    tell(done)
  }
}

function hasTickets({ terms }: Batch.Batch): boolean {
  return terms.collection !== undefined
}

/** Every ticket as a file of its own, named after its credential, in an order that says nothing about theirs. */
async function* tickets(batch: Batch.Final, { press }: Source, shards: boolean): AsyncGenerator<File> {
  const blocks = range(0, Block.count(batch.size))
  for await (const files of ahead(blocks, press.width, (place) => press.tickets(batch, place)))
    for (const { name, bytes } of files) yield { name: sharded(name, shards), bytes }
}

/** Every ticket as a line (NDJSON), with the id of the credential that it comes with. */
async function* ticketLines(batch: Batch.Final, { press }: Source): AsyncGenerator<Uint8Array> {
  yield* ahead(range(0, Block.count(batch.size)), press.width, (place) => press.ticketLines(batch, place))
}

/** In a folder by its first two digits, where a folder would have too many files otherwise. */
function sharded(name: string, shards: boolean): string {
  return shards ? `${name.slice(0, 2)}/${name}` : name
}

/** Every credential as a line (NDJSON), in the order of the tree. */
export async function* lines(batch: Batch.Final, { press, tell }: Source): AsyncGenerator<Uint8Array> {
  let done = 0
  const blocks = range(0, Block.count(batch.size))
  for await (const bytes of ahead(blocks, press.width, (place) => press.lines(batch, place))) {
    yield bytes
    done = Math.min(done + Block.size, batch.size)
    tell(done)
  }
}

/** What the keepsakes of a batch have in common beside what the store knows. */
export type Keeping = Pick<Keepsake.Keepsake, 'didDocument' | 'storageProofs'>

/**
 * The DID document of a batch's issuer as it is now, for its keepsakes. A did:key is its own.
 *
 * @param own that of the home's own issuer
 */
export async function issuerOf(
  { terms }: Pick<Batch.Batch, 'terms'>,
  own: DidDocument.DidDocument,
  issuing: Pick<Issuing, 'document'>,
): Promise<Pick<Keeping, 'didDocument'>> {
  const { id } = terms.issuer
  if (!id.startsWith('did:web:')) return {}
  const document = id === own.id ? own : await issuing.document(id)
  return document === undefined ? {} : { didDocument: document as unknown as Json.Object }
}

/** Every credential as a keepsake: a file with all that its verification needs. In folders where there are many. */
export async function* keepsakes(batch: Batch.Final, source: Source, keeping: Keeping): AsyncGenerator<File> {
  const manifest = Bytes.fromUtf8(batch.anchoring.manifest)
  const statusLists = (await publications(batch, source.store)).map(({ text }) => {
    const list = Json.parseObject(text)
    return { url: String(list.id), bytes: Bytes.fromUtf8(text) }
  })
  for await (const bytes of lines(batch, source))
    for (const line of new TextDecoder().decode(bytes).split('\n')) {
      if (line === '') continue
      const credential = Json.parseObject(line)
      const text = Keepsake.text({ ...keeping, credential, manifest, statusLists })
      const name = `${Uuid.name(String(credential.id))}.laurel`
      yield { name: sharded(name, batch.size > fewest), bytes: Bytes.fromUtf8(text) }
    }
}

/**
 * An archive (CARv1) of what {@link folder} writes for a large batch, but for its lines: a directory for each block of the
 * tree, within the directory that is its root. What stands first in it is known last.
 */
export function archive(
  batch: Batch.Final,
  source: Source,
): { readonly headLength: number; readonly body: AsyncIterable<Uint8Array>; readonly head: () => Uint8Array } {
  const entries: Car.Entry[] = []
  let root: Car.Block | undefined
  async function* body() {
    const places = range(0, Block.count(batch.size))
    for await (const { bytes, directory } of ahead(places, source.press.width, (place) =>
      source.press.archive(batch, place),
    )) {
      entries.push({ name: String(entries.length).padStart(4, '0'), block: directory })
      yield bytes
      source.tell(Math.min(entries.length * Block.size, batch.size))
    }
    for await (const { name, bytes } of beside(batch, source)) {
      const block = Car.raw(bytes)
      entries.push({ name, block })
      yield Car.section(block)
    }
    root = Car.directory(entries)
    yield Car.section(root)
  }
  return {
    headLength: Car.header([new Uint8Array(cidLength)]).length,
    body: body(),
    head: () => Car.header([(root as Car.Block).cid]),
  }
}

/** Of a CID over SHA-256, in bytes: version, codec, hash, length, digest. */
const cidLength = 4 + 32

/** Which row of the roster became which credential (CSV, RFC 4180), in the order of the roster. */
async function* rows(batch: Batch.Final, { store }: Source): AsyncGenerator<Uint8Array> {
  const erased = await store.erased(batch.id)
  yield Bytes.fromUtf8('row,id\r\n')
  for (const after of range(0, batch.size, page)) {
    const ids = await readIds(batch, store, after)
    const lines = ids.map((id, i) => (erased.has(after + i + 1) ? '' : `${after + i + 1},${id}\r\n`))
    yield Bytes.fromUtf8(lines.join(''))
    await turn()
  }
}

/** How many ids are read before others have their turn; more than a batch has whose files are listed. */
const page = 2_000

async function readIds(batch: Batch.Final, store: Source['store'], after: number): Promise<readonly string[]> {
  const { ids } = await store.leaves(batch.id, after, page)
  return Array.from({ length: ids.length / 16 }, (_, i) => Uuid.fromBytes(ids.subarray(16 * i, 16 * (i + 1))))
}

/** Which file is whose, in the order of the tree, of a batch that is small. */
async function listing(batch: Batch.Final, { store }: Source): Promise<readonly object[]> {
  const erased = await store.erased(batch.id)
  const people = (await readIds(batch, store, 0)).map((id, i) => ({ row: i + 1, id }))
  return people
    .filter(({ row }) => !erased.has(row))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ row, id }) => ({
      row,
      id,
      file: `${Uuid.name(id)}.json`,
      image: `${Uuid.name(id)}.png`,
      ...(hasTickets(batch) ? { ticket: `${Uuid.name(id)}.ticket.json` } : {}),
    }))
}

/** What lies beside the credentials: manifest, status lists, and a summary without personal data. */
export async function* beside(
  batch: Batch.Final,
  { store }: Pick<Source, 'store'>,
  credentials?: readonly object[],
): AsyncGenerator<File & { readonly bytes: Uint8Array }> {
  yield { name: 'manifest.json', bytes: Bytes.fromUtf8(batch.anchoring.manifest) }
  for (const { purpose, text } of await publications(batch, store))
    yield { name: `status-${purpose}.json`, bytes: Bytes.fromUtf8(text) }
  const summary = { ...summarise(batch), ...(credentials === undefined ? {} : { credentials }) }
  yield { name: 'summary.json', bytes: Bytes.fromUtf8(`${JSON.stringify(summary, null, 2)}\n`) }
}

/** The newest status lists of a batch, as they were published. */
async function publications({ id, statusLists }: Batch.Final, store: Pick<BatchStore, 'publication'>) {
  if (statusLists === null) return []
  return Promise.all(
    (['revocation', 'suspension'] as const).map(async (purpose) => {
      const publication = await store.publication(`${purpose}-${statusLists.number}`)
      if (publication === undefined) throw new TypeError(`Batch ${id} has a status list that was never published`)
      return { purpose, text: publication.text }
    }),
  )
}

function summarise(batch: Batch.Final): object {
  const { terms, anchoring, anchor } = batch
  return {
    batch: batch.id,
    issuer: terms.issuer,
    profile: terms.profile,
    achievement: { id: batch.achievement.definition.id, name: batch.achievement.definition.name },
    size: batch.size,
    number: anchoring.number,
    previous: anchoring.previous,
    root: anchoring.root,
    manifestDigest: anchoring.manifestDigest,
    manifestCid: Cid.fromDigest(Bytes.fromHex(anchoring.manifestDigest)),
    account: Caip10.format(terms.chainId, terms.account),
    chainId: terms.chainId,
    registry: terms.registry,
    ...(terms.collection === undefined
      ? {}
      : { collection: terms.collection.address, ticketRoot: anchoring.ticketRoot }),
    transactionHash: anchor.transactionHash,
    block: anchor.block,
    time: anchor.time,
  }
}
