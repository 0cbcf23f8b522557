import * as Bytes from '@laurel/core/Bytes'
import * as StatusHistory from '@laurel/core/StatusHistory'
import type { Readers } from '../Readers.ts'
import * as StatusRegistry from '../StatusRegistry.ts'
import type * as Trust from '../Trust.ts'
import * as JsonRpc from './JsonRpc.ts'
import * as Sharing from './Sharing.ts'

/** How many versions of a list are read, and of how many blocks the times are asked for at once. */
const most = 4_096
const together = 64

/**
 * Reads what an account has recorded of a status list out of the logs of the registry, over JSON-RPC: from one endpoint of
 * the chain after the other, until one has a history that folds to the head. Logs are no state: a full node has them
 * without being an archive, unless it was told to forget them. That an endpoint leaves something out, or makes something
 * up, shows by the head, so that none has to be believed.
 *
 * What folds to a head is remembered for as long as the reader lives, since nothing else ever will.
 */
export function create(fetch: JsonRpc.Fetch): NonNullable<Readers['history']> {
  const keep = Sharing.keep<readonly StatusHistory.Version[] | undefined>((history) => history !== undefined)
  return (chain, account, listId, head) => keep(Bytes.toHex(head), () => search(fetch, chain, account, listId, head))
}

async function search(
  fetch: JsonRpc.Fetch,
  chain: Trust.Chain,
  account: Bytes.Hex,
  listId: Uint8Array,
  head: Uint8Array,
): Promise<readonly StatusHistory.Version[] | undefined> {
  for (const url of chain.rpc) {
    const history = await readLogs(fetch, url, StatusRegistry.of(chain), StatusHistory.topics(account, listId))
    const whole = history && StatusHistory.upTo(head, history)
    if (whole !== undefined) return whole
  }
  return undefined
}

async function readLogs(
  fetch: JsonRpc.Fetch,
  url: string,
  address: Bytes.Hex,
  topics: readonly Uint8Array[],
): Promise<readonly StatusHistory.Version[] | undefined> {
  const filter = { address, topics: topics.map(Bytes.toHex), fromBlock: '0x0', toBlock: 'latest' }
  try {
    const [logs] = await JsonRpc.batch(fetch, url, [['eth_getLogs', [filter]]])
    if (!Array.isArray(logs) || logs.length > most) return undefined
    const standing: readonly Log[] = logs.filter(({ removed }) => removed !== true)
    const times = await readTimes(fetch, url, [...new Set(standing.map(({ blockHash }) => String(blockHash)))])
    return standing.map(({ data, blockHash }) => ({
      digest: Bytes.fromHex(data as Bytes.Hex, 32),
      time: times.get(String(blockHash)) ?? 0,
    }))
  } catch {
    // Away, or it does not know the method, or refuses so wide a question: another endpoint may answer.
    return undefined
  }
}

/** What an endpoint claims to be a log. */
type Log = { readonly data?: unknown; readonly blockHash?: unknown; readonly removed?: unknown }

/** The times of blocks by their hashes, in seconds since 1970. */
async function readTimes(
  fetch: JsonRpc.Fetch,
  url: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for (let at = 0; at < hashes.length; at += together) {
    const some = hashes.slice(at, at + together)
    const calls = some.map((hash) => ['eth_getBlockByHash', [hash, false]] as const)
    const blocks = await JsonRpc.batch(fetch, url, calls)
    for (const [i, hash] of some.entries()) {
      const { timestamp } = blocks[i] as { readonly timestamp?: unknown }
      times.set(hash, JsonRpc.time(timestamp))
    }
  }
  return times
}
