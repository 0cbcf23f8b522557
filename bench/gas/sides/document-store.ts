import { type Abi, encodeAbiParameters, encodeFunctionData } from 'viem'
import type { Contract } from '../Peers.ts'
import type { Side, Takings } from '../Side.ts'
import { type Spent, type Stage, word } from '../Stage.ts'
import * as Work from '../Work.ts'

/** A package that carries the bytecode of OpenAttestation's DocumentStore, and what its version calls things. */
type Version = {
  readonly name: string
  readonly contract: Contract
  /** Issues several at once, and revokes several at once. */
  readonly several: (name: 'issue' | 'revoke', documents: readonly unknown[]) => readonly [string, unknown]
}

/** The packages ship no source: what runs is their bytecode, of their authors' compiler and settings. */
export function documentStore({ name, contract: { abi, initCode }, several }: Version): Side {
  return { name, perform: (stage) => perform(stage, abi, initCode, several) }
}

/** `bulkIssue` and `bulkRevoke`, as version 3 has them. */
export const bulk: Version['several'] = (name, documents) => [name === 'issue' ? 'bulkIssue' : 'bulkRevoke', documents]

/** OpenZeppelin's `multicall`, which version 4 has instead. */
export const multicall =
  (abi: Abi): Version['several'] =>
  (functionName, documents) => [
    'multicall',
    documents.map((document) => encodeFunctionData({ abi, functionName, args: [document] })),
  ]

async function perform(
  stage: Stage,
  abi: Abi,
  initCode: Contract['initCode'],
  several: Version['several'],
): Promise<Takings> {
  const [, account = '0x'] = stage.accounts
  const args = encodeAbiParameters([{ type: 'string' }, { type: 'address' }], ['Badges', account]).slice(2)
  const deployment = await stage.deploy(`${initCode}${args}`)
  const send = (functionName: string, argument: unknown) =>
    stage.send(deployment.contract, encodeFunctionData({ abi, functionName, args: [argument] }), account)
  const takings: Record<string, Spent> = {
    'deploy the registry without the factory': deployment,
    'anchor one root, the first of its account': await send('issue', word(1)),
    'anchor one root, later': await send('issue', word(2)),
    'publish a status list, the first version': await send('issue', word(3)),
    'publish a status list, a version in place': await send('issue', word(4)),
  }
  const row = (count: number) => Array.from({ length: count }, (_, i) => word(1000 * count + i))
  for (const count of Work.roots) {
    takings[Work.anchor(count)] = await send(...several('issue', row(count)))
  }
  takings[Work.burn] = await send('revoke', word(1))
  takings[Work.burnMany] = await send(...several('revoke', row(Work.burned)))
  return takings
}
