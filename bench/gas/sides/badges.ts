import { type Abi, concatHex, encodeFunctionData, type Hex, sha256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import * as Collections from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as BadgeCollection from '../../../core/src/generated/BadgeCollection.ts'
import * as BadgeCollectionFactory from '../../../core/src/generated/BadgeCollectionFactory.ts'
import * as IssuerDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import * as Tickets from '../../../core/src/Ticket.ts'
import * as Path from '../Path.ts'
import type { Takings } from '../Side.ts'
import { address, type Done, type Spent, type Stage, start, word } from '../Stage.ts'
import * as Work from '../Work.ts'

const directoryAbi: Abi = IssuerDirectory.abi
const collectionAbi: Abi = BadgeCollection.abi

/** Two achievements. */
const [first, second] = [word(1_000_001), word(1_000_002)]
const chainId = 31_337
/** Of every signature here: within thirty days from the beginning. */
const deadline = start + 20 * 86_400
const claimKey = privateKeyToAccount(word(1_000_003))
const holderKey = privateKeyToAccount(word(1_000_004))

/** A collection, and the account that speaks for its issuer. */
type Collection = {
  readonly stage: Stage
  readonly address: Hex
  readonly account: Hex
  /** Calls the directory as the issuer's controller. */
  readonly direct: (functionName: string, ...args: readonly unknown[]) => Promise<Done>
  readonly issuerId: Hex
}

/** What a collection of badge tokens does: awarding, redeeming, burning, binding again. */
export async function badges(stage: Stage): Promise<Takings> {
  const { collection, deployment } = await deploy(stage)
  return {
    'deploy a collection': deployment,
    ...(await award(collection)),
    ...(await redeem(collection)),
    ...(await bind(collection)),
    // The last, because nobody speaks for the issuer after it.
    ...(await close(collection)),
  }
}

/** Everything at its committed address, an issuer in the directory, and its collection. */
async function deploy(stage: Stage): Promise<{ readonly collection: Collection; readonly deployment: Done }> {
  const { send, request, accounts } = stage
  const [controller = '0x', account = '0x'] = accounts
  await request('hardhat_setBalance', AnchorRegistry.factoryDeployer, '0x2386f26fc10000')
  await request('eth_sendRawTransaction', AnchorRegistry.factoryRawTransaction)
  for (const { salt, initCode } of [AnchorRegistry, IssuerDirectory, BadgeCollection, BadgeCollectionFactory]) {
    await send(AnchorRegistry.factory, concatHex([salt, initCode]))
  }
  const directory = async (from: Hex, functionName: string, ...args: readonly unknown[]) =>
    send(IssuerDirectory.address, encodeFunctionData({ abi: directoryAbi, functionName, args }), from)
  const registered = await directory(controller, 'register', word(1), 'did:web:badges.example.org', word(2))
  const issuerId = registered.logs[0]?.topics[1] ?? '0x'
  await directory(account, 'consent', issuerId)
  await directory(controller, 'addAccount', issuerId, account)
  const { abi, address: factory } = BadgeCollectionFactory
  const args = [issuerId, word(3), 'Badges', 'BADGE'] as const
  const deployment = await send(factory, encodeFunctionData({ abi, functionName: 'deploy', args }))
  const created = deployment.logs.at(-1)?.topics[2] ?? '0x'
  const direct: Collection['direct'] = (functionName, ...args) => directory(controller, functionName, ...args)
  return { deployment, collection: { stage, account, direct, issuerId, address: `0x${created.slice(-40)}` } }
}

function call({ stage, address: to, account }: Collection, functionName: string, ...args: readonly unknown[]) {
  return stage.send(to, encodeFunctionData({ abi: collectionAbi, functionName, args }), account)
}

async function award(collection: Collection): Promise<Takings> {
  let number = 0
  const give = (achievement: Hex, wallets: readonly Hex[]) => {
    number++
    return call(collection, 'award', number, achievement, concatHex(wallets.toSorted()))
  }
  const giveAgain = (achievement: Hex) => {
    number++
    return call(collection, 'awardAgain', number, achievement, number - 1)
  }
  // The collection is in use: the slot of its counter is not empty any more.
  await give(first, [address(1)])
  const takings: Record<string, Spent> = {}
  for (const count of Work.recipients) {
    const wallets = Array.from({ length: count }, (_, i) => address(10_000 * count + i))
    takings[Work.award(count)] = await give(first, wallets)
    takings[Work.awardAgain(count)] = await giveAgain(second)
  }
  await give(
    first,
    Array.from({ length: Work.burned + 1 }, (_, i) => address(90_000_000 + i)),
  )
  takings[Work.burn] = await call(collection, 'revoke', [BigInt(number) << 32n])
  const others = ((1n << BigInt(Work.burned)) - 1n) << 1n
  takings[Work.burnMany] = await call(collection, 'revokeAwarded', number, 0, others)
  return takings
}

type Ticket = { readonly index: number; readonly achievement: Hex; readonly addressee: Hex; readonly salt: Hex }

async function redeem(collection: Collection): Promise<Takings> {
  const takings: Record<string, Spent> = {}
  for (const depth of Work.depths) {
    const [named, byKey] = [address(80_000_000 + depth), address(81_000_000 + depth)]
    // A wallet's first badge out of one batch, a later one out of the next.
    for (const [batch, title, titleByKey] of [
      [0, Work.redeem(depth), Work.redeemByKey(depth)],
      [1, Work.redeemLater(depth), Work.redeemByKeyLater(depth)],
    ] as const) {
      const salt = word(82_000_000 + 10 * depth + batch)
      const [other, ours, keys] = [address(83_000_000 + depth), named, claimKey.address].map(
        (addressee, index): Ticket => ({ index, achievement: first, addressee, salt }),
      ) as [Ticket, Ticket, Ticket]
      const leaves = [other, ours, keys, other].map((ticket) => commitment(collection, ticket, ticket === keys))
      const tree = Path.deepTree(leaves, depth, (left, right) => sha256(concatHex([left, right])))
      const opened = await open(collection, tree.root, salt)
      takings[Work.open] ??= opened
      // Another's ticket of the batch first, so that its words are in use.
      await call(collection, 'redeem', other, tree.path(0))
      takings[title] = await call(collection, 'redeem', ours, tree.path(1))
      const signature = await sign(collection, leaves[2] ?? '0x', byKey, deadline)
      takings[titleByKey] = await call(collection, 'redeemByKey', keys, tree.path(2), byKey, deadline, signature)
    }
  }
  return takings
}

/** A batch of one ticket, for a wallet, opened. */
async function single(collection: Collection, addressee: Hex, seed: number, depth = 0) {
  const ticket: Ticket = { index: 0, achievement: first, addressee, salt: word(seed) }
  const node: Path.Node = (left, right) => sha256(concatHex([left, right]))
  const tree = Path.deepTree([commitment(collection, ticket, false)], depth, node)
  await open(collection, tree.root, ticket.salt)
  return { root: tree.root, redeem: () => call(collection, 'redeem', ticket, tree.path(0)) }
}

async function bind(collection: Collection): Promise<Takings> {
  // The holder's tokens in two batches, and the one that a stranger redeems before them, so that the counter is in use.
  const token = async (seed: number) => {
    const { redeem } = await single(collection, holderKey.address, seed)
    const { logs } = await redeem()
    return BigInt(logs[0]?.topics[3] ?? 0)
  }
  const begun = await single(collection, address(84_000_000), 84_000_001, 10)
  const takings: Record<string, Spent> = { [Work.redeemFirst]: await begun.redeem() }
  const [signed, proposed] = [await token(84_000_002), await token(84_000_003)]
  const [to, other] = [address(84_000_004), address(84_000_005)]
  const rebinding = { chainId, collection: collection.address, tokenId: signed, to, deadline }
  const signature = await holderKey.sign({ hash: Bytes.toHex(Collections.rebindDigest(rebinding)) })
  takings[Work.rebind] = await call(collection, 'rebind', signed, to, deadline, signature)
  takings[Work.propose] = await call(collection, 'proposeRebinding', proposed, other)
  collection.stage.pass(30 * 86_400)
  takings[Work.complete] = await call(collection, 'completeRebinding', proposed)
  takings[Work.revokeTickets] = await call(collection, 'revokeTickets', word(84_000_006), 0n, 2n ** 256n - 1n)
  return takings
}

async function close(collection: Collection): Promise<Takings> {
  const { stage, account, direct, issuerId } = collection
  const { root } = await single(collection, address(85_000_000), 85_000_001)
  const latest = (await stage.request('eth_getBlockByNumber', 'latest', false)) as { readonly timestamp: Hex }
  // Twelve seconds before the opening the account has anchored.
  await direct('reportAccount', issuerId, account, BigInt(latest.timestamp) - 12n)
  return { [Work.close]: await call(collection, 'recheck', root, first) }
}

async function open(collection: Collection, ticketRoot: Hex, seed: Hex): Promise<Done> {
  const { stage, account } = collection
  const [treeRoot, manifestDigest] = [sha256(seed), sha256(sha256(seed))]
  const root = sha256(concatHex([sha256(concatHex([treeRoot, ticketRoot])), manifestDigest]))
  await stage.send(AnchorRegistry.address, root, account)
  return call(collection, 'open', { account, treeRoot, ticketRoot, manifestDigest }, first)
}

/** The ticket's 32 bytes. */
function commitment({ address: collection }: Collection, ticket: Ticket, isKey: boolean): Hex {
  const { index, addressee } = ticket
  const [achievement, salt] = [Bytes.fromHex(ticket.achievement), Bytes.fromHex(ticket.salt)]
  const kind = isKey ? 'ticket' : 'holder'
  return Bytes.toHex(Tickets.commitment({ kind, chainId, collection, achievement, index, address: addressee, salt }))
}

function sign({ address: collection }: Collection, ticket: Hex, to: Hex, deadline: number): Promise<Hex> {
  const digest = Collections.redeemDigest({ chainId, collection, ticket: Bytes.fromHex(ticket), to, deadline })
  return claimKey.sign({ hash: Bytes.toHex(digest) })
}
