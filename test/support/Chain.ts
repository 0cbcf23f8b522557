import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'
import type * as Golden from './Golden.ts'

const hardhat = fileURLToPath(new URL('../../node_modules/hardhat/dist/src/cli.js', import.meta.url))
const executable = fileURLToPath(new URL('../../node_modules/.bin/anvil', import.meta.url))

/** A fresh chain of this test's own. */
export type Chain = {
  readonly url: string
  readonly rpc: (method: string, ...params: readonly unknown[]) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/** Starts anvil on a free port; its first block is older than every golden anchor. */
export async function start(chainId = 31337): Promise<Chain> {
  const args = ['--chain-id', String(chainId), '--port', '0', '--timestamp', '1770000000']
  const anvil = spawn(executable, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(anvil, 'exit')
  let output = ''
  for await (const chunk of anvil.stdout.setEncoding('utf8')) {
    output += chunk
    if (output.includes('Listening on')) break
  }
  const port = /Listening on [^:]+:(\d+)/.exec(output)?.[1]
  if (port === undefined) throw new Error(`anvil did not start:\n${output}`)
  anvil.stdout.resume()
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    rpc: rpc(url),
    stop: async () => {
      anvil.kill('SIGTERM')
      await ended
    },
  }
}

/** Starts Hardhat's node on a free port: it demands what is due for a replacement, and has no reorganisations. */
export async function startHardhat(): Promise<Chain> {
  const args = [hardhat, 'node', '--hostname', '127.0.0.1', '--port', String(await freePort())]
  const node = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(node, 'exit')
  for await (const line of createInterface(node.stdout)) if (line.includes('Started HTTP')) break
  node.stdout.resume()
  const url = `http://127.0.0.1:${args.at(-1)}`
  return {
    url,
    rpc: rpc(url),
    stop: async () => {
      node.kill('SIGKILL')
      await ended
    },
  }
}

/** Asks the node at a URL directly. */
export function rpc(url: string): Chain['rpc'] {
  return async (method, ...params) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = await response.json()
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }
}

/** Puts the stand-in registry of the golden samples at its address and replays the anchors of this chain. */
export async function replay(chain: Chain, { registryStandIn, anchors }: Golden.Anchors): Promise<void> {
  const chainId = Number(await chain.rpc('eth_chainId'))
  await chain.rpc('anvil_setCode', registryStandIn.address, registryStandIn.runtimeCode)
  const ours = anchors.filter((anchor) => anchor.chainId === chainId).toSorted((a, b) => a.time - b.time)
  for (const { time, rawTransaction, transactionHash } of ours) {
    await chain.rpc('evm_setNextBlockTimestamp', time)
    const hash = await chain.rpc('eth_sendRawTransaction', rawTransaction)
    if (hash !== transactionHash) throw new Error(`The replayed transaction is ${hash}, not ${transactionHash}`)
    await mined(chain, transactionHash)
  }
}

/** Waits until a transaction is in a block: anvil answers before it has made one. */
async function mined(chain: Chain, hash: string): Promise<void> {
  while ((await chain.rpc('eth_getTransactionReceipt', hash)) === null);
}
