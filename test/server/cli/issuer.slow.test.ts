import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Generated from '@laurel/core/generated/IssuerDirectory'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Sha256 from '@laurel/core/Sha256'
import { expect } from 'chai'
import { createPublicClient, http } from 'viem'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { sample } from '../../support/sample.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const roster = 'name,email\nAda Lovelace,ada@example.org\n'

type Member = {
  readonly purpose: string
  readonly id: Bytes.Hex
  readonly standing: {
    readonly validFrom: number
    readonly retiredOn?: number
    readonly compromised?: { readonly from: number; readonly reportedOn: number }
  } | null
}

/** A home on a chain of this test's own, and what its owner types. */
function laurel(chain: Chain.Chain, home: string, more: Cli.Environment = {}) {
  const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, ...more }
  const run = (args: readonly string[], further: Cli.Environment = {}) =>
    Cli.run('laurel', args, { ...environment, ...further })
  const json = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run([...args, '--json'])
    return { code, stderr, answer: JSON.parse(stdout) }
  }
  const members = async (purpose: string): Promise<readonly Member[]> => {
    const { answer } = await json('issuer', 'show')
    return answer.members.filter((member: Member) => member.purpose === purpose)
  }
  const issue = async (name: string) => {
    const file = join(home, `${name}.csv`)
    await writeFile(file, `${roster}${name},${name}@example.org\n`)
    return Cli.issue(file, achievement, environment)
  }
  const verify = async (folder: string) => {
    const { stdout } = await Cli.run('laurel-verify', [folder, '--json'], environment)
    return JSON.parse(stdout).map(({ verdict }: { verdict: string }) => verdict)
  }
  return { environment, run, json, members, issue, verify }
}

const onDomain = { LAUREL_DOMAIN: 'issuer.example.org' }

describe('laurel issuer', function () {
  this.timeout(600_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
  })
  afterEach(() => remove())

  /** What the contract itself says, asked by another program than ours. */
  const asked = () => {
    const client = createPublicClient({ transport: http(chain.url) })
    return <name extends 'issuerOf' | 'controllerOf' | 'descriptionOf' | 'standingOf' | 'standingOfKey'>(
      functionName: name,
      ...args: readonly Bytes.Hex[]
    ) => client.readContract({ address: Generated.address, abi: Generated.abi, functionName, args: args as never })
  }

  it('is not registered at first, and says so', async () => {
    const { json } = laurel(chain, home)
    for (const args of [
      ['show'],
      ['rotate', 'badges'],
      ['report-compromise', 'chain', '--from', '2026-03-01T00:00Z'],
    ]) {
      const { code, answer } = await json('issuer', ...args)
      expect(code).to.equal(1)
      expect(answer.error).to.deep.include({ code: 'ISSUER_NOT_REGISTERED' })
      expect(answer.error.todo).to.include('laurel issuer register')
    }
    expect(await readdir(join(home, 'keys'))).to.not.include('badges.json')
  })

  it('registers: description, two accounts, a key; and a second time nothing', async () => {
    const { json } = laurel(chain, home)
    const { code, answer, stderr } = await json('issuer', 'register')
    expect(code, stderr).to.equal(0)
    expect(answer.changes).to.deep.equal(['registered', 'chain', 'badges', 'credential'])
    const ask = asked()
    expect(answer.issuerId).to.equal(
      Bytes.toHex(IssuerDirectory.issuerId(31337, answer.controller, new Uint8Array(32))),
    )
    expect(await ask('descriptionOf', answer.issuerId)).to.deep.equal([answer.did, answer.profileDigest])
    expect(new Set([answer.controller, ...answer.members.map(({ id }: Member) => id)]).size).to.equal(4)
    for (const { purpose, id, standing } of answer.members as readonly Member[]) {
      const key = () => Bytes.toHex(IssuerDirectory.keyId(id))
      const theirs =
        purpose === 'credential' ? ask('standingOfKey', answer.issuerId, key()) : ask('standingOf', answer.issuerId, id)
      expect((await theirs) as { validFrom: bigint }).to.deep.include({ validFrom: BigInt(standing?.validFrom ?? 0) })
      if (purpose !== 'credential') expect(await ask('issuerOf', id)).to.equal(answer.issuerId)
    }
    const again = await json('issuer', 'register')
    expect(again.answer).to.deep.equal({ ...answer, changes: [] })
    const shown = await json('issuer', 'show')
    expect({ ...shown.answer, changes: [] }).to.deep.equal(again.answer)
  })

  it('has its profile as public content under the digest in the directory', async () => {
    const { json } = laurel(chain, home, { LAUREL_ISSUER_NAME: 'Example University' })
    const { answer } = await json('issuer', 'register')
    const blocks = await readdir(join(home, 'ipfs'), { recursive: true, withFileTypes: true })
    const contents = await Promise.all(
      blocks.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
    )
    const profile = contents.find((bytes) => Bytes.toHex(Sha256.digest(bytes)) === answer.profileDigest)
    expect(JSON.parse(String(profile))).to.deep.include({
      id: answer.did,
      type: ['Profile'],
      name: 'Example University',
    })
    expect(Cid.fromDigest(Bytes.fromHex(answer.profileDigest))).to.match(/^bafkrei/)
  })

  it('describes anew what has changed, there and back', async () => {
    const before = laurel(chain, home, { LAUREL_ISSUER_NAME: 'Before' })
    const after = laurel(chain, home, { LAUREL_ISSUER_NAME: 'After' })
    const first = (await before.json('issuer', 'register')).answer
    const second = (await after.json('issuer', 'register')).answer
    const third = (await before.json('issuer', 'register')).answer
    expect(second.changes).to.deep.equal(['described'])
    expect(third.changes).to.deep.equal(['described'])
    expect(second.profileDigest).to.not.equal(first.profileDigest)
    expect(third.profileDigest).to.equal(first.profileDigest)
  })

  it('reports a compromise for good, and can only make it earlier', async () => {
    const { json, members, run } = laurel(chain, home)
    await json('issuer', 'register')
    const [{ standing } = { standing: null }] = await members('badges')
    const added = standing?.validFrom ?? 0
    const iso = (time: number) => new Date(time * 1000).toISOString()
    const report = (time: number, ...more: readonly string[]) =>
      json('issuer', 'report-compromise', 'badges', '--from', iso(time), ...more)

    expect((await report(added)).answer.error.code).to.equal('CONFIRMATION_MISSING')
    expect((await report(added - 1, '--yes')).answer.error.code).to.equal('REPORT_TIME')
    expect((await report(added + 9_999_999, '--yes')).answer.error.code).to.equal('REPORT_TIME')
    const wrong = await run(['issuer', 'report-compromise', 'badges', '--from', 'yesterday', '--json', '--yes'])
    expect(JSON.parse(wrong.stdout).error.code).to.equal('DATE_FORMAT')

    await chain.rpc('evm_increaseTime', 100)
    await chain.rpc('evm_mine')
    expect((await report(added + 50, '--yes')).answer).to.deep.include({ repeated: false })
    expect((await report(added + 50, '--yes')).answer).to.deep.include({ repeated: true })
    expect((await report(added + 51, '--yes')).answer.error.code).to.equal('REPORT_TIME')
    expect((await report(added + 20, '--yes')).code).to.equal(0)
    const [reported] = await members('badges')
    expect(reported?.standing?.compromised?.from).to.equal(added + 20)
    expect(reported?.standing?.compromised?.reportedOn).to.be.above(added + 99)
    expect((await run(['issuer', 'show'])).stdout).to.include(`compromised from ${iso(added + 20)}`)
    expect((await report(added, '--yes', '--id', `0x${'11'.repeat(20)}`)).answer.error.code).to.equal('KEY_NOT_LISTED')
  })

  it('has what a thief issues refused from a report on, and what was issued before accepted', async () => {
    const { json, issue, verify, members } = laurel(chain, home)
    await json('issuer', 'register')
    const before = await issue('before')
    // Whoever has the keys has all that issues.
    const lair = `${home}-stolen`
    await cp(home, lair, { recursive: true })
    try {
      await chain.rpc('evm_increaseTime', 100)
      await chain.rpc('evm_mine')
      const { timestamp } = (await chain.rpc('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
      const from = new Date(Number(timestamp) * 1_000).toISOString()
      for (const purpose of ['credential', 'chain'])
        expect((await json('issuer', 'report-compromise', purpose, '--from', from, '--yes')).code).to.equal(0)
      await chain.rpc('evm_increaseTime', 100)
      await chain.rpc('evm_mine')
      const forged = await laurel(chain, lair).issue('forged')
      expect(forged).to.deep.include({ account: (await members('chain')).at(-1)?.id })
      expect(new Set(await verify(forged.folder))).to.deep.equal(new Set(['rejected']))
      expect(new Set(await verify(before.folder))).to.deep.equal(new Set(['accepted']))
      // The thief's own verifier is not told.
      expect(new Set(await laurel(chain, lair).verify(forged.folder))).to.deep.equal(new Set(['accepted']))
    } finally {
      await rm(lair, { recursive: true, force: true })
    }
  })

  it('rotates the account that anchors: what was anchored stays valid, what comes is of the new one', async () => {
    const { json, members, issue, verify } = laurel(chain, home)
    await json('issuer', 'register')
    const before = await issue('before')
    const [old] = await members('chain')
    const { code, answer, stderr } = await json('issuer', 'rotate', 'chain')
    expect(code, stderr).to.equal(0)
    expect(answer.retired).to.deep.equal([old?.id])
    const after = await issue('after')
    const [retired, current] = await members('chain')
    expect(retired?.standing?.retiredOn).to.be.a('number')
    expect(current).to.deep.include({ id: answer.added })
    expect(current?.standing).to.have.keys(['validFrom'])
    expect(after).to.deep.include({ account: answer.added })
    for (const { folder } of [before, after]) expect(new Set(await verify(folder))).to.deep.equal(new Set(['accepted']))
  })

  it('rotates the credential key of a did:web, whose document keeps the old one', async () => {
    const { json, issue, verify, members } = laurel(chain, home, onDomain)
    await json('issuer', 'register')
    const before = await issue('before')
    const { answer } = await json('issuer', 'rotate', 'credential')
    const did = JSON.parse(await readFile(join(home, 'public', '.well-known', 'did.json'), 'utf8'))
    const fragments = did.assertionMethod.map((id: string) => id.split('#')[1])
    expect(fragments).to.deep.equal([...answer.retired, answer.added])
    const after = await issue('after')
    for (const { folder } of [before, after]) expect(new Set(await verify(folder))).to.deep.equal(new Set(['accepted']))
    expect((await members('credential')).map(({ id }) => id)).to.deep.equal(fragments)
  })

  it('refuses to rotate what cannot be, or is needed now', async () => {
    const byKey = laurel(chain, home)
    await byKey.json('issuer', 'register')
    expect((await byKey.json('issuer', 'rotate', 'credential')).answer.error.code).to.equal('ROTATION_IMPOSSIBLE')
    const profile = laurel(chain, home, { ...onDomain, LAUREL_PROFILE: 'blockcerts' })
    expect((await profile.json('issuer', 'rotate', 'chain')).answer.error.code).to.equal('ROTATION_IMPOSSIBLE')

    const file = join(home, 'open.csv')
    await writeFile(file, roster)
    const poor = { LAUREL_MAX_FEE_GWEI: '0.000000001' }
    expect((await byKey.run(['issue', file, '--achievement', achievement], poor)).code).to.equal(2)
    const refused = await byKey.json('issuer', 'rotate', 'chain')
    expect(refused.answer.error.code).to.equal('KEY_IN_USE')
    expect(await readdir(join(home, 'keys'))).to.not.include('chain-next.json')
    expect((await byKey.json('issuer', 'rotate', 'badges')).code).to.equal(0)
    expect((await byKey.run(['issue', file, '--achievement', achievement])).code).to.equal(0)
    expect((await byKey.json('issuer', 'rotate', 'chain')).code).to.equal(0)
  })

  it('says why nothing was sent where the fee is too high', async () => {
    const { run, json } = laurel(chain, home)
    const poor = await run(['issuer', 'register', '--json'], { LAUREL_MAX_FEE_GWEI: '0.000000001' })
    expect(JSON.parse(poor.stdout).error.code).to.equal('FEE_ABOVE_CEILING')
    expect((await json('issuer', 'register')).answer.changes).to.have.length(4)
  })
})

// Nothing is said twice, nothing that was signed is forgotten, wherever the power fails.
describe('laurel issuer, killed at every step', function () {
  this.timeout(600_000)
  let chain: Chain.Chain
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())

  const calls = labels.filter((each) => each.startsWith('call:') && !each.endsWith('-reopen'))
  for (const label of sample(calls, 3))
    it(`${label}: the issuer is registered, each thing said once`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const { run, json } = laurel(chain, home)
        const killed = await run(['issuer', 'register'], { LAUREL_CRASH_AT: label })
        expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
        const { code, answer, stderr } = await json('issuer', 'register')
        expect(code, stderr).to.equal(0)
        expect(answer.members.every(({ standing }: Member) => standing !== null)).to.equal(true)
        expect(await chain.rpc('eth_getTransactionCount', answer.controller, 'latest')).to.equal('0x4')
        expect((await json('issuer', 'register')).answer.changes).to.deep.equal([])
      } finally {
        await remove()
      }
    })

  const rotations = labels.filter((each) => each.startsWith('rotate:'))
  for (const label of sample(rotations, 2))
    for (const purpose of ['chain', 'credential'])
      it(`${label}: the ${purpose} key is rotated, once`, async () => {
        const { home, remove } = await Cli.createHome()
        try {
          const { run, json } = laurel(chain, home, onDomain)
          await json('issuer', 'register')
          const killed = await run(['issuer', 'rotate', purpose], { LAUREL_CRASH_AT: label })
          expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
          const { code, answer, stderr } = await json('issuer', 'rotate', purpose)
          expect(code, stderr).to.equal(0)
          const [retired, current, ...others] = answer.members.filter((member: Member) => member.purpose === purpose)
          expect(others).to.deep.equal([])
          expect(retired?.standing).to.have.keys(['validFrom', 'retiredOn'])
          expect(current?.standing).to.have.keys(['validFrom'])
          expect(await readdir(join(home, 'keys'))).to.not.include(`${purpose}-next.json`)
        } finally {
          await remove()
        }
      })
})
