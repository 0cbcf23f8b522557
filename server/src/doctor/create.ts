import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import type * as Json from '@laurel/core/Json'
import * as EvmChain from '../adapters/chain/EvmChain.ts'
import { openPlaces } from '../adapters/content/open-places.ts'
import * as KeystoreSigners from '../adapters/signer/KeystoreSigners.ts'
import * as Location from '../adapters/store/Location.ts'
import * as SqlStores from '../adapters/store/SqlStores.ts'
import type { Config } from '../config.ts'
import { byChainId } from '../networks.ts'
import * as PublicDocuments from '../PublicDocuments.ts'
import type { Chain } from '../ports/Chain.ts'
import * as ChainChecks from './chain.ts'
import type { Check } from './Examination.ts'
import { machine } from './machine.ts'
import * as StoreChecks from './store.ts'
import * as WorldChecks from './world.ts'

/** Everything that is looked at. What several checks need is opened once; nothing is made, migrated or sent. */
export function createChecks(config: Config): readonly Check[] {
  const patient = { config, now: Date.now }
  const see = {
    store: once(() => seeStore(config)),
    keys: once(() => seeKeys(config)),
    reached: once(() => reach(config)),
  }
  const seeChain = async (): Promise<ChainChecks.Seen | undefined> => {
    const chain = await see.reached()
    if (chain === undefined) return undefined
    const account = (await see.keys())?.chain.address
    const known = account === undefined ? undefined : await see.store().catch(() => undefined)
    const lane = known?.lanes.find((each) => each.chainId === chain.chainId && each.account === account)
    return { chain, account, genesis: known?.chains.get(chain.chainId), condition: lane?.condition ?? null }
  }
  const seeWorld = async (): Promise<WorldChecks.Seen> => {
    const keys = await see.keys()
    const { did } = keys === undefined ? {} : PublicDocuments.create(config, keys.credentialKeys, keys.chain)
    return { didDocument: did as unknown as Json.Object | undefined, places: await openPlaces(config.pinning) }
  }
  // Where it cannot be reached, what is issued there lasts for all that is known.
  const isDevelopment = async () =>
    (await see.reached().catch(() => null))?.development ?? config.chain.rpc === undefined
  return [
    ...machine(patient),
    ...StoreChecks.store(patient, see.store, isDevelopment),
    ...ChainChecks.chain(patient, seeChain),
    ...WorldChecks.world(patient, seeWorld),
  ]
}

type Store = StoreChecks.Seen & {
  readonly lanes: Awaited<ReturnType<Awaited<ReturnType<typeof SqlStores.open>>['transactions']['lanes']>>
  /** The first block of each chain that was used. */
  readonly chains: ReadonlyMap<number, `0x${string}`>
}

async function seeStore({ database }: Config): Promise<Store> {
  const inspection = await Location.inspect(database)
  const none = { ...inspection, lanes: [], chains: new Map() }
  if (inspection.pending > 0 || inspection.newer !== undefined || inspection.forgets !== undefined) return none
  const { store, census, restorations, transactions } = await SqlStores.open(database)
  try {
    return {
      ...inspection,
      inside: { figures: await census.take(), restoration: await restorations.open() },
      lanes: await transactions.lanes(),
      chains: await transactions.chains(),
    }
  } finally {
    await store.close()
  }
}

/** The keys of a home that has some. */
async function seeKeys({ home, passphraseFile }: Config) {
  const isThere = await readFile(join(home, 'keys', 'chain.json')).catch(() => undefined)
  if (isThere === undefined) return undefined
  const { chainSigner, credentialKeys } = await KeystoreSigners.open(home, passphraseFile)
  return { chain: chainSigner, credentialKeys }
}

/** The chain as it is, without making it ready; `undefined` where it is the embedded one and nobody uses it now. */
async function reach({ home, chain: { rpc, confirmations, finality } }: Config): Promise<Chain | undefined> {
  const url = rpc ?? (await embedded(home))
  if (url === undefined) return undefined
  const client = EvmChain.createClient(url)
  const chainId = await client.getChainId().catch((cause) => {
    if (rpc === undefined) return undefined
    throw new EvmChain.UnreachableError(url, cause)
  })
  if (chainId === undefined) return undefined
  const network = byChainId(chainId)
  const development = rpc === undefined || network.development
  return EvmChain.create(chainId, client, {
    url,
    registry: AnchorRegistry.address,
    confirmations: confirmations ?? network.confirmations,
    finality,
    test: development || network.test,
    development,
  })
}

async function embedded(home: string): Promise<string | undefined> {
  try {
    const { port } = JSON.parse(await readFile(join(home, 'chain', 'chain.json'), 'utf8'))
    return `http://127.0.0.1:${port}`
  } catch {
    return undefined
  }
}

/** Does something when it is first asked for, and answers with that from then on. */
function once<value>(make: () => Promise<value>): () => Promise<value> {
  let made: Promise<value> | undefined
  return () => {
    made ??= make()
    return made
  }
}
