import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import { Policy, verify } from '@laurel/verifier'
import * as EvmAnchorReader from '@laurel/verifier/readers/EvmAnchorReader'
import * as EvmHistoryReader from '@laurel/verifier/readers/EvmHistoryReader'
import * as EvmStorageReader from '@laurel/verifier/readers/EvmStorageReader'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'
import * as HostileInputs from './HostileInputs.ts'

const here = new URL('../', import.meta.url)

const document = Golden.read('A-7-3.json')
const [signature = {}, anchor = {}] = document.proof as readonly Json.Object[]
const content = AnchorProof.parse(anchor)
const opened = InclusionProof.open(content.path)
const [first, second] = opened.treePath as readonly [InclusionProof.Step, InclusionProof.Step]
const zeros = new Uint8Array(32)

/** The credential with another anchor, that leads to the root or to where its own path leads. */
function anchored(change: Partial<AnchorProof.Content>, isRooted = false): Json.Object {
  const changed = { ...content, ...change }
  const root = isRooted ? InclusionProof.fold(changed.documentDigest, changed.path) : changed.root
  return { ...document, proof: [signature, AnchorProof.create({ ...changed, root }) as Json.Object] }
}

function along(change: Partial<InclusionProof.Opened>, isRooted = false): Json.Object {
  return anchored({ path: InclusionProof.credentialPath({ ...opened, ...change }) }, isRooted)
}

/** A path of sides and hashes with one step in the place of another. */
function withStep(at: number, step: Partial<InclusionProof.Step>): InclusionProof.Path {
  return opened.treePath.map((each, i) => (i === at ? { ...each, ...step } : each))
}

const turned = { left: 'right', right: 'left' } as const
const of = (name: string) => (Golden.read(name).proof as readonly Json.Object[])[1] ?? {}

/** What comes of each input, by its number in the table; each answered without the chain being asked. */
const cases: Readonly<Record<string, readonly [make: () => Json.Object, decision: string]>> = {
  // The node above the leaf and its neighbour, as if it were a leaf.
  'MRK-001': [
    () => {
      const leaf = Sha256.digest(Bytes.concat(content.documentDigest, opened.blind))
      const pair = first.side === 'left' ? [first.hash, leaf] : [leaf, first.hash]
      const [documentDigest = zeros, blind = zeros] = pair
      const path = InclusionProof.credentialPath({ ...opened, blind, treePath: opened.treePath.slice(1) })
      return anchored({ documentDigest, path })
    },
    'rejected included MERKLE_INVALID',
  ],
  'MRK-003': [() => along({ treePath: [] }, true), 'rejected included MERKLE_POSITION'],
  'MRK-005': [
    () => anchored({ path: [...content.path, ...Array.from({ length: 30 }, () => first)] }),
    'rejected included MERKLE_PROOF_LENGTH',
  ],
  'MRK-006': [
    () => along({ treePath: [second, first, ...opened.treePath.slice(2)] }),
    'rejected included MERKLE_INVALID',
  ],
  // Where there is an index elsewhere there is a pattern of lefts and rights here.
  'MRK-010': [() => along({ treePath: withStep(0, { side: turned[first.side] }) }), 'rejected included MERKLE_INVALID'],
  'MRK-012': [
    () => ({ ...document, proof: [signature, { ...of('A-7-2.json'), previousProof: anchor.previousProof ?? '' }] }),
    'rejected included MERKLE_INVALID',
  ],
  'MRK-013': [
    () => ({ ...document, proof: [signature, { ...of('A-3-1.json'), previousProof: anchor.previousProof ?? '' }] }),
    'rejected included MERKLE_INVALID',
  ],
  'MRK-014': [() => anchored({ root: zeros }), 'rejected included MERKLE_INVALID'],
  'MRK-015': [
    () => ({ ...document, proof: [signature, { ...anchor, cryptosuite: 'merkle-proof-2017' }] }),
    'unknown signed PROOF_UNSUPPORTED',
  ],
  'MRK-016': [() => along({ blind: zeros }), 'rejected included MERKLE_INVALID'],
}

/** Those that are tested where the path is read, by the title of the test. */
const elsewhere: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'MRK-007': ['core/Tree.test.ts', 'gives [A,B,C] and [A,B,C,C] different roots'],
  'MRK-008': ['core/AnchorProof.test.ts', 'a sibling of 31 bytes'],
  'MRK-009': ['core/InclusionProof.test.ts', 'gives each pattern of lefts and rights its position'],
  'MRK-011': ['verifier/variants.test.ts', 'too small for its place'],
  'MRK-018': ['core/Tree.test.ts', 'proves both of two equal leaves'],
  'MRK-005, 10,000 of them': ['core/AnchorProof.test.ts', 'megabytes: `z'],
  'MRK-019': ['core/AnchorProof.test.ts', 'refuses a golden value with any character changed'],
  'MRK-021': ['contracts/commitments.slow.test.ts', 'agree in 2,000 random batches'],
  'RPC-013': ['verifier/readers.test.ts', 'does not take a young anchor for a final one'],
  'RPC-016': ['verifier/status-history.test.ts', 'leaves out logs that a reorganisation has taken back'],
  'RPC-018': ['verifier/readers.test.ts', 'says that there is no registry, or another chain, or nobody'],
}

/** Those of which nothing is expected here, and why. */
const struckOut: Readonly<Record<string, string>> = {
  'MRK-017':
    'Nothing to be refused: a leaf is SHA-256 of the digest and 32 random bytes, which no verifier is shown of others.',
  'MRK-020': 'The format has no proof of several leaves at once.',
  'RPC-021': 'The verifier goes by a number of confirmations, never by a tag.',
}
const sending = 'RPC-001 RPC-002 RPC-004 RPC-005 RPC-006 RPC-009 RPC-010 RPC-012 RPC-014 RPC-015 RPC-022 RPC-023'

describe('The hostile paths and endpoints of the table', function () {
  this.timeout(60_000)
  const entries = HostileInputs.entries('merkle-proof', 'chain-rpc')
  if (entries === undefined) {
    it('are answered as expected', function () {
      console.log('      SKIPPED: the table of hostile inputs is not beside this clone')
      this.skip()
    })
    return
  }
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  it('are all answered, named elsewhere, struck out, or for whoever sends transactions', () => {
    const known = [cases, elsewhere, struckOut].flatMap((each) => Object.keys(each)).map((id) => id.slice(0, 7))
    expect([...new Set([...known, 'RPC-019', ...sending.split(' ')])]).to.have.members(entries.map(({ id }) => id))
  })

  it('begin with a credential that is good', async () => {
    expect((await verifier.decide(JSON.stringify(document))).code).to.equal('ACCEPTED')
    expect(opened.treePath.length).to.be.greaterThan(1)
  })

  for (const entry of entries) {
    const made = cases[entry.id]
    if (made === undefined) continue
    const [make, decision] = made
    it(`${entry.id} ${entry.description}: ${decision}`, async () => {
      expect(entry.expected.verdict).to.equal('invalid')
      let asked = 0
      const counted = async () => {
        asked++
        return { kind: 'unreachable' } as const
      }
      const report = await verify(JSON.stringify(make()), {
        trust: verifier.trust,
        readers: { ...verifier.readers, anchor: counted, words: counted },
        now: Verifier.now,
      })
      const { verdict, check, code } = Policy.decide(report)
      expect([verdict, check, code].join(' ')).to.equal(decision)
      expect(report.checks).to.have.length(9)
      expect(asked).to.equal(0)
    })
  }

  for (const [id, [file, title]] of Object.entries(elsewhere))
    it(`${id} is tested in ${file}: ${title}`, () => {
      expect(readFileSync(new URL(file, here), 'utf8')).to.include(title)
    })

  describe('RPC-019: an endpoint that answers with', () => {
    const whole = JSON.stringify([
      { id: 0, result: '0x7a69' },
      { id: 1, result: { number: '0x1', timestamp: '0x1' } },
    ])
    const answers: Readonly<Record<string, string>> = {
      HTML: '<html>',
      'JSON that is cut': whole.slice(0, -5),
      'other numbers than it was asked by': whole.replace('"id":0', '"id":7'),
      'an error beside an answer': '[{"id":0,"result":"0x7a69"},{"id":1,"error":{"code":-32000,"message":"x"}}]',
      'a number of 100 digits': whole.replace('0x7a69', `0x${'7'.repeat(100)}`),
      'lists a thousand deep': `${'['.repeat(1_000)}${']'.repeat(1_000)}`,
    }
    const chainOf = (url: string) => ({
      chainId: 31337,
      name: 'x',
      rpc: [url],
      quorum: 1,
      registry: `0x${'11'.repeat(20)}` as const,
      confirmations: 1,
      test: true,
    })
    const askAll = async (url: string) => {
      const chain = chainOf(url)
      const slot = `0x${'22'.repeat(32)}` as const
      return [
        (await EvmAnchorReader.create(fetch)(chain, chain.registry, slot)).kind,
        (await EvmStorageReader.create(fetch)(chain, chain.registry, [slot])).kind,
        await EvmHistoryReader.create(fetch)(chain, chain.registry, zeros, Sha256.digest(zeros)),
      ]
    }
    const serving = async (listener: RequestListener) => {
      const server = createServer(listener).listen(0, '127.0.0.1')
      await once(server, 'listening')
      servers.push(server)
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }
    const servers: Server[] = []
    after(() => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    })

    for (const [what, answer] of Object.entries(answers))
      it(`${what} is away`, async () => {
        const url = await serving((_, response) => void response.end(answer))
        expect(await askAll(url)).to.deep.equal(['unreachable', 'unreachable', undefined])
      })

    it('more than eight megabytes is away, and no more of it is read', async () => {
      let sent = 0
      const part = ' '.repeat(1024 * 1024)
      const url = await serving((request, response) => {
        const more = () => {
          while (sent < 100 && response.write(part)) sent++
          if (sent >= 100) response.end()
        }
        response.on('drain', more)
        request.on('close', () => response.off('drain', more))
        more()
      })
      const chain = chainOf(url)
      expect((await EvmStorageReader.create(fetch)(chain, chain.registry, [`0x${'22'.repeat(32)}`])).kind).to.equal(
        'unreachable',
      )
      expect(sent).to.be.lessThan(50)
    })
  })
})
