import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Sha256 from '@laurel/core/Sha256'
import { expect } from 'chai'
import { createPublicClient, http, keccak256, parseAbi, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { sample } from '../../support/sample.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** What any wallet or marketplace asks, by the standards' own words and none of ours. */
const standards = parseAbi([
  'function ownerOf(uint256) view returns (address)',
  'function tokenURI(uint256) view returns (string)',
  'function balanceOf(address) view returns (uint256)',
  'function locked(uint256) view returns (bool)',
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function contractURI() view returns (string)',
])

/** The n-th of an endless row of wallets. */
const wallet = (n: number): Bytes.Hex => keccak256(toHex(n, { size: 32 })).slice(0, 42) as Bytes.Hex

type Ticket = { readonly file: string; readonly ticket: ClaimTicket.ClaimTicket; readonly credential: string }
type Batch = { readonly batch: string; readonly folder: string; readonly tickets: readonly Ticket[] }

/** A home on a chain, and what its owner types. */
async function createOwner(chain: Chain.Chain) {
  const { home, remove } = await Cli.createHome()
  const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, LAUREL_ISSUER_NAME: 'Example University' }
  const run = (args: readonly string[], more: Cli.Environment = {}) =>
    Cli.run('laurel', args, { ...environment, ...more })
  const json = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run([...args, '--json'])
    const answer = JSON.parse(stdout)
    return { code, stderr, answer, error: answer.error?.code as string | undefined }
  }
  /** What must succeed. */
  const done = async (...args: readonly string[]) => {
    const { code, answer, stderr } = await json(...args)
    expect(code, `${args.join(' ')}: ${stderr}${JSON.stringify(answer)}`).to.equal(0)
    return answer
  }
  const write = async (name: string, text: string) => {
    const path = join(home, name)
    await writeFile(path, text)
    return path
  }
  const rosterOf = (name: string, wallets: readonly Bytes.Hex[], others: number) => {
    const named = wallets.map((each, i) => `${name} ${i},,${each}`)
    const rest = Array.from({ length: others }, (_, i) => `${name} ${i},${name}${i}@example.org,`)
    return write(`${name}.csv`, ['name,email,wallet', ...named, ...rest, ''].join('\n'))
  }
  const issue = async (name: string, wallets: readonly Bytes.Hex[], others: number): Promise<Batch> => {
    const roster = await rosterOf(name, wallets, others)
    const { batch, folder } = await done('issue', roster, '--achievement', achievement, '--redeemable')
    return { batch, folder, tickets: await ticketsOf(folder) }
  }
  const verdicts = async (path: string): Promise<readonly string[]> => {
    const { stdout } = await Cli.run('laurel-verify', [path, '--json'], environment)
    return JSON.parse(stdout).map(({ verdict }: { verdict: string }) => verdict)
  }
  return { home, remove, environment, run, json, done, write, rosterOf, issue, verdicts }
}

type Owner = Awaited<ReturnType<typeof createOwner>>

async function ticketsOf(folder: string): Promise<readonly Ticket[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ticket.json'))
  return Promise.all(
    names.map(async (name) => ({
      file: join(folder, name),
      ticket: ClaimTicket.parse(await readFile(join(folder, name))),
      credential: name.replace('.ticket.json', ''),
    })),
  )
}

/** Who reads the chain and nothing else. */
function reading(chain: Chain.Chain, address: Bytes.Hex) {
  const client = createPublicClient({ transport: http(chain.url) })
  const ask = <const name extends 'ownerOf' | 'tokenURI' | 'balanceOf' | 'locked' | 'name' | 'symbol' | 'contractURI'>(
    functionName: name,
    ...args: readonly unknown[]
  ) => client.readContract({ address, abi: standards, functionName, args: args as never })
  const ownerOf = async (id: string) => String(await ask('ownerOf', BigInt(id))).toLowerCase()
  const gasOf = async (hash: Bytes.Hex) => Number((await client.getTransactionReceipt({ hash })).gasUsed)
  return { ask, ownerOf, gasOf, client }
}

/** What a home serves under an ipfs address: the bytes that hash to it. */
async function contentOf(home: string, uri: unknown) {
  const entries = await readdir(join(home, 'ipfs'), { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name))
    if (uri === `ipfs://${Cid.fromDigest(Sha256.digest(bytes))}`) return JSON.parse(String(bytes))
  }
  throw new Error(`nothing is served under ${uri}`)
}

describe('badge tokens', function () {
  this.timeout(900_000)
  let chain: Chain.Chain
  let issuer: Owner
  /** Whose home has never heard of the issuer. */
  let stranger: Owner
  let collection: Bytes.Hex
  let batch: Batch
  let reader: ReturnType<typeof reading>
  const named = [wallet(1), wallet(2)]

  before(async () => {
    chain = await Chain.start()
    issuer = await createOwner(chain)
    stranger = await createOwner(chain)
  })
  after(async () => {
    await issuer.remove()
    await stranger.remove()
    await chain.stop()
  })

  const byKey = (i: number) => batch.tickets.filter(({ ticket }) => ticket.claimKey !== undefined)[i] as Ticket
  const ofWallet = (holder: Bytes.Hex) => batch.tickets.find(({ ticket }) => ticket.wallet === holder) as Ticket

  it('has no collection at first, and says so', async () => {
    const roster = await issuer.rosterOf('early', [], 1)
    for (const args of [
      ['issue', roster, '--achievement', achievement, '--redeemable'],
      ['award', wallet(1), '--achievement', achievement],
      ['collection', 'show'],
      ['token', 'show', '1'],
    ])
      expect((await issuer.json(...args)).error, args.join(' ')).to.equal('COLLECTION_MISSING')
    expect((await issuer.json('collection', 'create')).error).to.equal('ISSUER_NOT_REGISTERED')
  })

  it('makes the collection once, under the name that it keeps', async () => {
    await issuer.done('issuer', 'register')
    const made = await issuer.done('collection', 'create', '--name', 'Ábzeichen 🏅', '--symbol', 'ABZ')
    collection = made.address
    reader = reading(chain, collection)
    expect(await Promise.all([reader.ask('name'), reader.ask('symbol')])).to.deep.equal(['Ábzeichen 🏅', 'ABZ'])
    const metadata = await contentOf(issuer.home, await reader.ask('contractURI'))
    expect(metadata).to.deep.equal({ name: 'Ábzeichen 🏅', symbol: 'ABZ' })
    expect(await issuer.done('collection', 'create')).to.deep.include({ address: collection, repeated: true })
    expect((await issuer.json('collection', 'create', '--name', 'Other')).error).to.equal('COLLECTION_EXISTS')
  })

  it('awards a hundred wallets from a file, each once, and costs less the next time', async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => wallet(100 + i)).sort()
    const file = await issuer.write('wallets.txt', `${hundred.join('\r\n')}\r\n\r\n`)
    const args = ['award', '--wallets', file, '--achievement', achievement]
    const { awards } = await issuer.done(...args)
    expect(awards).to.have.length(1)
    expect(awards[0]).to.deep.include({ number: 1, size: 100, like: null, repeated: false })
    for (const [i, holder] of hundred.entries()) {
      const id = (1n << 32n) | BigInt(i)
      expect(await reader.ownerOf(`${id}`)).to.equal(holder)
      expect(await reader.ask('balanceOf', holder)).to.equal(1n)
      expect(await reader.ask('locked', id)).to.equal(true)
    }
    const { name: title } = JSON.parse(await readFile(achievement, 'utf8'))
    expect(await contentOf(issuer.home, await reader.ask('tokenURI', 1n << 32n))).to.deep.include({ name: title })

    expect((await issuer.done(...args)).awards).to.deep.equal([{ ...awards[0], repeated: true }])
    const other = JSON.parse(await readFile(achievement, 'utf8'))
    const second = await issuer.write('other.json', JSON.stringify({ ...other, name: 'Another one' }))
    const like = await issuer.done('award', '--like', '1', '--achievement', second)
    expect(like.awards[0]).to.deep.include({ number: 2, size: 100, like: 1, repeated: false })
    expect(await reader.ownerOf(`${(2n << 32n) | 99n}`)).to.equal(hundred[99])
    const [first, next] = [awards[0], like.awards[0]].map(({ transactionHash }) => reader.gasOf(transactionHash))
    expect(await next).to.be.below(0.6 * ((await first) ?? 0))
    const again = await issuer.done(...args, '--again')
    expect(again.awards[0]).to.deep.include({ number: 3, like: 1, repeated: false })
  })

  it('awards more wallets than one award takes', async () => {
    const many = Array.from({ length: 1_300 }, (_, i) => wallet(10_000 + i))
    const file = await issuer.write('many.txt', many.join('\n'))
    const { awards } = await issuer.done('award', '--wallets', file, '--achievement', achievement)
    const sizes = awards.map(({ number, size }: { number: number; size: number }) => [number, size])
    expect(sizes).to.deep.equal([
      [4, 1_228],
      [5, 72],
    ])
    for (const each of [many[0], many[1_299]]) expect(await reader.ask('balanceOf', each)).to.equal(1n)
  })

  it('names every wallet that is none, and awards nothing', async () => {
    const wrong = [wallet(1), 'ada.eth', wallet(1), `0x${'00'.repeat(20)}`, collection]
    const { answer, error } = await issuer.json('award', ...wrong, '--achievement', achievement)
    expect(error).to.equal('WALLETS_INVALID')
    const codes = answer.error.errors.map(({ row, code }: { row: number; code: string }) => [row, code])
    expect(codes).to.deep.equal([
      [2, 'ADDRESS_INVALID'],
      [3, 'DUPLICATE_ROW'],
      [4, 'ADDRESS_RESERVED'],
      [5, 'ADDRESS_RESERVED'],
    ])
    expect((await issuer.json('award', '--achievement', achievement)).error).to.equal('WALLETS_INVALID')
    expect((await issuer.json('award', '--like', '99', '--achievement', achievement)).error).to.equal('AWARD_UNKNOWN')
    const both = ['award', wallet(1), '--like', '1', '--achievement', achievement]
    expect((await issuer.json(...both)).error).to.equal('AWARD_AMBIGUOUS')
  })

  it('delivers a ticket beside every credential, for a wallet where the roster has one', async () => {
    batch = await issuer.issue('batch', named, 4)
    expect(batch.tickets).to.have.length(6)
    expect(batch.tickets.flatMap(({ ticket }) => ticket.wallet ?? [])).to.have.members(named)
    const summary = JSON.parse(await readFile(join(batch.folder, 'summary.json'), 'utf8'))
    expect(summary.credentials.map(({ ticket }: { ticket: string }) => ticket)).to.have.members(
      batch.tickets.map(({ credential }) => `${credential}.ticket.json`),
    )
    for (const { ticket } of batch.tickets) {
      const ticketRoot = ClaimTicket.ticketRoot(ticket)
      expect(Bytes.toHex(ticketRoot)).to.equal(summary.ticketRoot)
      expect(Bytes.toHex(ClaimTicket.root(ticket, ticketRoot))).to.equal(summary.root)
      expect(ticket.collection.address).to.equal(collection)
    }
    expect(new Set(await issuer.verdicts(batch.folder))).to.deep.equal(new Set(['accepted']))
    const target = join(issuer.home, 'exported')
    await issuer.done('export', batch.batch, target)
    for (const { file, credential } of batch.tickets)
      expect(await readFile(join(target, `${credential}.ticket.json`))).to.deep.equal(await readFile(file))
  })

  it('redeems a named wallet’s ticket, whoever relays it', async () => {
    const { file } = ofWallet(wallet(1))
    const redeemed = await stranger.done('redeem', file)
    expect(redeemed).to.deep.include({ collection, wallet: wallet(1), repeated: false })
    expect(await reader.ownerOf(redeemed.tokenId)).to.equal(wallet(1))
    const { name: title } = JSON.parse(await readFile(achievement, 'utf8'))
    const uri = await reader.ask('tokenURI', BigInt(redeemed.tokenId))
    expect(await contentOf(issuer.home, uri)).to.deep.include({ name: title })
    expect(await issuer.done('token', 'show', redeemed.tokenId)).to.deep.include({ owner: wallet(1), uri })
  })

  it('redeems a claim key’s ticket for the wallet that is named', async () => {
    const redeemed = await stranger.done('redeem', byKey(0).file, '--to', wallet(10))
    expect(await reader.ownerOf(redeemed.tokenId)).to.equal(wallet(10))
    expect(redeemed.repeated).to.equal(false)
  })

  it('yields one token for a ticket, however often and by whomever it is sent', async () => {
    for (const [owner, args] of [
      [stranger, [byKey(0).file, '--to', wallet(11)]],
      [issuer, [byKey(0).file, '--to', wallet(11)]],
    ] as const)
      expect((await owner.json('redeem', ...args)).error).to.equal('TICKET_SPENT')
    for (const [owner, known] of [
      [stranger, true],
      [issuer, false],
    ] as const) {
      const again = await owner.done('redeem', byKey(0).file, '--to', wallet(10))
      expect(again.repeated).to.equal(true)
      expect(again.transactionHash !== null).to.equal(known)
    }
    expect(await reader.ask('balanceOf', wallet(10))).to.equal(1n)
    expect((await stranger.json('redeem', byKey(1).file, '--to', wallet(10))).error).to.equal('TOKEN_GIVEN')
  })

  it('asks for a wallet where there is a choice, and takes no other where there is none', async () => {
    expect((await stranger.json('redeem', byKey(1).file)).error).to.equal('WALLET_MISSING')
    const other = await stranger.json('redeem', ofWallet(wallet(2)).file, '--to', wallet(11))
    expect(other.error).to.equal('WALLET_MISMATCH')
    expect((await stranger.json('redeem', byKey(1).file, '--to', 'ada.eth')).error).to.equal('WALLETS_INVALID')
  })

  it('takes no ticket that was changed, is of another collection or of another chain', async () => {
    const { ticket } = byKey(1)
    const made = { ...ticket.collection, name: 'Another collection' }
    const foreign = { ...made, address: ClaimTicket.addressOf(made) }
    const changes: readonly (readonly [object, string])[] = [
      [{ salt: ticket.achievement }, 'BATCH_NOT_ANCHORED'],
      [{ index: (ticket.index ^ 1) % 6 }, 'BATCH_NOT_ANCHORED'],
      [{ achievement: ticket.salt }, 'BATCH_NOT_ANCHORED'],
      [{ claimKey: `0x${'12'.repeat(32)}` }, 'BATCH_NOT_ANCHORED'],
      [{ batch: { ...ticket.batch, account: wallet(3) } }, 'BATCH_NOT_ANCHORED'],
      [{ batch: { ...ticket.batch, treeRoot: ticket.salt } }, 'BATCH_NOT_ANCHORED'],
      [{ collection: foreign }, 'BATCH_NOT_ANCHORED'],
      [{ collection: { ...foreign, address: collection } }, 'TICKET_INVALID'],
      [{ chainId: 8453 }, 'TICKET_CHAIN'],
      [{ version: 2 }, 'TICKET_VERSION'],
      [{ credential: 'urn:uuid:1' }, 'TICKET_INVALID'],
    ]
    for (const [change, code] of changes) {
      const file = await stranger.write('changed.ticket.json', JSON.stringify({ ...ticket, ...change }))
      const { error, answer } = await stranger.json('redeem', file, '--to', wallet(12))
      // Another index may lead nowhere at all.
      expect(error === 'TICKET_INVALID' && 'index' in change ? code : error, JSON.stringify(answer)).to.equal(code)
    }
    expect(await reader.ask('balanceOf', wallet(12))).to.equal(0n)
  })

  it('revokes a ticket before it is redeemed; the credential stays', async () => {
    const { file, credential } = byKey(1)
    expect((await stranger.json('token', 'revoke-ticket', credential)).error).to.equal('CREDENTIAL_UNKNOWN')
    expect(await issuer.done('token', 'revoke-ticket', credential)).to.deep.include({ repeated: false })
    expect(await issuer.done('token', 'revoke-ticket', credential)).to.deep.include({ repeated: true })
    expect((await stranger.json('redeem', file, '--to', wallet(12))).error).to.equal('TICKET_SPENT')
    expect((await issuer.json('token', 'revoke-ticket', byKey(0).credential)).error).to.equal('TICKET_SPENT')
    expect(await issuer.verdicts(file.replace('.ticket.json', '.json'))).to.deep.equal(['accepted'])
  })

  it('revokes tokens, redeemed ones and awarded ones, and none comes back', async () => {
    const { file } = byKey(2)
    const { tokenId } = await stranger.done('redeem', file, '--to', wallet(13))
    const awarded = `${1n << 32n}`
    const { transactionHash } = await issuer.done('token', 'revoke', tokenId, awarded)
    expect(transactionHash).to.match(/^0x/)
    for (const id of [tokenId, awarded]) {
      expect(await reader.ownerOf(id).catch(() => 'nobody')).to.equal('nobody')
      expect(await issuer.done('token', 'show', id)).to.deep.include({ owner: null })
    }
    expect(await issuer.done('token', 'revoke', tokenId, awarded)).to.deep.include({ repeated: true })
    expect((await stranger.json('redeem', file, '--to', wallet(13))).error).to.equal('TICKET_SPENT')
    expect((await issuer.json('token', 'revoke', `${9n << 32n}`)).error).to.equal('TOKEN_UNKNOWN')
    expect((await issuer.json('token', 'revoke', 'one')).error).to.equal('TOKEN_ID_INVALID')
  })

  it('uses no more gas than was said, and opens a batch ahead of its learners', async () => {
    const second = await issuer.issue('second', [], 2)
    const opened = await issuer.done('collection', 'open', second.batch)
    expect(await reader.gasOf(opened.transactionHash)).to.be.below(140_000)
    expect(await issuer.done('collection', 'open', second.batch)).to.deep.include({ repeated: true })
    const { batches, awards } = await issuer.done('collection', 'show')
    expect(batches.map(({ open }: { open: boolean }) => open)).to.deep.equal([true, true])
    expect(awards).to.have.length(5)
    const [ticket] = second.tickets
    const redeemed = await stranger.done('redeem', ticket?.file ?? '', '--to', wallet(14))
    expect(await reader.gasOf(redeemed.transactionHash)).to.be.below(130_000 + 1_500)
  })

  it('gives no tickets where none are asked for', async () => {
    const roster = await issuer.rosterOf('plain', [], 1)
    const { batch: plain, folder } = await issuer.done('issue', roster, '--achievement', achievement)
    expect((await readdir(folder)).filter((each) => each.endsWith('.ticket.json'))).to.deep.equal([])
    expect((await issuer.json('collection', 'open', plain)).error).to.equal('TICKETS_NOT_OFFERED')
    expect((await issuer.json('collection', 'open', 'none')).error).to.equal('BATCH_UNKNOWN')
    const summary = await readFile(join(folder, 'summary.json'), 'utf8')
    expect(summary).to.not.match(/ticket|collection/)
  })

  it('says nothing on the chain that leads to a credential or a person', async () => {
    const newest = await reader.client.getBlockNumber()
    let all = ''
    for (let number = 0n; number <= newest; number++) {
      const { transactions } = await reader.client.getBlock({ blockNumber: number, includeTransactions: true })
      for (const { input } of transactions) all += input
    }
    expect(all).to.include(batch.tickets[0]?.ticket.batch.treeRoot.slice(2))
    for (const { credential, ticket } of batch.tickets) {
      expect(all).to.not.include(credential.replaceAll('-', ''))
      expect(all).to.not.include(toHex(credential).slice(2))
      if (ticket.claimKey !== undefined) expect(all).to.not.include(ticket.claimKey.slice(2))
    }
    expect(all).to.not.include(toHex('batch 0').slice(2)).and.not.include(toHex('@example.org').slice(2))
  })

  it('binds a token to another wallet, as its holder signs', async () => {
    const holder = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
    const { awards } = await issuer.done('award', holder.address, '--achievement', achievement)
    const id = `${BigInt(awards[0].number) << 32n}`
    const args = ['token', 'rebind', id, '--to', wallet(20)]
    const { typedData, deadline, holder: asked } = await issuer.done(...args)
    expect(asked).to.equal(holder.address.toLowerCase())
    const { types, primaryType, domain, message } = typedData
    const signature = await holder.signTypedData({ types, primaryType, domain, message })
    const signed = ['--deadline', String(deadline), '--signature', signature]
    const elsewhere = ['token', 'rebind', id, '--to', wallet(21), ...signed]
    expect((await issuer.json(...elsewhere)).error).to.equal('SIGNATURE_INVALID')
    expect((await issuer.json(...args, '--signature', signature)).error).to.equal('SIGNATURE_DEADLINE')
    const late = [...args, '--deadline', '1770000001', '--signature', signature]
    expect((await issuer.json(...late)).error).to.equal('SIGNATURE_DEADLINE')
    const rebound = await issuer.done(...args, ...signed)
    expect(await reader.ownerOf(rebound.newTokenId)).to.equal(wallet(20))
    expect(await reader.ownerOf(id).catch(() => 'nobody')).to.equal('nobody')
    expect(await issuer.done(...args, ...signed)).to.deep.equal({ ...rebound, repeated: true })
    expect((await issuer.json(...args)).error).to.equal('TOKEN_UNKNOWN')
  })

  it('binds the token of a lost wallet after thirty days, unless the proposal is void by then', async () => {
    const id = `${(1n << 32n) | 7n}`
    const propose = ['token', 'propose-rebinding', id, '--to', wallet(22)]
    const complete = ['token', 'complete-rebinding', id]
    expect((await issuer.json(...complete)).error).to.equal('REBINDING_UNKNOWN')
    const first = await issuer.done(...propose)
    expect(first).to.deep.include({ to: wallet(22), repeated: false })
    expect(await issuer.done(...propose)).to.deep.include({ repeated: true, readyOn: first.readyOn })
    const { proposal } = await issuer.done('token', 'show', id)
    expect(proposal).to.deep.equal({ to: wallet(22), readyOn: first.readyOn })
    expect((await issuer.json(...complete)).error).to.equal('REBINDING_NOT_READY')
    await issuer.done('token', 'cancel-rebinding', id)
    expect((await issuer.json('token', 'cancel-rebinding', id)).error).to.equal('REBINDING_UNKNOWN')
    expect((await issuer.done('token', 'show', id)).proposal).to.equal(null)
    expect(await issuer.done(...propose)).to.deep.include({ repeated: false })
    await chain.rpc('evm_increaseTime', 30 * 86_400)
    await chain.rpc('evm_mine')
    await issuer.done(...complete)
    expect(await reader.ask('balanceOf', wallet(22))).to.equal(1n)
    expect((await issuer.done('token', 'show', id)).owner).to.equal(null)
  })

  it('closes a batch whose account was compromised, and redeems nothing of it any more', async () => {
    const { batch: id } = batch
    expect((await issuer.json('collection', 'close', id)).error).to.equal('BATCH_NOT_COMPROMISED')
    const { members } = await issuer.done('issuer', 'show')
    const { standing } = members.find(({ purpose }: { purpose: string }) => purpose === 'chain')
    const from = new Date(standing.validFrom * 1000).toISOString()
    await issuer.done('issuer', 'report-compromise', 'chain', '--from', from, '--yes')
    expect(await issuer.done('collection', 'close', id)).to.deep.include({ repeated: false })
    expect(await issuer.done('collection', 'close', id)).to.deep.include({ repeated: true })
    expect((await stranger.json('redeem', byKey(3).file, '--to', wallet(15))).error).to.equal('BATCH_NOT_SPOKEN_FOR')
    expect((await issuer.json('collection', 'open', id)).error).to.equal('BATCH_NOT_SPOKEN_FOR')
    expect(await reader.ask('balanceOf', wallet(1))).to.equal(1n)
  })
})

// The other node that developers run: one way through, to its end.
describe('badge tokens on Hardhat’s node', function () {
  this.timeout(900_000)

  it('are awarded, and redeemed by both kinds of ticket', async () => {
    const chain = await Chain.startHardhat()
    const issuer = await createOwner(chain)
    try {
      await issuer.done('issuer', 'register')
      const { address } = await issuer.done('collection', 'create')
      const { ownerOf } = reading(chain, address)
      await issuer.done('award', wallet(1), wallet(2), '--achievement', achievement)
      expect([await ownerOf(`${1n << 32n}`), await ownerOf(`${(1n << 32n) | 1n}`)]).to.have.members([
        wallet(1),
        wallet(2),
      ])
      const { tickets } = await issuer.issue('batch', [wallet(3)], 1)
      for (const { file, ticket } of tickets) {
        const to = ticket.wallet === undefined ? ['--to', wallet(4)] : []
        const { tokenId } = await issuer.done('redeem', file, ...to)
        expect(await ownerOf(tokenId)).to.equal(ticket.wallet ?? wallet(4))
        if (ticket.wallet !== undefined) continue
        expect((await issuer.json('redeem', file, '--to', wallet(5))).error).to.equal('TICKET_SPENT')
      }
    } finally {
      await issuer.remove()
      await chain.stop()
    }
  })
})

// No ticket is lost, no token given twice, nothing paid twice, wherever the power fails.
describe('badge tokens, killed at every step', function () {
  this.timeout(900_000)
  let chain: Chain.Chain
  let issuer: Owner
  let collection: Bytes.Hex
  before(async () => {
    chain = await Chain.start()
    issuer = await createOwner(chain)
    await issuer.done('issuer', 'register')
    collection = (await issuer.done('collection', 'create')).address
  })
  after(async () => {
    await issuer.remove()
    await chain.stop()
  })

  const killed = async (label: string, ...args: readonly string[]) => {
    const outcome = await issuer.run(args, { LAUREL_CRASH_AT: label })
    expect(outcome.code, `${label} was not reached: ${outcome.stdout}${outcome.stderr}`).to.equal(null)
  }
  const nonce = async () => {
    const { members } = await issuer.done('issuer', 'show')
    const { id } = members.find(({ purpose }: { purpose: string }) => purpose === 'badges')
    return Number(await chain.rpc('eth_getTransactionCount', id, 'latest'))
  }

  const tickets = ['root:before-save', 'root:after-save', 'publish:after-save', 'deliver:half-written']
  for (const label of sample([...tickets, 'deliver:before-rename', 'deliver:after-rename', 'deliver:after-save'], 3))
    it(`${label}: every learner has a ticket of the root that was anchored, the same each time`, async () => {
      const name = label.replace(':', '-')
      const roster = await issuer.rosterOf(name, [wallet(1)], 2)
      await killed(label, 'issue', roster, '--achievement', achievement, '--redeemable')
      const { batch, folder, tickets } = await issuer.issue(name, [wallet(1)], 2)
      expect(tickets).to.have.length(3)
      const { root } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
      for (const { ticket } of tickets)
        expect(Bytes.toHex(ClaimTicket.root(ticket, ClaimTicket.ticketRoot(ticket)))).to.equal(root)
      expect(new Set(tickets.map(({ ticket }) => ticket.index)).size).to.equal(3)
      const target = join(issuer.home, `exported-${name}`)
      await issuer.done('export', batch, target)
      expect((await ticketsOf(target)).map(({ ticket }) => ticket)).to.deep.equal(tickets.map(({ ticket }) => ticket))
    })

  it('a large batch: its tickets are lines, made in threads, and the same each time', async () => {
    const size = 1_100
    const roster = await issuer.rosterOf('large', [wallet(1), wallet(2)], size - 2)
    const args = ['issue', roster, '--achievement', achievement, '--redeemable']
    const threads = { LAUREL_WORKERS: '2' }
    for (const label of ['root:before-save', 'deliver:half-written']) {
      const { code } = await issuer.run(args, { ...threads, LAUREL_CRASH_AT: label })
      expect(code, label).to.equal(null)
    }
    const { stdout, stderr } = await issuer.run([...args, '--json'], threads)
    const { batch, folder } = JSON.parse(stdout)
    expect(await readdir(folder), stderr).to.include.members(['credentials.ndjson', 'rows.csv', 'tickets.ndjson'])
    const linesOf = async (name: string) =>
      (await readFile(join(folder, name), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    const ids = (await linesOf('credentials.ndjson')).map(({ id }) => id)
    const lines = await linesOf('tickets.ndjson')
    expect(lines.map(({ id }) => id))
      .to.have.members(ids)
      .and.not.deep.equal(ids)
    const { root } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
    const read = lines.map(({ ticket }) => ClaimTicket.parse(JSON.stringify(ticket)))
    expect(read.map(({ index }) => index)).to.deep.equal(Array.from({ length: size }, (_, i) => i))
    expect(read.flatMap((each) => each.wallet ?? [])).to.have.members([wallet(1), wallet(2)])
    for (const each of read) expect(Bytes.toHex(ClaimTicket.root(each, ClaimTicket.ticketRoot(each)))).to.equal(root)

    const target = join(issuer.home, 'exported-large')
    await issuer.done('export', batch, target)
    for (const { id, ticket } of lines.slice(0, 20)) {
      const name = id.slice('urn:uuid:'.length)
      const file = await readFile(join(target, name.slice(0, 2), `${name}.ticket.json`), 'utf8')
      expect(JSON.parse(file)).to.deep.equal(ticket)
    }
  })

  const calls = labels.filter((label) => label.startsWith('call:') && !label.endsWith('-reopen'))
  for (const [i, label] of sample([...calls.entries()], 3))
    it(`${label}: an award is made once`, async () => {
      const args = ['award', wallet(200 + i), wallet(300 + i), '--achievement', achievement]
      const before = await nonce()
      const earlier = (await issuer.done('collection', 'show')).awards.length
      await killed(label, ...args)
      const { awards } = await issuer.done(...args)
      expect(awards).to.have.length(1)
      expect(awards[0].number).to.equal(earlier + 1)
      expect(await nonce()).to.equal(before + 1)
      expect((await issuer.done('collection', 'show')).awards).to.have.length(earlier + 1)
    })

  for (const [i, label] of sample([...calls.entries()], 3))
    it(`${label}: a ticket is redeemed once, after its batch was opened once`, async () => {
      const { tickets } = await issuer.issue(`redeeming-${i}`, [], 1)
      const args = ['redeem', tickets[0]?.file ?? '', '--to', wallet(400 + i)]
      const before = await nonce()
      await killed(label, ...args)
      await killed(label, ...args)
      const { tokenId } = await issuer.done(...args)
      expect(await reading(chain, collection).ownerOf(tokenId)).to.equal(wallet(400 + i))
      expect(await nonce()).to.equal(before + 2)
    })
})
