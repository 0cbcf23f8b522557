import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as StatusList from '@laurel/core/StatusList'
import { expect } from 'chai'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import { SignerError } from '../../../server/src/adapters/signer/RemoteKey.ts'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import { decide } from '../../../server/src/status/decide.ts'
import { publishLists } from '../../../server/src/status/publish-lists.ts'
import { pages, request, urn, wanted } from '../store/batch-store.ts'

const owner = { host: 'test', pid: process.pid }
const hour = 60 * 60 * 1000
const seed = new Uint8Array(32).fill(7)
const did = DidKey.fromPublicKey(Ed25519.publicKey(seed))

describe('publishLists', () => {
  let folder: string
  let context: Parameters<typeof publishLists>[0]
  let now: number
  /** What lies in the public folder. */
  let files: Map<string, string>
  /** What somebody else does while the first list is put into the public folder. */
  let meanwhile: () => Promise<void>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-lists-'))
    const store = await SqlBatchStore.open(join(folder, 'laurel.db'))
    now = Date.parse('2026-03-01T12:00:00Z')
    files = new Map()
    meanwhile = async () => {}
    context = {
      store,
      content: await BlockContentStore.open(folder),
      files: {
        publish: async (path: string, bytes: Uint8Array) => {
          files.set(path, new TextDecoder().decode(bytes))
          const act = meanwhile
          meanwhile = async () => {}
          await act()
        },
      } as unknown as typeof context.files,
      clock: { now: () => now },
      issuing: {
        signs: async (each) => each === did,
        as: async () => ({
          credentialSigner: {
            publicKey: Ed25519.publicKey(seed),
            sign: async (messages) => messages.map((message) => Ed25519.sign(seed, message)),
          },
          identity: { id: did, verificationMethod: DidKey.verificationMethod(did) },
        }),
      },
    }
    const terms = { ...request().terms, issuer: { ...request().terms.issuer, id: did } }
    await store.accept(request({ size: 2, terms }), pages([{}, {}]))
    const claim = await store.claim(owner, wanted({ issuer: did }), 60_000)
    if (claim === undefined) throw new Error('there is no batch to be claimed')
    const reserved = await store.reserve(claim.batch, claim.lease)
    const draft = (i: number) => ({ ...{ credentialId: urn(i), proofId: urn(10 + i) }, secret: new Uint8Array(32) })
    const drafts = [1, 2].map((i) => ({ ...draft(i), statusIndex: i }))
    await store.draft(reserved, 0, pages(drafts), claim.lease)
    await publishLists(context)
  })
  afterEach(async () => {
    await context.store.close()
    await rm(folder, { recursive: true })
  })

  const revocations = async () => {
    const publication = await context.store.publication('revocation-1')
    const { credentialSubject } = JSON.parse(publication?.text ?? '')
    const bits = StatusList.decode(credentialSubject.encodedList)
    return [1, 2].filter((index) => StatusList.isSet(bits, index))
  }
  const isEverywhere = async () =>
    files.get('status-lists/revocation-1.json') === (await context.store.publication('revocation-1'))?.text

  it('signs a list anew when it is six hours old, and not before', async () => {
    const first = await context.store.publication('revocation-1')
    now += 6 * hour - 1
    await publishLists(context)
    expect(await context.store.publication('revocation-1')).to.deep.equal(first)
    now += 1
    await publishLists(context)
    expect((await context.store.publication('revocation-1'))?.at).to.equal(now)
  })

  it('leaves the lists to the process that is at it, and does the rest when that has ended', async () => {
    const lease = await context.store.lease('status-lists', owner, 60_000)
    if (lease === undefined) throw new Error('the lease of the lists is taken')
    await context.store.decide('revoke', urn(1), null, now)
    expect([await publishLists(context), await revocations()]).to.deep.equal([false, []])
    await context.store.release(lease)
    expect([await publishLists(context), await revocations(), await isEverywhere()]).to.deep.equal([true, [1], true])
  })

  it('publishes the lists of whoever can sign, and tells what one issuer lacks to nobody who decides about another’s', async () => {
    const { store, issuing } = context
    const other = 'did:web:example.org:issuers:0000000a'
    const terms = { ...request().terms, issuer: { id: other, name: 'Other' } }
    await store.accept(request({ id: 'batch-2', hash: `0x${'22'.repeat(32)}`, size: 1, terms }), pages([{}]))
    const claim = await store.claim(owner, wanted({ issuer: other }), 60_000)
    if (claim === undefined) throw new Error('there is no batch to be claimed')
    await store.reserve(claim.batch, claim.lease)
    const lacking = (issuer: string) =>
      ({
        ...context,
        issuing: {
          signs: async () => true,
          as: async (each: string) => {
            if (each === issuer) throw new SignerError('SIGNER_KEY_MISSING', { scheme: 'keystore' })
            return issuing.as(each)
          },
        },
      }) as unknown as Parameters<typeof decide>[3]
    const revoke = (i: number, issuer: string) =>
      decide('revoke', urn(i), null, lacking(issuer)).then(
        () => '',
        ({ code }) => code,
      )
    expect([await revoke(1, did), await revocations()]).to.deep.equal(['SIGNER_KEY_MISSING', []])
    expect(files.has('status-lists/revocation-2.json')).to.equal(true)
    now += 6 * hour
    expect([await revoke(2, other), await revocations()]).to.deep.equal(['', [1, 2]])
  })

  it('publishes in its next run what is decided while it signs', async () => {
    await context.store.decide('revoke', urn(1), null, now)
    meanwhile = async () => {
      await context.store.decide('revoke', urn(2), null, now)
    }
    await publishLists(context)
    expect(await revocations()).to.deep.equal([1])
    await publishLists(context)
    expect([await revocations(), await isEverywhere()]).to.deep.equal([[1, 2], true])
  })
})
