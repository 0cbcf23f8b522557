import { createPrivateKey, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type * as KeyUri from '../../KeyUri.ts'
import * as Kms from './Kms.ts'
import { SignerError } from './RemoteKey.ts'

/** Where Google Cloud puts what a process shows itself with, by the names that its own tools read. */
export type Options = {
  /** GOOGLE_APPLICATION_CREDENTIALS: the key file of a service account. */
  readonly file: string | undefined
  /** GCE_METADATA_HOST, as an address. */
  readonly metadata: string
}

type Token = { readonly text: string; readonly expiresAt: number }

const scope = 'https://www.googleapis.com/auth/cloudkms'
/** How long before its end a token is fetched anew, in milliseconds. */
const early = 5 * 60_000
/** How long whoever hands it out may take, in milliseconds. */
const patience = 5_000
/** By how much the clocks may differ before a token is asked for by the other one, in milliseconds. */
const largestSkew = 60_000

/**
 * The access token of a process for Google Cloud (OAuth 2.0): for the key file of a service account (RFC 7523), or from the
 * machine's own metadata. It is fetched anew before it ends, and when it is said not to count any more.
 *
 * @throws {SignerError} SIGNER_UNREACHABLE where nobody hands one out, without a word of what was shown
 */
export function create(
  uri: KeyUri.KeyUri,
  options: Options,
  now: () => number,
): { readonly get: () => Promise<string>; readonly drop: (token: string) => void } {
  let kept: Promise<Token> | undefined
  let dropped: string | undefined
  const fresh = () => {
    const fetched = load(uri, options, now)
    kept = fetched
    fetched.catch(() => {
      if (kept === fetched) kept = undefined
    })
    return fetched
  }
  return {
    get: async () => {
      const asked = kept ?? fresh()
      const token = await asked
      if (token.expiresAt - early > now() && token.text !== dropped) return token.text
      // Of several who find it at its end, one fetches another.
      return (await (kept === asked ? fresh() : (kept ?? fresh()))).text
    },
    drop: (token) => {
      dropped = token
    },
  }
}

async function load(uri: KeyUri.KeyUri, { file, metadata }: Options, now: () => number): Promise<Token> {
  const answer = file === undefined ? await fromMetadata(metadata) : await fromFile(file, now)
  const { access_token: text, expires_in: seconds } = answer?.status === 200 ? answer.body : {}
  if (typeof text !== 'string' || typeof seconds !== 'number')
    throw new SignerError('SIGNER_UNREACHABLE', uri, 'no credentials')
  return { text, expiresAt: now() + seconds * 1_000 }
}

async function fromMetadata(endpoint: string): Promise<Kms.Answer | undefined> {
  const path = 'computeMetadata/v1/instance/service-accounts/default/token'
  return Kms.fetchJson(`${endpoint}/${path}`, { headers: { 'metadata-flavor': 'Google' } }, patience)
}

async function fromFile(path: string, now: () => number): Promise<Kms.Answer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const account = read(text)
  if (account === undefined) return undefined
  const ask = (at: number) => {
    const init = {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion(account, at),
      }),
    }
    return Kms.fetchJson(account.tokenUri, init, patience)
  }
  const answer = await ask(now())
  // An assertion counts for an hour by the clock of Google.
  const isSkewed = answer?.status === 400 && Math.abs(answer.ahead) > largestSkew
  return isSkewed ? ask(now() + answer.ahead) : answer
}

type Account = { readonly email: string; readonly keyId: string; readonly key: string; readonly tokenUri: string }

function read(text: string): Account | undefined {
  try {
    const { type, client_email: email, private_key_id: keyId, private_key: key, token_uri: tokenUri } = JSON.parse(text)
    const isWell = type === 'service_account' && [email, keyId, key, tokenUri].every((each) => typeof each === 'string')
    return isWell ? { email, keyId, key, tokenUri } : undefined
  } catch {
    return undefined
  }
}

function assertion({ email, keyId, key, tokenUri }: Account, at: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(at / 1_000)
  const header = part({ alg: 'RS256', typ: 'JWT', kid: keyId })
  const text = `${header}.${part({ iss: email, scope, aud: tokenUri, iat, exp: iat + 3_600 })}`
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), createPrivateKey(key)).toString('base64url')}`
}
