import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Errors from '@laurel/core/Errors'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import * as TrustFile from '@laurel/verifier/element/TrustFile'
import { expect } from 'chai'

const hex = (byte: string, bytes: number) => `0x${byte.repeat(bytes)}`

const { publicKey: key } = generateKeyPairSync('ed25519')

/** A file in which every member is there. */
const whole = {
  chains: [
    {
      chainId: 1,
      name: 'a chain',
      rpc: ['https://a.example/rpc', 'http://127.0.0.1:8545'],
      quorum: 2,
      registry: hex('ab', 20),
      statusRegistry: hex('ba', 20),
      confirmations: 12,
      test: true,
      proof: 'required',
      checkpoints: [{ number: 0, hash: hex('cd', 32) }],
    },
    { chainId: 2, name: 'b', rpc: ['https://b.example'], registry: hex('ef', 20), confirmations: 1 },
  ],
  issuers: [
    {
      did: 'did:web:a.example',
      name: 'A',
      accounts: [`eip155:1:${hex('ab', 20)}`],
      recorders: [`eip155:1:${hex('ba', 20)}`],
      didDocument: { id: 'did:web:a.example', more: [1] },
      directory: { chainId: 1, address: hex('ab', 20), issuerId: hex('cd', 32) },
      anchor: 'optional',
    },
    { did: 'did:web:b.example', name: 'B' },
  ],
  federations: [
    {
      id: 'https://federation.example',
      name: 'F',
      jwks: { keys: [{ kid: 'k', ...key.export({ format: 'jwk' }) }] },
      anchor: 'optional',
    },
  ],
  content: { folders: ['x'], gateways: ['https://g.example/ipfs', 'https://h.example/ipfs/'] },
  status: { maximumAgeSeconds: 60, folders: ['y'] },
  allowLoopback: true,
}

/** What may stand in place of any value; each is wrong somewhere. */
const others = [
  null,
  true,
  'x',
  '',
  0,
  -1,
  1.5,
  2 ** 53,
  [],
  {},
  ['x', 'x'],
  hex('AB', 20),
  'ftp://a.example',
  'did:',
  3,
]

/** A file with each of its values replaced by each of the others, left out, or with a member more. */
function* changed(value: unknown): Generator<unknown> {
  for (const other of others) yield other
  if (Array.isArray(value)) {
    yield [...value, ...value]
    for (const [i, each] of value.entries()) for (const change of changed(each)) yield value.with(i, change)
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, stranger: 1 }
    for (const [name, each] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>
      yield rest
      for (const change of changed(each)) yield { ...rest, [name]: change }
    }
  }
}

describe('A trust file in a browser', () => {
  let path: string
  before(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'laurel-trust-')), 'trust.json')
  })
  after(() => rm(join(path, '..'), { recursive: true }))

  const byCommand = async (file: unknown) => {
    await writeFile(path, JSON.stringify(file))
    try {
      const { trust, sources } = await trustFile.read(path)
      return { trust, gateways: sources.gateways, allowLoopback: sources.allowLoopback }
    } catch (error) {
      if (error instanceof trustFile.TrustFileError) return 'refused'
      throw error
    }
  }
  const inBrowser = (file: unknown) => {
    try {
      return TrustFile.read(JSON.stringify(file))
    } catch (error) {
      if (error instanceof TrustFile.TrustError) return 'refused'
      throw error
    }
  }

  it('says what it says to the command, or is refused by both, whatever is changed in it', async function () {
    this.timeout(60_000)
    expect(inBrowser(whole)).to.not.equal('refused')
    let [taken, refused] = [0, 0]
    for (const file of [whole, { chains: [], issuers: [] }, ...changed(whole)]) {
      const found = inBrowser(file)
      expect(found, JSON.stringify(file)).to.deep.equal(await byCommand(file))
      if (found === 'refused') refused++
      else taken++
    }
    expect(taken).to.be.greaterThan(50)
    expect(refused).to.be.greaterThan(500)
  })

  it('is refused where it is no JSON, or has a member twice', () => {
    for (const text of ['', '[]', '{"chains":[],"chains":[],"issuers":[]}'])
      expect(() => TrustFile.read(text))
        .to.throw(Errors.BaseError, 'The trust file is wrong')
        .with.property('code', 'TRUST_INVALID')
  })

  it('trusts nobody where there is none', () => {
    expect(TrustFile.nobody.trust).to.include.keys('chains', 'issuers').and.deep.include({ chains: [], issuers: [] })
  })
})
