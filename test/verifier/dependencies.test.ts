import { setTimeout } from 'node:timers/promises'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Json from '@laurel/core/Json'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

const day = 24 * 60 * 60 * 1000
const seed = new Uint8Array(32).fill(9)
const attackerKey = Ed25519.publicKey(seed)
const garbage = new TextEncoder().encode('{"id":"urn:x:other"}')

type World = { readonly readers: Readers; readonly now: number }

/** One dependency, and what it may do: be away, be slow, and lie in every way in which it can. */
type Fault = { readonly how: string; readonly change: (world: World) => World }

/** What every document is judged by: readers of which each has its part of the truth, the newest status list included. */
describe('A verifier whose dependencies fail', function () {
  this.timeout(120_000)
  let verifier: Verifier.Verifier
  let trust: Trust
  let world: World
  let forged: Json.Object

  const did = String(Golden.read('B-did.json').id)
  const good = Golden.read('B-3-1.json')
  // The one that revokes A-7-4.
  const revoking = Golden.read('A-status-revocation-2.json')
  const newestOfA = Verifier.bytes('A-status-revocation-2.json')
  const newest = Verifier.bytes('B-status-revocation.json')

  before(async () => {
    verifier = await Verifier.start()
    trust = {
      ...verifier.trust,
      // No DID document at hand: it is asked for.
      issuers: [
        { did, name: 'issuer B', anchor: 'required' },
        { did: String(Golden.read('A-did.json').id), name: 'issuer A', anchor: 'required' },
      ],
      status: { maximumAgeSeconds: 400 * 24 * 60 * 60 },
    }
    world = {
      readers: {
        ...verifier.readers,
        did: async (asked) => (asked === did ? Golden.read('B-did.json') : undefined),
        statusLists: async (url) => {
          const lists = await verifier.readers.statusLists(url)
          return url === revoking.id ? [...lists, { bytes: newestOfA, live: false }] : lists
        },
      },
      now: Verifier.now,
    }
    const { proof: _, ...unsigned } = good
    const verificationMethod = DidWeb.verificationMethod(did, attackerKey)
    const options = {
      id: 'urn:uuid:5d0a2b1e-0000-4000-8000-000000000001',
      created: '2026-03-01T09:00:00Z',
      verificationMethod,
    }
    const proof = await DataIntegrity.createRdfc(unsigned, options, async (message) => Ed25519.sign(seed, message))
    forged = {
      ...unsigned,
      proof: [proof as unknown as Json.Object, ...(good.proof as readonly Json.Object[]).slice(1)],
    }
  })
  after(() => verifier.stop())

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

  const faults: Readonly<Record<'chain' | 'content' | 'DID host' | 'status host' | 'clock', readonly Fault[]>> = {
    chain: [
      { how: 'away', change: reading({ anchor: async () => ({ kind: 'unreachable' }) }) },
      { how: 'behind', change: reading({ anchor: async () => ({ kind: 'absent', asOf: 0 }) }) },
      { how: 'young', change: reading({ anchor: async () => ({ kind: 'recent' }) }) },
      { how: 'another', change: reading({ anchor: async () => ({ kind: 'other-chain', chainId: 1 }) }) },
      { how: 'of two minds', change: reading({ anchor: async () => ({ kind: 'disagreement' }) }) },
      { how: 'without a registry', change: reading({ anchor: async () => ({ kind: 'no-registry' }) }) },
    ],
    content: [
      { how: 'away', change: reading({ content: async () => undefined }) },
      { how: 'something else', change: reading({ content: async () => garbage }) },
      { how: 'another batch', change: reading({ content: async () => Verifier.bytes('A-3-manifest.json') }) },
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
          statusLists: async () => [{ bytes: Verifier.bytes('A-status-revocation.json'), live: true }],
        }),
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
  }

  const decide = async (document: Json.Object, { readers, now }: World) =>
    Policy.decide(await verify(JSON.stringify(document), { trust, readers, now }))

  it('accepts what is good while all of them tell the truth, however slowly', async () => {
    expect((await decide(good, world)).code).to.equal('ACCEPTED')
    const slow = Object.fromEntries(
      Object.entries(world.readers).map(([name, ask]) => [
        name,
        async (...args: readonly unknown[]) => {
          await setTimeout(5)
          return (ask as (...args: readonly unknown[]) => unknown)(...args)
        },
      ]),
    ) as unknown as Readers
    expect((await decide(good, { ...world, readers: slow })).code).to.equal('ACCEPTED')
  })

  for (const [name, kinds] of Object.entries(faults))
    for (const { how, change } of kinds) {
      it(`does not accept what is good while ${name} is ${how}, for it is needed`, async () => {
        expect((await decide(good, change(world))).verdict).to.not.equal('accepted')
      })

      it(`never accepts what is not good while ${name} is ${how}`, async () => {
        const [signature = {}, anchor = {}] = good.proof as readonly Json.Object[]
        const bad: Readonly<Record<string, Json.Object>> = {
          changed: { ...good, name: 'Another' },
          revoked: Golden.read('A-7-4.json'),
          forged,
          'without its anchor': { ...good, proof: [signature] },
          'with the signature of another': {
            ...good,
            proof: [(Golden.read('B-3-2.json').proof as readonly Json.Object[])[0] ?? {}, anchor],
          },
          'without a status': Object.fromEntries(Object.entries(good).filter(([each]) => each !== 'credentialStatus')),
        }
        for (const [what, document] of Object.entries(bad))
          expect((await decide(document, change(world))).verdict, what).to.not.equal('accepted')
      })
    }
})
