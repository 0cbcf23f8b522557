import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type { Command } from 'commander'
import pc from 'picocolors'
import * as Statements from '../Federation.ts'
import * as Http from '../readers/Http.ts'
import * as JsonRpc from '../readers/JsonRpc.ts'
import * as door from '../readers/node/door.ts'
import * as TrustChains from '../readers/TrustChains.ts'
import type * as Trust from '../Trust.ts'
import * as output from './output.ts'
import * as trustFile from './trust-file.ts'

type Place = { readonly trust?: string }

/** How large a list of issuers may be. */
const maximumList = 4 * 1024 * 1024

/**
 * The commands that look after the trust file.
 *
 * @param end hears the exit code: 0 done, 1 something is wrong, 2 it could not be told
 */
export function register(program: Command, home: string, end: (code: number) => void): void {
  const path = ({ trust }: Place) => trust ?? join(home, 'trust.json')
  // The option stands before or after the command, and before a command it is the program's.
  const place = (command: Command) => path(command.optsWithGlobals<Place>())
  const trust = program.command('trust').description('look after the trust file: whom and what to trust')
  trust
    .command('list')
    .description('show whom and what the trust file trusts')
    .action(async (_, command: Command) => {
      const settings = await trustFile.read(place(command))
      process.stdout.write(describe(settings))
      end(0)
    })
  trust
    .command('check')
    .description('ask whether every RPC is of its chain and knows the registry, and every federation has its keys')
    .action(async (_, command: Command) => {
      const { trust, sources } = await trustFile.read(place(command))
      const asked = [
        ...trust.chains.map(inspect),
        ...(trust.federations ?? []).map((each) => inspectFederation(each, sources)),
      ]
      const findings = (await Promise.all(asked)).flat()
      for (const { isWell, text } of findings) process.stdout.write(`${isWell ? pc.green('✔') : pc.red('✖')} ${text}\n`)
      end(findings.every(({ isWell }) => isWell) ? 0 : 1)
    })
  trust
    .command('add')
    .description('trust an issuer, all on a list, or all of a federation; keeps a copy of its keys')
    .argument('<issuer>', 'its DID; or a list of issuers, or the statement of a federation: a file or an https address')
    .option('--name <name>', 'what to call the issuer')
    .option('--account <account...>', 'the accounts that may anchor for it (CAIP-10)')
    .option('--recorder <account...>', 'the accounts that record its status lists on a chain (CAIP-10)')
    .option('--did-document <file>', 'its DID document, had by other means than from its domain')
    .option('--anchor-optional', 'accept its credentials without an anchor as well')
    .action(async (subject: string, options: AddOptions, command: Command) => {
      const target = place(command)
      const exists = await stat(target).catch(() => undefined)
      const file = exists === undefined ? trustFile.empty : await trustFile.edit(target)
      const added = subject.startsWith('did:')
        ? { issuers: [await readIssuer(subject, options, file)], federations: [] }
        : await readPlace(subject, options, file)
      const federations = [...(file.federations ?? []), ...added.federations]
      const issuers = [...file.issuers, ...added.issuers]
      await trustFile.write(target, { ...file, issuers, ...(federations.length > 0 && { federations }) })
      const names = [
        ...added.issuers.map(({ did, name }) => `${name}  ${did}`),
        ...added.federations.map(
          ({ id, name, jwks }) => `${name}  ${id}, by ${jwks.keys.map(({ kid }) => kid).join(', ')}`,
        ),
      ]
      for (const name of names) process.stdout.write(`${pc.green('✔')} ${output.printable(name)}\n`)
      if (names.length === 0) process.stdout.write('All of them are in the trust file already.\n')
      end(0)
    })
}

type AddOptions = {
  readonly name?: string
  readonly account?: readonly string[]
  readonly recorder?: readonly string[]
  readonly didDocument?: string
  readonly anchorOptional?: boolean
}
type Issuer = trustFile.TrustFile['issuers'][number]

async function readIssuer(did: string, options: AddOptions, file: trustFile.TrustFile): Promise<Issuer> {
  if (file.issuers.some((issuer) => issuer.did === did)) throw new IssuerError('ISSUER_KNOWN', did)
  const didDocument = did.startsWith('did:web:') ? await readDidDocument(did, options, file) : undefined
  return {
    did,
    name: options.name ?? did,
    ...(options.account === undefined ? {} : { accounts: [...options.account] }),
    ...(options.recorder === undefined ? {} : { recorders: [...options.recorder] }),
    ...(didDocument === undefined ? {} : { didDocument: { ...didDocument, id: did } }),
    ...(options.anchorOptional ? { anchor: 'optional' as const } : {}),
  }
}

/** What the domain says now is kept: afterwards only what a verifier already knew counts. */
async function readDidDocument(
  did: string,
  options: AddOptions,
  { allowLoopback = false }: trustFile.TrustFile,
): Promise<DidDocument.DidDocument> {
  const document =
    options.didDocument === undefined
      ? await Http.create(door.create({ allowLoopback }), []).did(did)
      : await readFile(options.didDocument).then(Json.parseObject, () => undefined)
  if (document?.id !== did) throw new IssuerError('ISSUER_UNRESOLVED', did)
  return document as unknown as DidDocument.DidDocument
}

type Federation = NonNullable<trustFile.TrustFile['federations']>[number]
type Added = { readonly issuers: readonly Issuer[]; readonly federations: readonly Federation[] }

/** A list of issuers, or what a federation says of itself; by what it is, not by its name. */
async function readPlace(place: string, options: AddOptions, file: trustFile.TrustFile): Promise<Added> {
  const bytes = /^https?:/i.test(place)
    ? await door.create({ allowLoopback: file.allowLoopback ?? false })(place, maximumList)
    : await readFile(place).catch(() => undefined)
  if (bytes === undefined) throw new trustFile.TrustFileError('TRUST_UNREADABLE', `${place} cannot be read.`, [])
  const text = new TextDecoder().decode(bytes).trim()
  // The base64url of {" begins every compact JWS.
  return text.startsWith('eyJ')
    ? { issuers: [], federations: [readFederation(place, text, options, file)] }
    : { issuers: readList(place, bytes, file), federations: [] }
}

/** Those on the list that are not known yet: what somebody has written down about an issuer by hand comes first. */
function readList(place: string, bytes: Uint8Array, file: trustFile.TrustFile): readonly Issuer[] {
  const known = new Set(file.issuers.map(({ did }) => did))
  return trustFile.parseIssuerList(place, bytes).issuers.filter(({ did }) => !known.has(did))
}

/** The keys that a trust anchor names now are kept: by these its statements are judged, whatever it says later. */
function readFederation(place: string, text: string, options: AddOptions, file: trustFile.TrustFile): Federation {
  const statement = Statements.readOwn(text, Date.now())
  if (statement === undefined) throw new IssuerError('FEDERATION_INVALID', place)
  const { subject: id, keys } = statement
  if (file.federations?.some((federation) => federation.id === id)) throw new IssuerError('ISSUER_KNOWN', id)
  return {
    id,
    name: options.name ?? Statements.entity(statement).name ?? id,
    jwks: { keys: keys.map((key) => ({ ...key, kid: String(key.kid) })) },
    ...(options.anchorOptional ? { anchor: 'optional' as const } : {}),
  }
}

function describe({ trust }: trustFile.Settings): string {
  const chains = trust.chains.map(
    ({ chainId, name, rpc, quorum, checkpoints = [], test }) =>
      `${name} (${chainId}${test ? ', a test chain' : ''}): ${rpc.length} RPCs, quorum ${quorum}, ${checkpoints.length} checkpoints`,
  )
  const issuers = trust.issuers.map(({ did, name, accounts, didDocument }) => {
    const bound = accounts === undefined ? 'any account that it names' : `${accounts.length} accounts`
    return `${name}  ${did}: ${bound}${didDocument === undefined ? '' : ', its keys are kept'}`
  })
  const federations = (trust.federations ?? []).map(({ id, name, keys }) => `${name}  ${id}: ${keys.length} keys`)
  const section = (title: string, lines: readonly string[]) =>
    [pc.bold(title), ...lines.map((line) => `  ${output.printable(line)}`), ''].join('\n')
  const hours = trust.status.maximumAgeSeconds / 3600
  const known = federations.length === 0 ? '' : section('Federations', federations)
  return `${section('Chains', chains)}${section('Issuers', issuers)}${known}Status lists may be ${hours} hours old.\n`
}

type Finding = { readonly isWell: boolean; readonly text: string }

/** What is wrong with a chain, by each of its RPCs. */
async function inspect(chain: Trust.Chain): Promise<readonly Finding[]> {
  return Promise.all(
    chain.rpc.map(async (url) => {
      const problem = await problemOf(chain, url)
      const text = `${chain.name}  ${new URL(url).host}  ${problem ?? 'is of this chain, and has the registry'}`
      return { isWell: problem === undefined, text: output.printable(text) }
    }),
  )
}

/** Whether a federation still says by the keys at hand who it is. */
async function inspectFederation(
  { id, name, keys }: Trust.Federation,
  { allowLoopback }: trustFile.Settings['sources'],
): Promise<readonly Finding[]> {
  const bytes = await door.create({ allowLoopback })(TrustChains.configurationOf(id), maximumList)
  const statement = bytes && Statements.read(new TextDecoder().decode(bytes).trim(), keys, Date.now())
  const isWell = statement?.issuer === id && statement.subject === id
  const said = isWell ? 'has its keys' : bytes === undefined ? 'does not answer' : 'says nothing by the keys at hand'
  return [{ isWell, text: output.printable(`${name}  ${id}  ${said}`) }]
}

async function problemOf(
  { chainId, registry, checkpoints = [] }: Trust.Chain,
  url: string,
): Promise<string | undefined> {
  try {
    const [id, code, ...blocks] = await JsonRpc.batch(globalThis.fetch, url, [
      ['eth_chainId', []],
      ['eth_getCode', [registry, 'latest']],
      ...checkpoints.map(({ number }) => ['eth_getBlockByNumber', [`0x${number.toString(16)}`, false]] as const),
    ])
    const found = Number(JsonRpc.quantity(id))
    if (found !== chainId) return `is of chain ${found}`
    if (typeof code !== 'string' || Bytes.fromHex(code).length === 0) return 'has no registry at this address'
    const foreign = checkpoints.find(({ hash }, i) => (blocks[i] as { hash?: unknown } | null)?.hash !== hash)
    return foreign === undefined ? undefined : `has another block ${foreign.number}`
  } catch {
    return 'does not answer'
  }
}

/** Thrown when an issuer or a federation cannot be added to a trust file, which stays as it is. */
export class IssuerError extends Errors.BaseError<'FEDERATION_INVALID' | 'ISSUER_KNOWN' | 'ISSUER_UNRESOLVED'> {
  override readonly name = 'trust.IssuerError'
  constructor(code: IssuerError['code'], did: string) {
    const message = {
      FEDERATION_INVALID: `${did} is no statement of a federation about itself that is good now.`,
      ISSUER_KNOWN: `${did} is in the trust file already.`,
      ISSUER_UNRESOLVED: `The DID document of ${did} cannot be had.`,
    }
    super(code, message[code], { facts: { did } })
  }
}
