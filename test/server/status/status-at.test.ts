import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import type * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusHistory from '@laurel/core/StatusHistory'
import * as StatusList from '@laurel/core/StatusList'
import { expect } from 'chai'
import { UnreachableError } from '../../../server/src/adapters/chain/EvmChain.ts'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import * as SqlBatchStore from '../../../server/src/adapters/store/SqlBatchStore.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import type { ContentStore } from '../../../server/src/ports/ContentStore.ts'
import { type Asked, statusAt } from '../../../server/src/status/status-at.ts'
import { pages, request, urn, wanted } from '../store/batch-store.ts'

const account = `0x${'a1'.repeat(20)}` as const
const recorder = { chainId: 31337, account }
const owner = { host: 'test', pid: process.pid }
const index = 7

describe('statusAt', () => {
  let folder: string
  let store: SqlBatchStore.Store
  let content: ContentStore
  /** What the registry would say: the head by the URL of a list. */
  let heads: Map<string, Uint8Array>
  let asked: Asked
  let lease: BatchStore.Lease

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-status-'))
    store = await SqlBatchStore.open(join(folder, 'laurel.db'))
    content = await BlockContentStore.open(folder)
    heads = new Map()
    const byId = (listId: Uint8Array) =>
      [...heads].find(([url]) => Bytes.equals(StatusHistory.listId(url), listId))?.[1] ?? new Uint8Array(32)
    const registry = { head: async (_account: Bytes.Hex, listId: Uint8Array) => Bytes.toHex(byId(listId)) }
    asked = { chainId: recorder.chainId, accounts: [account], registry: registry as Asked['registry'] }
    await store.accept(request({ size: 1, now: 1_000 }), pages([{}]))
    const claim = await store.claim(owner, wanted(), 60_000)
    const lists = await store.lease('status-lists', owner, 60_000)
    if (claim === undefined || lists === undefined) throw new Error('the leases of a new store are taken')
    lease = lists
    const reserved = await store.reserve(claim.batch, claim.lease)
    const draft = { credentialId: urn(1), proofId: urn(2), secret: new Uint8Array(32), statusIndex: index }
    await store.draft(reserved, 0, pages([draft]), claim.lease)
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const list = async (purpose: string) => {
    const found = (await store.lists()).find((each) => each.purpose === purpose)
    if (found === undefined) throw new Error(`there is no list of ${purpose}`)
    return found
  }
  /** Publishes the list as it was decided, and plans its digest. */
  const publish = async (at: number) => {
    const suspension = await list('suspension')
    const { version, set } = await store.bits(suspension)
    const { url: id, issuer, purpose } = suspension
    const bits = StatusList.set(StatusList.create(), set)
    const validFrom = new Date(at).toISOString()
    const bytes = Jcs.bytes(StatusList.credential({ id, issuer, purpose, bits, validFrom }))
    const cid = await content.put(bytes)
    const text = new TextDecoder().decode(bytes)
    await store.publish(suspension, version, { text, digest: Bytes.toHex(Sha256.digest(bytes)), cid, at }, lease)
    const published = await store.history.published(suspension, at)
    if (published === undefined) throw new Error('the list is not published')
    await store.history.plan(published, suspension, recorder, at)
    return cid
  }
  const settle = async (time: number) => {
    const [planned] = await store.history.planned(recorder)
    if (planned === undefined) throw new Error('nothing is planned')
    await store.history.settle(planned, recorder, `0x${time}`, time)
    const digests = await store.history.digests(await list('suspension'), recorder)
    const versions = digests.map((each) => ({
      digest: Bytes.fromHex(each.digest),
      time: 'time' in each ? each.time : 0,
    }))
    heads.set(planned.url, StatusHistory.head(versions))
  }
  const ask = (moment: number, of: Asked | undefined = asked) =>
    statusAt(urn(1), moment, { store, history: store.history, content }, of)
  const bitsOf = (lists: readonly { readonly isSet: boolean; readonly since: number }[]) =>
    lists.map(({ isSet, since }) => [isSet, since])

  /** Suspended at 10 s and reinstated at 20 s; published a second later each, on the chain at 15 s and 25 s. */
  const suspendAndReinstate = async () => {
    await store.decide('suspend', urn(1), 'a doubt', 10_000)
    await publish(11_000)
    await settle(15)
    await store.decide('reinstate', urn(1), null, 20_000)
    await publish(21_000)
    await settle(25)
  }

  it('tells decision, published list and chain apart, each as of its own time', async () => {
    await suspendAndReinstate()
    const table = []
    for (const moment of [500, 5_000, 10_500, 12_000, 15_000, 20_500, 22_000, 25_000]) {
      const { state, published, recorded } = await ask(moment)
      table.push([moment, state, bitsOf(published), recorded.code, bitsOf(recorded.lists)])
    }
    expect(table).to.deep.equal([
      [500, 'unissued', [], 'STATUS_NOT_RECORDED', []],
      [5_000, 'valid', [], 'STATUS_NOT_RECORDED', []],
      [10_500, 'suspended', [], 'STATUS_NOT_RECORDED', []],
      [12_000, 'suspended', [[true, 11_000]], 'STATUS_NOT_RECORDED', []],
      [15_000, 'suspended', [[true, 11_000]], 'STATUS_ON_CHAIN', [[true, 15_000]]],
      [20_500, 'reinstated', [[true, 11_000]], 'STATUS_ON_CHAIN', [[true, 15_000]]],
      [22_000, 'reinstated', [[false, 21_000]], 'STATUS_ON_CHAIN', [[true, 15_000]]],
      [25_000, 'reinstated', [[false, 21_000]], 'STATUS_ON_CHAIN', [[false, 25_000]]],
    ])
    expect((await ask(12_000)).decision).to.deep.equal({ act: 'suspend', reason: 'a doubt', at: 10_000 })
  })

  it('does not rely on a history that does not fold to the head: somebody else has published, or something is missing', async () => {
    await suspendAndReinstate()
    heads.set((await list('suspension')).url, new Uint8Array(32).fill(1))
    expect((await ask(30_000)).recorded).to.deep.equal({ code: 'STATUS_HISTORY_BROKEN', lists: [] })
  })

  it('waits with its judgement while a digest is on its way', async () => {
    await suspendAndReinstate()
    await store.decide('suspend', urn(1), null, 30_000)
    await publish(31_000)
    expect((await ask(32_000)).recorded.code).to.equal('STATUS_ON_CHAIN')
    heads.set((await list('suspension')).url, new Uint8Array(32).fill(1))
    expect((await ask(32_000)).recorded.code).to.equal('STATUS_NOT_SETTLED')
  })

  it('counts what an earlier account has recorded', async () => {
    await suspendAndReinstate()
    const accounts = [account, `0x${'b2'.repeat(20)}`] as const
    const { recorded } = await ask(30_000, { ...asked, accounts })
    expect([recorded.code, bitsOf(recorded.lists)]).to.deep.equal(['STATUS_ON_CHAIN', [[false, 25_000]]])
  })

  it('says that the chain was not asked, and all the rest', async () => {
    await suspendAndReinstate()
    const away = {
      head: async () => {
        throw new UnreachableError('http://127.0.0.1:9', undefined)
      },
    }
    for (const each of [undefined, { ...asked, registry: away as unknown as Asked['registry'] }]) {
      const { state, recorded } = await statusAt(urn(1), 12_000, { store, history: store.history, content }, each)
      expect([state, recorded.code]).to.deep.equal(['suspended', 'CHAIN_UNREACHABLE'])
    }
  })

  it('refuses to say anything by a list that has changed on the disk', async () => {
    await store.decide('suspend', urn(1), null, 10_000)
    const cid = await publish(11_000)
    const damaged: ContentStore = {
      ...content,
      read: async (asked) => (asked === cid ? Bytes.fromUtf8('{}') : undefined),
    }
    const code = await statusAt(urn(1), 12_000, { store, history: store.history, content: damaged }, asked).then(
      () => 'none',
      (error: Errors.BaseError) => error.code,
    )
    expect(code).to.equal('CONTENT_DAMAGED')
  })
})
