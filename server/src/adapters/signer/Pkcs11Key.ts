import { readFile } from 'node:fs/promises'
import * as Bytes from '@laurel/core/Bytes'
import * as Sha256 from '@laurel/core/Sha256'
import type * as KeyUri from '../../KeyUri.ts'
import * as Pkcs11 from './Pkcs11Module.ts'
import { type Kind, type RemoteKey, SignerError } from './RemoteKey.ts'
import * as Slots from './Slots.ts'

/** How each kind of key is made, known and asked. EDDSA without parameters is Ed25519 as RFC 8032 has it. */
const ways = {
  ed25519: {
    keyType: Pkcs11.keyType.edwards,
    generate: Pkcs11.mechanism.edwardsKeyPairGen,
    sign: Pkcs11.mechanism.eddsa,
    // 1.3.101.112 (RFC 8410), or the name of the curve as a printable string (PKCS#11 v3.0, §2.3.10).
    curves: ['06032b6570', '130c656477617264733235353139'],
  },
  secp256k1: {
    keyType: Pkcs11.keyType.ec,
    generate: Pkcs11.mechanism.ecKeyPairGen,
    sign: Pkcs11.mechanism.ecdsa,
    // 1.3.132.0.10 (SEC 2).
    curves: ['06052b8104000a'],
  },
} as const

/** How many sessions a key has at most: as many as Node has threads for what would hold it up. */
const width = 4

type Connection = {
  readonly slot: Pkcs11.Handle
  readonly key: Pkcs11.Handle
  readonly publicKey: Uint8Array
  /** Sessions that nobody uses at the moment. */
  readonly free: Pkcs11.Handle[]
}

/**
 * A key on a token behind a PKCS#11 module. It may not leave the token: one that may is refused. A token that was away is
 * found again with the first signature that is wanted after it is back.
 *
 * @throws {SignerError}
 */
export async function open(uri: KeyUri.Pkcs11, kind: Kind): Promise<RemoteKey> {
  const module = await load(uri)
  const slots = Slots.create(width)
  let connected: { readonly epoch: number; readonly making: Promise<Connection> } | undefined
  const connection: (calls: Pkcs11.Calls, epoch: number) => Promise<Connection> = (calls, epoch) => {
    if (connected?.epoch !== epoch) {
      const next = { epoch, making: connect(uri, kind, calls) }
      connected = next
      next.making.catch(() => {
        if (connected === next) connected = undefined
      })
    }
    return connected?.making as Promise<Connection>
  }

  /** Signs, and begins anew once where the token was away. */
  const once = async (message: Uint8Array, isAgain: boolean): Promise<Uint8Array> => {
    let seen = 0
    try {
      return await module.use(async (calls, epoch) => {
        seen = epoch
        const { slot, key, free } = await connection(calls, epoch)
        const session = free.pop() ?? (await openSession(uri, calls, slot, false))
        try {
          const signature = await calls.sign(session, ways[kind].sign, key, message)
          free.push(session)
          return signature
        } catch (error) {
          await calls.closeSession(session).catch(() => {})
          throw error
        }
      })
    } catch (error) {
      if (!(error instanceof Pkcs11.ReturnedError)) throw error
      if (isAgain || !isLost(error)) throw toSignerError(uri, error)
      await guarded(uri, () => module.reset(seen))
      return once(message, true)
    }
  }

  const { publicKey } = await guarded(uri, () => module.use(connection))
  return {
    publicKey,
    sign: (message, signal) => slots(() => once(message, false), signal),
  }
}

/**
 * Makes a key on a token, which never leaves it; none where there is one of this name already.
 *
 * If we die in its midst: the key is there, or it is not.
 *
 * @returns whether one was made
 * @throws {SignerError}
 */
export async function generate(uri: KeyUri.Pkcs11, kind: Kind): Promise<boolean> {
  const module = await load(uri)
  return guarded(uri, () =>
    module.use(async (calls) => {
      const slot = await findToken(uri, calls)
      const session = await openSession(uri, calls, slot, true)
      try {
        const label = { type: Pkcs11.attribute.label, value: Bytes.fromUtf8(uri.object) }
        const mine = { type: Pkcs11.attribute.class, value: Pkcs11.ulong(Pkcs11.objectClass.privateKey) }
        if ((await calls.find(session, [mine, label])).length > 0) return false
        const common = [
          label,
          { type: Pkcs11.attribute.token, value: Pkcs11.bool(true) },
          { type: Pkcs11.attribute.id, value: Sha256.digest(label.value).slice(0, 16) },
        ]
        await calls.generate(
          session,
          ways[kind].generate,
          [
            ...common,
            { type: Pkcs11.attribute.verify, value: Pkcs11.bool(true) },
            { type: Pkcs11.attribute.ecParams, value: Buffer.from(ways[kind].curves[0], 'hex') },
          ],
          [
            ...common,
            { type: Pkcs11.attribute.private, value: Pkcs11.bool(true) },
            { type: Pkcs11.attribute.sensitive, value: Pkcs11.bool(true) },
            { type: Pkcs11.attribute.extractable, value: Pkcs11.bool(false) },
            { type: Pkcs11.attribute.sign, value: Pkcs11.bool(true) },
          ],
        )
        return true
      } finally {
        await calls.closeSession(session)
      }
    }),
  )
}

async function connect(uri: KeyUri.Pkcs11, kind: Kind, calls: Pkcs11.Calls): Promise<Connection> {
  const slot = await findToken(uri, calls)
  const session = await openSession(uri, calls, slot, false)
  try {
    return { slot, free: [session], ...(await look(uri, kind, calls, session)) }
  } catch (error) {
    await calls.closeSession(session).catch(() => {})
    throw error
  }
}

/** Finds the two halves of a key, and sees what kind it is and whether it stays where it is. */
async function look(
  uri: KeyUri.Pkcs11,
  kind: Kind,
  calls: Pkcs11.Calls,
  session: Pkcs11.Handle,
): Promise<Pick<Connection, 'key' | 'publicKey'>> {
  const find = async (objectClass: number) => {
    const found = await calls.find(session, [
      { type: Pkcs11.attribute.class, value: Pkcs11.ulong(objectClass) },
      { type: Pkcs11.attribute.label, value: Bytes.fromUtf8(uri.object) },
    ])
    const [object] = found
    if (object === undefined) throw new SignerError('SIGNER_KEY_MISSING', uri)
    if (found.length > 1) throw new SignerError('SIGNER_KEY_KIND', uri, 'several have this label')
    return object
  }
  const key = await find(Pkcs11.objectClass.privateKey)
  const type = Pkcs11.toNumber(await calls.read(session, key, Pkcs11.attribute.keyType))
  if (type !== ways[kind].keyType) throw new SignerError('SIGNER_KEY_KIND', uri, `it is to be ${kind}`)
  const [leaves] = await calls.read(session, key, Pkcs11.attribute.extractable)
  if (leaves !== 0) throw new SignerError('SIGNER_KEY_KIND', uri, 'it may leave the token')
  const half = await find(Pkcs11.objectClass.publicKey)
  const curve = Buffer.from(await calls.read(session, half, Pkcs11.attribute.ecParams)).toString('hex')
  const point = await calls.read(session, half, Pkcs11.attribute.ecPoint)
  const publicKey = toPublicKey(point, kind)
  if (publicKey === undefined || !ways[kind].curves.some((each) => each === curve))
    throw new SignerError('SIGNER_KEY_KIND', uri, `it is to be ${kind}`)
  return { key, publicKey }
}

async function findToken(uri: KeyUri.Pkcs11, calls: Pkcs11.Calls): Promise<Pkcs11.Handle> {
  for (const slot of await calls.slots()) if ((await calls.label(slot)) === uri.token) return slot
  throw new Pkcs11.ReturnedError('C_GetSlotList', Pkcs11.returned.tokenNotPresent)
}

/** The digests of PINs that a token has refused: a few more of the same, and it locks itself for good. */
const refusedPins = new Set<string>()

async function openSession(
  uri: KeyUri.Pkcs11,
  calls: Pkcs11.Calls,
  slot: Pkcs11.Handle,
  writable: boolean,
): Promise<Pkcs11.Handle> {
  const pin = (await readFile(uri.pin, 'utf8').catch(() => '')).replace(/\r?\n$/, '')
  if (pin === '') throw new SignerError('SIGNER_REFUSED', uri, 'the file of the PIN cannot be read, or is empty')
  const digest = Bytes.toHex(Sha256.digest(Bytes.fromUtf8(JSON.stringify([uri.module, uri.token, pin]))))
  if (refusedPins.has(digest)) throw new SignerError('SIGNER_REFUSED', uri, 'wrong PIN')
  const session = await calls.openSession(slot, writable)
  try {
    await calls.login(session, pin)
    return session
  } catch (error) {
    await calls.closeSession(session).catch(() => {})
    if (error instanceof Pkcs11.ReturnedError && error.value === Pkcs11.returned.pinIncorrect) {
      refusedPins.add(digest)
      throw new SignerError('SIGNER_REFUSED', uri, 'wrong PIN')
    }
    throw error
  }
}

/** The point stands in an octet string (PKCS#11 v2.40, §2.3.3); some tokens have it bare. */
function toPublicKey(point: Uint8Array, kind: Kind): Uint8Array | undefined {
  const size = kind === 'ed25519' ? 32 : 65
  const bare = point.length === size + 2 && point[0] === 0x04 && point[1] === size ? point.slice(2) : point
  if (bare.length !== size) return undefined
  if (kind === 'ed25519') return bare
  return bare[0] === 0x04 ? bare.slice(1) : undefined
}

async function load(uri: KeyUri.Pkcs11): Promise<Pkcs11.Pkcs11Module> {
  try {
    return await Pkcs11.load(uri.module)
  } catch (cause) {
    if (cause instanceof Pkcs11.BindingMissingError) throw cause
    throw new SignerError('SIGNER_UNREACHABLE', uri, 'the module cannot be loaded', cause)
  }
}

async function guarded<result>(uri: KeyUri.Pkcs11, work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Pkcs11.ReturnedError ? toSignerError(uri, error) : error
  }
}

/** Whether a token that is begun anew may do what it did not. */
function isLost({ value }: Pkcs11.ReturnedError): boolean {
  const {
    generalError,
    functionFailed,
    deviceError,
    deviceRemoved,
    keyHandleInvalid,
    objectHandleInvalid,
    sessionClosed,
    sessionHandleInvalid,
    tokenNotPresent,
    tokenNotRecognized,
    userNotLoggedIn,
    cryptokiNotInitialized,
  } = Pkcs11.returned
  return [
    generalError,
    functionFailed,
    deviceError,
    deviceRemoved,
    keyHandleInvalid,
    objectHandleInvalid,
    sessionClosed,
    sessionHandleInvalid,
    tokenNotPresent,
    tokenNotRecognized,
    userNotLoggedIn,
    cryptokiNotInitialized,
  ].some((each) => each === value)
}

function toSignerError(uri: KeyUri.Pkcs11, cause: Pkcs11.ReturnedError): SignerError {
  const why = `${cause.call} 0x${cause.value.toString(16)}`
  return new SignerError(isLost(cause) ? 'SIGNER_UNREACHABLE' : 'SIGNER_REFUSED', uri, why)
}
