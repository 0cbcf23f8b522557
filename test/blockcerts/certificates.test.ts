import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import * as BlockcertsContexts from '@laurel/core/BlockcertsContexts'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import { Policy, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import * as EvmTransactionReader from '@laurel/verifier/readers/EvmTransactionReader'
import { expect } from 'chai'
import * as Package from '../../scripts/Package.ts'
import * as Chain from '../support/Chain.ts'
import { batchOf, hex, issuerId, known, list, listId, profile, second, third } from '../verifier/blockcerts/Issuer.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const dead = '0xdeaddeaddeaddeaddeaddeaddeaddeaddeaddead'

type Pages = Readonly<Record<string, Json.Value>>

/** What their verifier says, which asks for lists and contexts under addresses of its own. */
async function theirs(document: Json.Object, pages: Pages, rpc: string): Promise<string> {
  const urls = [...Contexts.urls(), ...BlockcertsContexts.all.keys()]
  const contexts = Object.fromEntries(urls.map((url) => [url, Contexts.load(url)]))
  const lists = { [`${listId}?assertionId=${encodeURIComponent(String(document.id))}`]: pages[listId] }
  const child = spawn(process.execPath, ['judge.js'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(JSON.stringify({ documents: [document], resources: { ...contexts, ...pages, ...lists }, rpc }))
  const output = await text(child.stdout)
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1))[0].status
}

/** What ours says, on the same chain and the same web. */
async function ours(document: Json.Object, pages: Pages, rpc: string): Promise<string> {
  const chain: Trust['chains'][number] = {
    ...{ chainId: 11155111, name: 'a chain', rpc: [rpc], quorum: 1, confirmations: 1, test: true },
    registry: dead,
  }
  const bytes = (url: string) => new TextEncoder().encode(JSON.stringify(pages[url] ?? {}))
  const report = await verify(JSON.stringify(document), {
    trust: { chains: [chain], issuers: [known], status: { maximumAgeSeconds: 60 } },
    readers: {
      ...nobody,
      transaction: EvmTransactionReader.create(globalThis.fetch),
      hosted: async (url) => ({ kind: 'found', bytes: bytes(url) }),
      statusLists: async (url) => [{ bytes: bytes(url), live: true }],
    },
    now: Date.parse('2026-06-01T00:00:00Z'),
  })
  const { verdict, code } = Policy.decide(report)
  return verdict === 'accepted' ? verdict : `${verdict} ${code}`
}

describe('Certificates that their own programs write', function () {
  this.timeout(120_000)
  let chain: Chain.Chain
  let account: string
  let pages: Pages
  let encode: (content: Json.Object) => string
  before(async () => {
    await Package.install(folder)
    const encoder = await import(`${folder}node_modules/@blockcerts/lds-merkle-proof-2019/src/index.js`)
    encode = (content) => new encoder.Encoder(content).encode()
    chain = await Chain.start(11155111)
    ;[account] = (await chain.rpc('eth_accounts')) as [string]
    const publicKey = [{ id: `ecdsa-koblitz-pubkey:${account}`, created: '2020-01-01T00:00:00Z' }]
    pages = { [issuerId]: { ...profile, publicKey }, [listId]: list }
  })
  after(() => chain?.stop())

  async function anchor(document: Json.Object, change: Json.Object = {}) {
    const { own, sibling, root } = await batchOf(document)
    const transaction = { from: account, to: dead, data: `0x${hex(root)}`, gas: '0x186a0', ...change }
    const sourceId = (await chain.rpc('eth_sendTransaction', transaction)) as string
    return { merkleRoot: hex(root), targetHash: hex(own), path: [{ right: hex(sibling) }], sourceId }
  }

  const issue: Readonly<Record<string, (document: Json.Object, change?: Json.Object) => Promise<Json.Object>>> = {
    2: async (document, change) => {
      const { path, sourceId, ...hashes } = await anchor(document, change)
      // With 0x, as their certificates on public chains have it, their reader of an RPC writes it twice.
      const anchors = [{ sourceId: sourceId.slice(2), type: 'ETHData', chain: 'ethereumSepolia' }]
      return { ...document, signature: { type: ['MerkleProof2017', 'Extension'], ...hashes, proof: path, anchors } }
    },
    3: async (document, change) => {
      const { sourceId, ...content } = await anchor(document, change)
      const proof = {
        type: 'MerkleProof2019',
        created: '2026-03-02T00:00:00Z',
        proofPurpose: 'assertionMethod',
        verificationMethod: `${issuerId}#key-1`,
        proofValue: encode({ ...content, anchors: [`blink:eth:sepolia:${sourceId.slice(2)}`] }),
      }
      return { ...document, proof }
    },
  }

  for (const [version, base] of [
    ['2', second],
    ['3', third],
  ] as const)
    describe(`by version ${version}`, () => {
      const make = (document: Json.Object, change?: Json.Object) =>
        (issue[version] as NonNullable<(typeof issue)[string]>)(document, change)
      const both = async (document: Json.Object, web: Pages = pages) => [
        await theirs(document, web, chain.url),
        await ours(document, web, chain.url),
      ]
      const until = version === '2' ? 'expires' : 'expirationDate'

      it('are accepted by theirs and ours', async () => {
        expect(await both(await make(base))).to.deep.equal(['success', 'accepted'])
      })

      it('are refused by both where they were changed, revoked, have ended, or are of another account', async () => {
        const certificate = await make(base)
        const changed = { ...certificate, [until]: '2029-01-01T00:00:00Z' }
        expect(await both(changed)).to.deep.equal(['failure', 'rejected MERKLE_INVALID'])
        const revoked = { ...pages, [listId]: { ...list, revokedAssertions: [{ id: base.id as string }] } }
        expect(await both(certificate, revoked)).to.deep.equal(['failure', 'rejected REVOKED'])
        const ended = await make({ ...base, [until]: '2026-03-15T00:00:00Z' })
        expect(await both(ended)).to.deep.equal(['failure', 'rejected EXPIRED'])
        expect(await both(certificate, { ...pages, [issuerId]: profile })).to.deep.equal([
          'failure',
          'rejected ACCOUNT_FOREIGN',
        ])
        const later = { ...profile, publicKey: [{ id: account, created: '2090-01-01T00:00:00Z' }] }
        expect(await both(certificate, { ...pages, [issuerId]: later })).to.deep.equal(['failure', 'rejected RETIRED'])
        const other = await make(base, { data: `0x${'11'.repeat(32)}` })
        expect(await both(other)).to.deep.equal(['failure', 'rejected ANCHOR_OTHER'])
      })

      it('are refused by ours alone where their transaction failed', async () => {
        const refusing = `0x${'de'.repeat(20)}`
        await chain.rpc('anvil_setCode', refusing, '0x60006000fd')
        expect(await both(await make(base, { to: refusing }))).to.deep.equal(['success', 'rejected ANCHOR_OTHER'])
      })

      it('are left open by ours alone where a vocabulary of theirs hides when they end', async () => {
        const { [until]: _, ...rest } = { ...base, [until]: '2026-03-15T00:00:00Z' }
        const meaning =
          version === '2'
            ? 'https://w3id.org/security#expiration'
            : 'https://www.w3.org/2018/credentials#expirationDate'
        const contexts = base['@context'] as readonly Json.Value[]
        const ends = { '@id': meaning, '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' }
        // The holder's own rewriting of a certificate that has ended: the same statements, hence the same hash.
        const certificate = await make({ ...base, [until]: '2026-03-15T00:00:00Z' })
        const { signature, proof } = certificate
        const hidden = {
          ...rest,
          '@context': [...contexts, { ends }],
          ends: '2026-03-15T00:00:00Z',
          ...(signature === undefined ? { proof: proof ?? null } : { signature }),
        }
        expect(await both(hidden)).to.deep.equal(['success', 'unknown VOCABULARY_OWN'])
      })
    })
})
