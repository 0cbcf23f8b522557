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

/** Looks for people in bytes that lie somewhere. */
export type Search = (place: string, bytes: Uint8Array) => readonly Hit[]

/** Looks for these people and no others: for what tells them apart in every form, and for each of their digests and wallets. */
export function finder(canaries: readonly Canary[]): Search {
  const own = ({ email, wallet }: Canary) => [email.split('@')[0] ?? '', wallet.slice(2)]
  return search(canaries, canaries.flatMap(own))
}

/** The same for any number of people, whose names and addresses are known by their mark. */
export function scanner(canaries: readonly Canary[]): Search {
  return search(canaries, [mark])
}

/** Bytes are looked through as they are, and as what any hex or base64 in them means, wherever in a run of it that begins. */
function search(canaries: readonly Canary[], texts: readonly string[]): Search {
  const look = index([...texts.flatMap(forms), ...canaries.flatMap(digestsOf)])
  return (place, bytes) => {
    const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const found = new Set(look(hay))
    const decode = (pattern: RegExp, encoding: 'hex' | 'base64', offsets: readonly number[]) => {
      for (const [run] of hay.toString('latin1').matchAll(pattern))
        for (const offset of offsets)
          for (const form of look(Buffer.from(run.slice(offset), encoding))) found.add(`${form} in ${encoding}`)
    }
    decode(/[0-9a-fA-F]{40,}/g, 'hex', [0, 1])
    decode(/[A-Za-z0-9+/_-]{27,}/g, 'base64', [0, 1, 2, 3])
    return [...found].map((form) => ({ place, form }))
  }
}

function digestsOf({ name, email, wallet }: Canary): readonly Needle[] {
  const hashed = [name, email, wallet, wallet.slice(2)].flatMap(digests)
  return [
    { form: 'wallet', bytes: Buffer.from(wallet.slice(2), 'hex') },
    ...hashed.map((bytes) => ({ form: 'digest', bytes })),
  ]
}

/**
 * Finds any number of needles in one pass over bytes. Three bytes tell nearly always that none begins here, and four that
 * hardly any does; those are held against what is there.
 */
function index(needles: readonly Needle[]): (bytes: Buffer) => ReadonlySet<string> {
  const begun = new Uint8Array(2 ** 24)
  const known = new Map<number, Needle[]>()
  for (const needle of needles) {
    const start = needle.bytes.readUInt32BE(0)
    const same = known.get(start)
    if (same === undefined) known.set(start, [needle])
    else same.push(needle)
    begun[start >>> 8] = 1
  }
  return (bytes) => {
    const found = new Set<string>()
    let start = 0
    for (let end = 1; end <= bytes.length; end++) {
      start = (start << 8) | (bytes[end - 1] as number)
      if (begun[start >>> 8] === 0 || end < 4) continue
      for (const { form, bytes: needle } of known.get(start >>> 0) ?? [])
        if (needle.equals(bytes.subarray(end - 4, end - 4 + needle.length))) found.add(form)
    }
    return found
  }
}

/** Every file below a folder, read when it is its turn; one that has another name by then is read under that. */
export async function* files(folder: string): AsyncGenerator<{ readonly place: string; readonly bytes: Buffer }> {
  const seen = new Set<string>()
  for (let isWhole = false; !isWhole; ) {
    isWhole = true
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const place = join(entry.parentPath, entry.name)
      if (!entry.isFile() || seen.has(place)) continue
      seen.add(place)
      const bytes = await readFile(place).catch((error) => {
        if (error.code !== 'ENOENT') throw error
        isWhole = false
      })
      if (bytes !== undefined) yield { place, bytes }
    }
  }
}
