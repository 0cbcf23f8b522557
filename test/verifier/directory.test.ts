import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import * as EvmStorageReader from '@laurel/verifier/readers/EvmStorageReader'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Chain from '../support/Chain.ts'
import * as Golden from '../support/Golden.ts'
import * as LyingRpc from '../support/LyingRpc.ts'
import * as Verifier from '../support/Verifier.ts'

const address = '0x00000000000000000000000000000000000d15ec'
const issuerId = `0x${'1d'.repeat(32)}` as const
const id = Bytes.fromHex(issuerId)

/** A standing as the contract packs it: the first member in the lowest bits. */
const word = (validFrom: number, retiredOn = 0, from = 0, reportedOn = 0) =>
  Bytes.concat(...[reportedOn, from, retiredOn, validFrom].map((time) => Bytes.fromUint(time, 8)))

describe('A directory of issuers', function () {
  this.timeout(60_000)
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  const document = Golden.read('B-3-1.json')
  const manifest = Manifest.parse(Verifier.bytes('B-3-manifest.json'))
  const did = manifest.issuer
  const anchoredAt = Golden.anchors().anchors.find(({ batch }) => batch === 'B-3')
  const time = anchoredAt?.time ?? 0
  const [signature] = document.proof as readonly Json.Object[]
  const multikey = String(signature?.verificationMethod).split('#')[1] ?? ''
  const keySlot = Bytes.toHex(IssuerDirectory.keySlot(id, IssuerDirectory.keyId(multikey)))
  const accountSlot = Bytes.toHex(IssuerDirectory.accountSlot(id, Caip10.parse(manifest.account).address))
  const well = { [keySlot]: word(time - 100), [accountSlot]: word(time - 100) }

  type Given = { readonly chainId?: number; readonly words?: Readers['words'] | 'absent' }
  const decide = async (
    stored: Readonly<Record<string, Uint8Array>>,
    { chainId = 31337, words }: Given = {},
  ): Promise<string> => {
    const issuers = verifier.trust.issuers.map((each) =>
      each.did === did ? { ...each, directory: { chainId, address, issuerId } as const } : each,
    )
    const asked: Readers['words'] = async (_, contract, slots) => {
      expect(contract).to.equal(address)
      return { kind: 'final', words: slots.map((slot) => stored[slot] ?? new Uint8Array(32)), asOf: time + 1_000_000 }
    }
    const readers = { ...verifier.readers, words: words ?? asked } as Readers
    const { words: _, ...without } = readers
    const report = await verify(JSON.stringify(document), {
      trust: { ...verifier.trust, issuers },
      readers: words === 'absent' ? without : readers,
      now: Verifier.now,
    })
    const { verdict, check, code } = Policy.decide(report)
    return [verdict, check, code].join(' ')
  }

  it('is one of a golden sample with a known time', () => expect(time).to.be.greaterThan(1_700_000_000))

  const cases: Readonly<Record<string, readonly [Readonly<Record<string, Uint8Array>>, string]>> = {
    'key and account known before': [well, 'accepted  ACCEPTED'],
    'both given up later': [
      { [keySlot]: word(time - 100, time), [accountSlot]: word(time - 100, time) },
      'accepted  ACCEPTED',
    ],
    'the key stolen later': [{ ...well, [keySlot]: word(time - 100, 0, time + 1, time + 2) }, 'accepted  ACCEPTED'],
    'the key stolen before': [
      { ...well, [keySlot]: word(time - 100, 0, time, time + 2) },
      'rejected issuer-bound COMPROMISED',
    ],
    'the account stolen before': [
      { ...well, [accountSlot]: word(time - 100, 0, time - 50, time + 2) },
      'rejected issuer-bound COMPROMISED',
    ],
    'the key given up before': [{ ...well, [keySlot]: word(time - 100, time - 1) }, 'rejected issuer-bound RETIRED'],
    'the account given up before': [
      { ...well, [accountSlot]: word(time - 100, time - 1) },
      'rejected issuer-bound RETIRED',
    ],
    'an account that it does not know': [{ [keySlot]: word(time - 100) }, 'rejected issuer-bound ACCOUNT_FOREIGN'],
    'a key that it does not know': [{ [accountSlot]: word(time - 100) }, 'unknown issuer-bound KEY_UNREGISTERED'],
    'a key that it knew only later': [{ ...well, [keySlot]: word(time + 1) }, 'unknown issuer-bound KEY_UNREGISTERED'],
    'words that no directory writes': [
      { ...well, [keySlot]: new Uint8Array(32).fill(1) },
      'unknown issuer-bound DIRECTORY_UNAVAILABLE',
    ],
  }
  for (const [how, [stored, decision]] of Object.entries(cases))
    it(`${how}: ${decision}`, async () => expect(await decide(stored)).to.equal(decision))

  for (const kind of ['no-contract', 'disagreement', 'unproven', 'unreachable'] as const)
    it(`that says ${kind}: could not tell`, async () => {
      expect(await decide(well, { words: async () => ({ kind }) })).to.equal(
        'unknown issuer-bound DIRECTORY_UNAVAILABLE',
      )
    })

  it('as of a block that the trust names: as good as a status list of that age', async () => {
    const asking = (asOf: number) =>
      decide(well, {
        words: async (_, __, slots) => ({
          kind: 'checkpoint',
          words: slots.map((slot) => well[slot] ?? new Uint8Array(32)),
          asOf,
        }),
      })
    const oldest = Verifier.now / 1000 - verifier.trust.status.maximumAgeSeconds
    const earliest = Math.max(oldest, time)
    expect(await asking(earliest)).to.equal('accepted  ACCEPTED')
    expect(await asking(oldest - 1)).to.equal('unknown issuer-bound DIRECTORY_STALE')
  })

  it('as of a block before the anchor: could not tell, and a later one is asked for', async () => {
    const asked: (number | undefined)[] = []
    const answer = await decide(well, {
      words: async (_, __, slots, since) => {
        asked.push(since)
        return { kind: 'final', words: slots.map((slot) => well[slot] ?? new Uint8Array(32)), asOf: time - 1 }
      },
    })
    expect(answer).to.equal('unknown issuer-bound DIRECTORY_STALE')
    expect(asked).to.deep.equal([time])
  })

  it('on a chain that is not trusted, or with nobody to ask: could not tell', async () => {
    expect(await decide(well, { chainId: 1 })).to.equal('unknown issuer-bound DIRECTORY_UNAVAILABLE')
    expect(await decide(well, { words: 'absent' })).to.equal('unknown issuer-bound DIRECTORY_UNAVAILABLE')
  })

  it('judges what has no anchor as if it were signed now', async () => {
    const { author, document: badge } = await Badges.signed('ecdsa-rdfc-2019 with P-256')
    const [chain] = verifier.trust.chains
    const slot = Bytes.toHex(IssuerDirectory.keySlot(id, IssuerDirectory.keyId(author.did.slice('did:key:'.length))))
    const ask = async (stored: Uint8Array) => {
      const known = { did: author.did, name: 'x', anchor: 'optional', directory: { chainId: 31337, address, issuerId } }
      const trust = { ...verifier.trust, chains: chain === undefined ? [] : [chain], issuers: [known] } as Trust
      const words: Readers['words'] = async (_, __, slots) => {
        expect(slots).to.deep.equal([slot])
        return { kind: 'final', words: [stored], asOf: 2_000_000 }
      }
      const report = await verify(JSON.stringify(badge), {
        trust,
        readers: { ...nobody, words },
        now: Badges.now,
      })
      return Policy.decide(report).code
    }
    expect(await ask(word(1_000_000))).to.equal('ACCEPTED')
    expect(await ask(word(1_000_000, 1_500_000))).to.equal('RETIRED')
    expect(await ask(word(1_000_000, 0, 1_500_000, 1_600_000))).to.equal('COMPROMISED')
  })

  describe('over JSON-RPC', () => {
    let node: Chain.Chain
    before(async () => {
      node = await Chain.start()
    })
    after(() => node.stop())

    const slot = (n: number) => Bytes.toHex(Bytes.fromUint(n, 32))
    const chain = (change: Partial<Trust['chains'][number]> = {}) =>
      ({
        chainId: 31337,
        name: 'x',
        rpc: [node.url],
        quorum: 1,
        registry: address,
        confirmations: 1,
        test: true,
        ...change,
      }) as const
    const read = EvmStorageReader.create(globalThis.fetch)

    it('is read at a final block, with its time', async () => {
      expect((await read(chain(), address, [slot(1)])).kind).to.equal('no-contract')
      await node.rpc('anvil_setCode', address, '0x00')
      await node.rpc('anvil_setStorageAt', address, slot(1), slot(7))
      await node.rpc('anvil_mine', '0x1')
      const answer = await read(chain(), address, [slot(1), slot(2)])
      const { timestamp } = (await node.rpc('eth_getBlockByNumber', 'latest', false)) as { readonly timestamp: string }
      expect(answer).to.deep.equal({
        kind: 'final',
        words: [Bytes.fromUint(7, 32), new Uint8Array(32)],
        asOf: Number(timestamp),
      })
    })

    it('is not believed of another chain, of too few, or while the chain is too short', async () => {
      expect((await read(chain({ chainId: 1 }), address, [slot(1)])).kind).to.equal('disagreement')
      expect((await read(chain({ quorum: 2 }), address, [slot(1)])).kind).to.equal('unreachable')
      expect((await read(chain({ confirmations: 1_000 }), address, [slot(1)])).kind).to.equal('unreachable')
      expect((await read(chain({ rpc: ['http://127.0.0.1:9'] }), address, [slot(1)])).kind).to.equal('unreachable')
    })

    const [first, second, away] = ['http://one.example/', 'http://two.example/', 'http://127.0.0.1:9'] as const
    const noProof = { eth_getProof: () => undefined }
    const forging = { eth_getStorageAt: () => slot(8) }
    const header = async () => (await node.rpc('eth_getBlockByNumber', 'latest', false)) as Record<string, string>

    it('is shown by a proof, so that nobody who is alone in lying makes an entry or hides one', async () => {
      for (const lie of [slot(8), slot(0)])
        for (const rpc of [
          [first, second],
          [second, first],
        ]) {
          const { fetch } = LyingRpc.before(node.url, {
            [first]: { ...noProof, eth_getStorageAt: () => lie },
            [second]: {},
          })
          const answer = await EvmStorageReader.create(fetch)(chain({ rpc, quorum: 2 }), address, [slot(1), slot(2)])
          expect(answer).to.have.property('kind', 'final')
          expect('words' in answer && answer.words).to.deep.equal([Bytes.fromUint(7, 32), new Uint8Array(32)])
        }
    })

    it('is believed of nobody where two contradict each other and none proves it', async () => {
      const { fetch } = LyingRpc.before(node.url, { [first]: { ...noProof, ...forging }, [second]: noProof })
      const read = EvmStorageReader.create(fetch)
      expect((await read(chain({ rpc: [first, second] }), address, [slot(1)])).kind).to.equal('disagreement')
      expect((await read(chain({ rpc: [second, first] }), address, [slot(1)])).kind).to.equal('disagreement')
    })

    it('is not told by one who dates blocks as no calendar does', async () => {
      const timestamp = `0x${'f'.repeat(12)}`
      const { fetch } = LyingRpc.before(node.url, {
        [first]: { eth_getBlockByNumber: (truth) => ({ ...(truth as object), timestamp }) },
      })
      const answer = await EvmStorageReader.create(fetch)(chain({ rpc: [first] }), address, [slot(1)])
      expect(answer.kind).to.equal('unreachable')
    })

    it('is taken on nobody’s word where the trust demands a proof', async () => {
      const { fetch } = LyingRpc.before(node.url, { [first]: { ...noProof, ...forging }, [second]: {} })
      const read = EvmStorageReader.create(fetch)
      const proof = 'required'
      expect((await read(chain({ rpc: [first], proof }), address, [slot(1)])).kind).to.equal('unproven')
      expect((await read(chain({ rpc: [first] }), address, [slot(1)])).kind).to.equal('final')
      expect((await read(chain({ rpc: [second], proof }), address, [slot(1)])).kind).to.equal('final')
    })

    it('is not shown by the proof of another contract, slot or block', async () => {
      const of = (contract: string, which: string, block: string) => node.rpc('eth_getProof', contract, [which], block)
      // In a trie of one slot its proof is that of every other as well.
      await node.rpc('anvil_setStorageAt', address, slot(3), slot(9))
      await node.rpc('anvil_mine', '0x1')
      for (const wrong of [
        await of(address, slot(3), 'latest'),
        await of(`0x${'11'.repeat(20)}`, slot(1), 'latest'),
        await of(address, slot(1), '0x0'),
      ]) {
        const { fetch } = LyingRpc.before(node.url, { [first]: { eth_getProof: () => wrong } })
        const read = EvmStorageReader.create(fetch)
        expect((await read(chain({ rpc: [first], proof: 'required' }), address, [slot(1)])).kind).to.equal('unproven')
      }
    })

    it('is told of no chain by one of several who makes up blocks', async () => {
      const other = await Chain.start()
      try {
        await other.rpc('anvil_setCode', address, '0x00')
        await other.rpc('anvil_setStorageAt', address, slot(1), slot(8))
        await other.rpc('anvil_mine', '0x1')
        const both = chain({ rpc: [node.url, other.url] })
        expect((await read(both, address, [slot(1)])).kind).to.equal('disagreement')
        expect((await read(both, address, [slot(2)])).kind).to.equal('disagreement')
      } finally {
        await other.stop()
      }
    })

    it('is had at a block that the trust names where the quorum is not, and only as of that block', async () => {
      const { number, hash, timestamp } = await header()
      const checkpoints = [{ number: Number(number), hash: hash as Bytes.Hex }]
      const { fetch } = LyingRpc.before(node.url, { [first]: forging })
      const read = EvmStorageReader.create(fetch)
      const few = { rpc: [first, away], quorum: 2 } as const
      expect(await read(chain({ ...few, checkpoints }), address, [slot(1)])).to.deep.equal({
        kind: 'checkpoint',
        words: [Bytes.fromUint(7, 32)],
        asOf: Number(timestamp),
      })
      expect((await read(chain({ ...few }), address, [slot(1)])).kind).to.equal('unreachable')
      const foreign = [{ number: Number(number), hash: slot(9) }]
      expect((await read(chain({ ...few, checkpoints: foreign }), address, [slot(1)])).kind).to.equal('unreachable')
      expect((await read(chain({ checkpoints: foreign }), address, [slot(1)])).kind).to.equal('final')
    })

    it('is asked for together, and not again for a minute', async () => {
      let now = 0
      const { fetch, asked } = LyingRpc.before(node.url, {})
      const read = EvmStorageReader.create(fetch, () => now)
      const many = Array.from({ length: 100 }, () => read(chain(), address, [slot(1), slot(2)]))
      const answers = await Promise.all(many)
      expect(new Set(answers.map(({ kind }) => kind))).to.deep.equal(new Set(['final']))
      // The first slot alone, then the other: where an endpoint stands, and what is stored.
      expect(asked()).to.equal(4)
      now = 59_999
      await read(chain(), address, [slot(1)])
      expect(asked()).to.equal(4)
      now = 60_000
      await read(chain(), address, [slot(1)])
      expect(asked()).to.equal(6)
    })

    it('is asked for again where it is older than what is wanted, and keeps the time of its block', async () => {
      const { fetch, asked } = LyingRpc.before(node.url, {})
      const read = EvmStorageReader.create(fetch)
      const ask = async (since?: number) => {
        const answer = await read(chain(), address, [slot(1)], since)
        return 'asOf' in answer ? answer.asOf : answer.kind
      }
      const before = Number((await header()).timestamp)
      expect(await ask()).to.equal(before)
      await node.rpc('evm_setNextBlockTimestamp', before + 1_000)
      await node.rpc('evm_mine')
      expect(await ask()).to.equal(before)
      expect(await ask(before)).to.equal(before)
      expect(asked()).to.equal(2)
      expect(await ask(before + 1_000)).to.equal(before + 1_000)
      expect(asked()).to.equal(4)
    })

    it('remembers nothing that is not final', async () => {
      const { fetch, asked } = LyingRpc.before(node.url, {})
      const read = EvmStorageReader.create(fetch)
      const none = `0x${'99'.repeat(20)}` as const
      expect((await read(chain(), none, [slot(1)])).kind).to.equal('no-contract')
      expect((await read(chain(), none, [slot(1)])).kind).to.equal('no-contract')
      expect(asked()).to.equal(4)
    })
  })
})
