import * as BadgeCalls from '@laurel/core/BadgeCalls'
import * as Collection from '@laurel/core/BadgeCollection'
import * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Cohort from '@laurel/core/Cohort'
import * as Generated from '@laurel/core/generated/BadgeCollection'
import * as Factory from '@laurel/core/generated/BadgeCollectionFactory'
import { encodeFunctionData, toFunctionSelector, zeroAddress } from 'viem'
import type * as BadgeCollections from '../../ports/BadgeCollections.ts'
import * as Chain from '../../ports/Chain.ts'
import { asking } from './asking.ts'

const { abi } = Generated

/** Selectors of the errors of a collection, by the names that they have in its interface but for its own. */
const errors: ReadonlyMap<string, string> = new Map(
  abi.flatMap((item) =>
    item.type === 'error'
      ? [[toFunctionSelector(`${item.name}(${item.inputs.map(({ type }) => type).join()})`), nameOf(item.name)]]
      : [],
  ),
)

/** The collections that the factory makes, which is at one address on every chain. */
export function create(chain: Pick<Chain.Chain, 'call' | 'code'>): BadgeCollections.BadgeCollections {
  return {
    deploy: ({ issuerId, metadataDigest, name, symbol }) => ({
      to: Factory.address,
      data: encodeFunctionData({
        abi: Factory.abi,
        functionName: 'deploy',
        args: [issuerId, metadataDigest, name, symbol],
      }),
    }),
    isDeployed: async (collection) => (await chain.code(collection.address)) === codeOf(collection),
    at: (address) => at(chain, address),
    errorOf: (selector) => errors.get(selector),
  }
}

function at(chain: Pick<Chain.Chain, 'call' | 'code'>, address: Bytes.Hex): BadgeCollections.BadgeCollection {
  const ask = asking(chain, address, abi)
  const call = (data: Bytes.Hex) => ({ to: address, data })
  const encoded = (data: Uint8Array) => call(Bytes.toHex(data))
  return {
    address,
    awardCount: async () => Number(await ask('awardCount', [])),
    award: async (number) => {
      const { achievement, cohort } = await ask('awardOf', [BigInt(number)])
      const wallets = Cohort.fromCode(Bytes.fromHex(await chain.code(lower(cohort))))
      if (wallets === undefined) throw new TypeError(`There is no award ${number}`)
      return { number, achievement, list: Cohort.pack(wallets) }
    },
    series: async (ticketRoot, achievement) => {
      const { isOpen, account } = await ask('seriesOf', [ticketRoot, achievement])
      return { isOpen, account: account === zeroAddress ? undefined : lower(account) }
    },
    isSpent: (ticketRoot, index) => ask('isSpent', [ticketRoot, index]),
    ownerOf: async (tokenId) => {
      const owner = await ifThere(ask('ownerOf', [tokenId]))
      return owner === undefined ? undefined : lower(owner)
    },
    tokenUri: (tokenId) => ifThere(ask('tokenURI', [tokenId])),
    rebindingOf: async (tokenId) => {
      const { to, readyOn } = await ask('rebindingOf', [tokenId])
      return to === zeroAddress ? undefined : { to: lower(to), readyOn: Number(readyOn) }
    },
    calls: {
      award: (number, achievement, list) =>
        call(
          encodeFunctionData({ abi, functionName: 'award', args: [BigInt(number), achievement, Bytes.toHex(list)] }),
        ),
      awardAgain: (number, achievement, earlier) =>
        call(
          encodeFunctionData({ abi, functionName: 'awardAgain', args: [BigInt(number), achievement, BigInt(earlier)] }),
        ),
      open: (batch, achievement) => encoded(BadgeCalls.open(batch, achievement)),
      recheck: (ticketRoot, achievement) =>
        call(encodeFunctionData({ abi, functionName: 'recheck', args: [ticketRoot, achievement] })),
      redeem: (ticket, siblings, signed) =>
        encoded(
          signed === undefined ? BadgeCalls.redeem(ticket, siblings) : BadgeCalls.redeemByKey(ticket, siblings, signed),
        ),
      revoke: (tokenIds) => call(encodeFunctionData({ abi, functionName: 'revoke', args: [tokenIds] })),
      revokeTicket: (ticketRoot, index) =>
        call(
          encodeFunctionData({
            abi,
            functionName: 'revokeTickets',
            args: [ticketRoot, BigInt(index >>> 8), 1n << BigInt(index & 0xff)],
          }),
        ),
      rebind: (tokenId, signed) => encoded(BadgeCalls.rebind(tokenId, signed)),
      proposeRebinding: (tokenId, to) =>
        call(encodeFunctionData({ abi, functionName: 'proposeRebinding', args: [tokenId, to] })),
      cancelRebinding: (tokenId) => call(encodeFunctionData({ abi, functionName: 'cancelRebinding', args: [tokenId] })),
      completeRebinding: (tokenId) =>
        call(encodeFunctionData({ abi, functionName: 'completeRebinding', args: [tokenId] })),
    },
  }
}

/** The code of a collection, which says what it was made with. */
function codeOf({ issuerId, metadataDigest, name, symbol }: ClaimTicket.Collection): Bytes.Hex {
  const options = { issuerId: Bytes.fromHex(issuerId), metadataDigest: Bytes.fromHex(metadataDigest), name, symbol }
  return Bytes.toHex(Collection.code(Generated.address, options))
}

/** What is asked of a token; `undefined` where there is none, which a collection answers with an error. */
async function ifThere<answer>(asked: Promise<answer>): Promise<answer | undefined> {
  return asked.catch((error) => {
    if (error instanceof Chain.RevertedError && nonexistent.has(String(error.facts.reason))) return undefined
    throw error
  })
}

const nonexistent: ReadonlySet<string> = new Set(
  [...errors].filter(([, name]) => name === 'ERC721NonexistentToken').map(([selector]) => selector),
)

function nameOf(error: string): string {
  return error.replace(/^BadgeCollection_/, '')
}

function lower(address: string): Bytes.Hex {
  return address.toLowerCase() as Bytes.Hex
}
