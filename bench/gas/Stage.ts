import hre from 'hardhat'
import { type Hex, hexToBigInt, keccak256, numberToHex, size } from 'viem'

/** `gas` is the receipt's `gasUsed`, refunds deducted; `bytes` is the length of the calldata, which rollups charge for. */
export type Spent = { readonly gas: number; readonly bytes: number }

/** What a transaction did, and what it took. */
export type Done = Spent & { readonly contract: Hex; readonly logs: readonly Log[] }
export type Log = { readonly topics: readonly Hex[]; readonly data: Hex }

/** A new in-process chain under the rules of Osaka, and its first accounts. Close it. */
export type Stage = {
  readonly accounts: readonly Hex[]
  readonly deploy: (initCode: Hex) => Promise<Done>
  readonly send: (to: Hex, data: Hex, from?: Hex) => Promise<Done>
  /** Lets seconds pass before the next transaction, beside the twelve of a block. */
  readonly pass: (seconds: number) => void
  /** Anything else that the chain can be asked. */
  readonly request: (method: string, ...params: readonly unknown[]) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** The cap of EIP-7825: no transaction may have more. */
export const cap = 16_777_216

/** The time of the first block, in seconds since 1970. */
export const start = Date.parse('2026-03-01T00:00:00Z') / 1000

/** Starts a chain whose blocks are twelve seconds apart: no figure depends on today, nor on how fast the machine is. */
export async function open(): Promise<Stage> {
  const connection = await hre.network.create({
    network: 'default',
    chainType: 'l1',
    override: { initialDate: new Date(start * 1000) },
  })
  const request: Stage['request'] = (method, ...params) => connection.provider.request({ method, params: [...params] })
  const accounts = (await request('eth_accounts')) as readonly Hex[]
  let time = start
  const act = async (to: Hex | undefined, data: Hex, from = accounts[0]): Promise<Done> => {
    time += 12
    await request('evm_setNextBlockTimestamp', numberToHex(time))
    const hash = await request('eth_sendTransaction', { from, to, data, gas: numberToHex(cap) })
    const receipt = (await request('eth_getTransactionReceipt', hash)) as {
      readonly gasUsed: Hex
      readonly contractAddress: Hex | null
      readonly logs: readonly Log[]
    }
    return {
      gas: Number(hexToBigInt(receipt.gasUsed)),
      bytes: size(data),
      contract: receipt.contractAddress ?? '0x',
      logs: receipt.logs,
    }
  }
  return {
    accounts,
    deploy: (initCode) => act(undefined, initCode),
    send: act,
    pass(seconds) {
      time += seconds
    },
    request,
    close: () => connection.close(),
  }
}

/** What several transactions took together. */
export function sum(all: readonly Spent[]): Spent {
  return all.reduce((a, b) => ({ gas: a.gas + b.gas, bytes: a.bytes + b.bytes }), { gas: 0, bytes: 0 })
}

/** The n-th of an endless row of 32 bytes. None has a zero byte, which makes them the dearest of calldata. */
export function word(n: number): Hex {
  return keccak256(numberToHex(n, { size: 32 })).replace(/(?<=^0x(?:..)*)00/g, '01') as Hex
}

/** The n-th of an endless row of addresses, each with 20 bytes that are not zero. */
export function address(n: number): Hex {
  return `0x${word(n).slice(-40)}`
}
