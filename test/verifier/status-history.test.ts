import * as Bytes from '@laurel/core/Bytes'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Registry from '@laurel/core/generated/StatusRegistry'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusHistory from '@laurel/core/StatusHistory'
import * as StatusList from '@laurel/core/StatusList'
import type { Readers, Trust } from '@laurel/verifier'
import { verify } from '@laurel/verifier'
import { status } from '@laurel/verifier/checks/status'
import { nobody } from '@laurel/verifier/Readers'
import * as EvmHistoryReader from '@laurel/verifier/readers/EvmHistoryReader'
import * as EvmStorageReader from '@laurel/verifier/readers/EvmStorageReader'
import * as Subject from '@laurel/verifier/Subject'
import { expect } from 'chai'
import { encodeFunctionData, toEventSelector } from 'viem'
import * as Chain from '../support/Chain.ts'
import * as Golden from '../support/Golden.ts'
import * as LyingRpc from '../support/LyingRpc.ts'

const list = 'https://badges.example.org/status-lists/revocation-1'
const listId = StatusHistory.listId(list)
const index = 4711
const seed = new Uint8Array(32).fill(3)
const issuer = DidKey.fromPublicKey(Ed25519.publicKey(seed))
/** When each version was recorded, in seconds since 1970. */
const times = [1_771_000_000, 1_772_000_000, 1_773_000_000, 1_774_000_000] as const
const end = 1_775_000_000
const now = 1_780_000_000_000
const zero = new Uint8Array(32)

async function makeList(set: readonly number[], purpose: StatusList.Purpose, time: number, key = seed) {
  const validFrom = DateTimeStamp.fromSeconds(time - 60)
  const validUntil = DateTimeStamp.fromSeconds(time + 60 * 86_400)
  const bits = StatusList.set(StatusList.create(), set)
  const unsigned = StatusList.credential({ id: list, issuer, purpose, bits, validFrom, validUntil })
  const options = { created: validFrom, verificationMethod: DidKey.verificationMethod(issuer) }
  const proof = await DataIntegrity.createRdfc(unsigned, options, async (message) => Ed25519.sign(key, message))
  return Jcs.bytes({ ...unsigned, proof: proof as unknown as Json.Object })
}

/** The registry of status lists on a chain of its own, with four versions of a list that revokes in its third. */
describe('The status at a time', function () {
  this.timeout(60_000)
  let chain: Chain.Chain
  let accounts: readonly Bytes.Hex[]
  let versions: readonly Uint8Array[]
  let suspensions: readonly Uint8Array[]
  let readers: Readers
  let trust: Trust

  const publish = async (from: Bytes.Hex, id: Uint8Array, bytes: Uint8Array, time: number) => {
    await chain.rpc('evm_setNextBlockTimestamp', time)
    const data = encodeFunctionData({
      abi: Registry.abi,
      functionName: 'publish',
      args: [Bytes.toHex(id), Bytes.toHex(Sha256.digest(bytes))],
    })
    await chain.rpc('anvil_impersonateAccount', from)
    await chain.rpc('eth_sendTransaction', { from, to: Registry.address, data, gas: '0x30000' })
    await chain.rpc('evm_mine')
  }

  before(async () => {
    chain = await Chain.start()
    await chain.rpc('evm_setAutomine', false)
    accounts = (await chain.rpc('eth_accounts')) as readonly Bytes.Hex[]
    await chain.rpc('anvil_setCode', Registry.address, Registry.runtimeCode)
    const revoked: readonly (readonly number[])[] = [[], [index + 1], [index], [index]]
    versions = await Promise.all(times.map((time, i) => makeList(revoked[i] ?? [], 'revocation', time)))
    suspensions = await Promise.all(times.map((time, i) => makeList(i === 1 ? [index] : [], 'suspension', time)))
    const [recorder = '0x', other = '0x', , suspending = '0x'] = accounts
    for (const [i, time] of times.entries()) {
      await publish(recorder, listId, versions[i] ?? zero, time)
      await publish(suspending, listId, suspensions[i] ?? zero, time + 10)
      await publish(other, listId, versions[0] ?? zero, time + 20)
    }
    await chain.rpc('evm_setNextBlockTimestamp', end)
    await chain.rpc('evm_mine')
    const published = new Map(
      [...versions, ...suspensions].map((bytes) => [Bytes.toHex(Sha256.digest(bytes)), bytes] as const),
    )
    readers = {
      ...nobody,
      content: async (digest) => published.get(Bytes.toHex(digest)),
      words: EvmStorageReader.create(fetch),
      history: EvmHistoryReader.create(fetch),
    }
    trust = {
      chains: [
        {
          chainId: 31337,
          name: 'the chain',
          rpc: [chain.url],
          quorum: 1,
          registry: `0x${'11'.repeat(20)}`,
          confirmations: 1,
          test: true,
        },
      ],
      issuers: [{ did: issuer, name: 'x', anchor: 'optional', recorders: [`eip155:31337:${recorder}`] }],
      status: { maximumAgeSeconds: 1 },
    }
  })
  after(() => chain.stop())

  const known = (change: Partial<Trust['issuers'][number]>): Trust => ({
    ...trust,
    issuers: trust.issuers.map((each) => ({ ...each, ...change })),
  })
  const on = (change: Partial<Trust['chains'][number]>): Trust => ({
    ...trust,
    chains: trust.chains.map((each) => ({ ...each, ...change })),
  })
  const account = (i: number) => `eip155:31337:${accounts[i]}`

  const ask = async (seconds: number, given: Partial<Readers> = {}, by = trust, purpose = 'revocation') => {
    const entry = { ...StatusList.entry({ list, index }), statusPurpose: purpose }
    const subject = Subject.read({ issuer, credentialStatus: entry })
    const { outcome, code } = await status(subject, undefined, by, { ...readers, ...given }, now, seconds * 1000)
    return `${outcome} ${code}`
  }

  it('is what the list said whose digest was the last on the chain, and no other', async () => {
    expect(await ask(times[0] - 1)).to.equal('unknown STATUS_NOT_RECORDED')
    expect(await ask(times[0])).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(times[1])).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(times[2] - 1)).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(times[2])).to.equal('failed REVOKED')
    expect(await ask(end)).to.equal('failed REVOKED')
  })

  it('of a suspension is what the list of then said, before and after it as well', async () => {
    const by = known({ recorders: [account(3)] })
    const said = await Promise.all(times.map((time) => ask(time + 10, {}, by, 'suspension')))
    const passed = 'passed NOT_REVOKED_THEN'
    expect(said).to.deep.equal([passed, 'failed SUSPENDED_THEN', passed, passed])
  })

  it('is that of the last of two versions that one block has recorded', async () => {
    const fresh = await Chain.start()
    try {
      await fresh.rpc('evm_setAutomine', false)
      await fresh.rpc('anvil_setCode', Registry.address, Registry.runtimeCode)
      const digests = [versions[0], versions[2]].map((bytes) => Bytes.toHex(Sha256.digest(bytes ?? zero)))
      for (const digest of digests) {
        const args = [Bytes.toHex(listId), digest] as const
        const data = encodeFunctionData({ abi: Registry.abi, functionName: 'publish', args })
        await fresh.rpc('eth_sendTransaction', { from: accounts[0], to: Registry.address, data, gas: '0x30000' })
      }
      await fresh.rpc('evm_setNextBlockTimestamp', times[0])
      await fresh.rpc('evm_mine')
      expect(await ask(times[0], {}, on({ rpc: [fresh.url] }))).to.equal('failed REVOKED')
    } finally {
      await fresh.stop()
    }
  })

  it('is not known of a time that no final block has reached', async () => {
    expect(await ask(end + 1, { content: async () => undefined })).to.equal('unknown STATUS_NOT_SETTLED')
    expect(await ask(times[2] - 1, {}, on({ confirmations: 10 }))).to.equal('unknown STATUS_NOT_SETTLED')
    expect(await ask(end + 1), 'never taken back').to.equal('failed REVOKED')
  })

  it('is not known where the list of then cannot be had, though a later one can', async () => {
    const later = versions[3] ?? zero
    const content = async (digest: Uint8Array) => (Bytes.equals(digest, Sha256.digest(later)) ? later : undefined)
    expect(await ask(times[1], { content })).to.equal('unknown STATUS_VERSION_UNAVAILABLE')
    const liar: Readers['content'] = async () => versions[0]
    expect(await ask(times[2], { content: liar })).to.equal('unknown STATUS_VERSION_UNAVAILABLE')
  })

  it('takes the list from wherever it is: a copy will do, and one that revoked before counts', async () => {
    const none: Pick<Readers, 'content'> = { content: async () => undefined }
    const copies = (...some: readonly number[]) => ({
      ...none,
      statusLists: async () => some.map((i) => ({ bytes: versions[i] ?? zero, live: false })),
    })
    expect(await ask(times[1], copies(1, 3))).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(times[1], copies(0, 3))).to.equal('unknown STATUS_VERSION_UNAVAILABLE')
    expect(await ask(times[3], copies(2))).to.equal('failed REVOKED')
  })

  it('is not told by a list that the issuer did not sign, though its digest stands there', async () => {
    const forged = await makeList([], 'revocation', times[0], new Uint8Array(32).fill(9))
    await publish(accounts[4] ?? '0x', listId, forged, end + 100)
    await chain.rpc('evm_mine')
    const content = async () => forged
    expect(await ask(end + 100, { content }, known({ recorders: [account(4)] }))).to.equal(
      'unknown STATUS_LIST_INVALID',
    )
  })

  it('is what those accounts have recorded whom the trust names, and nobody else', async () => {
    expect(await ask(end, {}, known({ recorders: [account(1)] }))).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(end, {}, known({ recorders: [account(1), account(0)] }))).to.equal('failed REVOKED')
    expect(await ask(end, {}, known({ recorders: [account(2)] }))).to.equal('unknown STATUS_NOT_RECORDED')
    for (const nameless of [
      { ...trust, issuers: [] },
      { ...trust, chains: [] },
      { ...trust, issuers: [{ did: issuer, name: 'x', anchor: 'optional' as const }] },
    ])
      expect(await ask(end, {}, nameless)).to.equal('unknown STATUS_RECORDERS_UNKNOWN')
    const by = { ...trust, issuers: [{ did: issuer, name: 'x', anchor: 'optional' as const, accounts: [account(0)] }] }
    expect(await ask(end, {}, by)).to.equal('failed REVOKED')
  })

  it('stays revoked though an older list is recorded anew', async () => {
    const by = known({ recorders: [account(5)] })
    for (const [i, version] of [0, 2, 0].entries())
      await publish(accounts[5] ?? '0x', listId, versions[version] ?? zero, end + 200 + i)
    await chain.rpc('evm_mine')
    expect(await ask(end + 200, {}, by)).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(end + 202, {}, by)).to.equal('failed REVOKED')
  })

  it('leaves out what an account said before it was the issuer’s, after it was given up or once it was stolen', async () => {
    const directory = { chainId: 31337, address: `0x${'dd'.repeat(20)}`, issuerId: `0x${'1d'.repeat(32)}` } as const
    const by = known({ directory })
    const slot = Bytes.toHex(IssuerDirectory.accountSlot(Bytes.fromHex(directory.issuerId), accounts[0] ?? '0x'))
    const standing = (validFrom: number, retiredOn = 0, from = 0) =>
      Bytes.concat(...[from && from + 1, from, retiredOn, validFrom].map((time) => Bytes.fromUint(time, 8)))
    const asking = (word: Uint8Array | undefined): Partial<Readers> => ({
      words: async (chain, contract, slots) => {
        if (contract !== directory.address) return readers.words?.(chain, contract, slots) ?? { kind: 'unreachable' }
        expect(slots).to.deep.equal([slot])
        return word === undefined ? { kind: 'unreachable' } : { kind: 'final', words: [word], asOf: end }
      },
    })
    expect(await ask(end, asking(standing(times[0] - 1)), by)).to.equal('failed REVOKED')
    expect(await ask(end, asking(standing(times[0] - 1, times[2] - 1)), by)).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(end, asking(standing(times[0] - 1, 0, times[2])), by)).to.equal('passed NOT_REVOKED_THEN')
    expect(await ask(times[1], asking(standing(times[1] + 1)), by)).to.equal('unknown STATUS_NOT_RECORDED')
    expect(await ask(times[1], asking(zero), by)).to.equal('unknown STATUS_NOT_RECORDED')
    expect(await ask(times[1], asking(new Uint8Array(32).fill(1)), by)).to.equal('unknown STATUS_CHAIN_UNAVAILABLE')
    expect(await ask(times[1], asking(undefined), by)).to.equal('unknown STATUS_CHAIN_UNAVAILABLE')
  })

  it('is not known while the chain cannot be asked, or is without the registry', async () => {
    expect(await ask(end, { words: async () => ({ kind: 'disagreement' }) })).to.equal(
      'unknown STATUS_CHAIN_UNAVAILABLE',
    )
    expect(await ask(end, {}, on({ rpc: ['http://127.0.0.1:9'] }))).to.equal('unknown STATUS_CHAIN_UNAVAILABLE')
    expect(await ask(end, {}, on({ statusRegistry: `0x${'77'.repeat(20)}` }))).to.equal('unknown STATUS_NOT_RECORDED')
    const { words: _, history: __, ...without } = readers
    const subject = Subject.read({ issuer, credentialStatus: StatusList.entry({ list, index }) })
    expect((await status(subject, undefined, trust, without, now, end * 1000)).code).to.equal(
      'STATUS_CHAIN_UNAVAILABLE',
    )
  })

  it('is told by no history that leaves something out, turns it round or makes it up', async () => {
    const whole: readonly StatusHistory.Version[] = times.map((time, i) => ({
      digest: Sha256.digest(versions[i] ?? zero),
      time,
    }))
    const head = StatusHistory.head(whole)
    for (const history of [
      [],
      whole.slice(0, 2),
      whole.slice(1),
      whole.toReversed(),
      whole.with(2, { digest: whole[1]?.digest ?? zero, time: times[2] }),
      whole.with(2, { digest: whole[2]?.digest ?? zero, time: times[2] + 1 }),
      undefined,
    ]) {
      const reader: Readers['history'] = async (_, __, ___, asked) => {
        expect(asked).to.deep.equal(head)
        return history
      }
      expect(await ask(times[1], { history: reader })).to.equal('unknown STATUS_HISTORY_UNAVAILABLE')
    }
    // What comes behind the head is not final.
    const longer = [...whole, { digest: zero, time: end + 7 }]
    expect(await ask(end, { history: async () => longer })).to.equal('failed REVOKED')
  })

  describe('of now', () => {
    const day = 86_400
    const by = { status: { maximumAgeSeconds: 10_000 * day } }
    const askNow = async (given: Partial<Readers>, change: Partial<Trust> = {}) => {
      const subject = Subject.read({ issuer, credentialStatus: StatusList.entry({ list, index }) })
      const { outcome, code } = await status(
        subject,
        undefined,
        { ...trust, ...by, ...change },
        { ...readers, ...given },
        today,
      )
      return `${outcome} ${code}`
    }
    const handing = (...some: readonly Uint8Array[]) => ({
      statusLists: async () => some.map((bytes) => ({ bytes, live: true })),
    })
    const nowhere = { content: async () => undefined }
    /** While none of the lists has expired. */
    const today = (times[3] + 3_600) * 1000

    it('is not that of an older list, where a newer one stands on the chain', async () => {
      const old = handing(versions[0] ?? zero)
      expect(await askNow({ ...old, ...nowhere })).to.equal('unknown STATUS_ROLLED_BACK')
      expect(await askNow(old), 'which can be had').to.equal('failed REVOKED')
      const liar = { content: async () => versions[1] }
      expect(await askNow({ ...old, ...liar })).to.equal('unknown STATUS_ROLLED_BACK')
    })

    it('is that of the list on the chain, and of one that was signed since', async () => {
      expect(await askNow({ ...handing(versions[3] ?? zero), ...nowhere })).to.equal('failed REVOKED')
      const since = await makeList([], 'revocation', times[3] + 61)
      expect(await askNow({ ...handing(since), ...nowhere })).to.equal('passed NOT_REVOKED')
    })

    it('goes by the age of the copies where nobody records, or nobody can be asked', async () => {
      const old = { ...handing(versions[0] ?? zero), ...nowhere }
      const unnamed = { issuers: [{ did: issuer, name: 'x', anchor: 'optional' as const, accounts: [account(0)] }] }
      expect(await askNow(old, unnamed)).to.equal('passed NOT_REVOKED')
      const others = { issuers: [{ did: issuer, name: 'x', anchor: 'optional' as const, recorders: [account(2)] }] }
      expect(await askNow(old, others)).to.equal('passed NOT_REVOKED')
      expect(await askNow({ ...old, words: async () => ({ kind: 'unreachable' }) })).to.equal('passed NOT_REVOKED')
      expect(await askNow({ ...old, history: async () => undefined })).to.equal('passed NOT_REVOKED')
    })
  })

  it('has nothing to say of a list of which nobody records a history', async () => {
    const entry = { id: 'https://x.example/list', type: '1EdTechRevocationList' }
    const subject = Subject.read({ issuer, credentialStatus: entry })
    expect(await status(subject, undefined, trust, readers, now, end * 1000)).to.include({
      outcome: 'unknown',
      code: 'STATUS_NOT_RECORDED',
    })
  })

  describe('of a whole credential', () => {
    const did = Golden.read('B-did.json')
    const document = Golden.read('B-3-1.json')
    const anchoredAt = Golden.anchors().anchors.find(({ batch }) => batch === 'B-3')?.time ?? 0
    const report = (at: number) =>
      verify(JSON.stringify(document), {
        trust: {
          chains: trust.chains,
          issuers: [{ did: did.id as string, name: 'B', anchor: 'required' }],
          status: trust.status,
        },
        readers: {
          ...nobody,
          did: async () => did,
          content: async () => Bytes.fromUtf8(JSON.stringify(Golden.read('B-3-manifest.json'))),
          anchor: async () => ({ kind: 'final', time: anchoredAt, block: 1n }),
        },
        now,
        at,
      })
    const codes = async (at: number) =>
      Object.fromEntries((await report(at)).checks.map(({ check, outcome, code }) => [check, `${outcome} ${code}`]))

    it('is asked for after its anchor, and in its period', async () => {
      const valid = Date.parse(String(document.validFrom))
      expect((await codes(valid - 1))['valid-period']).to.equal('failed NOT_YET_VALID')
      expect((await codes(now))['valid-period']).to.equal('passed IN_PERIOD')
      expect((await codes(now)).anchored).to.equal('passed ANCHORED')
      expect((await codes(anchoredAt * 1000)).anchored).to.equal('passed ANCHORED')
      expect((await codes(anchoredAt * 1000 - 1)).anchored).to.equal('unknown ANCHORED_LATER')
    })

    it('is not asked for in the future', async () => {
      for (const at of [now + 1, Number.NaN]) {
        const error = await report(at).catch((thrown) => thrown)
        expect(error).to.be.instanceOf(TypeError)
      }
    })
  })

  describe('read from logs', () => {
    const whole = () => times.map((time, i) => ({ digest: Sha256.digest(versions[i] ?? zero), time }))
    const read = (given: typeof fetch, rpc = [chain.url]) =>
      EvmHistoryReader.create(given)(
        { ...(trust.chains[0] as Trust['chains'][number]), rpc },
        accounts[0] ?? '0x',
        listId,
        StatusHistory.head(whole()),
      )
    /** An endpoint that changes each answer to `eth_getLogs`. */
    const changing =
      (change: (logs: readonly Json.Object[]) => unknown): typeof fetch =>
      async (url, init) => {
        const answers = await (await fetch(url, init)).json()
        const asksLogs = String(init?.body).includes('eth_getLogs')
        const given = asksLogs
          ? answers.map((each: Json.Object) => ({ ...each, result: change(each.result as never) }))
          : answers
        return new Response(JSON.stringify(given))
      }

    it('is what the registry has published, by the topics that Solidity gives it', async () => {
      expect(await read(fetch)).to.deep.equal(whole())
      const [first] = StatusHistory.topics(accounts[0] ?? '0x', listId)
      expect(Bytes.toHex(first ?? zero)).to.equal(toEventSelector('Published(address,bytes32,bytes32)'))
    })

    it('is not that of an endpoint that lies, and of another one nevertheless', async () => {
      for (const change of [
        (logs: readonly Json.Object[]) => logs.slice(1),
        (logs: readonly Json.Object[]) => logs.toReversed(),
        (logs: readonly Json.Object[]) => logs.slice(0, -1),
        (logs: readonly Json.Object[]) => logs.map((log) => ({ ...log, data: `0x${'00'.repeat(32)}` })),
        (logs: readonly Json.Object[]) => logs.map((log) => ({ ...log, data: '0x' })),
        (logs: readonly Json.Object[]) => logs.map((log) => ({ ...log, blockHash: `0x${'00'.repeat(32)}` })),
        () => null,
        () => [null],
        () => Array.from({ length: 5_000 }, () => ({})),
      ]) {
        expect(await read(changing(change))).to.equal(undefined)
        const liar = 'http://liar.example/'
        const lying: typeof fetch = (url, init) => (url === liar ? changing(change)(chain.url, init) : fetch(url, init))
        expect(await read(lying, [liar, chain.url])).to.deep.equal(whole())
      }
    })

    it('is not that of an endpoint that dates blocks as no calendar does, and of another one nevertheless', async () => {
      for (const timestamp of [`0x${'f'.repeat(64)}`, '0x3afff44180']) {
        const { fetch } = LyingRpc.before(chain.url, {
          'http://liar.example/': { eth_getBlockByHash: (truth) => ({ ...(truth as object), timestamp }) },
          'http://honest.example/': {},
        })
        expect(await read(fetch, ['http://liar.example/'])).to.equal(undefined)
        expect(await read(fetch, ['http://liar.example/', 'http://honest.example/'])).to.deep.equal(whole())
      }
    })

    it('leaves out logs that a reorganisation has taken back', async () => {
      const taken = (logs: readonly Json.Object[]) => [{ ...logs[0], removed: true }, ...logs]
      expect(await read(changing(taken))).to.deep.equal(whole())
    })

    it('is asked for once for each head', async () => {
      let asked = 0
      const counting: typeof fetch = (url, init) => {
        asked++
        return fetch(url, init)
      }
      const reader = EvmHistoryReader.create(counting)
      const [first] = trust.chains as readonly [Trust['chains'][number]]
      const once = () => reader(first, accounts[0] ?? '0x', listId, StatusHistory.head(whole()))
      await Promise.all([once(), once()])
      await once()
      expect(asked).to.equal(2)
      const never = () => reader(first, accounts[0] ?? '0x', listId, Sha256.digest(zero))
      expect(await never()).to.equal(undefined)
      expect(await never()).to.equal(undefined)
      expect(asked).to.equal(6)
    })
  })
})
