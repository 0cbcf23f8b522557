import * as DidDocument from '@laurel/core/DidDocument'
import * as DidKey from '@laurel/core/DidKey'
import type * as Json from '@laurel/core/Json'
import { Policy, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

describe('A key that its DID document says was stolen', function () {
  this.timeout(60_000)
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  /** What becomes of a credential whose keys are revoked from a second on. */
  const decide = async (name: string, from: number) => {
    const document = Golden.read(name)
    const issuers = verifier.trust.issuers.map(({ didDocument, ...each }) => {
      if (didDocument === undefined) throw new TypeError('Every issuer of the samples has a DID document')
      const methods = didDocument.verificationMethod.map(({ id }) => id)
      const revoked = methods.reduce((all, id) => DidDocument.revoke(all, id, from), didDocument)
      return { ...each, didDocument: revoked }
    })
    const { readers, trust } = verifier
    const report = await verify(JSON.stringify(document), { trust: { ...trust, issuers }, readers, now: Verifier.now })
    const { verdict, check, code } = Policy.decide(report)
    return [verdict, check, code].join(' ')
  }
  const timeOf = (batch: string) => Golden.anchors().anchors.find((each) => each.batch === batch)?.time ?? 0
  const now = Verifier.now / 1_000

  it('belongs to an issuer whose DID is the key, and to two that have a domain', () => {
    const dids = ['A-7-1', 'B-3-1', 'C-3-1'].map((name) => (Golden.read(`${name}.json`).issuer as Json.Object).id)
    expect(dids.map((did) => String(did).split(':')[1])).to.deep.equal(['key', 'web', 'web'])
  })

  for (const batch of ['A-7', 'B-3', 'C-3']) {
    const name = `${batch}-1.json`

    it(`has signed what was anchored before (${batch})`, async () => {
      expect(await decide(name, now + 1)).to.equal('accepted  ACCEPTED')
    })

    it(`has signed nothing that was anchored at that second or later (${batch})`, async () => {
      for (const from of [timeOf(batch), timeOf(batch) - 1, 0])
        expect(await decide(name, from)).to.equal('rejected issuer-bound COMPROMISED')
    })
  }

  it('is no other key where a proof calls it by its DID alone', async () => {
    const { did, signer } = await Badges.author()
    const { sign } = signer as unknown as { readonly sign: unknown }
    const named = { did, signer: { ...signer, id: did, sign } }
    const document = await Badges.sign(Badges.badge(did), 'eddsa-rdfc-2022', named)
    const trust = Badges.trusting(did)
    const decideBy = async (didDocument: DidDocument.DidDocument) => {
      const issuers = trust.issuers.map((each) => ({ ...each, didDocument }))
      const options = { trust: { ...trust, issuers }, readers: nobody, now: Badges.now }
      return Policy.decide(await verify(JSON.stringify(document), options)).code
    }
    const plain = DidKey.document(did)
    expect(await decideBy(plain)).to.equal('ACCEPTED')
    const method = DidKey.verificationMethod(did)
    expect(await decideBy(DidDocument.revoke(plain, method, Badges.now / 1_000))).to.equal('COMPROMISED')
  })

  it('signs no status list any more, whatever date the list says', async () => {
    for (const from of [timeOf('B-3') + 1, now])
      expect(await decide('B-3-1.json', from)).to.equal('unknown status STATUS_LIST_INVALID')
    // Of the Blockcerts profile no list is asked for.
    expect(await decide('C-3-1.json', now)).to.equal('accepted  ACCEPTED')
  })
})
