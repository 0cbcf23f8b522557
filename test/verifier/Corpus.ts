import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as BakedPng from '@laurel/core/BakedPng'
import * as BakedSvg from '@laurel/core/BakedSvg'
import * as Badges from '../support/Badges.ts'
import * as Golden from '../support/Golden.ts'
import * as HostileCredentials from './HostileCredentials.ts'

/** Something that somebody may have verified, and whose it is. */
export type Document = { readonly name: string; readonly bytes: Uint8Array }

/** Documents, and the issuers in them who are known though they have no anchor. */
export type Corpus = { readonly documents: readonly Document[]; readonly known: readonly string[] }

const root = fileURLToPath(new URL('../', import.meta.url))
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url))

/**
 * Everything that there is to be verified: golden credentials as they are and with a bit changed, baked, in presentations
 * and records; keepsakes and baked images; all other golden files; badges and tokens by other people's libraries; and where
 * they are beside this clone, the table of hostile inputs and the documents that others have published.
 */
export async function gather(): Promise<Corpus> {
  const others = await byOthers()
  const golden = files(root, 'vectors/laurel-v1/golden/*.json')
  const kept = [...files(root, 'vectors/keepsake-v1/*.laurel'), ...files(root, 'vectors/baked/*.svg')]
  const documents = [
    ...golden,
    ...kept,
    ...[...golden, ...kept].map(changed),
    ...files(root, 'vectors/{data-integrity,claim-ticket-v1}/*.json'),
    ...composed(),
    ...others.documents,
    ...hostile(),
    ...files(shared, 'conformance/**/*.{json,jsonld,txt,png,svg,jwt}'),
  ]
  return { documents, known: [...others.known, HostileCredentials.did] }
}

function files(folder: string, pattern: string): readonly Document[] {
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }))
}

function changed({ name, bytes }: Document): Document {
  const copy = bytes.slice()
  const middle = Math.floor(copy.length / 2)
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return { name: `${name}, a bit changed`, bytes: copy }
}

/** What is made of golden credentials. */
function composed(): readonly Document[] {
  const text = readFileSync(`${Golden.folder}A-3-0.json`, 'utf8')
  const badge = (type: string) => new Uint8Array(readFileSync(new URL(`../../samples/badge.${type}`, import.meta.url)))
  const [first, second] = [Golden.read('A-3-0.json'), Golden.read('B-3-1.json')]
  const json = (name: string, value: object) => ({ name, bytes: Buffer.from(JSON.stringify(value)) })
  return [
    { name: 'baked into a PNG', bytes: BakedPng.bake(badge('png'), text) },
    { name: 'baked into an SVG', bytes: Buffer.from(BakedSvg.bake(badge('svg'), text)) },
    json('a presentation', { type: 'VerifiablePresentation', verifiableCredential: [first, { ...second, name: 'x' }] }),
    json('a presentation of nothing', { type: ['VerifiablePresentation'], verifiableCredential: [] }),
    json('a record', {
      ...first,
      type: ['VerifiableCredential', 'ClrCredential'],
      credentialSubject: { verifiableCredential: [first, second] },
    }),
  ]
}

async function byOthers(): Promise<Corpus> {
  const documents: Document[] = []
  const known: string[] = []
  const add = (name: string, text: string, did: string) => {
    documents.push({ name, bytes: Buffer.from(text) })
    known.push(did)
  }
  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[]) {
    const { author, document } = await Badges.signed(format)
    add(format, JSON.stringify(document), author.did)
  }
  const { author, document, whole } = await Badges.derived()
  add('ecdsa-sd-2023, derived', JSON.stringify(document), author.did)
  add('ecdsa-sd-2023, as its holder has it', JSON.stringify(whole), author.did)
  for (const [form, algorithm] of Badges.tokens) {
    const { token, trust } = await Badges.token(form, algorithm)
    add(`${form} by ${algorithm}`, token, trust.issuers[0]?.did ?? '')
  }
  const [issuer, endorser] = [await Badges.author(), await Badges.author('P-256')]
  const about = String(Badges.badge(issuer.did).id)
  const endorsement = [
    await Badges.sign(Badges.endorsement(endorser.did, about), 'ecdsa-rdfc-2019 with P-256', endorser),
  ]
  const endorsed = await Badges.sign(Badges.badge(issuer.did, { endorsement }), 'eddsa-rdfc-2022', issuer)
  add('an endorsed badge', JSON.stringify(endorsed), issuer.did)
  return { documents, known: [...new Set(known)] }
}

/** The inputs of the table, as they are, and those that are made for it. */
function hostile(): readonly Document[] {
  const table = join(shared, 'reference/hostile-inputs.json')
  if (!existsSync(table)) return []
  const all: readonly (HostileCredentials.Entry & { readonly input?: { readonly kind?: string } | null })[] =
    JSON.parse(readFileSync(table, 'utf8'))
  const raw = all.flatMap(({ id, surface, input }) =>
    ['credential-verify', 'baked-image', 'merkle-proof', 'jwt'].includes(surface) && typeof input?.value === 'string'
      ? [{ name: `${id}, as it is`, bytes: Buffer.from(input.value, input.kind === 'base64' ? 'base64' : 'utf8') }]
      : [],
  )
  const made = (HostileCredentials.entries() ?? []).flatMap((entry) => {
    const made = HostileCredentials.cases[entry.id]?.[0](entry)
    if (made === undefined) return []
    return [{ name: entry.id, bytes: Buffer.from(typeof made === 'string' ? made : JSON.stringify(made)) }]
  })
  return [...raw, ...made].map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }))
}
