import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** A person who is nobody, and whose name, address and wallet stand nowhere by chance. */
export type Canary = { readonly name: string; readonly email: string; readonly wallet: `0x${string}` }

/** What every name and address of theirs has in it, in this case or in capitals. */
export const mark = 'zqx7canary'

/** So many of them, the same each time. */
export function create(count: number): readonly Canary[] {
  return Array.from({ length: count }, (_, i) => {
    const token = `${mark}${String(i).padStart(6, '0')}`
    const wallet = `0x${createHash('sha256').update(`wallet ${token}`).digest('hex').slice(0, 40)}` as const
    return { name: `${token.toUpperCase()} Žofie`, email: `${token}@example.org`, wallet }
  })
}

/** Where something of them was found, and in which form. */
export type Hit = { readonly place: string; readonly form: string }

export type Needle = { readonly form: string; readonly bytes: Buffer }

/** Every form in which a text may stand somewhere: as it is, and in the encodings in which bytes travel. */
export function forms(text: string): readonly Needle[] {
  return [...new Set([text, text.toLowerCase(), text.toUpperCase()])].flatMap((each) => {
    const bytes = Buffer.from(each)
    const hex = bytes.toString('hex')
    const percent = hex.replaceAll(/../g, (byte) => `%${byte}`)
    return [
      { form: 'plain', bytes },
      { form: 'utf-16', bytes: Buffer.from(each, 'utf16le') },
      { form: 'hex', bytes: Buffer.from(hex) },
      { form: 'hex', bytes: Buffer.from(hex.toUpperCase()) },
      { form: 'percent-encoded', bytes: Buffer.from(percent) },
      { form: 'percent-encoded', bytes: Buffer.from(percent.toUpperCase()) },
      { form: 'escaped', bytes: Buffer.from(hex.replaceAll(/../g, (byte) => `\\u00${byte}`)) },
      ...[0, 1, 2].flatMap((offset) => base64(bytes, offset)),
    ]
  })
}

/** The characters of base64 that stay the same whatever comes before and after, at one of its three alignments. */
function base64(bytes: Buffer, offset: number): readonly Needle[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '')
  const from = offset === 0 ? 0 : offset + 1
  const whole = Math.floor(((bytes.length + offset) * 8) / 6)
  const stable = text.slice(from, whole)
  return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')].map((each) => ({
    form: 'base64',
    bytes: Buffer.from(each),
  }))
}

/** What people take for salt. */
const salts = [
  '',
  'salt',
  'pepper',
  'laurel',
  'home',
  'issuer',
  'did',
  'openbadges',
  'deterministic',
  '0',
  '1',
  '00',
] as const

/** The digests that somebody could guess who knows a text: plain, and with what is commonly taken for salt. */
export function digests(text: string): readonly Buffer[] {
  const all: Buffer[] = []
  for (const each of new Set([text, text.toLowerCase(), text.toUpperCase(), `mailto:${text}`]))
    for (const salt of salts)
      for (const input of salt === '' ? [each] : [salt + each, each + salt, `${salt}:${each}`]) {
        all.push(createHash('sha256').update(input).digest())
        all.push(Buffer.from(keccak_256(Buffer.from(input))))
      }
  return all
}

/** Looks for one person: for each form of each text, and for every digest of it, raw, in hex and in base64. */
export function needlesOf({ name, email, wallet }: Canary): readonly Needle[] {
  const texts = [name, email, wallet.slice(2)]
  const hashed = texts.flatMap(digests).flatMap((digest) => [
    { form: 'digest', bytes: digest },
    { form: 'digest in hex', bytes: Buffer.from(digest.toString('hex')) },
    { form: 'digest in base64', bytes: Buffer.from(digest.toString('base64').slice(0, 40)) },
    { form: 'digest in base64', bytes: Buffer.from(digest.toString('base64url').slice(0, 40)) },
  ])
  const token = email.split('@')[0] ?? ''
  const address = Buffer.from(wallet.slice(2), 'hex')
  return [...forms(token), ...forms(wallet.slice(2)), { form: 'wallet in bytes', bytes: address }, ...hashed]
}

/** Looks for needles in bytes. */
export function find(place: string, bytes: Uint8Array, needles: readonly Needle[]): readonly Hit[] {
  const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return needles.filter(({ bytes }) => hay.includes(bytes)).map(({ form }) => ({ place, form }))
}

/** Looks for any number of people at once: for their mark in every form, and for each of their digests and wallets. */
export function scanner(canaries: readonly Canary[]): (place: string, bytes: Uint8Array) => readonly Hit[] {
  const marked = forms(mark)
  // Four bytes tell nearly always that it is none; then all of them are held against it.
  const known = new Map<number, Buffer[]>()
  const add = (bytes: Buffer) => {
    const start = bytes.readUInt32BE(0)
    known.set(start, [...(known.get(start) ?? []), bytes])
  }
  for (const { name, email, wallet } of canaries) {
    for (const text of [name, email, wallet, wallet.slice(2)]) digests(text).forEach(add)
    add(Buffer.from(wallet.slice(2), 'hex'))
  }
  const isKnown = (bytes: Buffer, at: number) => {
    if (at + 20 > bytes.length) return false
    const found = known.get(bytes.readUInt32BE(at))
    return found?.some((each) => bytes.subarray(at, at + each.length).equals(each)) ?? false
  }
  return (place, bytes) => {
    const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const hits: Hit[] = [...find(place, hay, marked)]
    for (let at = 0; at + 20 <= hay.length; at++) if (isKnown(hay, at)) hits.push({ place, form: 'digest or wallet' })
    const text = hay.toString('latin1')
    for (const [run] of text.matchAll(/[0-9a-fA-F]{40,}/g)) {
      for (const offset of [0, 1]) {
        const decoded = Buffer.from(run.slice(offset), 'hex')
        for (let at = 0; at + 20 <= decoded.length; at++)
          if (isKnown(decoded, at)) hits.push({ place, form: 'digest or wallet in hex' })
      }
    }
    for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{27,}/g)) {
      // It may begin anywhere behind what happens to be written before it.
      for (let from = 0; from + 27 <= run.length; from++)
        if (isKnown(Buffer.from(run.slice(from, from + 44), 'base64'), 0))
          hits.push({ place, form: 'digest or wallet in base64' })
    }
    return hits
  }
}

/** Every file below a folder. */
export async function files(folder: string): Promise<readonly { readonly place: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const place = join(entry.parentPath, entry.name)
        return { place, bytes: await readFile(place) }
      }),
  )
}
