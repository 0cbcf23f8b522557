import * as Car from '@laurel/core/Car'
import * as Errors from '@laurel/core/Errors'
import { create, type KuboRPCClient } from 'kubo-rpc-client'
import { CID } from 'multiformats/cid'
import type { Block } from '../../ports/ContentStore.ts'
import * as Pinning from '../../ports/Pinning.ts'

/** How long a node may take for one answer, in milliseconds. */
const patience = 60_000

/**
 * An IPFS node (Kubo), by its RPC of version 0. Content is handed over as one archive whose root is pinned, during which
 * Kubo collects no garbage. Kubo tells an error in mid-answer by a trailer, which no `fetch` shows: so an answer that
 * lacks what was asked for is one that broke off.
 *
 * @param url the RPC's address; a user and a password in it are sent as HTTP Basic (Kubo's `API.Authorizations`)
 */
export function open(url: string, { timeout = patience }: { readonly timeout?: number } = {}): Pinning.Pinning {
  const { client, place } = connect(url)

  const ask = async <answer>(signal: AbortSignal, question: (signal: AbortSignal) => Promise<answer>) => {
    try {
      return await question(AbortSignal.any([signal, AbortSignal.timeout(timeout)]))
    } catch (cause) {
      if (cause instanceof Errors.BaseError) throw cause
      throw answerOf(cause) === undefined
        ? new Pinning.UnreachableError(place, cause)
        : new Pinning.RefusedError(place, cause)
    }
  }

  return {
    place,
    pin: (root, blocks, given) =>
      ask(given, async (signal) => {
        const archive = Car.write([CID.parse(root).bytes], binary(blocks))
        let isPinned = false
        for await (const { root: found } of client.dag.import([archive], { pinRoots: true, signal })) {
          if (found.pinErrorMsg) throw new Pinning.RefusedError(place, new Error(found.pinErrorMsg))
          if (!found.cid.equals(CID.parse(root))) throw new Pinning.MismatchError(place, root, found.cid.toString())
          isPinned = true
        }
        if (!isPinned) throw new Pinning.UnreachableError(place)
      }),
    keeps: (root, given) =>
      ask(given, async (signal) => {
        try {
          for await (const { cid } of client.pin.ls({ paths: CID.parse(root), type: 'recursive', signal }))
            if (cid.equals(CID.parse(root))) return true
          return false
        } catch (cause) {
          if (/is not pinned/.test(answerOf(cause) ?? '')) return false
          throw cause
        }
      }),
    fetch: (cid, given) =>
      ask(given, async (signal) => {
        try {
          // Offline: only what this node has itself.
          const options = { offline: true, signal }
          return await client.block.get(CID.parse(cid), options)
        } catch (cause) {
          if (/not found|could not find/.test(answerOf(cause) ?? '')) return undefined
          throw cause
        }
      }),
  }
}

function connect(url: string): { readonly client: KuboRPCClient; readonly place: string } {
  const address = new URL(url)
  const { host, username, password } = address
  address.username = ''
  address.password = ''
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers = username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
  return { client: create({ url: address, headers }), place: host }
}

async function* binary(blocks: AsyncIterable<Block>): AsyncGenerator<Car.Section> {
  for await (const { cid, bytes } of blocks) yield { cid: CID.parse(cid).bytes, bytes }
}

/** What Kubo itself says: a 4xx, or a 500 with a sentence. Any other 5xx is of a proxy before it. */
function answerOf(cause: unknown): string | undefined {
  const { name, message, response } = cause as Error & { readonly response?: Response }
  if (name !== 'HTTPError' || response === undefined || response.status > 500) return undefined
  return message
}
