import { createECDH } from 'node:crypto'
import { expect } from 'chai'
import { privateKeyToAddress } from 'viem/accounts'
import * as AnchorProof from '../../core/src/AnchorProof.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Cid from '../../core/src/Cid.ts'
import * as Commitment from '../../core/src/Commitment.ts'
import * as DataIntegrity from '../../core/src/DataIntegrity.ts'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as DidKey from '../../core/src/DidKey.ts'
import * as DidPkh from '../../core/src/DidPkh.ts'
import * as DidWeb from '../../core/src/DidWeb.ts'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import * as Json from '../../core/src/Json.ts'
import * as Manifest from '../../core/src/Manifest.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import * as Secret from '../../core/src/Secret.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as StatusList from '../../core/src/StatusList.ts'
import * as Ticket from '../../core/src/Ticket.ts'
import * as Tree from '../../core/src/Tree.ts'
import { bytesOf, jsonOf } from './support.ts'

const golden = (name: string) => `laurel-v1/golden/${name}`
const read = (name: string) => Json.parseObject(bytesOf(golden(name)))
const keys = jsonOf(golden('keys.json')).sets
const { anchors } = jsonOf(golden('anchors.json'))
const stepsOf = (path: InclusionProof.Path) => path.map(({ side, hash }) => ({ [side]: Bytes.toHex(hash).slice(2) }))

type Proof = Json.Object & { readonly id: string; readonly created: string; readonly verificationMethod: string }

function proofsOf(document: Json.Object): readonly Proof[] {
  return document.proof as readonly Proof[]
}

function keyOf(set: string) {
  const { ed25519Seed, publicKeyMultibase, verificationMethod } = keys[set].credentialKeyTEST
  const seed = Bytes.fromHex(ed25519Seed)
  const sign = async (message: Uint8Array) => Ed25519.sign(seed, message)
  return { publicKey: Multikey.toEd25519(publicKeyMultibase), sign, verificationMethod }
}

describe('The golden documents of format 1', () => {
  for (const set of ['A', 'B', 'C'])
    for (const size of [1, 3, 7])
      describe(`batch ${set}-${size}`, () => {
        const batch = `${set}-${size}`
        const { publicKey, sign, verificationMethod } = keyOf(set)
        const secrets = jsonOf(golden(`${batch}-private.json`))
        const file = bytesOf(golden(`${batch}-manifest.json`))
        const manifest = Manifest.parse(file)
        const anchor = anchors.find((candidate: { batch: string }) => candidate.batch === batch)
        const documents: readonly Json.Object[] = secrets.recipients.map((_: unknown, i: number) =>
          read(`${batch}-${i}.json`),
        )
        const tree = Tree.build(
          secrets.recipients.map((recipient: { documentDigest: string; blind: string }) =>
            Commitment.leaf(Bytes.fromHex(recipient.documentDigest), Bytes.fromHex(recipient.blind)),
          ),
        )

        it('reproduces the first proof of every credential', async () => {
          for (const document of documents) {
            const [first] = proofsOf(document) as [Proof]
            expect(first.verificationMethod).to.equal(verificationMethod)
            const { id, created } = first
            const proof = await DataIntegrity.createRdfc(document, { id, created, verificationMethod }, sign)
            expect(JSON.stringify(proof)).to.equal(JSON.stringify(first))
            expect(DataIntegrity.verifyRdfc(document, first, publicKey)).to.equal(true)
          }
        })

        it('reproduces every digest, blind, salt, claim key, ticket and root', async () => {
          const tickets = new Map<number, Uint8Array>()
          for (const [i, recipient] of secrets.recipients.entries()) {
            const document = documents[i] as Json.Object
            const [first] = proofsOf(document) as [Proof]
            const digest = Commitment.documentDigest(document, first.id)
            expect(document.id).to.equal(recipient.credentialId)
            expect(Bytes.toHex(digest)).to.equal(recipient.documentDigest)
            const { blind, salt, claimKey } = Secret.derive(Bytes.fromHex(recipient.secret))
            expect(Bytes.toHex(blind)).to.equal(recipient.blind)
            if (recipient.ticket === undefined) continue
            const { ticket, ticketPosition } = recipient
            tickets.set(ticketPosition, Bytes.fromHex(ticket.commitment))
            if (ticket.kind === 'none') continue
            const opening = { ...ticket, achievement: Bytes.fromHex(ticket.achievement), salt }
            expect(Bytes.toHex(Ticket.commitment(opening))).to.equal(ticket.commitment)
            expect(ticket.index).to.equal(ticketPosition)
            if (ticket.kind === 'ticket')
              expect(privateKeyToAddress(Bytes.toHex(claimKey)).toLowerCase()).to.equal(ticket.address)
          }
          expect(Bytes.toHex(Tree.root(tree))).to.equal(secrets.treeRoot)
          const manifestDigest = Bytes.fromHex(secrets.manifestDigest)
          const root = Commitment.root(Tree.root(tree), Bytes.fromHex(secrets.ticketRoot), manifestDigest)
          expect(Bytes.toHex(root)).to.equal(secrets.root)
          expect(secrets.root).to.equal(anchor.root)
          if (tickets.size === 0) return
          const ticketTree = Tree.build(secrets.recipients.map((_: unknown, i: number) => tickets.get(i)))
          expect(Bytes.toHex(Tree.root(ticketTree))).to.equal(secrets.ticketRoot)
          for (const { ticket, ticketPosition, ticketPath } of secrets.recipients) {
            const ticketTreePath = Tree.path(ticketTree, ticketPosition)
            const path = InclusionProof.ticketPath({ ticketTreePath, treeRoot: Tree.root(tree), manifestDigest })
            expect(stepsOf(path)).to.deep.equal(ticketPath)
            expect(Bytes.toHex(InclusionProof.fold(Bytes.fromHex(ticket.commitment), path))).to.equal(secrets.root)
          }
        })

        it('reproduces the manifest byte for byte', async () => {
          const { proof, ...unsigned } = manifest
          const signed = await Manifest.sign(unsigned, verificationMethod, sign)
          expect(Buffer.from(Manifest.bytes(signed)).equals(file)).to.equal(true)
          expect(Manifest.verify(manifest, publicKey)).to.equal(true)
          expect(Bytes.toHex(Manifest.digest(manifest))).to.equal(secrets.manifestDigest)
          expect(Cid.fromBytes(file)).to.equal(anchor.manifestCid)
          expect(manifest.size).to.equal(size)
          expect(manifest.account).to.equal(`eip155:${anchor.chainId}:${anchor.account}`)
        })

        it('reproduces the second proof of every credential', () => {
          for (const [i, { documentDigest, blind }] of secrets.recipients.entries()) {
            const [first, second] = proofsOf(documents[i] as Json.Object) as [Proof, Proof]
            const path = InclusionProof.credentialPath({
              blind: Bytes.fromHex(blind),
              treePath: Tree.path(tree, i),
              ticketRoot: Bytes.fromHex(secrets.ticketRoot),
              manifestDigest: Manifest.digest(manifest),
            })
            const proof = AnchorProof.create({
              created: manifest.created,
              verificationMethod:
                set === 'C'
                  ? DidWeb.chainVerificationMethod(manifest.issuer)
                  : DidPkh.verificationMethod(manifest.account),
              previousProof: first.id,
              root: Bytes.fromHex(secrets.root),
              documentDigest: Bytes.fromHex(documentDigest),
              path,
              anchor: { chainId: anchor.chainId, transactionHash: anchor.transactionHash },
            })
            expect(JSON.stringify(proof)).to.equal(JSON.stringify(second))
            const parsed = AnchorProof.parse(second)
            expect(Bytes.toHex(InclusionProof.fold(parsed.documentDigest, parsed.path))).to.equal(secrets.root)
            expect(InclusionProof.position(InclusionProof.open(parsed.path).treePath, manifest.size)).to.equal(i)
          }
        })

        it('has no credential that the proof of another one fits', async () => {
          for (const [i, document] of documents.entries()) {
            const [, second] = proofsOf(documents[(i + 1) % size] as Json.Object) as [Proof, Proof]
            const [first] = proofsOf(document) as [Proof]
            const { documentDigest } = AnchorProof.parse(second)
            const own = Commitment.documentDigest(document, first.id)
            expect(Bytes.equals(own, documentDigest)).to.equal(size === 1)
          }
        })
      })

  it('has a chain of batches: each manifest names the root before', () => {
    for (const set of ['A', 'B', 'C']) {
      const manifests = [1, 3, 7].map((size) => Manifest.parse(bytesOf(golden(`${set}-${size}-manifest.json`))))
      const roots = [1, 3, 7].map((size) => jsonOf(golden(`${set}-${size}-private.json`)).root)
      expect(manifests.map(({ number }) => number)).to.deep.equal([1, 2, 3])
      expect(manifests.map(({ previous }) => previous)).to.deep.equal([null, roots[0], roots[1]])
    }
  })

  it('names the achievements by the digests of their metadata', () => {
    const manifests = [1, 3, 7].map((size) => Manifest.parse(bytesOf(golden(`A-${size}-manifest.json`))))
    const digests = new Set(manifests.flatMap(({ achievements }) => achievements.map((item) => item.metadataDigest)))
    for (const name of ['achievement-1.metadata.json', 'achievement-2.metadata.json'])
      expect(digests.delete(Bytes.toHex(Sha256.digest(bytesOf(golden(name)))))).to.equal(true)
    expect(digests.size).to.equal(0)
  })

  describe('DID documents', () => {
    it('reproduces that of the did:key issuer', () => {
      expect(DidKey.document(keys.A.did)).to.deep.equal(jsonOf(golden('A-did.json')))
    })

    it('reproduces that of the did:web issuer', () => {
      const document = DidWeb.document({ did: keys.B.did, credentialKeys: [keyOf('B').publicKey] })
      expect(document).to.deep.equal(jsonOf(golden('B-did.json')))
    })

    it('reproduces that of the issuer in the Blockcerts profile', () => {
      const account = createECDH('secp256k1')
      account.setPrivateKey(keys.C.chainAccountTEST.privateKey.slice(2), 'hex')
      const point = account.getPublicKey()
      const document = DidWeb.document({
        did: keys.C.did,
        credentialKeys: [keyOf('C').publicKey],
        chainKey: { x: point.subarray(1, 33), y: point.subarray(33) },
        profileUrl: 'https://blockcerts.example.org/blockcerts/profile.json',
      })
      expect(document).to.deep.equal(jsonOf(golden('C-did.json')))
    })

    it('finds the account of the issuer in the Blockcerts profile in it', () => {
      const document = jsonOf(golden('C-did.json'))
      const id = DidWeb.chainVerificationMethod(keys.C.did)
      expect(DidDocument.evmAddress(document, id)).to.equal(keys.C.chainAccountTEST.address)
      expect(DidDocument.evmAddress(document, keyOf('C').verificationMethod)).to.equal(undefined)
    })

    for (const set of ['A', 'B', 'C'])
      it(`finds the key of ${set} in it, under its verification method`, () => {
        const { publicKey, verificationMethod } = keyOf(set)
        const document = jsonOf(golden(`${set}-did.json`))
        expect(DidDocument.publicKey(document, verificationMethod)?.bytes).to.deep.equal(publicKey)
      })
  })

  describe('status lists', () => {
    for (const name of [
      'A-status-revocation',
      'A-status-revocation-2',
      'A-status-suspension',
      'B-status-revocation',
      'B-status-suspension',
    ])
      it(`reproduces ${name} but for the packing of its bits, and its proof`, async () => {
        const file = bytesOf(golden(`${name}.json`))
        const document = Json.parseObject(file)
        const { publicKey, sign, verificationMethod } = keyOf(name.charAt(0))
        const subject = document.credentialSubject as { encodedList: string; statusPurpose: StatusList.Purpose }
        const bits = StatusList.decode(subject.encodedList)
        const [proof] = proofsOf(document) as [Proof]
        const built = StatusList.credential({
          id: document.id as string,
          issuer: document.issuer as string,
          purpose: subject.statusPurpose,
          bits,
          validFrom: document.validFrom as string,
        })
        const { encodedList } = built.credentialSubject as { encodedList: string }
        expect(Bytes.equals(StatusList.decode(encodedList), bits)).to.equal(true)
        const again = {
          ...built,
          credentialSubject: { ...(built.credentialSubject as Json.Object), encodedList: subject.encodedList },
        }
        const options = { created: proof.created, verificationMethod }
        const signed = { ...again, proof: [(await DataIntegrity.createRdfc(again, options, sign)) as Json.Object] }
        expect(Buffer.from(Jcs.bytes(signed)).equals(file)).to.equal(true)
        expect(DataIntegrity.verifyRdfc(document, proof, publicKey)).to.equal(true)
      })

    it('revokes exactly one credential in the later version', () => {
      const listOf = (name: string) =>
        StatusList.decode((read(name).credentialSubject as { encodedList: string }).encodedList)
      const [before, after] = [listOf('A-status-revocation.json'), listOf('A-status-revocation-2.json')]
      const indexOf = (name: string) => {
        const { statusListIndex } = read(name).credentialStatus as { statusListIndex: string }
        return StatusList.parseIndex(statusListIndex)
      }
      const revoked = indexOf('A-7-4.json')
      expect(StatusList.isSet(before, revoked)).to.equal(false)
      expect(Bytes.equals(StatusList.set(before, [revoked]), after)).to.equal(true)
    })

    it('writes the entry of every credential', () => {
      for (const name of ['A-1-0', 'A-3-2', 'A-7-6', 'B-7-0']) {
        const status = read(`${name}.json`).credentialStatus as {
          statusListIndex: string
          statusListCredential: string
        }
        const index = StatusList.parseIndex(status.statusListIndex)
        expect(StatusList.entry({ list: status.statusListCredential, index })).to.deep.equal(status)
      }
    })
  })
})
