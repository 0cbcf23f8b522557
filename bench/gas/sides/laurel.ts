import { concatHex, encodeFunctionData } from 'viem'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as StatusRegistry from '../../../core/src/generated/StatusRegistry.ts'
import type { Side, Takings } from '../Side.ts'
import { type Spent, type Stage, word } from '../Stage.ts'
import * as Work from '../Work.ts'

/** The committed bytes, as they are deployed. */
export const laurel: Side = {
  name: 'Laurel',
  perform: async (stage) => ({ ...(await anchor(stage)), ...(await publish(stage)) }),
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
