import { type Abi, encodeAbiParameters, encodeFunctionData, type Hex, keccak256 } from 'viem'
import * as Path from '../Path.ts'
import type { Contract } from '../Peers.ts'
import type { Side, Takings } from '../Side.ts'
import { address, type Done, type Spent, type Stage, sum } from '../Stage.ts'
import * as Work from '../Work.ts'

type Kind = {
  readonly name: string
  readonly contract: Contract
  /** How many recipients one transaction takes, under the cap of EIP-7825. */
  readonly most: number
  /** Whether a batch can be opened, and its badges be redeemed. */
  readonly redeems: boolean
  /** A badge is a token of its own, or a unit of its achievement's id, which then comes first in every call. */
  readonly badge: 'token' | 'unit'
}

/** A contract of bench/gas/contracts that holds soulbound badges. */
export function tokens(kind: Kind): Side {
  return {
    name: kind.name,
    perform: async (stage) => {
      const deployment = await stage.deploy(kind.contract.initCode)
      const holder: Holder = { stage, contract: deployment.contract, abi: kind.contract.abi }
      return {
        'deploy a collection': deployment,
        ...(await award(kind, holder)),
        ...(await burn(kind, holder)),
        ...(kind.redeems ? await redeem(holder) : {}),
      }
    },
  }
}

type Holder = { readonly stage: Stage; readonly contract: Hex; readonly abi: Abi }

function send({ stage, contract, abi }: Holder, functionName: string, ...args: readonly unknown[]): Promise<Done> {
  return stage.send(contract, encodeFunctionData({ abi, functionName, args }))
}

const people = (from: number, count: number) => Array.from({ length: count }, (_, i) => address(from + i))

async function award({ most, badge }: Kind, holder: Holder): Promise<Takings> {
  // As many transactions of the same size as it takes.
  const toAll = async (all: readonly Hex[], achievement = 1) => {
    const size = Math.ceil(all.length / Math.ceil(all.length / most))
    const spent: Spent[] = []
    for (let i = 0; i < all.length; i += size) {
      const some = all.slice(i, i + size)
      spent.push(await send(holder, 'award', ...(badge === 'unit' ? [achievement] : []), some))
    }
    return sum(spent)
  }
  // The collection is in use: its counter's slot is not empty any more.
  await toAll(people(1, 1))
  const takings: Record<string, Spent> = {}
  for (const count of Work.recipients) {
    const same = people(10_000 * count, count)
    takings[Work.award(count)] = await toAll(same)
    takings[Work.awardAgain(count)] = await toAll(same, 2)
  }
  return takings
}

/** Burns badges of wallets that hold no other. */
async function burn({ badge }: Kind, holder: Holder): Promise<Takings> {
  const wallets = people(90_000_000, Work.burned + 1)
  const id = badge === 'unit' ? [1] : []
  const { logs } = await send(holder, 'award', ...id, wallets)
  // Transfer has its token in the last of four topics; Locked has one topic.
  const transferred = logs.flatMap(({ topics: [, , , tokenId] }) => (tokenId === undefined ? [] : [tokenId]))
  const [first, ...others] = badge === 'unit' ? wallets : transferred
  return {
    [Work.burn]: await send(holder, 'burn', ...id, [first]),
    [Work.burnMany]: await send(holder, 'burn', ...id, others),
  }
}

async function redeem(holder: Holder): Promise<Takings> {
  const takings: Record<string, Spent> = {}
  for (const depth of Work.depths) {
    // A wallet of another, so that the bitmap's word is in use; then the wallet's first and its second badge.
    const [other, wallet] = [address(80_000_000 + depth), address(81_000_000 + depth)]
    const indices = [0, 1, 2, 3].map((index) => 256 * depth + index)
    const owners = [other, wallet, wallet, other]
    const leaves = indices.map((index, i) => leaf(holder.contract, index, owners[i] ?? other))
    const tree = Path.deepTree(leaves, depth, Path.sorted)
    const opened = await send(holder, 'open', tree.root)
    takings[Work.open] ??= opened
    const at = (i: number) => send(holder, 'redeem', indices[i], owners[i], tree.path(i))
    await at(0)
    takings[Work.redeem(depth)] = await at(1)
    takings[Work.redeemLater(depth)] = await at(2)
  }
  return takings
}

/** As `Soulbound.leafOf` has it. */
function leaf(contract: Hex, index: number, to: Hex): Hex {
  const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'uint256' }, { type: 'address' }] as const
  return keccak256(keccak256(encodeAbiParameters(types, [31_337n, contract, BigInt(index), to])))
}
