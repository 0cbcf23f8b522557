import { readFile } from 'node:fs/promises'
import type * as KeyUri from '../../KeyUri.ts'
import * as Kms from './Kms.ts'
import { SignerError } from './RemoteKey.ts'

/** Where AWS puts what a process shows itself with, by the names that its own tools read. */
export type Options = {
  /** AWS_SHARED_CREDENTIALS_FILE, and AWS_PROFILE in it. */
  readonly file: string | undefined
  readonly profile: string
  /** AWS_CONTAINER_CREDENTIALS_FULL_URI, or the whole address that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI means. */
  readonly container: string | undefined
  /** AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE. */
  readonly containerTokenFile: string | undefined
  /** AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  readonly metadata: string
}

export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

type Temporary = Credentials & { readonly expiresAt: number }

/** How long before their end temporary credentials are fetched anew, in milliseconds. */
const early = 5 * 60_000
/** How long whoever hands them out may take, in milliseconds. */
const patience = 5_000

/**
 * What a process shows itself with to AWS: from a file, else from the container's agent, else from the machine's own
 * metadata (IMDSv2). Temporary ones are fetched anew before they end.
 *
 * @throws {SignerError} SIGNER_UNREACHABLE where nobody hands any out, without a word of what they are
 */
export function create(uri: KeyUri.KeyUri, options: Options, now: () => number): () => Promise<Credentials> {
  let kept: Promise<Temporary> | undefined
  const fresh = () => {
    const fetched = load(uri, options)
    kept = fetched
    fetched.catch(() => {
      if (kept === fetched) kept = undefined
    })
    return fetched
  }
  return async () => {
    const asked = kept ?? fresh()
    const credentials = await asked
    if (credentials.expiresAt - early > now()) return credentials
    // Of several who find them at their end, one fetches others.
    return kept === asked ? fresh() : (kept ?? fresh())
  }
}

async function load(uri: KeyUri.KeyUri, options: Options): Promise<Temporary> {
  const found =
    options.file !== undefined
      ? await fromFile(options.file, options.profile)
      : options.container !== undefined
        ? await fromContainer(options.container, options.containerTokenFile)
        : await fromMetadata(options.metadata)
  if (found === undefined) throw new SignerError('SIGNER_UNREACHABLE', uri, 'no credentials')
  return found
}

/** The profile of an AWS credentials file, which is read again after a minute. */
async function fromFile(path: string, profile: string): Promise<Temporary | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const values = new Map<string, string>()
  let section = ''
  for (const line of text?.split(/\r?\n/) ?? []) {
    section = /^\s*\[\s*([^\]]+?)\s*\]\s*$/.exec(line)?.[1] ?? section
    const [, name, value] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? []
    if (section === profile && name !== undefined && value !== undefined) values.set(name, value)
  }
  return toCredentials(
    {
      AccessKeyId: values.get('aws_access_key_id'),
      SecretAccessKey: values.get('aws_secret_access_key'),
      Token: values.get('aws_session_token'),
    },
    Date.now() + early + 60_000,
  )
}

async function fromContainer(url: string, tokenFile: string | undefined): Promise<Temporary | undefined> {
  const token = tokenFile === undefined ? undefined : await readFile(tokenFile, 'utf8').catch(() => undefined)
  const headers = token === undefined ? {} : { authorization: token.trim() }
  const answer = await Kms.fetchJson(url, { headers }, patience)
  return answer?.status === 200 ? toCredentials(answer.body) : undefined
}

async function fromMetadata(endpoint: string): Promise<Temporary | undefined> {
  const ask = async (method: 'GET' | 'PUT', path: string, headers: Record<string, string>) => {
    try {
      const init = { method, headers, redirect: 'error', signal: AbortSignal.timeout(patience) } as const
      const response = await fetch(`${endpoint}/latest/${path}`, init)
      return response.ok ? await Kms.read(response) : undefined
    } catch {
      return undefined
    }
  }
  const token = await ask('PUT', 'api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' })
  if (token === undefined) return undefined
  const headers = { 'x-aws-ec2-metadata-token': token }
  const folder = 'meta-data/iam/security-credentials/'
  const role = (await ask('GET', folder, headers))?.split('\n')[0]?.trim()
  if (!role) return undefined
  const answer = await Kms.fetchJson(`${endpoint}/latest/${folder}${encodeURIComponent(role)}`, { headers }, patience)
  return answer?.status === 200 ? toCredentials(answer.body) : undefined
}

function toCredentials(
  { AccessKeyId, SecretAccessKey, Token, Expiration }: Kms.Body,
  expiresAt = Date.parse(String(Expiration)),
): Temporary | undefined {
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || Number.isNaN(expiresAt))
    return undefined
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(typeof Token === 'string' ? { sessionToken: Token } : {}),
    expiresAt,
  }
}
