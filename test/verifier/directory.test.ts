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

  for (const kind of ['no-contract', 'disagreement', 'unreachable'] as const)
    it(`that says ${kind}: could not tell`, async () => {
      expect(await decide(well, { words: async () => ({ kind }) })).to.equal(
        'unknown issuer-bound DIRECTORY_UNAVAILABLE',
      )
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

    it('is not believed of one who contradicts another', async () => {
      const other = await Chain.start()
      try {
        await other.rpc('anvil_setCode', address, '0x00')
        await other.rpc('anvil_mine', '0x1')
        const both = chain({ rpc: [node.url, other.url] })
        expect((await read(both, address, [slot(1)])).kind).to.equal('disagreement')
        expect((await read(both, address, [slot(2)])).kind).to.equal('final')
      } finally {
        await other.stop()
      }
    })
  })
})
