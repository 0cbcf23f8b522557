import { setTimeout } from 'node:timers/promises'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as StatusRegistry from '@laurel/core/generated/StatusRegistry'
import * as InclusionProof from '@laurel/core/InclusionProof'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusHistory from '@laurel/core/StatusHistory'
import { type Name, type Person, Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { names } from '@laurel/verifier/Report'
import * as EvmAnchorReader from '@laurel/verifier/readers/EvmAnchorReader'
import * as EvmHistoryReader from '@laurel/verifier/readers/EvmHistoryReader'
import * as EvmStorageReader from '@laurel/verifier/readers/EvmStorageReader'
import { expect } from 'chai'
import { encodeFunctionData } from 'viem'
import * as Badges from '../support/Badges.ts'
import * as Chain from '../support/Chain.ts'
import * as Golden from '../support/Golden.ts'
import * as LyingRpc from '../support/LyingRpc.ts'
import * as Verifier from '../support/Verifier.ts'

const day = 24 * 60 * 60 * 1000
const seed = new Uint8Array(32).fill(9)
const attackerKey = Ed25519.publicKey(seed)
const garbage = new TextEncoder().encode('{"id":"urn:x:other"}')
const directory = { chainId: 31337, address: `0x${'d1'.repeat(20)}`, issuerId: `0x${'1d'.repeat(32)}` } as const
const robbed = { ...directory, address: `0x${'d2'.repeat(20)}` } as const

/** What is judged, and by what it is judged otherwise than the rest. */
type Case = {
  readonly document: Json.Object
  readonly issuer?: Partial<Trust['issuers'][number]>
  readonly at?: number
  readonly recipient?: Person
  /** The check that is in its way while all dependencies tell the truth. */
  readonly check?: Name
}

type World = { readonly readers: Readers; readonly now: number; readonly chains: Trust['chains'] }

/** One dependency, and what it may do: be away, be slow, and lie in every way in which it can. */
type Fault = { readonly how: string; readonly change: (world: World) => World }

const groups = ['chain', 'directory', 'history', 'content', 'DID host', 'status host', 'clock', 'cache'] as const

/** What every document is judged by: readers of which each has its part of the truth, the newest status list included. */
describe('A verifier whose dependencies fail', function () {
  this.timeout(240_000)
  let verifier: Verifier.Verifier
  let node: string
  let world: World
  let good: Case
  let goodThen: Case
  let bad: Readonly<Record<string, Case>>

  const did = String(Golden.read('B-did.json').id)
  const document = Golden.read('B-3-1.json')
  const [signature = {}, anchor = {}] = document.proof as readonly Json.Object[]
  // The one that revokes A-7-4.
  const revoking = Golden.read('A-status-revocation-2.json')
  const newestOfA = Verifier.bytes('A-status-revocation-2.json')
  const newest = Verifier.bytes('B-status-revocation.json')
  const recorder = `0x${'5e'.repeat(20)}` as const
  const nobody = `0x${'00'.repeat(32)}`

  before(async () => {
    verifier = await Verifier.start()
    node = verifier.trust.chains[0]?.rpc[0] ?? ''
    const then = await record()
    await register()
    world = {
      readers: {
        ...verifier.readers,
        did: async (asked) => ['B', 'C'].map((set) => Golden.read(`${set}-did.json`)).find(({ id }) => id === asked),
        statusLists: async (url) => {
          const lists = await verifier.readers.statusLists(url)
          return url === revoking.id ? [...lists, { bytes: newestOfA, live: false }] : lists
        },
      },
      now: Verifier.now,
      chains: verifier.trust.chains,
    }
    // Where nobody records, a status host is needed; the lists on the chain would do as well.
    good = { document, issuer: { recorders: [`eip155:31337:0x${'77'.repeat(20)}`] } }
    goodThen = { document, at: then * 1000 }
    bad = await documents(then)
  })
  after(() => verifier.stop())

  /** Records the lists on the chain: that of A a second time, when it revokes. @returns a time after all of them */
  const record = async (): Promise<number> => {
    const rpc = Chain.rpc(node)
    const { timestamp } = (await rpc('eth_getBlockByNumber', 'latest', false)) as { readonly timestamp: string }
    let time = Number(timestamp)
    await rpc('anvil_setCode', StatusRegistry.address, StatusRegistry.runtimeCode)
    await rpc('anvil_impersonateAccount', recorder)
    await rpc('anvil_setBalance', recorder, '0xde0b6b3a7640000')
    for (const name of [
      'A-status-revocation',
      'A-status-suspension',
      'B-status-revocation',
      'B-status-suspension',
      'A-status-revocation-2',
    ]) {
      time += 100
      await rpc('evm_setNextBlockTimestamp', time)
      const bytes = Verifier.bytes(`${name}.json`)
      const listId = StatusHistory.listId(String(Golden.read(`${name}.json`).id))
      const args = [Bytes.toHex(listId), Bytes.toHex(Sha256.digest(bytes))] as const
      const data = encodeFunctionData({ abi: StatusRegistry.abi, functionName: 'publish', args })
      const hash = await rpc('eth_sendTransaction', {
        from: recorder,
        to: StatusRegistry.address,
        data,
        gas: '0x30000',
      })
      while ((await rpc('eth_getTransactionReceipt', hash)) === null);
    }
    await rpc('evm_setNextBlockTimestamp', time + 1_000)
    await rpc('evm_mine')
    return time + 500
  }

  /** Two directories: one knows who spoke for B, the other says that the key was stolen before. */
  const register = async () => {
    const rpc = Chain.rpc(node)
    const { account } = Manifest.parse(Verifier.bytes('B-3-manifest.json'))
    const time = Golden.anchors().anchors.find(({ batch }) => batch === 'B-3')?.time ?? 0
    const multikey = String(signature.verificationMethod).split('#')[1] ?? ''
    const id = Bytes.fromHex(directory.issuerId)
    const keySlot = Bytes.toHex(IssuerDirectory.keySlot(id, IssuerDirectory.keyId(multikey)))
    const accountSlot = Bytes.toHex(IssuerDirectory.accountSlot(id, Caip10.parse(account).address))
    const recorderSlot = Bytes.toHex(IssuerDirectory.accountSlot(id, recorder))
    const standing = (from = 0) =>
      Bytes.toHex(Bytes.concat(...[from && from + 1, from, 0, time - 100].map((each) => Bytes.fromUint(each, 8))))
    for (const [{ address }, stolen] of [
      [directory, 0],
      [robbed, time - 50],
    ] as const) {
      await rpc('anvil_setCode', address, '0x00')
      await rpc('anvil_setStorageAt', address, keySlot, standing(stolen))
      for (const each of [accountSlot, recorderSlot]) await rpc('anvil_setStorageAt', address, each, standing())
    }
    await rpc('evm_mine')
  }

  const documents = async (then: number): Promise<Readonly<Record<string, Case>>> => {
    const { proof: _, ...unsigned } = document
    const content = AnchorProof.parse(anchor)
    const opened = InclusionProof.open(content.path)
    const anchoredBy = (path: InclusionProof.Path, root = content.root) => ({
      document: { ...document, proof: [signature, AnchorProof.create({ ...content, path, root }) as Json.Object] },
    })
    const rooted = (change: Partial<InclusionProof.Opened>) => {
      const path = InclusionProof.credentialPath({ ...opened, ...change })
      return anchoredBy(path, InclusionProof.fold(content.documentDigest, path))
    }
    const other = new Uint8Array(32).fill(7)
    // The batch of A with a credential of B in it, which A has anchored.
    const foreign = Verifier.bytes('A-3-manifest.json')
    const borrowed = { manifestDigest: Sha256.digest(foreign) }
    const path = InclusionProof.credentialPath({ ...opened, ...borrowed })
    const root = Bytes.toHex(InclusionProof.fold(content.documentDigest, path))
    const { address } = Caip10.parse(Manifest.parse(foreign).account)
    const registry = verifier.trust.chains[0]?.registry
    const rpc = Chain.rpc(node)
    await rpc('anvil_setStorageAt', registry, AnchorSlot.of(address, root), `0x${'1'.padStart(64, '0')}`)
    await rpc('evm_mine')
    const options = {
      id: 'urn:uuid:5d0a2b1e-0000-4000-8000-000000000001',
      created: '2026-03-01T09:00:00Z',
      verificationMethod: DidWeb.verificationMethod(did, attackerKey),
    }
    const forged = await DataIntegrity.createRdfc(unsigned, options, async (message) => Ed25519.sign(seed, message))
    const author = await Badges.author()
    const expired = Badges.badge(author.did, { validUntil: '2026-03-10T00:00:00Z' })
    return {
      'of another shape': { document: { ...document, note: 'x' }, check: 'conforms' },
      changed: { document: { ...document, name: 'Another' }, check: 'signed' },
      'with the signature of another': {
        document: {
          ...document,
          proof: [(Golden.read('B-3-2.json').proof as readonly Json.Object[])[0] ?? {}, anchor],
        },
        check: 'signed',
      },
      forged: {
        document: { ...unsigned, proof: [forged as unknown as Json.Object, anchor] },
        check: 'signed',
      },
      'without its anchor': { document: { ...document, proof: [signature] }, check: 'included' },
      'at no place of its batch': {
        ...anchoredBy(InclusionProof.credentialPath({ ...opened, blind: other })),
        check: 'included',
      },
      'that was never anchored': { ...rooted({ blind: other }), check: 'anchored' },
      'of somebody else’s batch': { ...rooted(borrowed), check: 'manifest' },
      'of an issuer whom nobody knows': { document: Golden.read('C-3-1.json'), check: 'issuer-bound' },
      'by a key that was stolen before': { document, issuer: { directory: robbed }, check: 'issuer-bound' },
      'by an account that the trust does not name': {
        document,
        issuer: { accounts: [`eip155:31337:0x${'12'.repeat(20)}`] },
        check: 'issuer-bound',
      },
      revoked: { document: Golden.read('A-7-4.json'), check: 'status' },
      'that had been revoked then': { document: Golden.read('A-7-4.json'), at: then * 1000, check: 'status' },
      'without a status': {
        document: Object.fromEntries(Object.entries(document).filter(([each]) => each !== 'credentialStatus')),
        check: 'signed',
      },
      'that has expired': {
        document: await Badges.sign(expired, 'eddsa-rdfc-2022', author),
        issuer: { did: author.did, anchor: 'optional' },
        check: 'valid-period',
      },
      'of another person': { document, recipient: { identifier: 'eve@example.org' }, check: 'recipient' },
    }
  }

  const reading = (readers: Partial<Readers>) => (before: World) => ({
    ...before,
    readers: { ...before.readers, ...readers },
  })
  const attackersDocument = () => ({
    ...Golden.read('B-did.json'),
    verificationMethod: [
      {
        id: DidWeb.verificationMethod(did, attackerKey),
        type: 'Multikey',
        controller: did,
        publicKeyMultibase: DidKey.fromPublicKey(attackerKey).slice('did:key:'.length),
      },
    ],
    assertionMethod: [DidWeb.verificationMethod(did, attackerKey)],
  })
  const slowly = (before: World): World => ({
    ...before,
    readers: Object.fromEntries(
      Object.entries(before.readers).map(([name, ask]) => [
        name,
        async (...args: readonly unknown[]) => {
          await setTimeout(5)
          return (ask as (...args: readonly unknown[]) => unknown)(...args)
        },
      ]),
    ) as unknown as Readers,
  })

  const faults: Readonly<Record<(typeof groups)[number], readonly Fault[]>> = {
    chain: [
      { how: 'away', change: reading({ anchor: async () => ({ kind: 'unreachable' }) }) },
      { how: 'behind', change: reading({ anchor: async () => ({ kind: 'absent', asOf: 0 }) }) },
      { how: 'young', change: reading({ anchor: async () => ({ kind: 'recent' }) }) },
      { how: 'another', change: reading({ anchor: async () => ({ kind: 'other-chain', chainId: 1 }) }) },
      { how: 'of two minds', change: reading({ anchor: async () => ({ kind: 'disagreement' }) }) },
      { how: 'without a proof', change: reading({ anchor: async () => ({ kind: 'unproven' }) }) },
      { how: 'without a registry', change: reading({ anchor: async () => ({ kind: 'no-registry' }) }) },
    ],
    directory: [
      { how: 'away', change: reading({ words: async () => ({ kind: 'unreachable' }) }) },
      { how: 'of two minds', change: reading({ words: async () => ({ kind: 'disagreement' }) }) },
      { how: 'without a proof', change: reading({ words: async () => ({ kind: 'unproven' }) }) },
      { how: 'not there', change: reading({ words: async () => ({ kind: 'no-contract' }) }) },
      {
        how: 'empty',
        change: reading({
          words: async (_, __, slots) => ({ kind: 'final', words: slots.map(() => new Uint8Array(32)), asOf: 2 ** 32 }),
        }),
      },
      {
        how: 'something else',
        change: reading({
          words: async (_, __, slots) => ({
            kind: 'final',
            words: slots.map(() => new Uint8Array(32).fill(1)),
            asOf: 2 ** 32,
          }),
        }),
      },
      {
        how: 'of years ago',
        change: (before) =>
          reading({
            words: async (...args) => {
              const answer = (await before.readers.words?.(...args)) ?? { kind: 'unreachable' as const }
              return answer.kind === 'final' ? { ...answer, asOf: 1_600_000_000 } : answer
            },
          })(before),
      },
      {
        how: 'known at an old block only',
        change: (before) =>
          reading({
            words: async (...args) => {
              const answer = (await before.readers.words?.(...args)) ?? { kind: 'unreachable' as const }
              return answer.kind === 'final' ? { ...answer, kind: 'checkpoint', asOf: 1_600_000_000 } : answer
            },
          })(before),
      },
    ],
    history: [
      { how: 'away', change: reading({ history: async () => undefined }) },
      { how: 'empty', change: reading({ history: async () => [] }) },
      {
        how: 'made up',
        change: reading({ history: async () => [{ digest: Sha256.digest(newestOfA), time: 1_772_000_000 }] }),
      },
      {
        how: 'without its end',
        change: (before) =>
          reading({ history: async (...args) => (await before.readers.history?.(...args))?.slice(0, -1) })(before),
      },
    ],
    content: [
      { how: 'away', change: reading({ content: async () => undefined }) },
      { how: 'something else', change: reading({ content: async () => garbage }) },
      { how: 'another batch', change: reading({ content: async () => Verifier.bytes('A-3-manifest.json') }) },
      { how: 'an older list', change: reading({ content: async () => Verifier.bytes('A-status-revocation.json') }) },
    ],
    'DID host': [
      { how: 'away', change: reading({ did: async () => undefined }) },
      { how: 'of somebody else', change: reading({ did: async () => Golden.read('A-did.json') }) },
      { how: 'empty', change: reading({ did: async () => ({}) }) },
      { how: 'an attacker’s', change: reading({ did: async () => attackersDocument() as Json.Object }) },
    ],
    'status host': [
      { how: 'away', change: reading({ statusLists: async () => [] }) },
      { how: 'something else', change: reading({ statusLists: async () => [{ bytes: garbage, live: true }] }) },
      {
        how: 'another list',
        change: reading({
          statusLists: async () => [{ bytes: Verifier.bytes('A-status-suspension.json'), live: true }],
        }),
      },
      {
        // The one that revokes is on the chain, where the trust says who records it.
        how: 'one who keeps the newest back',
        change: (before) =>
          reading({
            statusLists: async (url) =>
              (await before.readers.statusLists(url)).filter(({ bytes }) => bytes !== newestOfA && url === revoking.id),
          })(before),
      },
      {
        how: 'a list that was changed',
        change: reading({
          statusLists: async () => {
            const list = { ...Json.parseObject(newest), validFrom: '2026-03-19T00:00:00Z' }
            return [{ bytes: new TextEncoder().encode(JSON.stringify(list)), live: true }]
          },
        }),
      },
    ],
    clock: [
      { how: 'years behind', change: (before) => ({ ...before, now: 0 }) },
      { how: 'years ahead', change: (before) => ({ ...before, now: before.now + 3_000 * day }) },
    ],
    cache: [
      {
        how: 'of copies from before the trust’s oldest',
        change: (before) =>
          reading({
            statusLists: async (url) =>
              (await before.readers.statusLists(url)).map(({ bytes }) => ({ bytes, live: false })),
          })({ ...before, now: before.now + 500 * day }),
      },
      {
        how: 'mixed up: it answers with what it was asked first',
        change: (before) => {
          const first = <asked extends readonly unknown[], answer>(ask: (...args: asked) => Promise<answer>) => {
            let known: Promise<answer> | undefined
            return (...args: asked) => {
              known ??= ask(...args)
              return known
            }
          }
          const { content, did, statusLists, words, history } = before.readers
          return reading({
            content: first(content),
            did: first(did),
            statusLists: first(statusLists),
            ...(words && { words: first(words) }),
            ...(history && { history: first(history) }),
          })(before)
        },
      },
    ],
  }

  /** What one of two endpoints does, before the same chain. */
  const lies: Readonly<Record<string, Readonly<Record<string, LyingRpc.Lie>> | 'away' | 'html' | 'cut'>> = {
    'is away, or too slow': 'away',
    'answers with a page': 'html',
    'answers by half': 'cut',
    'is of another chain': { eth_chainId: () => '0x1' },
    'says that everything is there': {
      eth_getProof: () => undefined,
      eth_getStorageAt: () => `0x${'01'.padStart(64, '0')}`,
    },
    'says that nothing is there': {
      eth_getProof: () => undefined,
      eth_getStorageAt: () => nobody,
      eth_getLogs: () => [],
    },
    'says that there is no contract': { eth_getProof: () => undefined, eth_getCode: () => '0x' },
    'proves something else': { eth_getProof: (truth) => ({ ...(truth as object), storageProof: [] }) },
    'makes up the block': { eth_getBlockByNumber: (truth) => ({ ...(truth as object), hash: `0x${'12'.repeat(32)}` }) },
    'makes up the state': {
      eth_getBlockByNumber: (truth) => ({ ...(truth as object), stateRoot: `0x${'12'.repeat(32)}` }),
    },
    'is years behind': { eth_getBlockByNumber: (truth) => ({ ...(truth as object), number: '0x1' }) },
    'is years ahead': {
      eth_getBlockByNumber: (truth, [which]) =>
        which === 'latest' ? { ...(truth as object), number: '0xffffff' } : truth,
    },
    'changes logs': {
      eth_getLogs: (truth) => (truth as readonly object[]).map((log) => ({ ...log, data: `0x${'12'.repeat(32)}` })),
    },
  }

  /** The chain by two endpoints that have to agree, one of which is not to be relied on. */
  const unreliable =
    (lie: (typeof lies)[string], isFirst: boolean) =>
    (before: World): World => {
      const [first, second] = ['http://one.example/', 'http://two.example/'] as const
      const liar = isFirst ? first : second
      const { fetch } = LyingRpc.before(node, {
        [first]: {},
        [second]: {},
        ...(typeof lie === 'object' && { [liar]: lie }),
      })
      const reach: typeof fetch = async (url, init) => {
        if (String(url) !== liar || typeof lie === 'object') return fetch(url, init)
        if (lie === 'away') throw new TypeError('Nobody answers')
        const text = await (await fetch(url, init)).text()
        return new Response(lie === 'html' ? '<html>' : text.slice(0, text.length / 2))
      }
      const chains = before.chains.map((chain) =>
        chain.chainId === 31337
          ? { ...chain, rpc: [first, second], quorum: lie === 'away' || lie === 'html' || lie === 'cut' ? 1 : 2 }
          : chain,
      )
      return reading({
        anchor: EvmAnchorReader.create(reach),
        words: EvmStorageReader.create(reach),
        history: EvmHistoryReader.create(reach),
      })({ ...before, chains })
    }

  const trustIn = (issuer: Case['issuer'], chains: Trust['chains']): Trust => {
    const own = { anchor: 'required', recorders: [`eip155:31337:${recorder}`] } as const
    return {
      chains,
      // No DID document at hand: it is asked for.
      issuers: [
        { did, name: 'issuer B', directory, ...own, ...issuer },
        { did: String(Golden.read('A-did.json').id), name: 'issuer A', ...own },
      ],
      status: { maximumAgeSeconds: (400 * day) / 1000 },
    }
  }
  const decide = async ({ document, issuer, at, recipient }: Case, { readers, now, chains }: World) => {
    const report = await verify(JSON.stringify(document), {
      trust: trustIn(issuer, chains),
      readers,
      now,
      ...(at !== undefined && { at: Math.min(at, now) }),
      ...(recipient && { recipient }),
    })
    return Policy.decide(report)
  }

  it('accepts what is good while all of them tell the truth, however slowly', async () => {
    for (const each of [good, goodThen]) {
      expect((await decide(each, world)).code).to.equal('ACCEPTED')
      expect((await decide(each, slowly(world))).code).to.equal('ACCEPTED')
    }
  })

  it('finds in each check what is not good, while all of them tell the truth', async () => {
    for (const [what, each] of Object.entries(bad)) {
      const { verdict, check } = await decide(each, world)
      expect([verdict === 'accepted', check], what).to.deep.equal([false, each.check])
      expect((await decide(each, slowly(world))).check, what).to.equal(each.check)
    }
    expect(new Set(Object.values(bad).map(({ check }) => check))).to.deep.equal(new Set(names))
  })

  /** Whom a fault does not concern: who is asked about now needs no history, and neither of them what is good anyway. */
  const harmless = (name: string) => name === 'history' || name === 'cache'

  for (const name of groups)
    for (const { how, change } of faults[name]) {
      if (!harmless(name))
        it(`does not accept what is good while ${name} is ${how}, for it is needed`, async () => {
          expect((await decide(good, change(world))).verdict).to.not.equal('accepted')
        })

      it(`never accepts what is not good while ${name} is ${how}`, async () => {
        for (const [what, each] of Object.entries(bad))
          expect((await decide(each, change(world))).verdict, what).to.not.equal('accepted')
      })
    }

  for (const { how, change } of faults.history)
    it(`cannot tell how it stood while history is ${how}`, async () => {
      expect(await decide(goodThen, change(world))).to.include({ verdict: 'unknown', check: 'status' })
    })

  for (const [what, lie] of Object.entries(lies))
    for (const [which, isFirst] of [
      ['the first', true],
      ['the second', false],
    ] as const)
      it(`is told nothing false, and nothing bad of what is good, while ${which} of two endpoints ${what}`, async () => {
        const change = unreliable(lie, isFirst)
        for (const each of [good, goodThen])
          expect((await decide(each, change(world))).verdict).to.not.equal('rejected')
        for (const [name, each] of Object.entries(bad))
          expect((await decide(each, change(world))).verdict, name).to.not.equal('accepted')
      })

  it('judges each by itself, though all share what was fetched, found out and remembered, in whatever order', async () => {
    const shared = unreliable({}, true)(world)
    for (const [name, each] of Object.entries(bad)) {
      expect((await decide(good, shared)).code).to.equal('ACCEPTED')
      expect((await decide(each, shared)).check, name).to.equal(each.check)
      expect((await decide(goodThen, shared)).code).to.equal('ACCEPTED')
    }
    const all = [good, ...Object.values(bad), goodThen, ...Object.values(bad).toReversed(), good]
    const decisions = await Promise.all(all.map((each) => decide(each, unreliable({}, true)(world))))
    expect(decisions.map(({ check }) => check)).to.deep.equal(all.map(({ check }) => check))
  })
})
