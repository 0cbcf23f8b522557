import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Bytes from '@laurel/core/Bytes'
import * as Json from '@laurel/core/Json'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { expect } from 'chai'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

const folder = fileURLToPath(new URL('../vectors/keepsake-v1/', import.meta.url))
const read = (name: string) => readFileSync(join(folder, `${name}.laurel`), 'utf8')

const checkpoints: readonly { chainId: number; number: number; hash: Bytes.Hex }[] = JSON.parse(
  readFileSync(join(folder, 'checkpoints.json'), 'utf8'),
)

/** Nobody is left to ask. */
const nobody: Readers = {
  anchor: async () => ({ kind: 'unreachable' }),
  content: async () => undefined,
  did: async () => undefined,
  statusLists: async () => [],
}

const issuers = ['A', 'B', 'C'].map((set) => {
  const didDocument = Golden.read(`${set}-did.json`) as unknown as NonNullable<Trust['issuers'][number]['didDocument']>
  return { did: didDocument.id, name: `issuer ${set}`, didDocument, anchor: 'required' as const }
})

const trust: Trust = {
  chains: checkpoints.map(({ chainId, ...checkpoint }) => ({
    chainId,
    name: `chain ${chainId}`,
    rpc: [],
    quorum: 1,
    registry: Golden.anchors().registryStandIn.address as Bytes.Hex,
    confirmations: 1,
    test: true,
    checkpoints: [checkpoint],
  })),
  issuers,
  status: { maximumAgeSeconds: 365 * 24 * 60 * 60 },
}

const decide = async (text: string, change: Partial<Trust> = {}, readers = nobody) => {
  const report = await verify(text, { trust: { ...trust, ...change }, readers, now: Verifier.now })
  const { verdict, check, code } = Policy.decide(report)
  return check === undefined ? verdict : `${verdict} ${check} ${code}`
}

describe('A keepsake', () => {
  for (const [name, decision] of [
    ['A-3-1', 'accepted'],
    ['A-7-4', 'rejected status REVOKED'],
    ['B-3-0', 'accepted'],
    ['C-1-0', 'accepted'],
  ] as const)
    it(`${name} is ${decision} when nobody is left to ask`, async () => {
      expect(await decide(read(name))).to.equal(decision)
    })

  it('proves nothing to whoever trusts another block, another registry or no block', async () => {
    const chains = (change: Partial<Trust['chains'][number]>) => ({
      chains: trust.chains.map((chain) => ({ ...chain, ...change })),
    })
    const other = [{ number: 6, hash: `0x${'12'.repeat(32)}` as const }]
    for (const change of [{ checkpoints: [] }, { checkpoints: other }, { registry: `0x${'12'.repeat(20)}` as const }])
      expect(await decide(read('A-3-1'), chains(change))).to.equal('unknown anchored CHAIN_UNREACHABLE')
  })

  it('is not believed about the keys of its issuer', async () => {
    const unlisted = issuers.map(({ didDocument: _, ...rest }) => rest)
    expect(await decide(read('B-3-0'), { issuers: unlisted })).to.equal('unknown issuer-bound KEYS_CLAIMED')
    expect(await decide(read('B-3-0'), { issuers: [] })).to.equal('unknown issuer-bound ISSUER_UNRECOGNISED')
    expect(await decide(read('A-3-1'), { issuers: unlisted }), 'a did:key is its own document').to.equal('accepted')
    const published = { ...nobody, did: async (did: string) => issuers.find((each) => each.did === did)?.didDocument }
    const readers = published as unknown as Readers
    expect(await decide(read('B-3-0'), { issuers: unlisted }, readers)).to.equal('accepted')
  })

  it('is judged by newer lists as well, where they can be had', async () => {
    const readers: Readers = {
      ...nobody,
      statusLists: async () => [{ bytes: Verifier.bytes('A-status-revocation-2.json'), live: false }],
    }
    expect(await decide(read('A-3-1'), {}, readers)).to.equal('accepted')
    const revoked = JSON.parse(read('A-7-4'))
    const older = { ...revoked, statusLists: JSON.parse(read('A-3-1')).statusLists }
    expect(await decide(JSON.stringify(older)), 'what it brings along is older').to.equal('accepted')
    expect(await decide(JSON.stringify(older), {}, readers)).to.equal('rejected status REVOKED')
  })

  it('is refused where it is damaged, before anything is read', async () => {
    const reads = async (change: object) => {
      const text = JSON.stringify({ ...JSON.parse(read('A-3-1')), ...change })
      return decide(text, {}, {} as Readers)
    }
    expect(await reads({ version: 2 })).to.equal('rejected conforms KEEPSAKE_VERSION')
    expect(await reads({ note: 1 })).to.equal('rejected conforms KEEPSAKE_INVALID')
    expect(await reads({ manifest: {} })).to.equal('rejected conforms MANIFEST_VERSION')
    expect(await reads({ credential: JSON.parse(read('A-3-1')) })).to.match(/^rejected conforms /)
    expect(await decide(read('A-3-1').slice(0, -4))).to.equal('rejected conforms JSON_SYNTAX')
    expect(await decide(read('A-3-1').replace('{', '{"version": 1,'))).to.equal('rejected conforms JSON_DUPLICATE_KEY')
  })

  it('is accepted with nothing changed in what it brings along', async function () {
    this.timeout(60_000)
    const keepsake = Json.parseObject(read('B-3-0'))
    let mutants = 0
    const accepted: string[] = []
    for (const member of ['manifest', 'statusLists', 'storageProofs']) {
      for (const changed of mutantsOf(keepsake[member] ?? null)) {
        mutants++
        const text = JSON.stringify({ ...keepsake, [member]: changed.value })
        if ((await decide(text)) === 'accepted') accepted.push(`${member}${changed.place}`)
      }
    }
    expect(mutants).to.be.greaterThan(100)
    expect(accepted).to.deep.equal([])
  })

  it('is read by the command, without a network', async function () {
    this.timeout(60_000)
    const { home, remove } = await Cli.createHome()
    try {
      const status = { maximumAgeSeconds: 100 * 365 * 24 * 60 * 60 }
      await writeFile(join(home, 'trust.json'), JSON.stringify({ ...trust, status }))
      const files = ['A-3-1', 'A-7-4', 'B-3-0', 'C-1-0'].map((name) => join(folder, `${name}.laurel`))
      const args = [...files, '--trust', join(home, 'trust.json'), '--json']
      const { stdout, stderr } = await Cli.run('laurel-verify', args, {})
      const verdicts = JSON.parse(stdout || `"${stderr}"`).map(
        (each: { file: string; verdict: string }) => each.verdict,
      )
      expect(verdicts).to.deep.equal(['accepted', 'rejected', 'accepted', 'accepted'])
    } finally {
      await remove()
    }
  })
})

type Mutant = { readonly place: string; readonly value: Json.Value }

/** Everything that differs in one node from a value: a text or number changed, a member or an item left out. */
function* mutantsOf(value: Json.Value, place = ''): Generator<Mutant> {
  if (typeof value === 'string') yield { place, value: value.slice(0, -1) + (value.endsWith('0') ? '1' : '0') }
  if (typeof value === 'number') yield { place, value: value + 1 }
  if (Json.isArray(value))
    for (const [i, item] of value.entries()) {
      yield { place: `${place}/${i}`, value: value.toSpliced(i, 1) }
      for (const { place: inner, value: changed } of mutantsOf(item, `${place}/${i}`))
        yield { place: inner, value: value.with(i, changed) }
    }
  if (Json.isObject(value))
    for (const [name, item] of Object.entries(value)) {
      const { [name]: _, ...rest } = value
      yield { place: `${place}/${name}`, value: rest }
      for (const { place: inner, value: changed } of mutantsOf(item, `${place}/${name}`))
        yield { place: inner, value: { ...value, [name]: changed } }
    }
}
