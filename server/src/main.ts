import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import * as EmbeddedChain from './adapters/chain/EmbeddedChain.ts'
import { open as openChain } from './adapters/chain/open.ts'
import * as BlockContentStore from './adapters/content/BlockContentStore.ts'
import * as HomeFiles from './adapters/files/HomeFiles.ts'
import * as VerifierJudge from './adapters/judge/VerifierJudge.ts'
import * as LocalPress from './adapters/press/LocalPress.ts'
import * as ThreadedPress from './adapters/press/ThreadedPress.ts'
import * as KeystoreSigners from './adapters/signer/KeystoreSigners.ts'
import * as SqliteBatchStore from './adapters/store/sqlite/SqliteBatchStore.ts'
import type * as Batch from './Batch.ts'
import type { Context, Identity, Progress } from './Context.ts'
import type { Config } from './config.ts'
import * as PublicDocuments from './PublicDocuments.ts'
import type { Press } from './ports/Press.ts'
import * as TrustFile from './TrustFile.ts'

/** What a home has without a chain: enough to look things up, to revoke and to export. */
export type Home = Pick<
  Context,
  | 'store'
  | 'content'
  | 'files'
  | 'press'
  | 'clock'
  | 'randomness'
  | 'credentialSigner'
  | 'chainSigner'
  | 'identity'
  | 'badge'
> & {
  readonly documents: PublicDocuments.PublicDocuments
  readonly close: () => Promise<void>
}

export type Listener = {
  readonly progress: (progress: Progress) => void
  /** Hears of what the operator should know. */
  readonly say: (sentence: string) => void
}

/** The embedded chain's id unless the configuration names another: that of every development chain. */
const embeddedChainId = 31337

/**
 * Opens a home without its chain; makes it where there is none.
 *
 * @throws {Keystore.KeystoreError} when a key cannot be opened
 * @throws {NodeSqlite.NewerDatabaseError} when a later version of Laurel wrote the database
 */
export async function createHome(config: Config): Promise<Home> {
  const { home } = config
  await mkdir(home, { recursive: true, mode: 0o700 })
  const { credentialSigner, chainSigner } = await KeystoreSigners.open(home, config.passphraseFile)
  const documents = PublicDocuments.create(config, credentialSigner.publicKey, chainSigner)
  const content = await BlockContentStore.open(home)
  const badge = await readFile(badgeFile)
  const store = SqliteBatchStore.open(join(home, 'laurel.db'))
  const local = LocalPress.create({
    store,
    signer: credentialSigner,
    createJudge: () => VerifierJudge.create(home, content),
    badge,
  })
  const press = config.workers > 1 ? openThreads(config, credentialSigner, local) : local
  return {
    store,
    content,
    press,
    badge,
    files: HomeFiles.open(home),
    clock: { now: Date.now },
    randomness: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    credentialSigner,
    chainSigner,
    identity: PublicDocuments.identify(config, credentialSigner.publicKey),
    documents,
    close: async () => {
      await press.close()
      await store.close()
    },
  }
}

const badgeFile = new URL('../assets/badge.png', import.meta.url)

function openThreads({ home, workers }: Config, signer: Context['credentialSigner'], local: Press): Press {
  return ThreadedPress.create({
    entry: new URL('thread.ts', import.meta.url),
    data: { home, badge: fileURLToPath(badgeFile) },
    threads: workers,
    signer,
    local,
  })
}

/**
 * Opens a home and its chain, the embedded one where no other is configured, and writes down for verifiers on this
 * machine what they may trust.
 *
 * @throws {EvmChain.UnreachableError} and what else opening a chain throws
 */
export async function createContext(
  config: Config,
  { progress, say }: Listener,
): Promise<{
  readonly context: Context
  readonly documents: PublicDocuments.PublicDocuments
  readonly close: () => Promise<void>
}> {
  const { documents, close: closeHome, ...home } = await createHome(config)
  let embedded: EmbeddedChain.EmbeddedChain | undefined
  const close = async () => {
    await closeHome()
    await embedded?.close()
  }
  try {
    if (config.chain.rpc === undefined) {
      const chainId = config.chain.chainId ?? embeddedChainId
      embedded = await EmbeddedChain.open({ home: config.home, chainId, say })
    }
    const rpc = config.chain.rpc ?? embedded?.url ?? ''
    const chain = await openChain({
      url: rpc,
      chainId: config.chain.chainId,
      confirmations: config.chain.confirmations,
      embedded: embedded !== undefined,
      account: home.chainSigner.address,
    })
    const terms = agree(config, home.identity, { ...chain, account: home.chainSigner.address })
    const file = TrustFile.update(await readTrust(config.home), { terms, chain, rpc, didDocument: documents.did })
    await publish(home.files, file, documents)
    const context: Context = { ...home, chain, terms, progress, maximumFee: config.chain.maximumFee }
    return { context, documents, close }
  } catch (error) {
    await close()
    throw error
  }
}

function agree(
  config: Config,
  identity: Identity,
  { chainId, registry, account }: { chainId: number; registry: Bytes.Hex; account: Bytes.Hex },
): Batch.Terms {
  return {
    issuer: { id: identity.id, ...config.issuer },
    verificationMethod: identity.verificationMethod,
    profile: config.profile,
    publicUrl: config.publicUrl,
    chainId,
    registry,
    account,
  }
}

/** The trust file of an earlier run. One that was damaged, or written by hand into something else, is made anew. */
async function readTrust(home: string): Promise<trustFile.TrustFile | undefined> {
  const bytes = await readFile(join(home, 'trust.json')).catch(() => undefined)
  if (bytes === undefined) return undefined
  try {
    const value = Json.parse(bytes)
    return trustFile.isTrustFile(value) ? value : undefined
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

async function publish(
  files: Context['files'],
  file: trustFile.TrustFile,
  { did, profile }: PublicDocuments.PublicDocuments,
): Promise<void> {
  const bytes = (value: object) => Bytes.fromUtf8(`${JSON.stringify(value, null, 2)}\n`)
  await files.trust(bytes(file))
  await files.publish('.well-known/did.json', bytes(did))
  if (profile !== undefined) await files.publish('blockcerts/profile.json', bytes(profile))
}
