import * as Errors from '@laurel/core/Errors'

/** Where a key is kept. Nothing in it is secret: what opens the place is named by a file, or comes from the cloud. */
export type KeyUri = Keystore | Pkcs11 | AwsKms | GcpKms

/** In a file of the home, encrypted. */
export type Keystore = { readonly scheme: 'keystore' }

/** On a token behind a PKCS#11 module (RFC 7512). */
export type Pkcs11 = {
  readonly scheme: 'pkcs11'
  /** The label of the token, and that of the key on it. */
  readonly token: string
  readonly object: string
  /** The path of the module: a shared library. */
  readonly module: string
  /** The path of the file with the PIN. */
  readonly pin: string
}

/** At AWS KMS. */
export type AwsKms = { readonly scheme: 'aws-kms'; readonly arn: string; readonly region: string; readonly url: string }

/** At Google Cloud KMS: one version of a key. */
export type GcpKms = { readonly scheme: 'gcp-kms'; readonly version: string; readonly url: string }

/**
 * Reads where a key is kept:
 *
 * - `keystore:`
 * - `pkcs11:token=LABEL;object=LABEL?module-path=/PATH&pin-source=file:/PATH` (RFC 7512)
 * - `aws-kms:` and the ARN of the key, `gcp-kms:` and the name of the key's version, both with `?endpoint=URL` where it is
 *   not the usual one
 *
 * An alias is refused, and a key without its version: who may change what it points to would change who signs.
 *
 * @throws {InvalidKeyUriError} KEY_URI_INVALID
 */
export function parse(text: string): KeyUri {
  const at = text.indexOf(':')
  const [path = '', query = '', ...more] = text.slice(at + 1).split('?')
  if (at < 0 || more.length > 0) throw new InvalidKeyUriError('it is keystore:, pkcs11:…, aws-kms:… or gcp-kms:…')
  switch (text.slice(0, at)) {
    case 'keystore':
      if (path !== '' || query !== '') throw new InvalidKeyUriError('nothing follows keystore:')
      return { scheme: 'keystore' }
    case 'pkcs11':
      return parsePkcs11(attributes(path, ';'), attributes(query, '&'))
    case 'aws-kms': {
      const match = /^arn:(aws[a-z-]*):kms:([a-z0-9-]{3,40}):\d{12}:key\/[A-Za-z0-9-]{1,128}$/.exec(path)
      if (match === null) throw new InvalidKeyUriError('aws-kms: is followed by the ARN of a key, not of an alias')
      const [, partition, region = ''] = match
      const host = `kms.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
      return { scheme: 'aws-kms', arn: path, region, url: endpoint(query) ?? `https://${host}` }
    }
    case 'gcp-kms':
      if (
        !/^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+\/cryptoKeyVersions\/\d+$/.test(
          path,
        )
      )
        throw new InvalidKeyUriError('gcp-kms: is followed by projects/…/cryptoKeyVersions/N')
      return { scheme: 'gcp-kms', version: path, url: endpoint(query) ?? 'https://cloudkms.googleapis.com' }
    default:
      throw new InvalidKeyUriError('it is keystore:, pkcs11:…, aws-kms:… or gcp-kms:…')
  }
}

/** The place that a URI names, for people and for errors: no path and nothing that opens it. */
export function place(uri: KeyUri): string {
  switch (uri.scheme) {
    case 'keystore':
      return 'the keystore'
    case 'pkcs11':
      return `the token ${uri.token}`
    case 'aws-kms':
    case 'gcp-kms':
      return new URL(uri.url).host
  }
}

function parsePkcs11(path: ReadonlyMap<string, string>, query: ReadonlyMap<string, string>): Pkcs11 {
  const { token, object, ...others } = Object.fromEntries(path)
  const { 'module-path': module, 'pin-source': pin, ...unknown } = Object.fromEntries(query)
  if (query.has('pin-value')) throw new InvalidKeyUriError('a PIN stands in a file, which pin-source names')
  const [other] = Object.keys({ ...others, ...unknown })
  if (other !== undefined) throw new InvalidKeyUriError(`its attribute ${other.slice(0, 40)} is not known here`)
  if (!token || !object) throw new InvalidKeyUriError('it names a token and an object')
  if (!module?.startsWith('/') && !/^[A-Za-z]:\\/.test(module ?? ''))
    throw new InvalidKeyUriError('module-path is the whole path of the module')
  const file = /^file:(?:\/\/)?(\/.+)$/.exec(pin ?? '')?.[1]
  if (module === undefined || file === undefined) throw new InvalidKeyUriError('pin-source is file: and a whole path')
  return { scheme: 'pkcs11', token, object, module, pin: file }
}

function attributes(text: string, separator: ';' | '&'): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of text.split(separator)) {
    if (part === '') continue
    const [, name, value] = /^([a-z-]+)=(.*)$/s.exec(part) ?? []
    if (name === undefined || value === undefined || found.has(name))
      throw new InvalidKeyUriError('an attribute is a name, = and a value, and stands once')
    found.set(name, decode(value))
  }
  return found
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch (cause) {
    throw new InvalidKeyUriError('an attribute is encoded wrongly', cause)
  }
}

/** Where another endpoint answers: by https, or on this machine. */
function endpoint(query: string): string | undefined {
  if (query === '') return undefined
  const given = attributes(query, '&')
  const text = given.get('endpoint')
  const url = text !== undefined && given.size === 1 && URL.canParse(text) ? new URL(text) : undefined
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname))
  if (url === undefined || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new InvalidKeyUriError('endpoint is an https address')
  return url.href.replace(/\/+$/, '')
}

/** Thrown when a text does not say where a key is kept. */
export class InvalidKeyUriError extends Errors.BaseError<'KEY_URI_INVALID'> {
  override readonly name = 'KeyUri.InvalidKeyUriError'
  constructor(why: string, cause?: unknown) {
    super('KEY_URI_INVALID', `This does not say where a key is: ${why}.`, { cause })
  }
}
