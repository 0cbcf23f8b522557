import { expect } from 'chai'
import * as AnchorProof from '../../core/src/AnchorProof.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Commitment from '../../core/src/Commitment.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Tree from '../../core/src/Tree.ts'
import { jsonOf, rejection } from './support.ts'

type Step = { readonly left?: string; readonly right?: string }

const steps = (path: InclusionProof.Path): readonly Step[] =>
  path.map(({ side, hash }) => ({ [side]: Bytes.toHex(hash).slice(2) }))
const bytes = (hexes: readonly string[]) => hexes.map((hex) => Bytes.fromHex(hex, 32))

describe('Commitment', () => {
  for (const vector of jsonOf('laurel-v1/vectors.json').trees)
    it(`reproduces the vectors of a batch of ${vector.size}`, () => {
      const digests = bytes(vector.documentDigests)
      const blinds = bytes(vector.blinds)
      const tree = Tree.build(digests.map((digest, i) => Commitment.leaf(digest, blinds[i] as Uint8Array)))
      const treeRoot = Tree.root(tree)
      const ticketTree = vector.tickets === undefined ? undefined : Tree.build(bytes(vector.tickets))
      const ticketRoot = Bytes.fromHex(vector.ticketRoot)
      const manifestDigest = Bytes.fromHex(vector.manifestDigest)
      const root = Commitment.root(treeRoot, ticketRoot, manifestDigest)
      expect(Bytes.toHex(treeRoot)).to.equal(vector.treeRoot)
      if (ticketTree !== undefined) expect(Bytes.toHex(Tree.root(ticketTree))).to.equal(vector.ticketRoot)
      expect(Bytes.toHex(root)).to.equal(vector.root)
      for (const proof of vector.proofs) {
        const { position } = proof
        const blind = blinds[position] as Uint8Array
        const documentDigest = digests[position] as Uint8Array
        const treePath = Tree.path(tree, position)
        const path = InclusionProof.credentialPath({ blind, treePath, ticketRoot, manifestDigest })
        expect(steps(path)).to.deep.equal(proof.path)
        expect(AnchorProof.encode({ root, documentDigest, path, anchor: proof.anchor })).to.equal(proof.proofValue)
        const content = AnchorProof.decode(proof.proofValue)
        expect(Bytes.toHex(InclusionProof.fold(content.documentDigest, content.path))).to.equal(vector.root)
        expect(InclusionProof.position(InclusionProof.open(content.path).treePath, vector.size)).to.equal(position)
        if (ticketTree === undefined) continue
        const ticketTreePath = Tree.path(ticketTree, position)
        const ticketPath = InclusionProof.ticketPath({ ticketTreePath, treeRoot, manifestDigest })
        expect(steps(ticketPath)).to.deep.equal(proof.ticketPath)
        const ticket = Bytes.fromHex(vector.tickets[position])
        expect(Bytes.toHex(InclusionProof.fold(ticket, ticketPath))).to.equal(vector.root)
      }
    })

  describe('documentDigest', () => {
    const credential = jsonOf('laurel-v1/golden/A-1-0.json')
    const [first, second] = credential.proof
    const { documentDigest } = jsonOf('laurel-v1/golden/A-1-private.json').recipients[0]
    const digest = async (proof: unknown, previousProof = first.id) =>
      Bytes.toHex(Commitment.documentDigest({ ...credential, proof }, previousProof))

    it('covers the named proof and no other', async () => {
      expect(await digest([first, second])).to.equal(documentDigest)
      expect(await digest([first])).to.equal(documentDigest)
      expect(await digest([second, { ...first, id: 'urn:uuid:another' }, first])).to.equal(documentDigest)
    })

    it('changes with the credential and with the proof', async () => {
      const changed = { ...credential, name: `${credential.name}!` }
      expect(Bytes.toHex(Commitment.documentDigest(changed, first.id))).to.not.equal(documentDigest)
      expect(await digest([{ ...first, created: '2026-03-03T09:00:01Z' }])).to.not.equal(documentDigest)
    })

    const wrong: Readonly<Record<string, unknown>> = {
      'no proof': undefined,
      'an empty list': [],
      'one proof outside a list': first,
      'another id only': [second],
      'two of that id': [first, first],
      'null and texts': [null, first.id, [first]],
    }
    for (const [what, proof] of Object.entries(wrong))
      it(`refuses ${what}`, async () => {
        const error = await rejection(() => digest(proof))
        expect(error).to.include({ code: 'PROOF_PREVIOUS', name: 'Commitment.PreviousProofError' })
      })
  })
})
