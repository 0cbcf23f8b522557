import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import { createPublicClient, encodeAbiParameters, type Hex, http, keccak256, type PublicClient, pad } from 'viem'
import { type Chain, type Finality, RevertedError } from '../../ports/Chain.ts'
import { guarded } from './guarded.ts'

/** What a chain is known to be before it is asked. */
export type Options = {
  readonly url: string
  readonly registry: Bytes.Hex
  readonly confirmations: number
  readonly finality: Finality
  readonly test: boolean
  readonly development: boolean
}

/** How long one question may take, in milliseconds. */
const timeout = 10_000

/** A client of an RPC. Waiting and trying again is the caller's business: a batch machine outlasts any retry in here. */
export function createClient(url: string): PublicClient {
  return createPublicClient({ transport: http(url, { timeout, retryCount: 0, fetchFn: guarded }), cacheTime: 0 })
}

/**
 * A chain behind an Ethereum JSON-RPC. Anchors are read from the registry's storage, so that a block can be named and no
 * code has to be run.
 */
export function create(chainId: number, client: PublicClient, options: Options): Chain {
  const { registry, confirmations, finality, test, development } = options
  const ask = <answer>(question: Promise<answer>): Promise<answer> =>
    question.catch((cause) => {
      throw new UnreachableError(options.url, cause)
    })
  const isKnown = (hash: Hex) => isThere(ask(orNull(client.getTransaction({ hash }), 'TransactionNotFoundError')))

  return {
    chainId,
    registry,
    test,
    development,
    confirmations,
    finality,
    identify: async () => {
      const id = await ask(client.getChainId())
      const { hash } = await ask(client.getBlock({ blockNumber: 0n }))
      return { chainId: id, genesis: hash }
    },
    final: async ({ number }) => {
      if (finality === 'confirmations') return number - BigInt(confirmations - 1)
      return (await ask(client.getBlock({ blockTag: finality }))).number
    },
    blockHash: async (number) => {
      const block = await ask(orNull(client.getBlock({ blockNumber: number }), 'BlockNotFoundError'))
      return block?.hash ?? null
    },
    head: async () => {
      const { number, hash, timestamp } = await ask(client.getBlock({ blockTag: 'latest' }))
      return { number, hash, time: Number(timestamp) }
    },
    nonce: (address, block) =>
      ask(client.getTransactionCount({ address, ...(block === undefined ? {} : { blockNumber: block }) })),
    balance: (address) => ask(client.getBalance({ address })),
    fees: () => ask(client.estimateFeesPerGas()),
    send: async (raw) => {
      const hash = keccak256(raw)
      try {
        await client.sendRawTransaction({ serializedTransaction: raw })
      } catch (cause) {
        // Nodes disagree on how they say that they have it already, so the chain itself is asked.
        if (await isKnown(hash)) return
        // Somebody else has used the nonce. What became of the place is what the lane looks at.
        if (/nonce.*too low|nonce_too_low/i.test(String((cause as Error).message))) return
        if (isTransport(cause)) throw new UnreachableError(options.url, cause)
        throw new RefusedError(hash, cause)
      }
    },
    receipt: async (hash) => {
      const receipt = await ask(orNull(client.getTransactionReceipt({ hash }), 'TransactionReceiptNotFoundError'))
      if (receipt === null) return null
      const { transactionHash, blockNumber, blockHash, status, gasUsed, effectiveGasPrice } = receipt
      if (transactionHash !== hash)
        throw new UnreachableError(options.url, new TypeError('Another receipt was asked for'))
      return { blockNumber, blockHash, succeeded: status === 'success', gasUsed, gasPrice: effectiveGasPrice }
    },
    transaction: isKnown,
    call: async ({ from, to, data }) => {
      const answer = await client
        .call({ to, data, ...(from === undefined ? {} : { account: from }) })
        .catch((cause) => {
          throw refusal(to, cause) ?? new UnreachableError(options.url, cause)
        })
      return answer.data ?? '0x'
    },
    estimate: ({ from, to, data }) =>
      client.estimateGas({ account: from, to, data }).catch((cause) => {
        throw refusal(to, cause) ?? new UnreachableError(options.url, cause)
      }),
    code: async (address) => (await ask(client.getCode({ address }))) ?? '0x',
    anchoredAt: async (account, root, block) => {
      const word = await ask(
        client.getStorageAt({
          address: registry,
          slot: slot(account, root),
          ...(block === undefined ? {} : { blockNumber: block }),
        }),
      )
      const value = BigInt(word === undefined || word === '0x' ? 0 : word)
      if (value === 0n) return null
      return { time: Number(value & 0xffff_ffff_ffff_ffffn), block: value >> 64n }
    },
    anchoredBy: async (account, root, block) => {
      const [log] = await ask(
        client.request({
          method: 'eth_getLogs',
          params: [
            {
              address: registry,
              topics: [anchored, pad(account), root],
              fromBlock: `0x${block.toString(16)}`,
              toBlock: `0x${block.toString(16)}`,
            },
          ],
        }),
      )
      return log === undefined || log.removed ? null : log.transactionHash
    },
  }
}

/** `Anchored(address,bytes32)`, the registry's only event. */
const anchored = keccak256(Bytes.toHex(Bytes.fromUtf8('Anchored(address,bytes32)')))

/** Where the registry keeps since when an account has anchored a root: `keccak256(abi.encode(account, root))`. */
export function slot(account: Bytes.Hex, root: Bytes.Hex): Bytes.Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [account, root]))
}

async function isThere(found: Promise<unknown>): Promise<boolean> {
  return (await found) !== null
}

async function orNull<answer>(question: Promise<answer>, name: string): Promise<answer | null> {
  try {
    return await question
  } catch (error) {
    if (error instanceof Error && error.name === name) return null
    throw error
  }
}

/** The contract's refusal in what a client throws; `undefined` where nothing came from a contract. */
function refusal(to: Bytes.Hex, cause: unknown): RevertedError | undefined {
  let reverted = false
  for (let error = cause; error instanceof Error; error = error.cause) {
    const data = (error as { readonly data?: unknown }).data
    if (typeof data === 'string' && /^0x([0-9a-f]{2})*$/i.test(data))
      return new RevertedError(to, data.slice(0, 10).toLowerCase() as Bytes.Hex, cause)
    reverted ||= /revert/i.test(error.message)
  }
  return reverted ? new RevertedError(to, '0x', cause) : undefined
}

function isTransport(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause)
    if (['HttpRequestError', 'TimeoutError', 'SocketClosedError'].includes(error.name)) return true
  return false
}

/** Where an RPC is, without what may be a secret in its address: user, path and query. */
function place(url: string): string {
  return new URL(url).host
}

/** Thrown when nobody answers for the chain, or not with an answer. */
export class UnreachableError extends Errors.BaseError<'CHAIN_UNREACHABLE'> {
  override readonly name = 'EvmChain.UnreachableError'
  constructor(url: string, cause: unknown) {
    super('CHAIN_UNREACHABLE', `The chain cannot be asked at ${place(url)}.`, { facts: { host: place(url) }, cause })
  }
}

/** Thrown when the chain's node does not take a transaction. */
export class RefusedError extends Errors.BaseError<'TRANSACTION_REFUSED'> {
  override readonly name = 'EvmChain.RefusedError'
  constructor(hash: Bytes.Hex, cause: unknown) {
    const details = cause instanceof Error && 'details' in cause ? String(cause.details) : String(cause)
    super('TRANSACTION_REFUSED', `The chain does not take the transaction: ${details}.`, {
      facts: { hash, why: details.slice(0, 200) },
      cause,
    })
  }
}
