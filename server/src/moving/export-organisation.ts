import { createHash } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Json from '@laurel/core/Json'
import * as Entry from '../audit/Entry.ts'
import * as Batch from '../Batch.ts'
import type { Context, Within } from '../Context.ts'
import * as Delivery from '../Delivery.ts'
import type { AuditLog } from '../ports/AuditLog.ts'
import type { Version } from '../ports/CatalogueStore.ts'
import type { File } from '../ports/Files.ts'
import * as Manifest from './Manifest.ts'

/** What exporting needs: the stores within the organisation, and what stamps its credentials out. */
export type Exporting = Pick<
  Within,
  'store' | 'catalogue' | 'issuers' | 'audit' | 'privacy' | 'imports' | 'organisations'
> &
  Pick<Context, 'press' | 'content' | 'clock' | 'issuing'> & {
    /** The DID document of the home's own issuer. */
    readonly did: DidDocument.DidDocument
    /** Of the audit log of all organisations together. */
    readonly anchors: AuditLog['anchors']
    /** Hears how many credentials have been written. */
    readonly tell?: (done: number) => void
  }

/** How much is read at a time. */
const page = 500

/**
 * Everything that an organisation has, as files that are of use without us (docs/moving.md): its credentials as keepsakes, its
 * people, achievements, issuer, status lists, badges of others and audit log, and last a manifest with the digest of each. No
 * key, no secret and no claim ticket is in it. It is written while it is read, and never held whole; what is accepted
 * meanwhile may be in it or not.
 *
 * Nothing is changed: if we die, there is half an archive without its manifest, which no reader takes for one.
 */
export async function* exportOrganisation(id: string, context: Exporting): AsyncGenerator<File> {
  const organisation = await context.organisations.organisation(id)
  if (organisation === undefined) throw new TypeError('An organisation is exported that is there')
  const entries: Promise<Manifest.Entry>[] = []
  // Of whoever is erased there is none.
  let credentials = 0
  for await (const file of files(id, context)) {
    if (Manifest.isCredential(file.name)) {
      credentials++
      yield file
      continue
    }
    const { entry, bytes } = noting(file)
    entries.push(entry)
    yield { name: file.name, bytes }
  }
  const { settings: _, quotas: __, createdAt, ...named } = organisation
  async function* manifest() {
    yield Manifest.text({
      made: new Date(context.clock.now()).toISOString(),
      organisation: { ...named, createdAt: new Date(createdAt).toISOString() },
      credentials,
      files: await Promise.all(entries),
    })
  }
  yield { name: Manifest.name, bytes: manifest() }
}

/** How many credentials an organisation has handed out. */
export async function count(context: Pick<Exporting, 'store'>): Promise<number> {
  let sum = 0
  for await (const { state, size } of batches(context)) if (state === 'delivered') sum += size
  return sum
}

async function* files(id: string, context: Exporting): AsyncGenerator<File> {
  let done = 0
  for await (const batch of batches(context))
    if (batch.state === 'delivered') {
      yield* delivered(Batch.final(batch), context, done)
      done += batch.size
    }
  yield { name: 'batches.ndjson', bytes: lines(batchLines(context)) }
  yield { name: 'people.ndjson', bytes: lines(people(context)) }
  yield { name: 'achievements.ndjson', bytes: lines(achievements(context)) }
  yield { name: 'issuer.ndjson', bytes: lines(issuer(context)) }
  yield { name: 'originals.ndjson', bytes: lines(originals(context)) }
  yield { name: 'audit.ndjson', bytes: lines(audit(id, context)) }
  yield { name: 'audit-anchors.ndjson', bytes: lines(auditAnchors(id, context)) }
  yield* pictures(context)
}

/** The batches, the newest first. */
async function* batches({ store }: Pick<Exporting, 'store'>): AsyncGenerator<Batch.Batch> {
  for (let before: number | undefined; ; ) {
    const run = await store.page({ before, limit: page })
    for (const { batch } of run) yield batch
    before = run.at(-1)?.seq
    if (before === undefined || run.length < page) return
  }
}

/** What a delivered batch has handed out: its manifest, status lists, decisions, and each credential as a keepsake. */
async function* delivered(batch: Batch.Final, context: Exporting, before: number): AsyncGenerator<File> {
  const { store, press, did, issuing, tell } = context
  const source = { store, press, tell: (done: number) => tell?.(before + done) }
  const folder = `batches/${batch.id}`
  for await (const { name, bytes } of Delivery.beside(batch, source)) yield { name: `${folder}/${name}`, bytes }
  yield { name: `${folder}/decisions.ndjson`, bytes: lines(decisions(batch, store)) }
  const keeping = { ...(await Delivery.issuerOf(batch, did, issuing)), storageProofs: [] }
  yield* summed(`${folder}/credentials`, Delivery.keepsakes(batch, source, keeping))
}

/**
 * Files, and behind those of each folder the list of their digests that `sha256sum --check` reads. They come in the order of
 * their names, so that no more than a folder's are remembered.
 */
async function* summed(folder: string, keepsakes: AsyncIterable<File>): AsyncGenerator<File> {
  let at: string | undefined
  let sums: string[] = []
  const list = (): File => ({ name: `${folder}${at}/${Manifest.sums}`, bytes: Bytes.fromUtf8(sums.join('')) })
  for await (const { name, bytes } of keepsakes) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('A keepsake is whole')
    const slash = name.lastIndexOf('/') + 1
    const place = slash === 0 ? '' : `/${name.slice(0, slash - 1)}`
    if (at !== undefined && at !== place) {
      yield list()
      sums = []
    }
    at = place
    sums.push(Manifest.sum(Manifest.digestOf(bytes), name.slice(slash)))
    yield { name: `${folder}/${name}`, bytes }
  }
  if (at !== undefined) yield list()
}

/** What was decided about those that are revoked or suspended now. */
async function* decisions(batch: Batch.Final, store: Exporting['store']): AsyncGenerator<object> {
  const { statusLists } = batch
  if (statusLists === null) return
  const lists = (await store.lists()).filter(({ number }) => number === statusLists.number)
  const set = new Set((await Promise.all(lists.map((list) => store.bits(list)))).flatMap((bits) => bits.set))
  if (set.size === 0) return
  for (let after = 0; ; ) {
    const run = await store.recipients(batch.id, after, page)
    for (const { draft } of run)
      if (draft?.statusIndex != null && set.has(draft.statusIndex))
        for (const { act, reason, at } of await store.decisions(draft.credentialId))
          yield { credential: draft.credentialId, act, reason, at: time(at) }
    const last = run.at(-1)
    if (last === undefined || run.length < page) return
    after = last.row
  }
}

async function* batchLines(context: Exporting): AsyncGenerator<object> {
  for await (const batch of batches(context)) {
    const { id, state, title, department, createdAt, size } = batch
    const { terms, achievement, statusLists, anchoring, anchor } = batch
    yield {
      ...{ id, state, title, department, createdAt: time(createdAt), size },
      ...{ terms, achievement, statusLists, anchoring, anchor },
    }
  }
}

async function* people({ privacy }: Exporting): AsyncGenerator<object> {
  for await (const run of privacy.people())
    for (const each of run)
      if (each.kind === 'row') {
        const { batch, row, credential, fields, address } = each
        yield { batch, row, credential, fields, ...(address !== undefined && { address }) }
      } else if (each.kind === 'order') yield { order: each.order, fields: each.fields }
}

async function* achievements(context: Exporting): AsyncGenerator<object> {
  for await (const { createdAt, ...version } of versions(context)) yield { ...version, createdAt: time(createdAt) }
}

async function* versions({ catalogue }: Pick<Exporting, 'catalogue'>): AsyncGenerator<Version> {
  for (let after = ''; ; ) {
    const run = await catalogue.achievements(after, page)
    for (const { name } of run) yield* await catalogue.versions(name)
    const last = run.at(-1)
    if (last === undefined || run.length < page) return
    after = last.name
  }
}

/** Who has issued: the public halves of their keys, and what they have said of themselves. */
async function* issuer(context: Exporting): AsyncGenerator<object> {
  const { did, issuers, issuing } = context
  const used = new Map<string, { from: string; until: string; batches: number }>()
  const names = new Set<string>()
  for await (const { terms, createdAt, anchoring } of batches(context)) {
    if (anchoring === null) continue
    const { verificationMethod, chainId, account } = terms
    names.add(terms.issuer.id)
    const key = JSON.stringify({ issuer: terms.issuer.id, verificationMethod, chainId, account })
    const before = used.get(key)
    // The newest comes first.
    used.set(key, {
      from: time(createdAt),
      until: before?.until ?? time(createdAt),
      batches: (before?.batches ?? 0) + 1,
    })
  }
  for (const name of names) {
    const document = name === did.id ? did : await issuing.document(name)
    if (document !== undefined) yield { kind: 'did-document', document }
  }
  for (const [key, use] of used) yield { kind: 'keys', ...JSON.parse(key), ...use }
  for (const name of names)
    for (const { createdAt, ...profile } of await issuers.profiles(name))
      yield { kind: 'profile', issuer: name, ...profile, createdAt: time(createdAt) }
}

async function* originals({ imports }: Exporting): AsyncGenerator<object> {
  for (const { id, createdAt } of await imports.imports())
    for (let after = 0; ; ) {
      const run = await imports.originals(id, after, page)
      for (const { row } of run) {
        // Whoever is erased meanwhile is not there any more.
        const one = await imports.original(id, row)
        if (one === undefined) continue
        const { bytes, ...rest } = one
        yield { import: id, imported: time(createdAt), ...rest, bytes: Buffer.from(bytes).toString('base64') }
      }
      const last = run.at(-1)
      if (last === undefined || run.length < page) break
      after = last.row
    }
}

async function* audit(id: string, { audit }: Exporting): AsyncGenerator<object> {
  for (let after = 0; ; ) {
    const run = await audit.entries(id, after, page)
    yield* run.map(Entry.told)
    const last = run.at(-1)
    if (last === undefined || run.length < page) return
    after = last.sequence
  }
}

/** What of the log is anchored. The heads of other organisations are none of this one's business. */
async function* auditAnchors(id: string, { anchors }: Exporting): AsyncGenerator<object> {
  for (const { heads, at, ...anchor } of await anchors()) {
    const own = heads.filter(({ organisation }) => organisation === id)
    if (own.length > 0) yield { ...anchor, at: time(at), head: own[0], alone: own.length === heads.length }
  }
}

/** The images of achievements that are kept here, by their content identifiers. */
async function* pictures(context: Exporting): AsyncGenerator<File> {
  const images = new Set<string>()
  for await (const { achievement } of batches(context)) note(achievement.definition, images)
  for await (const { definition } of versions(context)) note(definition, images)
  for (const cid of images) {
    const bytes = await context.content.read(cid)
    if (bytes !== undefined) yield { name: `images/${cid}`, bytes }
  }
}

function note({ image }: Json.Object, images: Set<string>): void {
  const id = Json.isObject(image) ? image.id : image
  const [, cid] = typeof id === 'string' ? (/^ipfs:\/\/([a-z0-9]+)$/.exec(id) ?? []) : []
  if (cid !== undefined) images.add(cid)
}

async function* lines(values: AsyncIterable<object>): AsyncGenerator<Uint8Array> {
  for await (const value of values) yield Bytes.fromUtf8(`${JSON.stringify(value)}\n`)
}

/** A file, and what the manifest says of it once all of it is taken. */
function noting({ name, bytes }: File): { readonly entry: Promise<Manifest.Entry>; readonly bytes: File['bytes'] } {
  if (bytes instanceof Uint8Array)
    return { entry: Promise.resolve({ name, size: bytes.length, sha256: Manifest.digestOf(bytes) }), bytes }
  const { promise, resolve } = Promise.withResolvers<Manifest.Entry>()
  async function* through(parts: AsyncIterable<Uint8Array>) {
    const hash = createHash('sha256')
    let size = 0
    for await (const part of parts) {
      hash.update(part)
      size += part.length
      yield part
    }
    resolve({ name, size, sha256: hash.digest('hex') })
  }
  return { entry: promise, bytes: through(bytes) }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
