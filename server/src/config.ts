import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import * as Errors from '@laurel/core/Errors'
import { z } from 'zod'
import * as KeyUri from './KeyUri.ts'
import * as Sender from './mail/Sender.ts'

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .transform((text) => text.replace(/\/+$/, ''))
const secretFile = z.string().min(1).optional()
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

/** Where a key is: read when it is opened, looked at here. */
const keyUri = z.string().superRefine((text, { addIssue }) => {
  try {
    KeyUri.parse(text)
  } catch (error) {
    if (!(error instanceof KeyUri.InvalidKeyUriError)) throw error
    addIssue({ code: 'custom', message: error.message })
  }
})
const path = z.string().min(1)

/** Every environment variable that Laurel reads, with a sentence for the operator. `.env.example` is held against it. */
export const schema = z.object({
  LAUREL_HOME: z
    .string()
    .min(1)
    .default('.laurel')
    .describe('The folder in which everything is kept: keys, database, embedded chain, public files and batches.'),
  LAUREL_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres URL' })
    .optional()
    .describe('The PostgreSQL database that several processes share; without it a file in the home is used.'),
  LAUREL_DATABASE_URL_FILE: secretFile.describe(
    'A file with that URL instead, because it may have a password in it; readable by its owner only.',
  ),
  LAUREL_ISSUER_NAME: z
    .string()
    .min(1)
    .default('Example issuer')
    .describe('The name of the issuer, as it stands in every credential until `laurel issuer profile` says another.'),
  LAUREL_ISSUER_URL: url
    .optional()
    .describe(
      'The web page of the issuer, as it stands in every credential until `laurel issuer profile` says another.',
    ),
  LAUREL_DOMAIN: z
    .string()
    .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/, 'must be a domain')
    .optional()
    .describe('The public domain whose did:web the issuer is; without it the issuer is a did:key.'),
  LAUREL_PROFILE: z
    .enum(['standard', 'blockcerts'])
    .default('standard')
    .describe('standard, or blockcerts for credentials without status list that Blockcerts verifiers accept too.'),
  LAUREL_PUBLIC_URL: url
    .optional()
    .describe(
      'The address under which the public reaches this server, as it stands in every status list and credential.',
    ),
  LAUREL_CHAIN_RPC: url.optional().describe('The RPC of the chain that anchors; without it an embedded chain is run.'),
  LAUREL_CHAIN_RPC_FILE: secretFile.describe(
    'A file with that RPC instead, because it may have an access key in it; readable by its owner only.',
  ),
  LAUREL_CHAIN_ID: wholeNumber
    .optional()
    .describe('The id of the chain that anchors; a chain with another id is refused, and the embedded chain takes it.'),
  LAUREL_CONFIRMATIONS: wholeNumber
    .refine((n) => n >= 1, 'must be at least 1')
    .optional()
    .describe(
      'How many blocks, its own included, make an anchor final; by default as many as its chain needs, 12 to 64.',
    ),
  LAUREL_FINALITY: z
    .enum(['confirmations', 'safe', 'finalized'])
    .default('confirmations')
    .describe(
      'What makes a block final: so many confirmations, or the chain’s own word safe or finalized; a chain whose newest block is always final is refused.',
    ),
  LAUREL_PASSPHRASE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('A file with the passphrase of the keystore, readable by its owner only; made in the home by default.'),
  LAUREL_CREDENTIAL_KEY: keyUri
    .optional()
    .describe(
      'Where the key that signs credentials is: keystore:, pkcs11:…, aws-kms:… or gcp-kms:…; by default where it was, and at first in the keystore.',
    ),
  LAUREL_CHAIN_KEY: keyUri.optional().describe('The same for the key of the account that anchors.'),
  LAUREL_CONTROLLER_KEY: keyUri
    .optional()
    .describe('The same for the key of the account that speaks for the issuer in the directory.'),
  LAUREL_BADGES_KEY: keyUri
    .optional()
    .describe('The same for the key of the account that awards and records the digests of status lists.'),
  LAUREL_AUDIT_KEY: keyUri.optional().describe('The same for the key of the account that anchors the audit log.'),
  AWS_SHARED_CREDENTIALS_FILE: path
    .optional()
    .describe('The credentials file of AWS, for aws-kms:…; without it the container or the machine is asked.'),
  AWS_PROFILE: z.string().min(1).default('default').describe('The profile in the credentials file of AWS.'),
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: z
    .string()
    .startsWith('/')
    .optional()
    .describe('Where a container at Amazon ECS has its credentials; ECS sets it.'),
  AWS_CONTAINER_CREDENTIALS_FULL_URI: url
    .optional()
    .describe('Where a container at Amazon EKS has its credentials; EKS Pod Identity sets it.'),
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path
    .optional()
    .describe('The file with what a container shows for its credentials; EKS Pod Identity sets it.'),
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url
    .default('http://169.254.169.254')
    .describe('Where a machine at Amazon EC2 is asked for its credentials.'),
  GOOGLE_APPLICATION_CREDENTIALS: path
    .optional()
    .describe('The key file of a service account of Google Cloud, for gcp-kms:…; without it the machine is asked.'),
  GCE_METADATA_HOST: z
    .string()
    .regex(/^[\w.:[\]-]{1,255}$/, 'must be a host')
    .default('metadata.google.internal')
    .describe('Where a machine at Google Cloud is asked for its access token.'),
  LAUREL_MAX_FEE_GWEI: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a number of gwei')
    .default('100')
    .describe('The most that is paid for a unit of gas, in gwei; above it a batch waits.'),
  LAUREL_MAX_SPENDING: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,18})?$/, 'must be an amount of the chain’s currency')
    .default('1')
    .describe(
      'The most that an account spends on transactions within 24 hours, in the chain’s currency; above it it waits.',
    ),
  LAUREL_WORKERS: wholeNumber
    .refine((n) => n <= 256, 'must be at most 256')
    .optional()
    .describe(
      'How many threads sign and verify large batches; one for each core by default, and with 0 or 1 none beside the main one.',
    ),
  LAUREL_STATUS_GATHER_MINUTES: wholeNumber
    .refine((n) => n <= 10_080, 'must be at most a week')
    .optional()
    .describe(
      'How many minutes decisions are gathered before the digests of their status lists go on the chain; by default they go at once to a development chain, and to no other.',
    ),
  LAUREL_AUDIT_ANCHOR_HOURS: wholeNumber
    .refine((n) => n >= 1 && n <= 168, 'must be 1 to 168')
    .optional()
    .describe(
      'How many hours the audit log grows before its head is anchored again, by an account of its own; by default it is once a day on a development chain, and on no other.',
    ),
  LAUREL_KUBO_RPC: url
    .optional()
    .describe('The RPC of an IPFS node (Kubo) that keeps what is public: metadata, manifests and status lists.'),
  LAUREL_PINNING_ENDPOINT: url
    .optional()
    .describe('The endpoint of a service with the IPFS Pinning Service API that keeps what is public.'),
  LAUREL_PINNING_TOKEN_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('A file with the access token for the pinning service, readable by its owner only.'),
  LAUREL_PINNING_GATEWAY: url
    .optional()
    .describe('A trustless gateway, through which is checked what the pinning service keeps.'),
  LAUREL_PINNING_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .refine((all) => all.length <= 20 && all.every((address) => /^(\/[^/\s]+)+$/.test(address)), {
      error: 'must be at most 20 multiaddresses with commas between them',
    })
    .optional()
    .describe('Multiaddresses of the nodes from which the pinning service fetches, with commas between them.'),
  LAUREL_RATE_LIMIT: wholeNumber
    .refine((n) => n >= 1, 'must be at least 1')
    .default(60_000)
    .describe('How many requests a key of the HTTP interface may make in a minute, to each process of the server.'),
  LAUREL_MAX_UPLOAD_MIB: wholeNumber
    .refine((n) => n >= 1 && n <= 1_024, 'must be 1 to 1024')
    .default(256)
    .describe('How large a roster may be that is uploaded, in MiB, unpacked.'),
  LAUREL_GATHER_COUNT: wholeNumber
    .refine((n) => n >= 1 && n <= 100_000, 'must be 1 to 100000')
    .default(1_000)
    .describe('How many credentials that are ordered one by one make a batch at once.'),
  LAUREL_GATHER_SECONDS: wholeNumber
    .default(60)
    .describe('How many seconds the first of them waits until a batch is made of fewer.'),
  LAUREL_WEBHOOK_LOOPBACK: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Whether webhooks may lead to this machine, by http too; for development, and refused beside any chain but one for development.',
    ),
  LAUREL_SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp or smtps URL' })
    .refine((text) => new URL(text).password === '', 'must not have the password: that is in LAUREL_SMTP_PASSWORD_FILE')
    .optional()
    .describe(
      'The mail server, with the user that signs in: smtps://user@mail.example.org; without one mails are files in the folder outbox of the home.',
    ),
  LAUREL_SMTP_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('A file with the password for the mail server, readable by its owner only.'),
  LAUREL_MAIL_FROM: z
    .string()
    .refine((text) => Sender.parse(text) !== undefined, 'must be an e-mail address, or a name and <address>')
    .optional()
    .describe(
      'The address by which mails are sent and to which they come back; with a name before it, in angle brackets: Example <badges@example.org>.',
    ),
  LAUREL_LOG: z
    .enum(['human', 'json'])
    .default('human')
    .describe(
      'How a server and its workers say what goes on: sentences for a terminal, or lines of JSON for programs.',
    ),
  LAUREL_OVERDUE_MINUTES: wholeNumber
    .refine((n) => n >= 1, 'must be at least 1')
    .default(60)
    .describe('After how many minutes open work, or something to be told to webhooks, makes the server not ready.'),
  LAUREL_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .refine((all) => all.every(isNetwork), 'must be addresses or networks with commas between them')
    .optional()
    .describe(
      'The proxies that are believed when they say in X-Forwarded-For who asks: addresses or networks (10.0.0.0/8), with commas between them; nobody by default.',
    ),
  LAUREL_HOST: z
    .string()
    .refine((text) => isIP(text) > 0, 'must be an address of this machine, by numbers')
    .default('127.0.0.1')
    .describe(
      'The address of this machine on which the server listens; any but 127.0.0.1 and ::1 needs a proxy before it that speaks TLS.',
    ),
  PORT: wholeNumber
    .refine((n) => n <= 65_535, 'must be a port')
    .default(4400)
    .describe('The port on which the server listens.'),
})

/** The configuration of one server. Paths are absolute; fees are in wei. */
export type Config = {
  readonly home: string
  /** The URL of a PostgreSQL database, or the path of a SQLite file. */
  readonly database: string
  readonly issuer: { readonly name: string; readonly url?: string }
  readonly domain: string | undefined
  readonly profile: 'standard' | 'blockcerts'
  readonly publicUrl: string
  readonly chain: {
    readonly rpc: string | undefined
    readonly chainId: number | undefined
    readonly confirmations: number | undefined
    readonly finality: 'confirmations' | 'safe' | 'finalized'
    readonly budget: { readonly maximumFee: bigint; readonly maximumSpending: bigint }
  }
  readonly passphraseFile: string | undefined
  /** Where keys are to be, and how this process shows itself to the clouds that keep them. */
  readonly keys: {
    readonly at: Readonly<Partial<Record<'credential' | 'chain' | 'controller' | 'badges' | 'audit', string>>>
    readonly aws: {
      readonly file: string | undefined
      readonly profile: string
      readonly container: string | undefined
      readonly containerTokenFile: string | undefined
      readonly metadata: string
    }
    readonly gcp: { readonly file: string | undefined; readonly metadata: string }
  }
  /** How long decisions are gathered before digests go on the chain, in milliseconds. */
  readonly statusGather: number | undefined
  /** How long the audit log grows before it is anchored again, in milliseconds. */
  readonly auditAnchor: number | undefined
  readonly workers: number
  /** Who keeps public content besides this machine. */
  readonly pinning: {
    readonly kubo: string | undefined
    readonly service:
      | {
          readonly endpoint: string
          readonly tokenFile: string
          readonly gateway: string
          readonly origins: readonly string[]
        }
      | undefined
  }
  readonly api: {
    /** Requests that a key may make in a minute. */
    readonly rateLimit: number
    /** Bytes. */
    readonly largestRoster: number
    readonly gathering: { readonly count: number; readonly seconds: number }
  }
  /** Whether webhooks may lead to this machine. */
  readonly webhookLoopback: boolean
  readonly mail: {
    /** The mail server; without one mails are files in the home. */
    readonly smtp: { readonly url: string; readonly passwordFile: string | undefined } | undefined
    readonly from: Sender.Sender
  }
  readonly log: 'human' | 'json'
  /** After how many milliseconds what waits makes the server not ready. */
  readonly overdue: number
  /** Addresses and networks. */
  readonly proxies: readonly string[]
  readonly host: string
  readonly port: number
}

/** What a variable is set to, and by whom. Secrets are hidden. */
export type Setting = {
  readonly name: string
  readonly value: string | undefined
  readonly from: 'the environment' | 'a file' | 'its default'
  readonly says: string
}

/** What is read by other programs of this project, of the tests' for one. */
const foreign = /^LAUREL_(CRASH_AT|TEST_\w+|BENCH_\w+|POINTS|COMPILER_WARNINGS|DEPLOYER_KEY)$/

/** The variables that may be given by a file, with that of the file. */
const byFile = [
  ['LAUREL_DATABASE_URL', 'LAUREL_DATABASE_URL_FILE'],
  ['LAUREL_CHAIN_RPC', 'LAUREL_CHAIN_RPC_FILE'],
] as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the configuration from environment variables, and what is given by a file from there. An empty variable counts as
 * absent.
 *
 * @throws {InvalidConfigError} naming every variable that is wrong, and every `LAUREL_` variable that there is not
 */
export function read(environment: Environment): Config {
  const { given, problems } = gather(environment)
  if (problems.length > 0) throw new InvalidConfigError(problems)
  const { success, data, error } = schema.safeParse(given)
  if (!success) {
    throw new InvalidConfigError(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  }
  if (data.LAUREL_PROFILE === 'blockcerts' && data.LAUREL_DOMAIN === undefined)
    throw new InvalidConfigError(['LAUREL_DOMAIN: the profile blockcerts needs the domain of the issuer'])
  const { LAUREL_SMTP_URL: smtp, LAUREL_SMTP_PASSWORD_FILE: smtpPassword, LAUREL_MAIL_FROM: from } = data
  if (smtp !== undefined && from === undefined)
    throw new InvalidConfigError(['LAUREL_MAIL_FROM: a mail server needs the address by which mails are sent'])
  if ((smtp !== undefined && new URL(smtp).username !== '') !== (smtpPassword !== undefined))
    throw new InvalidConfigError([
      'LAUREL_SMTP_PASSWORD_FILE: whoever signs in at the mail server has a user in LAUREL_SMTP_URL and a password, or neither',
    ])
  const { LAUREL_PINNING_ENDPOINT: endpoint, LAUREL_PINNING_TOKEN_FILE: tokenFile } = data
  const { LAUREL_PINNING_GATEWAY: gateway, LAUREL_PINNING_ORIGINS: origins = [] } = data
  if (new Set([endpoint, tokenFile, gateway].map((value) => value === undefined)).size > 1)
    throw new InvalidConfigError([
      'LAUREL_PINNING_ENDPOINT: a pinning service needs LAUREL_PINNING_TOKEN_FILE and LAUREL_PINNING_GATEWAY too, and they need it',
    ])
  return {
    home: resolve(data.LAUREL_HOME),
    database: data.LAUREL_DATABASE_URL ?? join(resolve(data.LAUREL_HOME), 'laurel.db'),
    issuer: {
      name: data.LAUREL_ISSUER_NAME,
      ...(data.LAUREL_ISSUER_URL === undefined ? {} : { url: data.LAUREL_ISSUER_URL }),
    },
    domain: data.LAUREL_DOMAIN,
    profile: data.LAUREL_PROFILE,
    publicUrl: data.LAUREL_PUBLIC_URL ?? `http://127.0.0.1:${data.PORT}`,
    chain: {
      rpc: data.LAUREL_CHAIN_RPC,
      chainId: data.LAUREL_CHAIN_ID,
      confirmations: data.LAUREL_CONFIRMATIONS,
      finality: data.LAUREL_FINALITY,
      budget: {
        maximumFee: toWei(data.LAUREL_MAX_FEE_GWEI, 9),
        maximumSpending: toWei(data.LAUREL_MAX_SPENDING, 18),
      },
    },
    passphraseFile: data.LAUREL_PASSPHRASE_FILE === undefined ? undefined : resolve(data.LAUREL_PASSPHRASE_FILE),
    keys: readKeys(data),
    statusGather:
      data.LAUREL_STATUS_GATHER_MINUTES === undefined ? undefined : data.LAUREL_STATUS_GATHER_MINUTES * 60_000,
    auditAnchor:
      data.LAUREL_AUDIT_ANCHOR_HOURS === undefined ? undefined : data.LAUREL_AUDIT_ANCHOR_HOURS * 60 * 60_000,
    workers: data.LAUREL_WORKERS ?? availableParallelism(),
    pinning: {
      kubo: data.LAUREL_KUBO_RPC,
      service:
        endpoint === undefined || tokenFile === undefined || gateway === undefined
          ? undefined
          : { endpoint, tokenFile: resolve(tokenFile), gateway, origins },
    },
    api: {
      rateLimit: data.LAUREL_RATE_LIMIT,
      largestRoster: data.LAUREL_MAX_UPLOAD_MIB * 1024 * 1024,
      gathering: { count: data.LAUREL_GATHER_COUNT, seconds: data.LAUREL_GATHER_SECONDS },
    },
    webhookLoopback: data.LAUREL_WEBHOOK_LOOPBACK === 'true',
    mail: {
      smtp:
        smtp === undefined
          ? undefined
          : { url: smtp, passwordFile: smtpPassword === undefined ? undefined : resolve(smtpPassword) },
      from: Sender.parse(from ?? 'laurel@localhost.localdomain') as Sender.Sender,
    },
    log: data.LAUREL_LOG,
    overdue: data.LAUREL_OVERDUE_MINUTES * 60_000,
    proxies: data.LAUREL_TRUSTED_PROXIES ?? [],
    host: data.LAUREL_HOST,
    port: data.PORT,
  }
}

/** The agent that hands out credentials in Amazon ECS is always there (AWS SDKs and Tools Reference Guide). */
const ecsAgent = 'http://169.254.170.2'

function readKeys(data: z.infer<typeof schema>): Config['keys'] {
  const at = {
    credential: data.LAUREL_CREDENTIAL_KEY,
    chain: data.LAUREL_CHAIN_KEY,
    controller: data.LAUREL_CONTROLLER_KEY,
    badges: data.LAUREL_BADGES_KEY,
    audit: data.LAUREL_AUDIT_KEY,
  }
  const relative = data.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  return {
    at: Object.fromEntries(Object.entries(at).filter(([, uri]) => uri !== undefined)),
    aws: {
      file: data.AWS_SHARED_CREDENTIALS_FILE,
      profile: data.AWS_PROFILE,
      container: relative === undefined ? data.AWS_CONTAINER_CREDENTIALS_FULL_URI : `${ecsAgent}${relative}`,
      containerTokenFile: data.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
      metadata: data.AWS_EC2_METADATA_SERVICE_ENDPOINT,
    },
    gcp: { file: data.GOOGLE_APPLICATION_CREDENTIALS, metadata: `http://${data.GCE_METADATA_HOST}` },
  }
}

/** Every variable as it is in force, and where that comes from, without what is secret. */
export function settings(environment: Environment): readonly Setting[] {
  const { given } = gather(environment)
  return Object.entries(schema.shape).map(([name, field]) => {
    const says = field.description ?? ''
    const value = given[name]
    const isByFile = byFile.some(([plain, file]) => plain === name && (environment[file] ?? '') !== '')
    if (value !== undefined) return { name, value: conceal(value), from: isByFile ? 'a file' : 'the environment', says }
    const fallback = field.safeParse(undefined)
    const text = fallback.success && fallback.data !== undefined ? String(fallback.data) : undefined
    return { name, value: text, from: 'its default', says }
  })
}

/** What is given, secrets read from their files, and what is wrong with that before it is looked at. */
function gather(environment: Environment): {
  readonly given: Readonly<Record<string, string>>
  readonly problems: readonly string[]
} {
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) if (value !== undefined && value !== '') given[name] = value
  const problems: string[] = []
  for (const name of Object.keys(given)) {
    if (!name.startsWith('LAUREL_') || Object.hasOwn(schema.shape, name) || foreign.test(name)) continue
    problems.push(`${name}: there is no such variable; ${nearest(name, Object.keys(schema.shape))} is the nearest`)
  }
  for (const [plain, file] of byFile) {
    const path = given[file]
    if (path === undefined) continue
    if (given[plain] !== undefined) problems.push(`${file}: ${plain} says the same; only one of them may`)
    try {
      given[plain] ??= readFileSync(path, 'utf8').trim()
    } catch {
      problems.push(`${file}: the file cannot be read`)
    }
  }
  return { given, problems }
}

/** An address without what may be a secret in it: user, password, path and query. Anything else as it is. */
function conceal(value: string): string {
  if (!/^[a-z]+:\/\//.test(value) || !URL.canParse(value)) return value
  const { protocol, host, pathname, search, username } = new URL(value)
  const isPlain = username === '' && search === '' && (pathname === '' || pathname === '/')
  return isPlain ? value : `${protocol}//${host}/…`
}

/** Of the names that there are, the one that takes the fewest changes of a letter (Levenshtein). */
function nearest(name: string, names: readonly string[]): string {
  const all = names.map((each) => ({ each, distance: distance(name, each) }))
  return all.reduce((best, next) => (next.distance < best.distance ? next : best)).each
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (to[j - 1] === letter ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** An IP address, or a network of them as CIDR has it. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return more.length === 0 && longest > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
}

/** @param digits how many decimal places one unit has */
function toWei(amount: string, digits: number): bigint {
  const [whole = '0', fraction = ''] = amount.split('.')
  return BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0'))
}

/** Thrown when an environment variable is wrong; names every one that is. */
export class InvalidConfigError extends Errors.BaseError<'CONFIG_INVALID'> {
  override readonly name = 'config.InvalidConfigError'
  constructor(problems: readonly string[]) {
    super('CONFIG_INVALID', `The configuration is wrong: ${problems.join('; ')}.`, { facts: { problems } })
  }
}
