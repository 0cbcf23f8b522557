import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import {
  AbiCoder,
  Contract,
  concat,
  keccak256,
  type TransactionReceipt,
  TypedDataEncoder,
  toBeHex,
  Wallet,
  ZeroAddress,
} from 'ethers'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Commitment from '../../../core/src/Commitment.ts'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as GeneratedCollection from '../../../core/src/generated/BadgeCollection.ts'
import * as GeneratedFactory from '../../../core/src/generated/BadgeCollectionFactory.ts'
import * as GeneratedDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import * as Sha256 from '../../../core/src/Sha256.ts'
import * as Ticket from '../../../core/src/Ticket.ts'
import * as TicketPath from '../../../core/src/TicketPath.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import * as Tree from '../../../core/src/Tree.ts'
import * as Support from '../support.ts'
import { leavesOfSuite, leavesOfTree } from '../tree.ts'

export type Signer = Awaited<ReturnType<Support.Chain['ethers']['getSigner']>>

/** What one call logged in the collection, by name. */
export type Event = readonly [name: string, ...args: unknown[]]

/** A transaction that went through: its receipt, the time of its block, and what it logged. */
export type Sent = { readonly receipt: TransactionReceipt; readonly time: number; readonly events: readonly Event[] }

/** A collection on a chain of its own, of an issuer that has two accounts. */
export type World = {
  readonly chain: Support.Chain
  readonly chainId: number
  readonly registry: Bytes.Hex
  readonly directory: Contract
  readonly implementation: Bytes.Hex
  readonly factory: Contract
  readonly collection: Contract
  readonly address: Bytes.Hex
  readonly issuerId: string
  readonly controller: Signer
  readonly account: Signer
  readonly secondAccount: Signer
  /** An account of another issuer. */
  readonly foreigner: Signer
  readonly stranger: Signer
  /** A wallet that can send transactions. */
  readonly holder: Signer
  readonly otherHolder: Signer
  /** The time of the newest block. */
  now(): Promise<number>
  /** Lets time pass. */
  pass(seconds: number): Promise<void>
  send(from: Signer, name: string, ...args: readonly unknown[]): Promise<Sent>
  /** Asks a view; several answers come as an array. */
  ask(name: string, ...args: readonly unknown[]): Promise<unknown>
  /** That a call reverts with this error and these values. */
  refuses(call: Call, error: string, ...values: readonly unknown[]): Promise<void>
  /** Sends a call to the directory of issuers. */
  tell(from: Signer, name: string, ...args: readonly unknown[]): Promise<void>
  /** Anchors a root for an account. */
  anchor(root: Uint8Array, from?: Signer): Promise<number>
  /** The root of everything that the collection stores: who compares it sees any change. */
  state(): Promise<string>
  setCode(address: string, code: string): Promise<void>
}

type Call = readonly [from: Signer, name: string, ...args: unknown[]]

export const { ZeroAddress: nobody } = { ZeroAddress }
export const zero = toBeHex(0, 32)
export const day = 86_400
export const salt = toBeHex(1, 32)
export const name = 'Badges of the Example University'
export const symbol = 'BADGE'
export const metadataDigest = digest('metadata of the collection')
export const achievement = digest('metadata of an achievement')
export const otherAchievement = digest('metadata of another achievement')

/** SHA-256 of a text. */
export function digest(text: string): string {
  return Bytes.toHex(Sha256.digest(Bytes.fromUtf8(text)))
}

export function hex(text: string): Bytes.Hex {
  return text.toLowerCase() as Bytes.Hex
}

export function bytes(text: string): Uint8Array {
  return Bytes.fromHex(text)
}

/** The n-th of an endless row of wallets of which nobody has a key, in lower case. None has a zero byte. */
export function wallet(n: number): Bytes.Hex {
  return hex(Support.root(1_000_000 + n).slice(0, 42))
}

/** The n-th of an endless row of keys. */
export function keyed(n: number): Wallet {
  return new Wallet(keccak256(toBeHex(n, 32)))
}

/** A list of wallets as `award` takes it. */
export function listOf(wallets: readonly string[]): string {
  return concat(wallets.map(hex).toSorted())
}

/** Mounts the specification of a function under both profiles, and holds it against its tree. */
export function specify(tree: string, body: (world: () => World) => void, contract = 'BadgeCollection'): void {
  describe(`${contract}.sol ${tree}`, () => {
    for (const profile of Support.profiles) {
      describe(`${profile} profile`, () => {
        let chain: Support.Chain
        let world: World

        before(async function () {
          this.timeout(300_000)
          chain = await Support.chain()
          for (const each of ['IssuerDirectory', 'BadgeCollection', 'BadgeCollectionFactory'])
            await Support.compile(profile, each)
        })

        after(() => chain.close())

        const made = () => worldOf(chain, profile)

        beforeEach(async () => {
          world = await chain.networkHelpers.loadFixture(made)
        })

        body(() => world)
      })
    }

    it(`has exactly one test for each leaf of ${tree}.tree, in its order, under both profiles`, async function () {
      const leaves = leavesOfTree(await readFile(new URL(`${tree}.tree`, import.meta.url), 'utf8'))
      expect(leaves).not.to.deep.equal([])
      const suites = this.test?.parent?.suites ?? []
      expect(suites).to.have.lengthOf(2)
      for (const suite of suites) expect(suite.suites.flatMap((inner) => leavesOfSuite(inner))).to.deep.equal(leaves)
    })
  })
}

/** Deploys everything on a chain, registers an issuer, and makes its collection. */
export async function worldOf(chain: Support.Chain, profile: Support.Profile): Promise<World> {
  const signers = await chain.ethers.getSigners()
  const [deployer, controller, account, secondAccount, foreigner, stranger, holder, otherHolder] =
    signers as unknown as readonly [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer]
  const { provider } = chain.ethers
  const chainId = Number((await provider.getNetwork()).chainId)

  const deploy = async (initCode: string, ...addresses: readonly string[]) => {
    const data = concat([initCode, ...addresses.map((each) => toBeHex(each, 32))])
    const receipt = await (await deployer.sendTransaction({ data, gasLimit: 16_000_000 })).wait()
    return hex(receipt?.contractAddress ?? '')
  }
  const compiled = async (of: string) => (await Support.compile(profile, of)).initCode
  const registry = await deploy(AnchorRegistry.initCode)
  const directory = new Contract(await deploy(await compiled('IssuerDirectory')), GeneratedDirectory.abi, provider)
  const implementation = await deploy(await compiled('BadgeCollection'), registry, String(directory.target))
  const factory = new Contract(
    await deploy(await compiled('BadgeCollectionFactory'), implementation),
    GeneratedFactory.abi,
    provider,
  )

  const tell: World['tell'] = async (from, of, ...args) => {
    await (await from.sendTransaction({ to: directory.target, data: encode(directory, of, args) })).wait()
  }
  const register = async (by: Signer, accounts: readonly Signer[]) => {
    await tell(by, 'register', salt, 'did:web:badges.example.org', zero)
    const id = Bytes.toHex(IssuerDirectory.issuerId(chainId, hex(by.address), bytes(salt)))
    for (const each of accounts) {
      await tell(each, 'consent', id)
      await tell(by, 'addAccount', id, each.address)
    }
    return id
  }
  const issuerId = await register(controller, [account, secondAccount])
  await register(foreigner, [foreigner])

  const options = { issuerId: bytes(issuerId), metadataDigest: bytes(metadataDigest), name, symbol }
  const address = BadgeCollection.address(hex(String(factory.target)), implementation, options)
  const data = encode(factory, 'deploy', [issuerId, metadataDigest, name, symbol])
  await (await stranger.sendTransaction({ to: factory.target, data })).wait()
  const collection = new Contract(address, GeneratedCollection.abi, provider)

  const submit = (from: Signer, of: string, args: readonly unknown[]) =>
    from.sendTransaction({ to: address, data: encode(collection, of, args), gasLimit: 16_000_000 })
  const state = async () => {
    const proof = await chain.provider.request({ method: 'eth_getProof', params: [address, [], 'latest'] })
    return (proof as { readonly storageHash: string }).storageHash
  }

  return {
    chain,
    chainId,
    registry,
    directory,
    implementation,
    factory,
    collection,
    address,
    issuerId,
    controller,
    account,
    secondAccount,
    foreigner,
    stranger,
    holder,
    otherHolder,
    now: () => chain.networkHelpers.time.latest(),
    async pass(seconds) {
      await chain.networkHelpers.time.increase(seconds)
    },
    async send(from, of, ...args) {
      const receipt = await (await submit(from, of, args)).wait()
      if (receipt === null) throw new Error('the transaction was not mined')
      return { receipt, time: (await receipt.getBlock()).timestamp, events: eventsOf(collection, receipt) }
    },
    async ask(of, ...args) {
      const answer = await collection.getFunction(of)(...args)
      return typeof answer === 'object' ? answer.toArray(true) : answer
    },
    async refuses([from, of, ...args], error, ...values) {
      const before = await state()
      const call = provider.call({ from: from.address, to: address, data: encode(collection, of, args) })
      await expect(call)
        .to.be.revertedWithCustomError(collection, error)
        .withArgs(...values)
      await expect(submit(from, of, args)).to.be.revertedWithCustomError(collection, error)
      expect(await state()).to.equal(before)
    },
    tell,
    async anchor(root, from = account) {
      const receipt = await (await from.sendTransaction({ to: registry, data: Bytes.toHex(root) })).wait()
      return (await receipt?.getBlock())?.timestamp ?? Number.NaN
    },
    state,
    async setCode(of, code) {
      await chain.provider.request({ method: 'hardhat_setCode', params: [of, code] })
    },
  }
}

type Transaction = readonly [from: Signer, to: string, data: string]

/** Sends two transactions that land in one block, in this order, and so in the same second. */
export async function inOneBlock(
  { chain }: World,
  ...transactions: readonly [Transaction, Transaction]
): Promise<readonly (TransactionReceipt | null)[]> {
  const mining = (on: boolean) => chain.provider.request({ method: 'evm_setAutomine', params: [on] })
  await mining(false)
  const sent = []
  for (const [i, [from, to, data]] of transactions.entries()) {
    const fees = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: BigInt(2 - i) * 10n ** 9n }
    sent.push(await from.sendTransaction({ to, data, gasLimit: 1_000_000, ...fees }))
  }
  await chain.networkHelpers.mine()
  await mining(true)
  const receipts = await Promise.all(sent.map(({ hash }) => chain.ethers.provider.getTransactionReceipt(hash)))
  expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber)
  expect(receipts.map((receipt) => receipt?.index)).to.deep.equal([0, 1])
  return receipts
}

export function encode(contract: Contract, of: string, args: readonly unknown[]): string {
  return contract.interface.encodeFunctionData(of, args)
}

/** What a transaction logged, which is in the interface and comes from the collection. */
export function eventsOf(collection: Contract, receipt: TransactionReceipt): readonly Event[] {
  return receipt.logs.map((log) => {
    expect(hex(log.address)).to.equal(collection.target)
    const event = collection.interface.parseLog(log)
    if (event === null) throw new Error('the collection emits what its interface does not know')
    return [event.name, ...event.args.toArray()] as const
  })
}

/** What a ticket is made of, but for its index. */
export type Wanted = {
  readonly kind: Ticket.Opening['kind']
  readonly address: string
  readonly achievement?: string
  readonly chainId?: number
  readonly collection?: string
  /** What the preimage says, where it shall not be where the ticket stands. */
  readonly index?: number
}

/** A ticket of a batch as a collection takes it. */
export type Redeemable = {
  /** Its 32 bytes. */
  readonly commitment: string
  /** The first argument of `redeem`, member by member. */
  readonly opening: readonly [index: number, achievement: string, addressee: string, salt: string]
  readonly siblings: readonly string[]
}

/** A batch as an issuer makes it: the first argument of `open`, and its tickets. */
export type Made = {
  readonly batch: readonly [account: string, treeRoot: string, ticketRoot: string, manifestDigest: string]
  readonly ticketRoot: string
  readonly root: Uint8Array
  readonly tickets: readonly Redeemable[]
}

/** A named wallet's ticket. */
export function named(address: string, more: Partial<Wanted> = {}): Wanted {
  return { kind: 'holder', address, ...more }
}

/** A claim key's ticket. */
export function claimed(address: string, more: Partial<Wanted> = {}): Wanted {
  return { kind: 'ticket', address, ...more }
}

/** Makes a batch of tickets in this order, with the code that issues them. `seed` tells batches apart. */
export function make(world: World, wanted: readonly Wanted[], seed = 0, account = world.account.address): Made {
  const openings = wanted.map((each, i) => ({
    kind: each.kind,
    chainId: each.chainId ?? world.chainId,
    collection: hex(each.collection ?? world.address),
    achievement: bytes(each.achievement ?? achievement),
    index: each.index ?? i,
    address: hex(each.address),
    salt: bytes(digest(`salt ${seed} ${i}`)),
  }))
  const commitments = openings.map(Ticket.commitment)
  const tree = Tree.build(commitments)
  const tickets = openings.map((opening, i) => ({
    commitment: Bytes.toHex(commitments[i] as Uint8Array),
    opening: [opening.index, Bytes.toHex(opening.achievement), opening.address, Bytes.toHex(opening.salt)] as const,
    siblings: TicketPath.siblings(i, Tree.path(tree, i)).map(Bytes.toHex),
  }))
  return { ...join(Tree.root(tree), seed, account), tickets }
}

/** What a batch adds up to whose tickets have this root. */
export function join(ticketRoot: Uint8Array, seed: number, account: string): Omit<Made, 'tickets'> {
  const [treeRoot, manifestDigest] = [bytes(digest(`tree ${seed}`)), bytes(digest(`manifest ${seed}`))]
  return {
    batch: [account, Bytes.toHex(treeRoot), Bytes.toHex(ticketRoot), Bytes.toHex(manifestDigest)],
    ticketRoot: Bytes.toHex(ticketRoot),
    root: Commitment.root(treeRoot, ticketRoot, manifestDigest),
  }
}

/** Anchors a batch, and opens it for these achievements. */
export async function opened(world: World, made: Made, achievements = [achievement]): Promise<Made> {
  await world.anchor(made.root)
  for (const each of achievements) await world.send(world.stranger, 'open', made.batch, each)
  return made
}

/** Makes, anchors and opens a batch. */
export async function batchOf(world: World, wanted: readonly Wanted[], seed = 0): Promise<Made> {
  const achievements = new Set(wanted.map((each) => each.achievement ?? achievement))
  return opened(world, make(world, wanted, seed), [...achievements])
}

/** The ticket at an index of a batch. */
export function at(made: Made, index: number): Redeemable {
  const ticket = made.tickets[index]
  if (ticket === undefined) throw new Error(`the batch has no ticket ${index}`)
  return ticket
}

/** The arguments of `redeem` for a ticket. */
export function redeeming({ opening, siblings }: Redeemable): readonly unknown[] {
  return [opening, siblings]
}

/** The id of the token that a wallet has by redeeming. */
export function tokenOf(made: Made, holder: string, of = achievement): bigint {
  return TokenId.bound(TokenId.seriesOfBatch(bytes(made.ticketRoot), bytes(of)), hex(holder))
}

/** Redeems for a wallet, and answers with the token's id. */
export async function redeemed(world: World, made: Made, index: number): Promise<bigint> {
  const ticket = at(made, index)
  await world.send(world.stranger, 'redeem', ...redeeming(ticket))
  return tokenOf(made, ticket.opening[2], ticket.opening[1])
}

const redeemTypes = {
  Redeem: [
    { name: 'ticket', type: 'bytes32' },
    { name: 'to', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
}

const rebindTypes = {
  Rebind: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'to', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
}

type Domain = { readonly chainId?: number; readonly verifyingContract?: string }

/** A claim key's signature, by ethers: that the ticket is to be redeemed for a wallet. */
export function redeemSignature(
  { chainId, address }: World,
  key: Wallet,
  message: { readonly ticket: string; readonly to: string; readonly deadline: number | bigint },
  domain: Domain = {},
): Promise<string> {
  return key.signTypedData({ chainId, verifyingContract: address, ...domain }, redeemTypes, message)
}

/** A holder's signature, by ethers: that the token is to be bound to a wallet. */
export function rebindSignature(
  { chainId, address }: World,
  key: Wallet | Signer,
  message: { readonly tokenId: bigint; readonly to: string; readonly deadline: number | bigint },
  domain: Domain = {},
): Promise<string> {
  return key.signTypedData({ chainId, verifyingContract: address, ...domain }, rebindTypes, message)
}

/** What a holder signs, by ethers. */
export function rebindHash(
  { chainId, address }: World,
  message: { readonly tokenId: bigint; readonly to: string; readonly deadline: number },
): string {
  return TypedDataEncoder.hash({ chainId, verifyingContract: address }, rebindTypes, message)
}

/** The arguments of `redeemByKey` for a ticket, with the key's signature. */
export async function redeemingByKey(
  world: World,
  ticket: Redeemable,
  key: Wallet,
  to: string,
  deadline?: number | bigint,
): Promise<readonly unknown[]> {
  const until = deadline ?? (await world.now()) + day
  const signature = await redeemSignature(world, key, { ticket: ticket.commitment, to, deadline: until })
  return [...redeeming(ticket), to, until, signature]
}

/** Awards an achievement to wallets, and answers with the number of the award. */
export async function awarded(world: World, wallets: readonly string[], of = achievement): Promise<bigint> {
  const number = ((await world.ask('awardCount')) as bigint) + 1n
  await world.send(world.account, 'award', number, of, listOf(wallets))
  return number
}

/** What an award logs for each wallet of its list. */
export function given(award: bigint, wallets: readonly string[], first = 0): readonly Event[] {
  return wallets
    .map(hex)
    .toSorted()
    .flatMap((each, i) => {
      const tokenId = (award << 32n) | BigInt(first + i)
      return [
        ['Transfer', nobody, checksummed(each), tokenId],
        ['Locked', tokenId],
      ] as const
    })
}

/** What making a token for a wallet logs. */
export function minted(tokenId: bigint, to: string): readonly Event[] {
  return [
    ['Transfer', nobody, checksummed(to), tokenId],
    ['Locked', tokenId],
  ]
}

/** An address as ethers writes it. */
export function checksummed(address: string): string {
  return AbiCoder.defaultAbiCoder().decode(['address'], toBeHex(address, 32))[0]
}
