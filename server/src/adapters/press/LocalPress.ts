import { setImmediate as turn } from 'node:timers/promises'
import * as BakedPng from '@laurel/core/BakedPng'
import * as Bytes from '@laurel/core/Bytes'
import * as Car from '@laurel/core/Car'
import type * as Tree from '@laurel/core/Tree'
import * as Batch from '../../Batch.ts'
import * as Block from '../../Block.ts'
import type { Judge } from '../../Context.ts'
import * as Document from '../../Document.ts'
import { range } from '../../internal/ahead.ts'
import * as Recent from '../../internal/Recent.ts'
import { together } from '../../internal/together.ts'
import type { BatchStore } from '../../ports/BatchStore.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import type { Press } from '../../ports/Press.ts'
import * as Tickets from '../../Tickets.ts'
import * as Uuid from '../../Uuid.ts'

export type Options = {
  readonly store: Pick<BatchStore, 'recipients' | 'block' | 'blockRecipients' | 'recipientsAt' | 'tickets'>
  /** What signs for the issuer of a batch. */
  readonly signerOf: (batch: Batch.Batch) => Promise<Pick<CredentialSigner, 'sign'>>
  /** Makes a judge for the documents of one batch, who shares between them what he looks up. */
  readonly createJudge: () => Promise<Judge>
  /** The image into which credentials are baked where the achievement has none of its own. */
  readonly badge: Uint8Array
}

/** How many documents are made before others have their turn. */
const stint = 32
/** How many are verified at a time: enough to keep the chain's answers coming. */
const verified = 8

/** The press of this thread. */
export function create({ store, signerOf, createJudge, badge }: Options): Press {
  const stamps = Recent.create<Document.Stamp>(8)
  const judges = Recent.create<Promise<Judge>>(2)
  const crowns = Recent.create<Promise<Tree.Tree>>(32)
  /** Of credentials and of tickets; some 20 KiB each. */
  const branches = Recent.create<Promise<{ readonly rows: Uint32Array; readonly tree: Tree.Tree }>>(256)
  const branch = (batch: Batch.Batch, place: number, of: 'block' | 'tickets') =>
    branches.get(`${batch.id} ${of} ${place}`, async () => {
      const block = await store[of](batch.id, place)
      return { rows: block.rows, tree: Block.tree(block) }
    })
  const image = BakedPng.prepare(badge)
  const stamp = (batch: Batch.Batch) => stamps.get(`${batch.id} ${batch.epoch}`, () => Document.stamp(batch))
  /** How many documents of a stamp were made the general way, as far as that was told. */
  const told = new WeakMap<Document.Stamp, number>()
  const judge = (batch: Batch.Batch) => judges.get(`${batch.id} ${batch.epoch}`, createJudge)
  // What a root commits to never changes.
  const crown = (batch: Batch.Batch) => crowns.get(batch.id, () => Block.crown(blocks(store.block, batch)))
  const ticketCrown = (batch: Batch.Batch) =>
    crowns.get(`${batch.id} tickets`, () => Block.crown(blocks(store.tickets, batch)))

  /** Every document of a block: the id of the credential and what is to be written. */
  async function* documents(batch: Batch.Final, place: number, indent: 0 | 2) {
    const recipients = await store.blockRecipients(batch.id, place)
    const tree = Block.tree(await store.block(batch.id, place))
    const top = await crown(batch)
    for (const [i, each] of recipients.entries()) {
      if (i % stint === 0) await turn()
      if (Batch.isErased(each)) continue
      const recipient = Document.asSigned(each)
      const text = Document.text(stamp(batch), batch, recipient, Block.path(tree, top, place, i), indent)
      yield { credentialId: recipient.draft.credentialId, text }
    }
  }

  /** Every ticket of a block of their tree: the id of the credential that it comes with, and what is to be written. */
  async function* tickets(batch: Batch.Final, place: number, indent: 0 | 2) {
    const branch = await store.tickets(batch.id, place)
    const recipients = await store.recipientsAt(batch.id, branch.rows)
    const tree = Block.tree(branch)
    const top = await ticketCrown(batch)
    for (const [i, each] of recipients.entries()) {
      if (i % stint === 0) await turn()
      if (Batch.isErased(each)) continue
      const recipient = Document.asDrafted(each)
      const path = Block.path(tree, top, place, i)
      const text = Tickets.text(batch, recipient, place * Block.size + i, path, indent)
      yield { credentialId: recipient.draft.credentialId, text }
    }
  }

  return {
    width: 1,
    sign: async (batch, after, limit, now) => {
      const recipients = await store.recipients(batch.id, after, limit)
      const sign = together((await signerOf(batch)).sign)
      const signatures: Batch.Signature[] = []
      for (const at of range(0, recipients.length, stint)) {
        const some = recipients.slice(at, at + stint).map(Document.asDrafted)
        const signed = some.map((recipient) => Document.sign(stamp(batch), batch, recipient, now, sign))
        signatures.push(...(await Promise.all(signed)))
      }
      const before = told.get(stamp(batch)) ?? 0
      const generally = Document.madeGenerally(stamp(batch))
      told.set(stamp(batch), generally)
      return { signatures, generally: generally - before }
    },
    commit: async (batch, place, rows) => {
      const recipients = await store.recipientsAt(batch.id, rows)
      const commitments: Uint8Array[] = []
      for (const [i, each] of recipients.entries()) {
        if (i % stint === 0) await turn()
        commitments.push(Tickets.commitment(batch, Document.asDrafted(each), place * Block.size + i))
      }
      return Bytes.concat(...commitments)
    },
    judge: async (batch, place) => {
      const accept = await judge(batch)
      const all = documents(batch, place, 2)
      let refused: Awaited<ReturnType<Press['judge']>>
      const judgeRest = async () => {
        for await (const { credentialId, text } of all) {
          const refusal = await accept(text)
          if (refusal !== undefined) refused ??= { ...refusal, credentialId }
          if (refused !== undefined) return
        }
      }
      await Promise.all(Array.from({ length: verified }, judgeRest))
      return refused
    },
    files: async (batch, place, images) => {
      const files = []
      for await (const { credentialId, text } of documents(batch, place, 2)) {
        const name = Uuid.name(credentialId)
        files.push({ name: `${name}.json`, bytes: Bytes.fromUtf8(text) })
        if (images) files.push({ name: `${name}.png`, bytes: BakedPng.bake(image, text) })
      }
      return files
    },
    lines: async (batch, place) => {
      let lines = ''
      for await (const { text } of documents(batch, place, 0)) lines += text
      return Bytes.fromUtf8(lines)
    },
    tickets: async (batch, place) => {
      const files = []
      for await (const { credentialId, text } of tickets(batch, place, 2))
        files.push({ name: `${Uuid.name(credentialId)}.ticket.json`, bytes: Bytes.fromUtf8(text) })
      return files
    },
    ticketLines: async (batch, place) => {
      let lines = ''
      for await (const { credentialId, text } of tickets(batch, place, 0))
        lines += `{"id":${JSON.stringify(credentialId)},"ticket":${text.trimEnd()}}\n`
      return Bytes.fromUtf8(lines)
    },
    archive: async (batch, place) => {
      const blocks: Car.Block[] = []
      const entries: Car.Entry[] = []
      for await (const { credentialId, text } of documents(batch, place, 2)) {
        const block = Car.raw(Bytes.fromUtf8(text))
        blocks.push(block)
        entries.push({ name: `${Uuid.name(credentialId)}.json`, block })
      }
      const directory = Car.directory(entries)
      const { cid, size } = directory
      return { bytes: Bytes.concat(...blocks.map(Car.section), Car.section(directory)), directory: { cid, size } }
    },
    text: async (batch, recipient, place) => {
      const { rows, tree } = await branch(batch, place, 'block')
      const path = Block.path(tree, await crown(batch), place, rows.indexOf(recipient.row))
      return Document.text(stamp(batch), batch, recipient, path)
    },
    ticket: async (batch, recipient, index) => {
      const place = Math.floor(index / Block.size)
      const { tree } = await branch(batch, place, 'tickets')
      const path = Block.path(tree, await ticketCrown(batch), place, index % Block.size)
      return Tickets.text(batch, recipient, index, path)
    },
    close: async () => {},
  }
}

async function* blocks<block>(read: (batch: string, place: number) => Promise<block>, { id, size }: Batch.Batch) {
  for (const place of range(0, Block.count(size))) yield read(id, place)
}
