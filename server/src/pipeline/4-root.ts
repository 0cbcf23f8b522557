import { setImmediate as turn } from 'node:timers/promises'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Commitment from '@laurel/core/Commitment'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Manifest from '@laurel/core/Manifest'
import * as Sha256 from '@laurel/core/Sha256'
import * as Tree from '@laurel/core/Tree'
import type * as Batch from '../Batch.ts'
import * as Block from '../Block.ts'
import type { Working } from '../Context.ts'
import { afford } from '../internal/afford.ts'
import { ahead, range } from '../internal/ahead.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { shuffled } from '../internal/shuffled.ts'
import { together } from '../internal/together.ts'
import type { BatchStore, Branch, Leaves } from '../ports/BatchStore.ts'

/**
 * Fixes everything that leads to the root, once: the order of the leaves, the tickets in an order of their own (or 32
 * random bytes for their root, where no tokens are offered), the account's next number and the root before it, the signed
 * manifest, and the root. All of it is stored in one transaction, before anybody has seen any of it.
 *
 * If we die right after it: whatever happens, this root is what is anchored. Before it: nothing was promised to anybody,
 * and another order of tickets and manifest are made.
 */
export async function root(
  batch: Batch.Batch,
  context: Working<'store' | 'clock' | 'randomness' | 'issuing' | 'lane' | 'press' | 'progress'>,
): Promise<Batch.Batch> {
  const { store, clock, randomness, issuing, lease } = context
  const { terms } = batch
  const waiting = await afford(batch, context)
  if (waiting !== undefined) return waiting

  const order = Block.cut(await leaves(batch, store))
  const treeRoot = Tree.root(await Block.crown(order))
  const tickets = terms.collection === undefined ? undefined : await makeTickets(batch, context)
  const ticketRoot = tickets === undefined ? randomness.bytes(32) : Tree.root(await Block.crown(tickets))
  const last = await store.last(terms.chainId, terms.account)
  const now = clock.now()
  const signer = await issuing.signer(terms.issuer.id, terms.verificationMethod)
  const manifest = await Manifest.sign(
    {
      type: 'LaurelManifest',
      version: 1,
      issuer: terms.issuer.id,
      account: Caip10.format(terms.chainId, terms.account),
      number: last.number + 1,
      previous: last.root,
      size: batch.size,
      created: DateTimeStamp.fromSeconds(Math.floor(now / 1000)),
      achievements: [
        {
          id: batch.achievement.definition.id as string,
          metadataDigest: Bytes.toHex(Sha256.digest(Bytes.fromUtf8(batch.achievement.metadata))),
        },
      ],
      statusLists:
        batch.statusLists === null
          ? {}
          : { revocation: batch.statusLists.revocation, suspension: batch.statusLists.suspension },
    },
    terms.verificationMethod,
    together(signer.sign),
  )
  const manifestDigest = Manifest.digest(manifest)
  const root = Bytes.toHex(Commitment.root(treeRoot, ticketRoot, manifestDigest))

  crashpoint('root:before-save')
  const rooted = await store.root(
    batch,
    {
      number: manifest.number,
      previous: manifest.previous,
      manifest: new TextDecoder().decode(Manifest.bytes(manifest)),
      manifestDigest: Bytes.toHex(manifestDigest),
      treeRoot: Bytes.toHex(treeRoot),
      ticketRoot: Bytes.toHex(ticketRoot),
      root,
    },
    order,
    lease,
    tickets,
  )
  crashpoint('root:after-save')
  return rooted
}

/** Every recipient's ticket, in an order that says nothing about that of the credentials: 36 bytes a recipient. */
async function makeTickets(
  batch: Batch.Batch,
  { press, progress, randomness }: Working<'press' | 'progress' | 'randomness'>,
): Promise<readonly Branch[]> {
  const { id, size } = batch
  const order = await shuffled(size, randomness)
  const branches = Array.from({ length: Block.count(size) }, (_, place) =>
    order.subarray(place * Block.size, (place + 1) * Block.size),
  )
  const made: Branch[] = []
  progress({ batch: id, step: 'root', done: 0, total: size })
  for await (const branch of ahead(branches.entries(), press.width, async ([place, rows]) => ({
    rows,
    leaves: await press.commit(batch, place, rows),
  }))) {
    made.push(branch)
    progress({ batch: id, step: 'root', done: Math.min(made.length * Block.size, size), total: size })
  }
  return made
}

/** How many leaves are read before others have their turn. */
const page = 2_000

/** All leaves, with the ids that order them, in two runs of bytes: 48 bytes a recipient. */
async function leaves(batch: Batch.Batch, store: BatchStore): Promise<Leaves> {
  const all = { ids: new Uint8Array(16 * batch.size), leaves: new Uint8Array(32 * batch.size) }
  for (const after of range(0, batch.size, page)) {
    const { ids, leaves } = await store.leaves(batch.id, after, page)
    all.ids.set(ids, 16 * after)
    all.leaves.set(leaves, 32 * after)
    await turn()
  }
  return all
}
