import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as Registry from '@laurel/core/generated/StatusRegistry'
import { expect } from 'chai'
import { createPublicClient, encodeAbiParameters, http, keccak256, sha256, stringToBytes } from 'viem'
import * as Issuer from './deciding-issuer.ts'

const secret = 'Because of a quarrel that nobody else has to know of'

describe('laurel revoke, suspend, reinstate and status', function () {
  this.timeout(120_000)
  let issuer: Issuer.Issuer
  before(async () => {
    issuer = await Issuer.open()
  })
  after(() => issuer.close())

  const moments: string[] = []
  const moment = () => moments.push(new Date().toISOString())

  it('suspends for the time being, once, and says so by a code of its own', async () => {
    moment()
    expect(await issuer.verify(0)).to.deep.equal(['accepted', 'NOT_REVOKED'])
    expect(await issuer.decide('suspend', 0, '--reason', secret)).to.deep.equal({ code: 0, repeated: false })
    moment()
    expect(await issuer.decide('suspend', 0)).to.deep.equal({ code: 0, repeated: true })
    expect(await issuer.verify(0)).to.deep.equal(['rejected', 'SUSPENDED'])
    expect(await issuer.verify(1)).to.deep.equal(['accepted', 'NOT_REVOKED'])
  })

  it('reinstates, once, and only what was suspended', async () => {
    expect(await issuer.decide('reinstate', 0)).to.deep.equal({ code: 0, repeated: false })
    moment()
    expect(await issuer.decide('reinstate', 0)).to.deep.equal({ code: 0, repeated: true })
    expect(await issuer.verify(0)).to.deep.equal(['accepted', 'NOT_REVOKED'])
    expect(await issuer.decide('reinstate', 1)).to.deep.equal({ code: 1, error: 'CREDENTIAL_NOT_SUSPENDED' })
  })

  it('revokes for good: neither suspended nor reinstated any more', async () => {
    expect(await issuer.decide('suspend', 1)).to.deep.equal({ code: 0, repeated: false })
    expect(await issuer.decide('revoke', 1)).to.deep.equal({ code: 0, repeated: false })
    expect(await issuer.decide('revoke', 1)).to.deep.equal({ code: 0, repeated: true })
    for (const act of ['suspend', 'reinstate'])
      expect(await issuer.decide(act, 1)).to.deep.equal({ code: 1, error: 'CREDENTIAL_REVOKED' })
    expect(await issuer.verify(1)).to.deep.equal(['rejected', 'REVOKED'])
    expect((await issuer.json('suspend', issuer.id(1).replace(/.$/, 'x'))).answer.error.code).to.equal(
      'CREDENTIAL_UNKNOWN',
    )
  })

  it('publishes lists that tell how long they hold, and that need not be fetched again', async () => {
    const response = await issuer.list('suspension')
    const text = await response.text()
    const { validFrom, validUntil, credentialSubject } = JSON.parse(text)
    expect(Date.parse(validUntil) - Date.parse(validFrom)).to.equal(7 * 24 * 60 * 60 * 1000)
    expect(credentialSubject.ttl).to.equal(300_000)
    expect(response.headers.get('cache-control')).to.equal('public, max-age=300, no-transform')
    const etag = response.headers.get('etag') ?? ''
    expect(etag).to.equal(`"${sha256(stringToBytes(text))}"`)

    // What a cache sends; fetch by itself would ask for everything anew.
    const validating = { 'cache-control': 'max-age=0' }
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await issuer.list('suspension', { headers: { 'if-none-match': tag, ...validating } })
      expect([again.status, again.headers.get('etag'), await again.text()], tag).to.deep.equal([304, etag, ''])
    }
    const other = await issuer.list('suspension', { headers: { 'if-none-match': '"other"', ...validating } })
    expect([other.status, await other.text()]).to.deep.equal([200, text])
    const head = await issuer.list('suspension', { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), await head.text()]).to.deep.equal([200, etag, ''])

    expect(await issuer.decide('suspend', 2)).to.deep.equal({ code: 0, repeated: false })
    const newer = await issuer.list('suspension', { headers: { 'if-none-match': etag, ...validating } })
    expect(newer.status).to.equal(200)
    expect(newer.headers.get('etag')).to.not.equal(etag)
  })

  it('says how a credential stood at a time, by its decisions and by the lists of then', async () => {
    const states = await Promise.all(moments.map((each) => issuer.at(0, each)))
    expect(states.map(({ state }) => state)).to.deep.equal(['valid', 'suspended', 'reinstated'])
    expect(states[1]?.decision).to.include({ act: 'suspend', reason: secret })
    const sets = states.map(({ published }) => published.map(({ purpose, isSet }) => [purpose, isSet]))
    expect(sets).to.deep.equal(
      [false, true, false].map((isSet) => [
        ['revocation', false],
        ['suspension', isSet],
      ]),
    )
    expect((await issuer.at(0, '2001-01-01T00:00:00Z')).state).to.equal('unissued')
    expect((await issuer.at(1)).state).to.equal('revoked')
    for (const [text, code] of [
      ['2999-01-01T00:00:00Z', 'DATE_IN_FUTURE'],
      ['2026-11-01', 'DATE_FORMAT'],
    ] as const)
      expect((await issuer.json('status', issuer.id(0), '--at', text)).answer.error.code).to.equal(code)
    const text = await issuer.laurel(['status', issuer.id(0), '--at', moments[1] ?? ''])
    expect(text.stdout).to.include('was suspended at').and.include(secret)
  })

  it('records the digests on the chain, where anybody finds the whole history', async () => {
    const newest = { revocation: await issuer.digestOf('revocation'), suspension: await issuer.digestOf('suspension') }
    const answer = await issuer.recorded(1, newest)
    expect(answer.recorded.code).to.equal('STATUS_ON_CHAIN')
    expect(answer.recorded.lists.map(({ isSet }) => isSet)).to.deep.equal([true, true])

    // Judged by the chain's log alone: it folds to the heads, and the last digest is that of the list that is served.
    const client = createPublicClient({ transport: http(issuer.chain.url) })
    const { address, abi } = Registry
    const logs = await client.getContractEvents({ address, abi, eventName: 'Published', fromBlock: 0n })
    for (const purpose of ['revocation', 'suspension'] as const) {
      const listId = sha256(stringToBytes(`http://127.0.0.1:${issuer.port}/status-lists/${purpose}-1`))
      const mine = logs.filter(({ args }) => args.listId === listId)
      let folded: `0x${string}` = `0x${'00'.repeat(32)}`
      for (const { args, blockHash } of mine) {
        const { timestamp } = await client.getBlock({ blockHash })
        const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint64' }] as const
        folded = keccak256(encodeAbiParameters(types, [folded, args.digest as `0x${string}`, timestamp]))
      }
      const account = mine[0]?.args.account as `0x${string}`
      const head = await client.readContract({ address, abi, functionName: 'headOf', args: [account, listId] })
      expect(folded).to.equal(head)
      expect(mine.at(-1)?.args.digest).to.equal(newest[purpose])
      expect(new Set(mine.map(({ args }) => args.digest)).size, 'a digest was recorded twice').to.equal(mine.length)
    }
  })

  it('leaves to the verifier how it stood at a time, by what is on the chain', async () => {
    const { recorded } = await issuer.at(1)
    const [revokedOn = '', suspendedOn = ''] = recorded.lists.map(({ since }) => since)
    // The chain's clock may be ahead by as long as the chain took to start.
    const last = Math.max(Date.parse(revokedOn), Date.parse(suspendedOn))
    await setTimeout(Math.max(0, last - Date.now()))
    const before = new Date(Date.parse(suspendedOn) - 1000).toISOString()
    expect(await issuer.verify(1, '--at', revokedOn)).to.deep.equal(['rejected', 'REVOKED'])
    expect(await issuer.verify(2, '--at', suspendedOn)).to.deep.equal(['rejected', 'SUSPENDED_THEN'])
    expect(await issuer.verify(2, '--at', before)).to.deep.equal(['accepted', 'NOT_REVOKED_THEN'])
    expect(await issuer.verify(1, '--at', '2026-01-01T00:00:00Z')).to.deep.equal(['rejected', 'STATUS_NOT_RECORDED'])
    const { recorders } = JSON.parse(await readFile(join(issuer.home, 'trust.json'), 'utf8')).issuers[0]
    expect(recorders).to.have.length(1)
  })

  it('says what it can when the chain cannot be asked', async () => {
    const { stdout } = await issuer.laurel(['status', issuer.id(1), '--json'], {
      LAUREL_CHAIN_RPC: 'http://127.0.0.1:9',
    })
    const { state, recorded } = JSON.parse(stdout)
    expect([state, recorded.code]).to.deep.equal(['revoked', 'CHAIN_UNREACHABLE'])
  })

  it('keeps the reason to itself', async () => {
    for (const where of ['public', 'ipfs', 'batches'])
      for (const entry of await readdir(join(issuer.home, where), { recursive: true, withFileTypes: true }))
        if (entry.isFile())
          expect((await readFile(join(entry.parentPath, entry.name))).includes(secret), entry.name).to.equal(false)
  })
})
