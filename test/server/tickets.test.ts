import * as Bytes from '@laurel/core/Bytes'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Sha256 from '@laurel/core/Sha256'
import * as Tree from '@laurel/core/Tree'
import { expect } from 'chai'
import type * as Batch from '../../server/src/Batch.ts'
import type { Drafted } from '../../server/src/Document.ts'
import * as Tickets from '../../server/src/Tickets.ts'
import { read, vectors } from '../support/ClaimTicketVectors.ts'

const golden = vectors.tickets.filter(({ file }) => file.startsWith('5-'))
const example = ClaimTicket.parse(read('5-0.ticket.json'))

/** A batch whose achievement has this metadata. The golden tickets were made of the text that is their digest's. */
function batchOf(chainId = vectors.chainId): Batch.Rooted {
  return {
    id: 'batch',
    size: golden.length,
    terms: { chainId, account: vectors.account, collection: vectors.collection },
    achievement: { definition: {}, metadata: 'metadata of an achievement' },
    anchoring: {
      treeRoot: example.batch.treeRoot,
      ticketRoot: golden[0]?.ticketRoot,
      manifestDigest: example.batch.manifestDigest,
      root: golden[0]?.root,
    },
  } as unknown as Batch.Rooted
}

function personOf(secret: Bytes.Hex, id?: string): Drafted {
  return {
    row: 1,
    fields: { recipient: { ...(id === undefined ? {} : { id }), identifiers: [] } },
    draft: { credentialId: 'urn:uuid:1', proofId: 'urn:uuid:2', secret: Bytes.fromHex(secret), statusIndex: null },
    signature: null,
  }
}

const people = golden.map(({ secret, kind, address }) =>
  personOf(secret, kind === 'holder' ? `did:pkh:eip155:1:${address}` : 'did:key:z6Mk'),
)
const commitments = people.map((person, i) => Tickets.commitment(batchOf(), person, i))
const tree = Tree.build(commitments)

describe('Tickets', () => {
  it('are the golden ones, of named wallets and of claim keys', () => {
    expect(commitments.map(Bytes.toHex)).to.deep.equal(golden.map(({ commitment }) => commitment))
    for (const [i, person] of people.entries())
      expect(Tickets.text(batchOf(), person, i, Tree.path(tree, i))).to.equal(read(golden[i]?.file ?? ''))
    const [first] = people as [Drafted]
    expect(Tickets.text(batchOf(), first, 0, Tree.path(tree, 0), 0)).to.equal(ClaimTicket.text(example, 0))
  })

  it('say nothing that leads to a credential', () => {
    const person = personOf(golden[0]?.secret ?? '0x', 'did:key:z6MkLearner')
    const text = Tickets.text(batchOf(), person, 0, Tree.path(tree, 0))
    for (const secret of ['urn:uuid', 'z6MkLearner', golden[0]?.secret.slice(2) ?? ''])
      expect(text).to.not.include(secret)
  })

  it('are not delivered where they lead to another root', () => {
    const [first] = people as [Drafted]
    for (const wrong of [
      () => Tickets.text(batchOf(), first, 0, Tree.path(tree, 0).slice(0, 2)),
      () => Tickets.text(batchOf(), personOf(Bytes.toHex(Sha256.digestOf('x'))), 0, Tree.path(tree, 0)),
      () => Tickets.text(batchOf(1), first, 0, Tree.path(tree, 0)),
    ])
      expect(wrong).to.throw(Tickets.RefusedError).with.property('code', 'SELF_CHECK_FAILED')
  })

  it('are a wallet’s where one is named that is there on this chain', () => {
    const wallet = `0x${'1a'.repeat(20)}` as const
    const secret = golden[0]?.secret ?? '0x'
    const by = (id: string | undefined, chainId = 8453) =>
      Bytes.toHex(Tickets.commitment(batchOf(chainId), personOf(secret, id), 0))
    const claimed = by(undefined)
    const named = by(`did:pkh:eip155:1:${wallet}`)
    expect(named).to.not.equal(claimed)
    expect(by(`did:pkh:eip155:8453:${wallet}`)).to.equal(named)
    expect(by(`did:pkh:eip155:1:${wallet.toUpperCase().replace('0X', '0x')}`)).to.equal(named)
    // A contract of another chain is not on this one, and of these nobody has the key.
    for (const id of [
      `did:pkh:eip155:137:${wallet}`,
      `did:pkh:eip155:1:0x${'00'.repeat(20)}`,
      `did:pkh:eip155:1:${vectors.collection.address}`,
      'did:pkh:solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ:CKg5d12Jhpej1JqtmxLJgaFqqeYjxgPqToJ4LBdvG9Ev',
      'did:web:ada.example.org',
    ])
      expect(by(id)).to.equal(claimed)
  })

  it('are none of a batch that offers no tokens', () => {
    const batch = batchOf()
    const { collection: _, ...terms } = batch.terms
    expect(() => Tickets.commitment({ ...batch, terms }, people[0] as Drafted, 0)).to.throw(TypeError)
  })
})
