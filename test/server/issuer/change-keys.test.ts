import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as KeystoreSigners from '../../../server/src/adapters/signer/KeystoreSigners.ts'
import { rotateKey } from '../../../server/src/issuer/change-keys.ts'
import * as Issuer from '../../../server/src/issuer/Issuer.ts'
import type { IssuerStore } from '../../../server/src/ports/IssuerStore.ts'
import * as Cli from '../../support/Cli.ts'

describe('rotateKey', () => {
  const first = new Uint8Array(32).fill(1)
  const acme = { id: '0000000a', name: 'Acme', did: 'did:web:example.org:issuers:0000000a', createdAt: 1 }
  let remove: () => Promise<void>
  let stored: Issuer.Issuer
  let context: Parameters<typeof rotateKey>[2]

  beforeEach(async () => {
    const made = await Cli.createHome()
    remove = made.remove
    stored = { ...acme, keys: [{ publicKey: first, createdAt: 1, reported: null }] }
    const isKnown = (key: Uint8Array) => stored.keys.some(({ publicKey }) => Bytes.equals(publicKey, key))
    const elsewhere: KeystoreSigners.Elsewhere = {
      at: {},
      // Its label says which key it is.
      open: async (uri) => ({
        publicKey: new Uint8Array(32).fill(uri.scheme === 'pkcs11' ? Number(uri.object) : 0),
        sign: async () => new Uint8Array(64),
      }),
      generate: async () => false,
    }
    const issuers: Pick<IssuerStore, 'addIssuerKey' | 'issuer'> = {
      addIssuerKey: async (_, generation, key) => {
        if (generation !== stored.keys.length + 1 || isKnown(key.publicKey)) throw new Issuer.TakenKeyError()
        stored = { ...stored, keys: [...stored.keys, key] }
      },
      issuer: async () => stored,
    }
    const demandFree = async (key: Uint8Array) => {
      if (isKnown(key)) throw new Issuer.TakenKeyError()
    }
    context = {
      issuers: issuers as IssuerStore,
      issuerKeys: KeystoreSigners.issuerKeys(made.home, undefined, elsewhere),
      issuing: { demandFree, publish: async () => {} } as unknown as typeof context.issuing,
      clock: { now: () => 2 },
    }
  })
  afterEach(() => remove())

  const at = (object: number) => `pkcs11:token=t;object=${object}?module-path=/m.so&pin-source=file:/pin`
  const codeOf = (rotation: Promise<unknown>) =>
    rotation.then(
      () => undefined,
      ({ code }) => code,
    )

  it('takes a key for its next that is free, after one that was taken', async () => {
    expect(await codeOf(rotateKey(stored, first, context, at(1)))).to.equal('KEY_TAKEN')
    const { keys } = await rotateKey(stored, first, context, at(7))
    expect(keys.map(({ publicKey }) => publicKey[0])).to.deep.equal([1, 7])
  })

  it('replaces a key once where it is asked twice at the same time', async () => {
    const both = await Promise.all([rotateKey(stored, first, context), rotateKey(stored, first, context)])
    for (const { keys } of both) expect(keys).to.deep.equal(stored.keys)
    expect(stored.keys.length).to.equal(2)
  })
})
