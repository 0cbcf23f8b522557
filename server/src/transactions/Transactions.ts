import * as Bytes from '@laurel/core/Bytes'
import * as Rlp from '@laurel/core/Rlp'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Fees } from '../ports/Chain.ts'
import type { ChainSigner } from '../ports/ChainSigner.ts'

/** EIP-2718: the type of an EIP-1559 transaction. */
const type = Uint8Array.of(0x02)

/** A signed transaction: its bytes and its hash. */
export type Transaction = { readonly hash: Bytes.Hex; readonly raw: Bytes.Hex }

/** A call that a transaction makes: no value, ever. Gas is the most that it may use. */
export type Call = { readonly to: Bytes.Hex; readonly data: Bytes.Hex; readonly gas: bigint }

/**
 * Signs a transaction (EIP-1559) that makes one call, without value and without access list. Sends nothing.
 */
export async function sign(options: {
  readonly chainId: number
  readonly signer: ChainSigner
  readonly nonce: number
  readonly call: Call
  readonly fees: Fees
}): Promise<Transaction> {
  const { chainId, signer, nonce, call, fees } = options
  const fields: readonly Rlp.Item[] = [
    Rlp.integer(chainId),
    Rlp.integer(nonce),
    Rlp.integer(fees.maxPriorityFeePerGas),
    Rlp.integer(fees.maxFeePerGas),
    Rlp.integer(call.gas),
    Bytes.fromHex(call.to, 20),
    Rlp.integer(0),
    Bytes.fromHex(call.data),
    [],
  ]
  const { r, s, yParity } = await signer.signDigest(keccak_256(Bytes.concat(type, Rlp.encode(fields))))
  const signature = [Rlp.integer(yParity), Rlp.integer(BigInt(r)), Rlp.integer(BigInt(s))]
  const raw = Bytes.concat(type, Rlp.encode([...fields, ...signature]))
  return { raw: Bytes.toHex(raw), hash: Bytes.toHex(keccak_256(raw)) }
}

/**
 * How many roots one transaction anchors at most: it then uses a twentieth of a block of Ethereum.
 */
export const mostRoots = 64

/**
 * The call that anchors roots: their bytes, one after the other, are its whole calldata.
 *
 * The first uses 45,376 gas and every other one less than 30,000; the rest of what is offered is room for a chain that
 * counts differently, as roll-ups do, and costs nothing where it is not used.
 */
export function anchoring(registry: Bytes.Hex, roots: readonly Bytes.Hex[]): Call {
  const data = Bytes.toHex(Bytes.concat(...roots.map((root) => Bytes.fromHex(root, 32))))
  return { to: registry, data, gas: 120_000n + 30_000n * BigInt(roots.length) }
}

/** What {@link sign} was asked for, out of what it made. */
export function read(raw: Bytes.Hex): {
  readonly chainId: number
  readonly nonce: number
  readonly call: Call
  readonly fees: Fees
} {
  const bytes = Bytes.fromHex(raw)
  if (bytes[0] !== type[0]) throw new TypeError('This is no EIP-1559 transaction')
  const [chainId, nonce, tip, fee, gas, to, , data] = Rlp.decode(bytes.subarray(1)) as readonly Uint8Array[]
  const integer = (field: Uint8Array | undefined) => Rlp.toInteger(field ?? new Uint8Array())
  return {
    chainId: Number(integer(chainId)),
    nonce: Number(integer(nonce)),
    call: {
      to: Bytes.toHex(to ?? new Uint8Array()),
      data: Bytes.toHex(data ?? new Uint8Array()),
      gas: integer(gas),
    },
    fees: { maxFeePerGas: integer(fee), maxPriorityFeePerGas: integer(tip) },
  }
}

/**
 * What replaces an offer: as much as is asked for now, and at least an eighth more of both, for clients take no
 * replacement that offers less than a tenth more of either.
 */
export function raise(offered: Fees, asked: Fees): Fees {
  const more = (fee: bigint) => fee + fee / 8n + 1n
  const higher = (a: bigint, b: bigint) => (a > b ? a : b)
  return {
    maxFeePerGas: higher(more(offered.maxFeePerGas), asked.maxFeePerGas),
    maxPriorityFeePerGas: higher(more(offered.maxPriorityFeePerGas), asked.maxPriorityFeePerGas),
  }
}

/** The most that a call can cost, in wei. */
export function cost(call: Pick<Call, 'gas'>, fees: Fees): bigint {
  return call.gas * fees.maxFeePerGas
}
