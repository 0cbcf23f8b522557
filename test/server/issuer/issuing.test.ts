import { expect } from 'chai'
import * as Issuer from '../../../server/src/issuer/Issuer.ts'
import * as Issuing from '../../../server/src/issuer/Issuing.ts'

describe('Issuing', () => {
  const key = (n: number): Issuer.Key => ({ publicKey: new Uint8Array(32).fill(n), createdAt: n, reported: null })
  const acme = { id: '0000000a', name: 'Acme', did: 'did:web:example.org:issuers:0000000a', createdAt: 1 }
  const signer = (publicKey: Uint8Array) => ({ publicKey, sign: async () => [] })
  let stored: Issuer.Issuer
  let issuing: Issuing.Issuing

  beforeEach(() => {
    stored = { ...acme, keys: [key(1)] }
    const issuers = {
      issuer: async (did: string) => (did === stored.did ? stored : undefined),
      hasIssuerKey: async () => false,
      issuers: async () => [stored],
    }
    const identity = { id: 'did:web:example.org', verificationMethod: 'did:web:example.org#key' }
    issuing = Issuing.create({
      own: { identity, name: 'Home', credentialSigner: signer(key(9).publicKey) },
      issuers,
      within: () => ({ issuers }),
      keys: {
        make: async (_, generation) => key(generation).publicKey,
        open: async (_, __, publicKey) => signer(publicKey),
      },
      publish: async () => {},
    })
  })

  it('signs with a key that another process has taken into use since it looked', async () => {
    expect(await issuing.signs(acme.did)).to.equal(true)
    stored = { ...acme, keys: [key(1), key(2)] }
    for (const { publicKey } of stored.keys) {
      const found = await issuing.signer(acme.did, Issuer.methodOf(acme, { publicKey }))
      expect(found.publicKey).to.deep.equal(publicKey)
    }
  })

  it('knows an issuer whose key was stolen, and signs nothing for it', async () => {
    stored = { ...acme, keys: [{ ...key(1), reported: { from: 1, on: 1 } }] }
    expect(await issuing.of('acme')).to.deep.include({ name: 'Acme', isReported: true })
    expect(await issuing.as(acme.did)).to.equal(undefined)
    const signing = issuing.signer(acme.did, Issuer.methodOf(acme, key(1)))
    expect(
      await signing.then(
        () => '',
        ({ code }) => code,
      ),
    ).to.equal('KEY_REPORTED')
  })
})
