import { type Abi, encodeAbiParameters, encodeFunctionData, type Hex, parseAbiParameters } from 'viem'
import type { Contract } from '../Peers.ts'
import type { Side, Takings } from '../Side.ts'
import { address, type Done, type Spent, type Stage, sum, word } from '../Stage.ts'
import * as Work from '../Work.ts'

const none = { address: `0x${'00'.repeat(20)}`, word: `0x${'00'.repeat(32)}` } as const

/** The same service does the same work in two ways: by a time stamp of 32 bytes, and by an attestation about them. */
export function eas(name: string, contracts: Readonly<Record<'EAS' | 'SchemaRegistry', Contract>>): readonly Side[] {
  return [
    { name: `${name} timestamp`, perform: (stage) => timestamp(contracts.EAS.abi, stage, contracts) },
    // An attestation about a recipient is no token; revoking one stands in for burning.
    { name: `${name} attest`, perform: (stage) => attest(contracts.EAS.abi, stage, contracts) },
  ]
}

async function deploy(stage: Stage, { EAS, SchemaRegistry }: Parameters<typeof eas>[1]) {
  const registry = await stage.deploy(SchemaRegistry.initCode)
  const service = await stage.deploy(
    `${EAS.initCode}${encodeAbiParameters([{ type: 'address' }], [registry.contract]).slice(2)}`,
  )
  const register = { abi: SchemaRegistry.abi, functionName: 'register', args: ['bytes32 root', none.address, true] }
  const { logs } = await stage.send(registry.contract, encodeFunctionData(register))
  return { contract: service.contract, schema: logs[0]?.topics[1] ?? none.word, deployment: sum([registry, service]) }
}

async function timestamp(abi: Abi, stage: Stage, contracts: Parameters<typeof eas>[1]): Promise<Takings> {
  const { contract, deployment } = await deploy(stage, contracts)
  const send = (functionName: string, argument: unknown) =>
    stage.send(contract, encodeFunctionData({ abi, functionName, args: [argument] }), stage.accounts[1])
  const takings: Record<string, Spent> = {
    'deploy the registry without the factory': deployment,
    'anchor one root, the first of its account': await send('timestamp', word(1)),
    'anchor one root, later': await send('timestamp', word(2)),
    'publish a status list, the first version': await send('timestamp', word(3)),
    'publish a status list, a version in place': await send('timestamp', word(4)),
  }
  for (const count of Work.roots) {
    const some = Array.from({ length: count }, (_, i) => word(1000 * count + i))
    takings[Work.anchor(count)] = await send('multiTimestamp', some)
  }
  return takings
}

async function attest(abi: Abi, stage: Stage, contracts: Parameters<typeof eas>[1]): Promise<Takings> {
  const { contract, schema } = await deploy(stage, contracts)
  const data = (recipient: Hex, text: Hex) => ({
    recipient,
    expirationTime: 0n,
    revocable: true,
    refUID: none.word,
    data: text,
    value: 0n,
  })
  const root = (n: number) => data(none.address, encodeAbiParameters(parseAbiParameters('bytes32'), [word(n)]))
  const person = (n: number) => data(address(n), '0x')
  const send = (name: string, argument: unknown) =>
    stage.send(contract, encodeFunctionData({ abi, functionName: name, args: [argument] }), stage.accounts[1])
  const one = (request: unknown) => send('attest', { schema, data: request })
  // A hundred at a time, below the cap of EIP-7825. The name of an attestation is the data of its event.
  const many = async (requests: readonly unknown[]) => {
    const done: Done[] = []
    for (let i = 0; i < requests.length; i += 100) {
      done.push(await send('multiAttest', [{ schema, data: requests.slice(i, i + 100) }]))
    }
    const uids = done.flatMap(({ logs }) => logs.map((log) => log.data))
    return { spent: sum(done), uids }
  }
  const row = (length: number, make: (n: number) => unknown, from: number) =>
    Array.from({ length }, (_, i) => make(from + i))
  const takings: Record<string, Spent> = {
    'anchor one root, the first of its account': await one(root(1)),
    'anchor one root, later': await one(root(2)),
  }
  for (const count of Work.roots) {
    takings[Work.anchor(count)] = (await many(row(count, root, 1000 * count))).spent
  }
  for (const count of Work.recipients) {
    takings[Work.award(count)] = (await many(row(count, person, 10_000 * count))).spent
    takings[Work.awardAgain(count)] = (await many(row(count, person, 10_000 * count))).spent
  }
  const { uids } = await many(row(Work.burned + 1, person, 90_000_000))
  const [first, ...others] = uids.map((uid) => ({ uid, value: 0n }))
  takings[Work.burn] = await send('revoke', { schema, data: first })
  takings[Work.burnMany] = await send('multiRevoke', [{ schema, data: others }])
  return takings
}
