import { concatHex, encodeFunctionData, type Hex, hexToBytes } from 'viem'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as IssuerDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import * as StatusRegistry from '../../../core/src/generated/StatusRegistry.ts'
import * as Join from '../../../core/src/IssuerDirectory.ts'
import type { Side, Takings } from '../Side.ts'
import { type Spent, type Stage, start, word } from '../Stage.ts'
import * as Work from '../Work.ts'
import { badges } from './badges.ts'

/** The committed bytes, as they are deployed. */
export const laurel: Side = {
  name: 'Laurel',
  perform: async (stage) => ({
    ...(await anchor(stage)),
    ...(await publish(stage)),
    ...(await direct(stage)),
    ...(await badges(stage)),
  }),
}

async function anchor({ deploy, send, accounts }: Stage): Promise<Takings> {
  const deployment = await deploy(AnchorRegistry.initCode)
  const anchored = (...numbers: readonly number[]) =>
    send(deployment.contract, concatHex(numbers.map(word)), accounts[1])
  const takings: Record<string, Spent> = {
    'anchor one root, the first of its account': await anchored(1),
    'anchor one root, later': await anchored(2),
  }
  for (const count of Work.roots) {
    const numbers = Array.from({ length: count }, (_, i) => 1000 * count + i)
    takings[Work.anchor(count)] = await anchored(...numbers)
  }
  return { ...takings, 'deploy the registry without the factory': deployment }
}

async function publish({ deploy, send, accounts }: Stage): Promise<Takings> {
  const { contract } = await deploy(StatusRegistry.initCode)
  const version = (n: number) => {
    const args = [word(1), word(n)] as const
    const data = encodeFunctionData({ abi: StatusRegistry.abi, functionName: 'publish', args })
    return send(contract, data, accounts[1])
  }
  return {
    'publish a status list, the first version': await version(2),
    'publish a status list, a version in place': await version(3),
  }
}

async function direct({ deploy, send, accounts, request }: Stage): Promise<Takings> {
  const deployment = await deploy(IssuerDirectory.initCode)
  const [, controller, agreeing, signing] = accounts as readonly [Hex, Hex, Hex, Hex]
  const directory = deployment.contract
  type Call = Parameters<typeof encodeFunctionData<typeof IssuerDirectory.abi>>[0]
  const call = (from: Hex, functionName: Call['functionName'], args: readonly unknown[]) =>
    send(directory, encodeFunctionData({ abi: IssuerDirectory.abi, functionName, args } as Call), from)

  const registered = await call(controller, 'register', [word(1), 'did:web:badges.example.org', word(2)])
  const issuerId = registered.logs[0]?.topics[1] ?? '0x'
  await call(agreeing, 'consent', [issuerId])
  const agreed = await call(controller, 'addAccount', [issuerId, agreeing])
  const deadline = start + 86_400
  const join = { chainId: 31_337, directory, issuerId: hexToBytes(issuerId), account: signing, nonce: 0, deadline }
  const signature = (await request('eth_signTypedData_v4', signing, Join.joinTypedData(join))) as Hex
  const signed = await call(controller, 'addAccountBySignature', [issuerId, signing, BigInt(deadline), signature])
  const keyAdded = await call(controller, 'addKey', [issuerId, word(3)])
  const { timestamp } = (await request('eth_getBlockByNumber', 'latest', false)) as { readonly timestamp: Hex }
  return {
    'register an issuer': registered,
    'let an account join that has agreed by a call': agreed,
    'let an account join that has signed': signed,
    'add a key': keyAdded,
    'retire a key': await call(controller, 'retireKey', [issuerId, word(3)]),
    'report a key': await call(controller, 'reportKey', [issuerId, word(3), BigInt(timestamp)]),
    'deploy the directory without the factory': deployment,
  }
}
