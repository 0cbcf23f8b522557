import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as PublicKey from '@laurel/core/PublicKey'
import { z } from 'zod'
import type { Sources } from '../readers/node/NodeReaders.ts'
import type * as Trust from '../Trust.ts'

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })
const account = z.string().regex(/^eip155:[1-9][0-9]*:0x[0-9a-f]{40}$/, 'must be eip155:<chain id>:0x… in lower case')
const hexAddress = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)], {
  error: 'must be 0x and 40 digits of 0-9 and a-f',
})

const hexWord = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)], {
  error: 'must be 0x and 64 digits of 0-9 and a-f',
})

const checkpoint = z.strictObject({
  number: z.int().nonnegative(),
  hash: hexWord,
})

const chain = z
  .strictObject({
    chainId: z.int().positive(),
    name: z.string().min(1),
    rpc: z.array(url).refine(isUnique, 'the same RPC twice would count twice'),
    quorum: z.int().positive().default(1),
    registry: hexAddress,
    statusRegistry: hexAddress.optional(),
    confirmations: z.int().positive(),
    test: z.boolean().default(false),
    proof: z.enum(['required', 'preferred']).default('preferred'),
    checkpoints: z.array(checkpoint).default([]),
  })
  .refine(({ rpc, checkpoints }) => rpc.length + checkpoints.length > 0, 'an RPC or a checkpoint is needed')
  .refine(({ quorum, rpc }) => quorum <= Math.max(1, rpc.length), 'a quorum cannot be larger than the number of RPCs')

const issuer = z
  .strictObject({
    did: z.string().regex(/^(did:|https:\/\/)/, 'must be a DID, or the https address of a profile'),
    name: z.string().min(1),
    accounts: z.array(account).min(1).optional(),
    recorders: z.array(account).min(1).optional(),
    didDocument: z.looseObject({ id: z.string() }).optional(),
    profile: z.looseObject({ id: z.string() }).optional(),
    directory: z.strictObject({ chainId: z.int().positive(), address: hexAddress, issuerId: hexWord }).optional(),
    anchor: z.enum(['required', 'optional']).default('required'),
  })
  .refine(({ did, didDocument }) => didDocument === undefined || didDocument.id === did, {
    path: ['didDocument', 'id'],
    error: 'must be the did',
  })
  .refine(({ did, profile }) => profile === undefined || profile.id === did, {
    path: ['profile', 'id'],
    error: 'must be the did',
  })

const federation = z.strictObject({
  id: z.url({ protocol: /^https?$/, error: 'must be an https URL' }),
  name: z.string().min(1),
  jwks: z.strictObject({
    keys: z
      .array(z.looseObject({ kid: z.string().min(1) }).refine(isPublicKey, 'is no public key that is read here'))
      .min(1)
      .refine((all) => isUnique(all.map(({ kid }) => kid)), 'the same kid stands twice'),
  }),
  anchor: z.enum(['required', 'optional']).default('required'),
})

const schema = z.strictObject({
  chains: z.array(chain).refine((all) => isUnique(all.map(({ chainId }) => chainId)), 'the same chainId stands twice'),
  issuers: z.array(issuer).refine((all) => isUnique(all.map(({ did }) => did)), 'the same did stands twice'),
  federations: z
    .array(federation)
    .refine((all) => isUnique(all.map(({ id }) => id)), 'the same id stands twice')
    .optional(),
  content: z
    .strictObject({ folders: z.array(z.string()).default([]), gateways: z.array(url).default([]) })
    .prefault({}),
  status: z
    .strictObject({
      maximumAgeSeconds: z
        .int()
        .positive()
        .default(24 * 60 * 60),
      folders: z.array(z.string()).default([]),
    })
    .prefault({}),
  allowLoopback: z.boolean().default(false),
})

/** A trust file as it may be written: what has a default may be left out. */
export type TrustFile = z.input<typeof schema>

/** Whether a value has the form of a trust file. */
export function isTrustFile(value: unknown): value is TrustFile {
  return schema.safeParse(value).success
}

/** What a trust file says: whom to trust, and where to look. */
export type Settings = { readonly trust: Trust.Trust; readonly sources: Sources }

/** Nobody and nothing: every verdict is then "could not tell", or "rejected". */
export const nobody: Settings = {
  trust: { chains: [], issuers: [], status: { maximumAgeSeconds: 24 * 60 * 60 } },
  sources: { folders: [], gateways: [], allowLoopback: false },
}

/**
 * Reads a trust file. The folders in it are relative to it.
 *
 * @throws {TrustFileError} TRUST_UNREADABLE or TRUST_INVALID, naming every wrong place
 */
export async function read(path: string): Promise<Settings> {
  const data = check(schema, path, await load(path))
  const folder = dirname(resolve(path))
  const chains = data.chains.map(({ statusRegistry, ...rest }) => ({
    ...rest,
    ...(statusRegistry === undefined ? {} : { statusRegistry }),
  }))
  const issuers = data.issuers.map(({ accounts, recorders, didDocument, directory, profile, ...rest }) => ({
    ...rest,
    ...(accounts === undefined ? {} : { accounts }),
    ...(recorders === undefined ? {} : { recorders }),
    ...(directory === undefined ? {} : { directory }),
    ...(profile === undefined ? {} : { profile: profile as unknown as Json.Object }),
    ...(didDocument === undefined ? {} : { didDocument: didDocument as unknown as DidDocument.DidDocument }),
  }))
  return {
    trust: {
      chains,
      issuers,
      ...(data.federations && { federations: data.federations.map(toFederation) }),
      status: { maximumAgeSeconds: data.status.maximumAgeSeconds },
    },
    sources: {
      folders: [...data.content.folders, ...data.status.folders].map((each) => resolve(folder, each)),
      gateways: data.content.gateways.map((gateway) => (gateway.endsWith('/') ? gateway : `${gateway}/`)),
      allowLoopback: data.allowLoopback,
    },
  }
}

function toFederation({ jwks, ...rest }: z.infer<typeof federation>): Trust.Federation {
  return { ...rest, keys: jwks.keys as unknown as readonly Json.Object[] }
}

/** An empty trust file, to which something is added. */
export const empty: TrustFile = { chains: [], issuers: [] }

/**
 * Reads a trust file as it is written, to change it.
 *
 * @throws {TrustFileError} TRUST_UNREADABLE or TRUST_INVALID
 */
export async function edit(path: string): Promise<TrustFile> {
  const value = await load(path)
  check(schema, path, value)
  return value as unknown as TrustFile
}

/**
 * Replaces a trust file, after it has been read as a whole once more. It is seen under its name once it is whole.
 *
 * @throws {TrustFileError} TRUST_INVALID, and then nothing is written; TRUST_UNWRITABLE
 */
export async function write(path: string, file: TrustFile): Promise<void> {
  check(schema, path, file)
  const draft = `${path}.${randomUUID()}`
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx' })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new TrustFileError('TRUST_UNWRITABLE', `The trust file ${path} cannot be written.`, [], cause)
  }
}

/** Issuers on a list that somebody keeps for others: whoever trusts it takes them over. */
const issuerList = z.strictObject({
  type: z.literal('LaurelIssuerList'),
  version: z.literal(1),
  name: z.string().min(1),
  issuers: z
    .array(issuer)
    .min(1)
    .refine((all) => isUnique(all.map(({ did }) => did)), 'the same did stands twice'),
})

export type IssuerList = z.input<typeof issuerList>

/**
 * Reads an issuer list.
 *
 * @param place where it was had
 * @throws {TrustFileError} TRUST_INVALID
 */
export function parseIssuerList(place: string, bytes: Uint8Array): IssuerList {
  const value = parse(place, bytes)
  check(issuerList, place, value)
  return value as unknown as IssuerList
}

async function load(path: string): Promise<Json.Object> {
  const bytes = await readFile(path).catch((cause) => {
    throw new TrustFileError('TRUST_UNREADABLE', `The trust file ${path} cannot be read.`, [], cause)
  })
  return parse(path, bytes)
}

function check<output>(schema: z.ZodType<output>, path: string, value: unknown): output {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const problems = error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
  throw new TrustFileError('TRUST_INVALID', `${path} is wrong: ${problems.join('; ')}.`, problems)
}

function isPublicKey(jwk: unknown): boolean {
  try {
    return PublicKey.fromJwk(jwk) !== undefined
  } catch {
    return false
  }
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}

function parse(path: string, bytes: Uint8Array): Json.Object {
  try {
    return Json.parseObject(bytes)
  } catch (cause) {
    if (!(cause instanceof Errors.BaseError)) throw cause
    throw new TrustFileError('TRUST_INVALID', `${path} is wrong: ${cause.message}`, [], cause)
  }
}

/** Thrown when a trust file cannot be used: then nothing is verified at all. */
export class TrustFileError extends Errors.BaseError<'TRUST_UNREADABLE' | 'TRUST_INVALID' | 'TRUST_UNWRITABLE'> {
  override readonly name = 'trust-file.TrustFileError'
  constructor(code: TrustFileError['code'], message: string, problems: readonly string[], cause?: unknown) {
    super(code, message, { facts: { problems }, cause })
  }
}
