import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a device is to get wrong. */
export type Wrong = {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  /** Whether it has checked who uses it. */
  readonly verified?: boolean
  readonly counter?: number
  readonly userHandle?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly id?: string
  /** Whether it signs something else. */
  readonly signature?: 'other'
}

type CreationOptions = {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}
type RequestOptions = { readonly challenge: string; readonly rpId: string }

/** A device that makes one passkey and signs with it: honest, unless it is told what to get wrong. */
export type Authenticator = {
  readonly id: string
  readonly create: (options: CreationOptions, wrong?: Wrong) => object
  readonly get: (options: RequestOptions, wrong?: Wrong) => object
}

/** @param origin at which its owner believes to be */
export function create(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let handle = ''
  let counter = 0
  const common = (wrong: Wrong) => ({
    id: wrong.id ?? base64url(id),
    rawId: wrong.id ?? base64url(id),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
  })
  const clientData = (type: string, challenge: string, wrong: Wrong) =>
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? challenge,
        origin: wrong.origin ?? origin,
        crossOrigin: wrong.crossOrigin ?? false,
      }),
    )
  return {
    id: base64url(id),
    create: ({ challenge, rp, user }, wrong = {}) => {
      handle = user.id
      const data = authenticatorData(wrong.rpId ?? rp.id, wrong, 0x40, 0, [
        Buffer.alloc(16),
        Buffer.from([0, id.length]),
        id,
        cose(publicKey),
      ])
      // {"fmt": "none", "attStmt": {}, "authData": bytes} in CBOR (RFC 8949).
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        ...[text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData'), bytes(data)],
      ])
      return {
        ...common(wrong),
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', challenge, wrong)),
          attestationObject: base64url(attestationObject),
          transports: ['internal'],
        },
      }
    },
    get: ({ challenge, rpId }, wrong = {}) => {
      const data = authenticatorData(wrong.rpId ?? rpId, wrong, 0, wrong.counter ?? ++counter, [])
      const client = clientData('webauthn.get', challenge, wrong)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      const signature = sign('sha256', wrong.signature === 'other' ? randomBytes(8) : signed, privateKey)
      return {
        ...common(wrong),
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          userHandle: wrong.userHandle ?? handle,
        },
      }
    },
  }
}

/** Web Authentication §6.1: SHA-256 of the site, flags (present 0x01, verified 0x04, a key follows 0x40), the counter. */
function authenticatorData(
  rpId: string,
  { verified = true }: Wrong,
  flags: number,
  counter: number,
  rest: readonly Buffer[],
): Buffer {
  const head = Buffer.alloc(5)
  head[0] = 0x01 | (verified ? 0x04 : 0) | flags
  head.writeUInt32BE(counter, 1)
  return Buffer.concat([createHash('sha256').update(rpId).digest(), head, ...rest])
}

/** A key on P-256 for ES256 in COSE (RFC 9053 §7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function cose(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const number = (name: string) => bytes(Buffer.from(name, 'base64url'))
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    number(x),
    Buffer.from([0x22]),
    number(y),
  ])
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)])
}

function bytes(value: Buffer): Buffer {
  // As short as can be: what reads this writes it once more to know its length.
  const head = value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from(head), value])
}

function base64url(value: Buffer): string {
  return value.toString('base64url')
}
