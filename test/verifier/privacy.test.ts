import { readdirSync } from 'node:fs'
import * as Cid from '@laurel/core/Cid'
import * as DidWeb from '@laurel/core/DidWeb'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusList from '@laurel/core/StatusList'
import { Policy, verify } from '@laurel/verifier'
import * as WebReaders from '@laurel/verifier/readers/WebReaders'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

/** How often each credential is verified, by readers that have not asked anything before. */
const times = 4

describe('Whoever is asked by a verifier', function () {
  this.timeout(120_000)

  it('does not learn which credential of a batch it verifies, nor whose', async () => {
    const verifier = await Verifier.start()
    try {
      const trust = {
        ...verifier.trust,
        // Where a document has to be asked for, it is.
        issuers: verifier.trust.issuers.map(({ didDocument: _, ...issuer }) => issuer),
      }
      const published = publish()
      const asked = new Map<string, string[]>()
      let verifications = 0
      for (const name of Golden.credentials()) {
        for (let i = 0; i < times; i++) {
          const requests: string[] = []
          const fetch: typeof globalThis.fetch = async (input, init) => {
            requests.push(JSON.stringify([String(input), init?.method, [...new Headers(init?.headers)], init?.body]))
            expect([init?.credentials, init?.referrerPolicy]).to.deep.equal(['omit', 'no-referrer'])
            if (String(input).startsWith('http://127.0.0.1')) return globalThis.fetch(input, init)
            const bytes = published.get(String(input))
            return bytes === undefined ? new Response(null, { status: 404 }) : new Response(bytes.slice())
          }
          const readers = WebReaders.create({ gateways: ['https://gateway.example/ipfs/'], fetch })
          const report = await verify(Verifier.bytes(name), { trust, readers, now: Verifier.now })
          expect(Policy.decide(report).verdict, name).to.equal('accepted')
          verifications++
          expect(requests.length).to.be.greaterThan(2)
          for (const secret of secretsOf(Golden.read(name)))
            for (const request of requests) expect(request.toLowerCase()).to.not.include(secret.toLowerCase())
          const batch = name.slice(0, 3)
          const all = requests.toSorted()
          expect(all, `${name} as the others of its batch`).to.deep.equal(asked.get(batch) ?? all)
          asked.set(batch, all)
        }
      }
      expect(verifications).to.be.greaterThan(100)
      expect(asked.size).to.be.greaterThan(5)
    } finally {
      await verifier.stop()
    }
  })

  it('gives out a list in which there is room for many, whole', () => {
    for (const name of ['A-status-revocation', 'A-status-suspension', 'B-status-revocation']) {
      const { encodedList } = Golden.read(`${name}.json`).credentialSubject as { readonly encodedList: string }
      expect(StatusList.decode(encodedList).length * 8).to.be.at.least(131_072)
    }
  })
})

/** What is at an address: manifests by their identifiers, status lists, DID documents. */
function publish(): ReadonlyMap<string, Uint8Array> {
  const at = new Map<string, Uint8Array>()
  for (const name of readdirSync(Golden.folder).filter((each) => /manifest|status|did/.test(each))) {
    const bytes = Verifier.bytes(name)
    const { id } = Golden.read(name)
    at.set(`https://gateway.example/ipfs/${Cid.fromDigest(Sha256.digest(bytes))}`, bytes)
    if (typeof id !== 'string') continue
    // The second version of a list, which revokes, is left out.
    if (id.startsWith('did:web:')) at.set(DidWeb.toUrl(id), bytes)
    else if (!name.includes('-2')) at.set(id, bytes)
  }
  return at
}

/** What would tell one credential from the others of its batch. */
function secretsOf({ id, credentialSubject, credentialStatus, proof }: Json.Object): readonly string[] {
  const subject = credentialSubject as { readonly id?: string; readonly identifier?: readonly Json.Object[] }
  const status = credentialStatus as { readonly id?: string } | undefined
  const [signature] = proof as readonly { readonly proofValue: string }[]
  return [
    String(id),
    String(id).replace('urn:uuid:', ''),
    ...(subject.id === undefined ? [] : [subject.id]),
    ...(subject.identifier ?? []).map(({ identityHash }) => String(identityHash)),
    ...(status?.id === undefined ? [] : [status.id]),
    String(signature?.proofValue),
  ]
}
