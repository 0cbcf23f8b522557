import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import * as Principal from './access/Principal.ts'
import * as EmbeddedChain from './adapters/chain/EmbeddedChain.ts'
import * as EvmAnchorLog from './adapters/chain/EvmAnchorLog.ts'
import * as EvmBadgeCollections from './adapters/chain/EvmBadgeCollections.ts'
import * as EvmIssuerDirectory from './adapters/chain/EvmIssuerDirectory.ts'
import * as EvmStatusRegistry from './adapters/chain/EvmStatusRegistry.ts'
import * as OpenChain from './adapters/chain/open.ts'
import * as SiweWalletProof from './adapters/chain/SiweWalletProof.ts'
import * as BlockContentStore from './adapters/content/BlockContentStore.ts'
import { openPlaces } from './adapters/content/open-places.ts'
import * as HomeFiles from './adapters/files/HomeFiles.ts'
import * as HomeSpool from './adapters/files/HomeSpool.ts'
import { makeHome } from './adapters/files/make-home.ts'
import * as HomeVerification from './adapters/judge/HomeVerification.ts'
import * as VerifierJudge from './adapters/judge/VerifierJudge.ts'
import * as OutboxMailer from './adapters/mail/OutboxMailer.ts'
import * as SmtpMailer from './adapters/mail/SmtpMailer.ts'
import * as BuiltPages from './adapters/pages/BuiltPages.ts'
import * as WebAuthn from './adapters/passkeys/WebAuthn.ts'
import * as LocalPress from './adapters/press/LocalPress.ts'
import * as ThreadedPress from './adapters/press/ThreadedPress.ts'
import * as KeystoreSigners from './adapters/signer/KeystoreSigners.ts'
import { openElsewhere } from './adapters/signer/open-elsewhere.ts'
import { SignerError } from './adapters/signer/RemoteKey.ts'
import * as SqlStores from './adapters/store/SqlStores.ts'
import * as GuardedWeb from './adapters/web/GuardedWeb.ts'
import type * as AnchorLog from './audit/anchor-log.ts'
import type * as Batch from './Batch.ts'
import type { Context, Identity, Progress, Within } from './Context.ts'
import { type Config, InvalidConfigError } from './config.ts'
import { remember } from './content/remember.ts'
import * as Contracts from './deployment/Contracts.ts'
import { owner } from './internal/owner.ts'
import * as Issuer from './issuer/Issuer.ts'
import * as Issuing from './issuer/Issuing.ts'
import type { Office } from './issuer/Office.ts'
import { agreedNow } from './issuer/Profile.ts'
import { byChainId } from './networks.ts'
import * as PublicDocuments from './PublicDocuments.ts'
import type * as RegistryLog from './ports/AnchorLog.ts'
import type { AuditLog } from './ports/AuditLog.ts'
import type { Chain } from './ports/Chain.ts'
import type { Clock } from './ports/Clock.ts'
import type { AccountPurpose, Keyring } from './ports/Keyring.ts'
import type { Mailer } from './ports/Mailer.ts'
import type { OrganisationStore } from './ports/OrganisationStore.ts'
import type { Pages } from './ports/Pages.ts'
import type { Press } from './ports/Press.ts'
import type { Recorder } from './ports/StatusHistoryStore.ts'
import type { StatusRegistry } from './ports/StatusRegistry.ts'
import type { Verifications } from './ports/Verification.ts'
import type { WalletProof } from './ports/WalletProof.ts'
import type { Recording } from './status/record-digests.ts'
import * as TrustFile from './TrustFile.ts'
import * as HeldUp from './transactions/HeldUp.ts'
import * as Lane from './transactions/Lane.ts'
import { reconcile } from './transactions/reconcile.ts'

/** What a home has without a chain: enough to look things up, to revoke and to export. */
export type Home = Pick<
  Context,
  | 'store'
  | 'transactions'
  | 'history'
  | 'keys'
  | 'catalogue'
  | 'orders'
  | 'receipts'
  | 'outbox'
  | 'mails'
  | 'mailer'
  | 'learners'
  | 'audit'
  | 'privacy'
  | 'members'
  | 'sessions'
  | 'passkeys'
  | 'ceremonies'
  | 'approvals'
  | 'web'
  | 'webhookSecrets'
  | 'spool'
  | 'content'
  | 'pins'
  | 'collections'
  | 'issuers'
  | 'imports'
  | 'organisations'
  | 'within'
  | 'places'
  | 'files'
  | 'press'
  | 'clock'
  | 'randomness'
  | 'credentialSigner'
  | 'chainSigner'
  | 'identity'
  | 'issuing'
  | 'issuerKeys'
  | 'domain'
  | 'badge'
  | 'emblem'
  | 'census'
  | 'restorations'
  | 'restoration'
> & {
  readonly documents: PublicDocuments.PublicDocuments
  /** Changes the trust file of this home, as it is at that moment or, where there is none yet, from nothing. */
  readonly changeTrust: (change: ChangeTrust) => Promise<void>
  /** Sees to it that the keys in use are those that the operator names, and are where they are said to be. */
  readonly checkKeys: () => Promise<void>
  readonly close: () => Promise<void>
}

type ChangeTrust = (before: trustFile.TrustFile | undefined) => trustFile.TrustFile | undefined

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
 * @throws {RemoteKey.SignerError} when a key that is elsewhere is taken into use and cannot be looked at
 * @throws {TokenError} when the pinning service's token cannot be read
 * @throws {migrate.NewerDatabaseError} DATABASE_NEWER, and what else opening the database throws
 */
export async function createHome(config: Config, options: { readonly reconciling?: boolean } = {}): Promise<Home> {
  const { home } = config
  await makeHome(home)
  const elsewhere = openElsewhere(config.keys.at, config.keys)
  const signers = await KeystoreSigners.open(home, config.passphraseFile, elsewhere)
  const { credentialSigner, chainSigner, credentialKeys, check: checkKeys } = signers
  const places = await openPlaces(config.pinning)
  const badge = await readFile(badgeFile)
  const clock = { now: Date.now }
  const { within: open, ...stores } = await SqlStores.open(config.database, options)
  const { store, pins, restorations } = stores
  const within = (organisation: string): Within => toPorts(open(organisation))
  const { catalogue, collections, issuers } = within(Principal.home)
  const content = remember(await BlockContentStore.open(home), { pins, clock })
  const restoration = await restorations.open()
  const files = HomeFiles.open(home, async (id) => (await stores.mails.mail(id)) !== undefined)
  const identity = PublicDocuments.identify(config, credentialSigner.publicKey)
  const writing = (work: () => Promise<void>) => whileNobodyElse('trust-file', { store, restoration }, work)
  /** The trust file after a change; `undefined` where it stays as it is. */
  const changed = async (change: ChangeTrust) => {
    const before = await readTrust(home)
    const file = change(before)
    if (file === undefined) return undefined
    const beside = (await stores.issuers.issuers()).map(toBeside)
    const after = TrustFile.addBeside(file, identity.id, beside)
    // In whatever order their members stand.
    const text = (file: object) => Jcs.text(file as Json.Object)
    return before !== undefined && text(before) === text(after) ? undefined : toFile(after)
  }
  const changeTrust = async (change: ChangeTrust) => {
    // Whoever has nothing to change waits for nobody, least of all for somebody who has died.
    if ((await changed(change)) === undefined) return
    await writing(async () => {
      const after = await changed(change)
      if (after !== undefined) await files.trust(after)
    })
  }
  const issuerKeys = KeystoreSigners.issuerKeys(home, config.passphraseFile, elsewhere)
  const issuing = Issuing.create({
    own: { identity, credentialSigner, name: config.issuer.name },
    issuers: stores.issuers,
    within,
    keys: issuerKeys,
    publish: async ({ did }) => {
      if (did.startsWith('did:web:'))
        await writing(async () => {
          // As it is by now: another process may have published more than was known here.
          const issuer = await stores.issuers.issuer(did)
          if (issuer !== undefined) await files.publish(Issuer.documentPath(issuer), toFile(Issuer.document(issuer)))
        })
      await changeTrust((before) => before)
    },
  })
  const local = LocalPress.create({
    store,
    signerOf: ({ terms }) => issuing.signer(terms.issuer.id, terms.verificationMethod),
    createJudge: () => VerifierJudge.create(home, content),
    badge,
  })
  const mailer = openMailer(config)
  const press = config.workers > 1 ? openThreads(config, issuing, local) : local
  return {
    ...toPorts(stores),
    catalogue,
    collections,
    issuers,
    within,
    mailer,
    ceremonies: WebAuthn.ceremonies,
    web: GuardedWeb.create({ allowLoopback: config.webhookLoopback }),
    webhookSecrets: KeystoreSigners.webhookSecrets(home, config.passphraseFile),
    spool: await HomeSpool.open(home),
    content,
    places,
    press,
    badge,
    emblem: await readFile(new URL('../assets/badge.svg', import.meta.url)),
    restoration,
    files,
    clock,
    randomness: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    credentialSigner,
    chainSigner,
    identity,
    issuing,
    issuerKeys,
    domain: config.domain,
    changeTrust,
    documents: PublicDocuments.create(config, credentialKeys, chainSigner),
    checkKeys,
    close: async () => {
      await press.close()
      await mailer.close()
      await store.close()
    },
  }
}

/** The same stores, with the ports that the one of batches is the adapter of. */
function toPorts<stores extends SqlStores.Stores>(stores: stores) {
  const { store } = stores
  return { ...stores, keys: store, catalogue: store, orders: store, receipts: store }
}

const badgeFile = new URL('../assets/badge.png', import.meta.url)

/** Nobody is asked anything before the first mail. */
function openMailer({ home, mail: { smtp, from } }: Config): Mailer {
  return smtp === undefined ? OutboxMailer.create(join(home, 'outbox'), from) : SmtpMailer.create({ ...smtp, from })
}

function openThreads({ home, database, workers }: Config, issuing: Issuing.Issuing, local: Press): Press {
  return ThreadedPress.create({
    entry: new URL('thread.ts', import.meta.url),
    data: { home, database, badge: fileURLToPath(badgeFile) },
    threads: workers,
    signer: ({ issuer, verificationMethod }) => issuing.signer(issuer, verificationMethod),
    local,
  })
}

/**
 * Opens a home and its chain, the embedded one where no other is configured, and writes down for verifiers on this
 * machine what they may trust.
 *
 * @throws {EvmChain.UnreachableError} and what else opening a chain throws
 * @throws {KeystoreSigners.NotInUseError} KEY_NOT_IN_USE when the operator names another key than the one in use
 * @throws {RemoteKey.SignerError} SIGNER_MISMATCH and what else is wrong with a key elsewhere
 * @throws {InvalidConfigError} when webhooks may lead to this machine beside a chain that is none for development
 */
export async function createContext(
  config: Config,
  { progress, say }: Listener,
  options: { readonly reconciling?: boolean } = {},
): Promise<{
  readonly context: Context
  readonly documents: PublicDocuments.PublicDocuments
  readonly changeTrust: Home['changeTrust']
  /** Where the chain is asked. */
  readonly rpc: string
  readonly close: () => Promise<void>
}> {
  const { documents, changeTrust, checkKeys, close: closeHome, ...home } = await createHome(config, options)
  let embedded: EmbeddedChain.EmbeddedChain | undefined
  const close = async () => {
    await closeHome()
    await embedded?.close()
  }
  try {
    await whereThere(checkKeys, say)
    embedded = await openEmbedded(config, say)
    const rpc = config.chain.rpc ?? embedded?.url ?? ''
    const chain = await reach(config, rpc, { account: home.chainSigner.address })
    if (config.webhookLoopback && !isDevelopment(config, chain.chainId))
      throw new InvalidConfigError(['LAUREL_WEBHOOK_LOOPBACK: this chain is none for development'])
    const account = home.chainSigner.address
    const terms = await agreedNow(agree(config, home.identity, { ...chain, account }), home)
    await changeTrust((before) => TrustFile.update(before, { terms, chain, rpc, didDocument: documents.did }))
    await publish(home.files, documents, terms.issuer)
    const { chainSigner: signer, transactions, clock } = home
    const given = { transactions, chain, signer, clock, ...config.chain.budget }
    const lane = Lane.create(given, chain.confirmations === 1 ? 0 : 1_000)
    if (home.restoration === undefined) {
      await reconcile(chain, transactions)
      const condition = await lane.advance()
      if (condition !== null) say(HeldUp.describe(condition))
    }
    const context: Context = { ...home, chain, lane, terms, progress }
    return { context, documents, changeTrust, rpc, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Opened = Awaited<ReturnType<typeof createContext>>

/**
 * Opens what records the digests of status lists on the chain, by the account that also awards, and writes the account
 * down for verifiers; nothing where that is not wanted. After a crash in between the next start writes it down.
 *
 * @throws {Contracts.MissingError} CONTRACT_MISSING when it is wanted on a public chain without the registry
 */
export async function createRecording(
  config: Config,
  { context, changeTrust, rpc }: Pick<Opened, 'context' | 'changeTrust' | 'rpc'>,
): Promise<Recording | undefined> {
  const { chainId } = context.chain
  const gather = config.statusGather ?? (isDevelopment(config, chainId) ? 0 : undefined)
  if (gather === undefined) return undefined
  const signer = await openKeyring(config).account('badges')
  const chain = await reach(config, rpc, { chainId, account: signer.address, demand: [Contracts.statusRegistry] })
  const registry = EvmStatusRegistry.create(chain, rpc)
  const account = Caip10.format(chainId, signer.address)
  await changeTrust((before) => before && TrustFile.addRecorder(before, context.identity.id, account))
  return { ...context, chain, signer, registry, gather, ...config.chain.budget, pause: () => patience(chain) }
}

/**
 * Opens what anchors the audit log on the chain, by an account that does nothing else, and how often that is to be done, in
 * milliseconds; nothing where that is not wanted.
 */
export async function createAnchoring(
  config: Config,
  context: Context,
  rpc: string,
): Promise<{ readonly recording: AnchorLog.Recording; readonly every: number } | undefined> {
  const { chainId } = context.chain
  const every = config.auditAnchor ?? (isDevelopment(config, chainId) ? 24 * 60 * 60_000 : undefined)
  if (every === undefined) return undefined
  const signer = await openKeyring(config).account('audit')
  const chain = await reach(config, rpc, { chainId, account: signer.address })
  return { recording: { ...context, chain, signer, ...config.chain.budget, pause: () => patience(chain) }, every }
}

/** Opens the audit log of a home alone; makes the home where there is none. */
export async function openAuditLog({ home, database }: Config): Promise<{
  readonly audit: AuditLog
  readonly organisations: OrganisationStore
  readonly clock: Clock
  readonly close: () => Promise<void>
}> {
  await makeHome(home)
  const { audit, organisations, store } = await SqlStores.open(database)
  return { audit, organisations, clock: { now: Date.now }, close: store.close }
}

/** A key that signs for the issuer, as a person sees it. */
export type Signing = KeystoreSigners.Listed

/** The purposes for which keys sign. */
export const signing = KeystoreSigners.placed

/** Opens the keys of a home for whoever looks after them; makes the home where there is none. */
export async function openKeys({ home, passphraseFile, keys }: Config): Promise<{
  readonly list: () => Promise<readonly Signing[]>
  readonly init: (purpose: Signing['purpose']) => ReturnType<typeof KeystoreSigners.init>
}> {
  await makeHome(home)
  const elsewhere = openElsewhere(keys.at, keys)
  return {
    list: () => KeystoreSigners.list(home, passphraseFile, elsewhere),
    init: (purpose) => KeystoreSigners.init(home, passphraseFile, elsewhere, purpose),
  }
}

function openKeyring({ home, passphraseFile, keys }: Config): Keyring {
  return KeystoreSigners.keyring(home, passphraseFile, openElsewhere(keys.at, keys))
}

/** Checks keys as far as their place answers: while it does not, what is to be signed waits, and all else goes on. */
async function whereThere(check: () => Promise<void>, say: (sentence: string) => void): Promise<void> {
  try {
    await check()
  } catch (error) {
    if (!(error instanceof SignerError) || !/_(UNREACHABLE|BUSY)$/.test(error.code)) throw error
    say(error.message)
  }
}

/** Opens what a restored database is reconciled by: the log of anchors and, where there ever was one, who records digests. */
export async function openReconciling(
  config: Config,
  { chain }: Pick<Context, 'chain'>,
  rpc: string,
): Promise<{
  readonly log: RegistryLog.AnchorLog
  readonly recorder: (Recorder & { readonly registry: StatusRegistry }) | undefined
}> {
  const accounts = await openKeyring(config).accounts('badges')
  const account = accounts.at(-1)?.address
  const registry = EvmStatusRegistry.create(chain, rpc)
  const isThere = account !== undefined && (await Contracts.isDeployed(chain, Contracts.statusRegistry))
  return {
    log: EvmAnchorLog.create(chain, rpc),
    recorder: isThere ? { chainId: chain.chainId, account, registry } : undefined,
  }
}

/** Opens what verifies the documents of strangers by whom this home trusts. */
export function createVerification({ home }: Config, { content }: Pick<Context, 'content'>): Verifications {
  return HomeVerification.create(home, content)
}

/** What judges the signatures of wallets, by the chain behind this RPC. */
export function createWalletProof({ chain }: Pick<Context, 'chain'>, rpc: string): WalletProof {
  return SiweWalletProof.create(chain.chainId, rpc)
}

/** The pages for people, as `web/dist` has them; `undefined` where they were not built. */
export function readPages(): Promise<Pages | undefined> {
  return BuiltPages.open(fileURLToPath(new URL('../../web/dist', import.meta.url)))
}

/** The page on which browsers verify, as `npm run build:verifier` has left it; `undefined` before that. */
export function readVerifyPage(): Promise<string | undefined> {
  return readFile(new URL('../dist/verify.html', import.meta.resolve('@laurel/verifier')), 'utf8').catch(
    () => undefined,
  )
}

/** Whether a chain is there to be developed with. */
function isDevelopment({ chain: { rpc } }: Config, chainId: number): boolean {
  return rpc === undefined || byChainId(chainId).development
}

/** Waits until the chain may have moved on. */
function patience({ confirmations }: Pick<Chain, 'confirmations'>): Promise<void> {
  return pause(confirmations === 1 ? 50 : 2_000)
}

/**
 * Opens a home and its chain for what is no issuing: to deploy contracts, to speak for the issuer in the directory, and to
 * look something up on the chain.
 *
 * @param purposes the accounts that send something; made where there are none yet
 * @param demand the contracts that have to be there on a public chain
 * @throws {EvmChain.UnreachableError} and what else opening a chain throws
 */
export async function createOffice(
  config: Config,
  {
    say,
    purposes,
    demand,
  }: {
    readonly say: (sentence: string) => void
    readonly purposes: readonly AccountPurpose[]
    readonly demand: readonly Contracts.Contract[]
  },
): Promise<{
  readonly office: Office & Pick<Home, 'press' | 'issuing'>
  readonly documents: PublicDocuments.PublicDocuments
  /** Where the chain is asked. */
  readonly rpc: string
  readonly close: () => Promise<void>
}> {
  const { documents, changeTrust, checkKeys: _, close: closeHome, ...home } = await createHome(config)
  let embedded: EmbeddedChain.EmbeddedChain | undefined
  const close = async () => {
    await closeHome()
    await embedded?.close()
  }
  try {
    const keyring = openKeyring(config)
    const senders = await Promise.all(purposes.map((purpose) => keyring.account(purpose)))
    embedded = await openEmbedded(config, say)
    const rpc = config.chain.rpc ?? embedded?.url ?? ''
    const chain = await reach(config, rpc, {
      account: home.chainSigner.address,
      others: senders.map(({ address }) => address),
      demand,
    })
    await reconcile(chain, home.transactions)
    const { issuer } = await agreedNow({ issuer: { id: home.identity.id, ...config.issuer } }, home)
    const directory = EvmIssuerDirectory.create(chain)
    const office = {
      ...home,
      chain,
      keyring,
      directory,
      badges: EvmBadgeCollections.create(chain),
      registry: EvmStatusRegistry.create(chain, rpc),
      issuer,
      profile: config.profile,
      ...config.chain.budget,
      pause: () => patience(chain),
      heed: async (issuerId: Bytes.Hex) => {
        const entry = { chainId: chain.chainId, address: directory.address, issuerId }
        await changeTrust((before) => before && TrustFile.addDirectory(before, issuer.id, entry))
      },
      publish: async () => {
        const keys = await keyring.credentialKeys()
        await publish(home.files, PublicDocuments.create(config, keys, await keyring.account('chain')), issuer)
      },
    }
    return { office, documents, rpc, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens the chain that is configured: the embedded one, which is asked there, where none is. */
function reach(
  { chain: { rpc, chainId, confirmations, finality } }: Config,
  url: string,
  options: Pick<OpenChain.Options, 'account' | 'others' | 'demand'> & { readonly chainId?: number },
): Promise<Chain> {
  return OpenChain.open({ url, chainId, confirmations, finality, embedded: rpc === undefined, ...options })
}

async function openEmbedded(
  { home, chain }: Config,
  say: (sentence: string) => void,
): Promise<EmbeddedChain.EmbeddedChain | undefined> {
  if (chain.rpc !== undefined) return undefined
  return EmbeddedChain.open({ home, chainId: chain.chainId ?? embeddedChainId, say })
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

/** Does something that one process does at a time. While a restored database is only read, nobody else is at it. */
async function whileNobodyElse(
  name: string,
  { store, restoration }: Pick<Home, 'store' | 'restoration'>,
  work: () => Promise<void>,
): Promise<void> {
  if (restoration !== undefined) return work()
  let lease = await store.lease(name, owner(), 10_000)
  for (; lease === undefined; lease = await store.lease(name, owner(), 10_000)) await pause(50)
  try {
    await work()
  } finally {
    await store.release(lease)
  }
}

/** An issuer as a trust file names it. A did:key is its own document, unless it was stolen. */
function toBeside(issuer: Issuer.Issuer): TrustFile.Beside {
  const { did, name } = issuer
  return { did, name, ...(Issuer.isPlain(issuer) ? {} : { didDocument: Issuer.document(issuer) }) }
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
  { did, profile }: PublicDocuments.PublicDocuments,
  issuer: Office['issuer'],
): Promise<void> {
  await files.publish('.well-known/did.json', toFile(did))
  if (profile !== undefined) await files.publish('blockcerts/profile.json', toFile(profile(issuer)))
}

function toFile(value: object): Uint8Array {
  return Bytes.fromUtf8(`${JSON.stringify(value, null, 2)}\n`)
}
