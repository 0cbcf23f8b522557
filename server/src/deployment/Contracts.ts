import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import * as BadgeCollection from '@laurel/core/generated/BadgeCollection'
import * as BadgeCollectionFactory from '@laurel/core/generated/BadgeCollectionFactory'
import * as IssuerDirectory from '@laurel/core/generated/IssuerDirectory'
import * as StatusRegistry from '@laurel/core/generated/StatusRegistry'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Chain } from '../ports/Chain.ts'

/** A contract whose committed bytes lead to one address on every chain. */
export type Contract = {
  readonly name: string
  readonly address: Bytes.Hex
  readonly salt: Bytes.Hex
  readonly initCode: Bytes.Hex
  readonly runtimeCodeHash: Bytes.Hex
}

type Asked = Pick<Chain, 'chainId' | 'code'>

export const anchorRegistry: Contract = { name: 'AnchorRegistry', ...AnchorRegistry }
export const statusRegistry: Contract = { name: 'StatusRegistry', ...StatusRegistry }
export const issuerDirectory: Contract = { name: 'IssuerDirectory', ...IssuerDirectory }
export const badgeCollectionFactory: Contract = { name: 'BadgeCollectionFactory', ...BadgeCollectionFactory }

/** Every contract, in an order in which each finds what it needs. */
export const contracts: readonly Contract[] = [
  anchorRegistry,
  statusRegistry,
  issuerDirectory,
  { name: 'BadgeCollection', ...BadgeCollection },
  badgeCollectionFactory,
]

/** The call of the deterministic-deployment proxy that deploys a contract: its salt, then its init code. */
export function deployment({ salt, initCode }: Contract): { readonly to: Bytes.Hex; readonly data: Bytes.Hex } {
  return { to: AnchorRegistry.factory, data: `${salt}${initCode.slice(2)}` as Bytes.Hex }
}

/**
 * Whether a contract stands at its address, with the very code that was committed.
 *
 * @throws {CodeError} CONTRACT_CODE when something else stands there
 */
export async function isDeployed(chain: Asked, contract: Contract): Promise<boolean> {
  const code = await chain.code(contract.address)
  if (code === '0x') return false
  if (Bytes.toHex(keccak_256(Bytes.fromHex(code))) !== contract.runtimeCodeHash) throw new CodeError(contract)
  return true
}

/** Whether the proxy is there through which everything is deployed, and is no other program. */
export async function hasFactory(chain: Asked): Promise<boolean> {
  const code = await chain.code(AnchorRegistry.factory)
  // 69 bytes of code, which end its presigned transaction but for the signature.
  return code.length === 2 + 2 * 69 && AnchorRegistry.factoryRawTransaction.includes(code.slice(2))
}

/**
 * Makes sure that a contract can be used.
 *
 * @throws {MissingError} CONTRACT_MISSING, or REGISTRY_MISSING for the registry of anchors
 * @throws {CodeError} CONTRACT_CODE
 */
export async function demand(chain: Asked, contract: Contract): Promise<void> {
  if (!(await isDeployed(chain, contract))) throw new MissingError(chain.chainId, contract)
}

/** Thrown when other code than a contract's stands at its address. */
export class CodeError extends Errors.BaseError<'CONTRACT_CODE'> {
  override readonly name = 'Contracts.CodeError'
  constructor({ name, address }: Contract) {
    super('CONTRACT_CODE', `Something else than the ${name} stands at its address on this chain.`, {
      facts: { contract: name, address },
    })
  }
}

/** Thrown when a chain does not have a contract yet. */
export class MissingError extends Errors.BaseError<'CONTRACT_MISSING' | 'REGISTRY_MISSING'> {
  override readonly name = 'Contracts.MissingError'
  constructor(chainId: number, { name, address }: Contract) {
    const code = name === anchorRegistry.name ? 'REGISTRY_MISSING' : 'CONTRACT_MISSING'
    super(code, `The ${name} has not been deployed on chain ${chainId}.`, {
      facts: { chainId, contract: name, address },
    })
  }
}
