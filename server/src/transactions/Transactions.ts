import * as Bytes from '@laurel/core/Bytes'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Chain, Fees } from '../ports/Chain.ts'
import type { ChainSigner } from '../ports/ChainSigner.ts'
import * as Rlp from './Rlp.ts'

/**
 * The gas that anchoring one root may use. It uses 45,376; the rest is room for a chain that counts differently, as
 * roll-ups do, and costs nothing where it is not used.
 */
export const gasLimit = 150_000n

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

/** Signs the transaction that anchors one root: the 32 bytes of the root are its whole calldata. Sends nothing. */
export async function anchor(options: {
  readonly chain: Pick<Chain, 'chainId' | 'registry'>
  readonly signer: ChainSigner
  readonly nonce: number
  readonly root: Bytes.Hex
  readonly fees: Fees
}): Promise<Transaction> {
  const { chain, signer, nonce, root, fees } = options
  Bytes.fromHex(root, 32)
  return sign({ chainId: chain.chainId, signer, nonce, fees, call: { to: chain.registry, data: root, gas: gasLimit } })
}
