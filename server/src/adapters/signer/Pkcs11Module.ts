import * as Errors from '@laurel/core/Errors'

/** PKCS#11 v2.40: the return values, attributes and mechanisms of which anything is known here. */
export const returned = {
  ok: 0x0,
  generalError: 0x5,
  functionFailed: 0x6,
  deviceError: 0x30,
  deviceRemoved: 0x32,
  keyHandleInvalid: 0x60,
  objectHandleInvalid: 0x82,
  pinIncorrect: 0xa0,
  pinExpired: 0xa3,
  pinLocked: 0xa4,
  sessionClosed: 0xb0,
  sessionHandleInvalid: 0xb3,
  tokenNotPresent: 0xe0,
  tokenNotRecognized: 0xe1,
  userAlreadyLoggedIn: 0x100,
  userNotLoggedIn: 0x101,
  cryptokiNotInitialized: 0x190,
  cryptokiAlreadyInitialized: 0x191,
} as const
export const attribute = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  sign: 0x108,
  verify: 0x10a,
  extractable: 0x162,
  ecParams: 0x180,
  ecPoint: 0x181,
} as const
export const mechanism = { ecKeyPairGen: 0x1040, ecdsa: 0x1041, edwardsKeyPairGen: 0x1055, eddsa: 0x1057 } as const
export const objectClass = { publicKey: 2, privateKey: 3 } as const
export const keyType = { ec: 0x3, edwards: 0x40 } as const

/** CK_ATTRIBUTE: what is looked for, made, or read; its bytes are those of the value. */
export type Attribute = { readonly type: number; readonly value: Uint8Array }

/** A handle of a session or object. */
export type Handle = bigint

/** What a module can do, as far as it is needed here. Everything is done on threads of their own. */
export type Calls = {
  readonly slots: () => Promise<readonly Handle[]>
  /** The label of the token in a slot. */
  readonly label: (slot: Handle) => Promise<string>
  readonly openSession: (slot: Handle, writable: boolean) => Promise<Handle>
  readonly closeSession: (session: Handle) => Promise<void>
  readonly login: (session: Handle, pin: string) => Promise<void>
  readonly find: (session: Handle, template: readonly Attribute[]) => Promise<readonly Handle[]>
  readonly read: (session: Handle, object: Handle, type: number) => Promise<Uint8Array>
  readonly sign: (session: Handle, mechanism: number, key: Handle, message: Uint8Array) => Promise<Uint8Array>
  readonly generate: (
    session: Handle,
    mechanism: number,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ) => Promise<void>
}

/** A module that is loaded. */
export type Pkcs11Module = {
  /**
   * Does something with the module. Handles count for one epoch only: after {@link reset} all of them are gone.
   */
  readonly use: <result>(work: (calls: Calls, epoch: number) => Promise<result>) => Promise<result>
  /**
   * Ends the module and begins it anew, as soon as nothing is under way in it: only then do modules see a token again that
   * was away. Whoever asks with an epoch that is over already has what is wanted.
   */
  readonly reset: (epoch: number) => Promise<void>
}

const modules = new Map<string, Promise<Pkcs11Module>>()

/**
 * Loads a module, once in a process, as PKCS#11 has it.
 *
 * @throws {BindingMissingError} PKCS11_BINDING_MISSING
 * @throws what loading a library throws
 */
export function load(path: string): Promise<Pkcs11Module> {
  const loaded = modules.get(path) ?? create(path)
  modules.set(path, loaded)
  loaded.catch(() => modules.delete(path))
  return loaded
}

async function create(path: string): Promise<Pkcs11Module> {
  const { initialize, finalize, ...calls } = await bind(path)
  let epoch = 0
  let underway = 0
  let isReady = false
  let idle = () => {}
  let resetting: Promise<void> | undefined

  const begin = async () => {
    if (underway > 0)
      await new Promise<void>((resolve) => {
        idle = resolve
      })
    if (isReady) await finalize()
    isReady = false
    epoch++
    await initialize()
    isReady = true
  }
  const reset = (seen: number) => {
    if (resetting === undefined && seen === epoch)
      resetting = begin().finally(() => {
        resetting = undefined
      })
    return resetting ?? Promise.resolve()
  }

  return {
    use: async (work) => {
      while (resetting !== undefined) await resetting
      if (!isReady) await reset(epoch)
      underway++
      try {
        return await work(calls, epoch)
      } finally {
        underway--
        if (underway === 0) idle()
      }
    },
    reset,
  }
}

/** The sizes of CK_ULONG and of structures: on Windows they are packed, and an unsigned long has four bytes there. */
const isWindows = process.platform === 'win32'
const long = isWindows ? 4 : 8

function longs(...values: readonly (number | bigint)[]): Buffer {
  const buffer = Buffer.alloc(values.length * long)
  for (const [i, value] of values.entries())
    if (isWindows) buffer.writeUInt32LE(Number(value), i * long)
    else buffer.writeBigUInt64LE(BigInt(value), i * long)
  return buffer
}

function toLong(buffer: Uint8Array, at = 0): bigint {
  const view = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  return isWindows ? BigInt(view.readUInt32LE(at)) : view.readBigUInt64LE(at)
}

/** The value of an attribute that is a CK_ULONG. */
export const ulong = (value: number): Uint8Array => longs(value)
/** The value of an attribute that is a CK_BBOOL. */
export const bool = (value: boolean): Uint8Array => Uint8Array.of(value ? 1 : 0)
/** The number in the value of an attribute. */
export const toNumber = (value: Uint8Array): number => (value.length === long ? Number(toLong(value)) : -1)

type Native = { async: (...args: unknown[]) => void }

/** The functions of a module that are called, and what they take; each answers with a CK_RV. */
const signatures = {
  C_Initialize: ['void *'],
  C_Finalize: ['void *'],
  C_GetSlotList: ['uint8_t', 'void *', 'void *'],
  C_GetTokenInfo: ['unsigned long', 'void *'],
  C_OpenSession: ['unsigned long', 'unsigned long', 'void *', 'void *', 'void *'],
  C_CloseSession: ['unsigned long'],
  C_Login: ['unsigned long', 'unsigned long', 'void *', 'unsigned long'],
  C_FindObjectsInit: ['unsigned long', 'void *', 'unsigned long'],
  C_FindObjects: ['unsigned long', 'void *', 'unsigned long', 'void *'],
  C_FindObjectsFinal: ['unsigned long'],
  C_GetAttributeValue: ['unsigned long', 'unsigned long', 'void *', 'unsigned long'],
  C_SignInit: ['unsigned long', 'void *', 'unsigned long'],
  C_Sign: ['unsigned long', 'void *', 'unsigned long', 'void *', 'void *'],
  C_GenerateKeyPair: [
    'unsigned long',
    'void *',
    'void *',
    'unsigned long',
    'void *',
    'unsigned long',
    'void *',
    'void *',
  ],
} as const

const sessionFlags = { rw: 0x2, serial: 0x4 } as const
const user = 1
/** CKF_OS_LOCKING_OK: several threads call at once. */
const osLocking = 2

/** Opens the library and says how its functions are called. */
async function bind(
  path: string,
): Promise<Calls & { readonly initialize: () => Promise<void>; readonly finalize: () => Promise<void> }> {
  const { default: koffi } = await import('koffi').catch((cause) => {
    throw new BindingMissingError(cause)
  })
  const library = koffi.load(path)
  const natives = new Map<string, Native>()
  for (const [name, types] of Object.entries(signatures))
    natives.set(name, library.func(name, 'unsigned long', [...types]) as unknown as Native)

  /** What threads read and write at the moment, lest it be collected. */
  const held = new Set<readonly unknown[]>()
  /** The values to which a template has pointers live for as long as the template. */
  const valuesOf = new WeakMap<Buffer, readonly Buffer[]>()
  /** Calls on a thread, which writes to the buffers that are passed. */
  const call = (name: keyof typeof signatures, ...args: readonly unknown[]) =>
    new Promise<number>((resolve, reject) => {
      held.add(args)
      natives.get(name)?.async(...args, (error: unknown, value: number | bigint) => {
        held.delete(args)
        if (error) reject(error)
        else resolve(Number(value))
      })
    })
  const demand = async (name: keyof typeof signatures, ...args: readonly unknown[]) => {
    const value = await call(name, ...args)
    if (value !== returned.ok) throw new ReturnedError(name, value)
  }
  /** CK_ATTRIBUTE[]: type, pointer, length. */
  const template = (attributes: readonly Attribute[]) => {
    const size = long + 8 + long
    const bytes = Buffer.alloc(Math.max(1, attributes.length) * size)
    const values = attributes.map(({ value }) => Buffer.from(value))
    for (const [i, { type }] of attributes.entries()) {
      longs(type).copy(bytes, i * size)
      bytes.writeBigUInt64LE(BigInt(koffi.address(values[i] as Buffer)), i * size + long)
      longs((values[i] as Buffer).length).copy(bytes, i * size + long + 8)
    }
    valuesOf.set(bytes, values)
    return { bytes, values }
  }
  const mechanismOf = (type: number) => {
    const bytes = Buffer.alloc(long + 8 + long)
    longs(type).copy(bytes)
    return bytes
  }

  return {
    initialize: async () => {
      const args = Buffer.alloc(4 * 8 + long + 8)
      longs(osLocking).copy(args, 4 * 8)
      const value = await call('C_Initialize', args)
      if (value !== returned.ok && value !== returned.cryptokiAlreadyInitialized)
        throw new ReturnedError('C_Initialize', value)
    },
    finalize: async () => {
      await call('C_Finalize', null)
    },
    slots: async () => {
      const most = 256
      const [list, count] = [Buffer.alloc(most * long), longs(most)]
      await demand('C_GetSlotList', 1, list, count)
      return Array.from({ length: Number(toLong(count)) }, (_, i) => toLong(list, i * long))
    },
    label: async (slot) => {
      // CK_TOKEN_INFO, of which the label comes first: 32 bytes, filled up with blanks.
      const info = Buffer.alloc(512)
      await demand('C_GetTokenInfo', slot, info)
      return info.subarray(0, 32).toString('utf8').trimEnd()
    },
    openSession: async (slot, writable) => {
      const handle = longs(0)
      const flags = sessionFlags.serial | (writable ? sessionFlags.rw : 0)
      await demand('C_OpenSession', slot, flags, null, null, handle)
      return toLong(handle)
    },
    closeSession: (session) => demand('C_CloseSession', session),
    login: async (session, pin) => {
      const bytes = Buffer.from(pin, 'utf8')
      try {
        const value = await call('C_Login', session, user, bytes, bytes.length)
        if (value !== returned.ok && value !== returned.userAlreadyLoggedIn) throw new ReturnedError('C_Login', value)
      } finally {
        bytes.fill(0)
      }
    },
    find: async (session, attributes) => {
      const { bytes, values } = template(attributes)
      await demand('C_FindObjectsInit', session, bytes, values.length)
      try {
        const most = 16
        const [found, count] = [Buffer.alloc(most * long), longs(0)]
        await demand('C_FindObjects', session, found, most, count)
        return Array.from({ length: Number(toLong(count)) }, (_, i) => toLong(found, i * long))
      } finally {
        await call('C_FindObjectsFinal', session)
      }
    },
    read: async (session, object, type) => {
      const { bytes, values } = template([{ type, value: new Uint8Array(256) }])
      await demand('C_GetAttributeValue', session, object, bytes, values.length)
      const length = Number(toLong(bytes, long + 8))
      return Uint8Array.from((values[0] as Buffer).subarray(0, length))
    },
    sign: async (session, type, key, message) => {
      const [signature, length] = [Buffer.alloc(256), longs(256)]
      await demand('C_SignInit', session, mechanismOf(type), key)
      await demand('C_Sign', session, Buffer.from(message), message.length, signature, length)
      return Uint8Array.from(signature.subarray(0, Number(toLong(length))))
    },
    generate: async (session, type, publicTemplate, privateTemplate) => {
      const [open, closed] = [template(publicTemplate), template(privateTemplate)]
      const counts = [open.values.length, closed.values.length]
      const handles = [longs(0), longs(0)]
      await demand(
        'C_GenerateKeyPair',
        session,
        mechanismOf(type),
        open.bytes,
        counts[0],
        closed.bytes,
        counts[1],
        ...handles,
      )
    },
  }
}

/** Thrown when a module does not do what it was asked. */
export class ReturnedError extends Error {
  override readonly name = 'Pkcs11Module.ReturnedError'
  readonly call: string
  readonly value: number
  constructor(call: string, value: number) {
    super(`${call} has returned 0x${value.toString(16)}`)
    this.call = call
    this.value = value
  }
}

/** Thrown when the package by which modules are called is not installed. */
export class BindingMissingError extends Errors.BaseError<'PKCS11_BINDING_MISSING'> {
  override readonly name = 'Pkcs11Module.BindingMissingError'
  constructor(cause: unknown) {
    super('PKCS11_BINDING_MISSING', 'The package koffi, by which PKCS#11 modules are called, is not installed.', {
      cause,
    })
  }
}
