import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import * as AchievementCredential from '../../core/src/AchievementCredential.ts'
import * as AnchorProof from '../../core/src/AnchorProof.ts'
import * as BakedPng from '../../core/src/BakedPng.ts'
import * as BakedSvg from '../../core/src/BakedSvg.ts'
import * as BlockcertsProof from '../../core/src/BlockcertsProof.ts'
import * as BlockHeader from '../../core/src/BlockHeader.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Caip10 from '../../core/src/Caip10.ts'
import * as Cid from '../../core/src/Cid.ts'
import * as ClaimTicket from '../../core/src/ClaimTicket.ts'
import * as Cohort from '../../core/src/Cohort.ts'
import * as Commitment from '../../core/src/Commitment.ts'
import * as Contexts from '../../core/src/Contexts.ts'
import * as DateTimeStamp from '../../core/src/DateTimeStamp.ts'
import * as DidJwk from '../../core/src/DidJwk.ts'
import * as DidKey from '../../core/src/DidKey.ts'
import * as DidWeb from '../../core/src/DidWeb.ts'
import { catalogue } from '../../core/src/ErrorCatalogue.ts'
import * as Errors from '../../core/src/Errors.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Cbor from '../../core/src/internal/Cbor.ts'
import * as Trie from '../../core/src/internal/Trie.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import * as Json from '../../core/src/Json.ts'
import * as JsonLd from '../../core/src/JsonLd.ts'
import * as Jws from '../../core/src/Jws.ts'
import * as Keepsake from '../../core/src/Keepsake.ts'
import * as Manifest from '../../core/src/Manifest.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import * as PublicKey from '../../core/src/PublicKey.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Rlp from '../../core/src/Rlp.ts'
import * as Shape from '../../core/src/Shape.ts'
import * as Standing from '../../core/src/Standing.ts'
import * as StatusList from '../../core/src/StatusList.ts'
import * as StorageProof from '../../core/src/StorageProof.ts'
import { hash, jsonOf, rejection } from './support.ts'

// What no error may repeat: a name, as it could stand in any input.
const person = 'Žofie Nováková'

const manifest = jsonOf('laurel-v1/golden/A-1-manifest.json')
const credential = jsonOf('laurel-v1/golden/A-1-0.json')
const { issuer, validFrom, credentialSubject } = credential
const options: AchievementCredential.Options = {
  ...{ id: 'urn:a', issuer, validFrom },
  achievement: credentialSubject.achievement,
  recipient: { identifiers: [{ type: 'name', value: person }] },
}
const chunk = BakedPng.bake(pngOf(), person)

/** The smallest file that is a PNG to a reader of chunks. */
function pngOf(): Uint8Array {
  return Bytes.fromHex(
    '0x89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000049444154' +
      '35af061e0000000049454e44ae426082',
  )
}

/** A way to each error, with the name in the input wherever there is a place for it. */
const ways: Readonly<Record<string, () => unknown>> = {
  'AchievementCredential.PeriodError': () =>
    AchievementCredential.build({ ...options, validUntil: '2000-01-01T00:00:00Z' }),
  'AchievementCredential.RecipientError': () =>
    AchievementCredential.build({ ...options, recipient: { narrative: person } }),
  'AchievementCredential.ResultError': () =>
    AchievementCredential.build({
      ...options,
      recipient: { ...options.recipient, results: [{ resultDescription: 'urn:unknown', value: person }] },
    }),
  'AnchorProof.EncodingError': () => AnchorProof.decode(person),
  'AnchorProof.OptionsError': () =>
    AnchorProof.parse({ ...credential.proof[1], created: 5, note: undefined, type: person }),
  'Baked.TwiceError': () => {
    const at = chunk.length - 12
    const credentialChunk = chunk.slice(pngOf().length - 12, at)
    return BakedPng.extract(Bytes.concat(chunk.slice(0, at), credentialChunk, chunk.slice(at)))
  },
  'Baked.ContentError': () => {
    const changed = chunk.slice()
    const start = pngOf().length - 12
    changed[start + 8 + 'openbadgecredential'.length + 1] = 1
    const view = new DataView(changed.buffer)
    view.setUint32(chunk.length - 16, crc32(changed.subarray(start + 4, chunk.length - 16)))
    return BakedPng.extract(changed)
  },
  'Baked.MissingError': () => BakedPng.extract(pngOf()),
  'BakedPng.InvalidPngError': () => BakedPng.extract(Bytes.fromUtf8(person)),
  'BakedSvg.DoctypeError': () => BakedSvg.extract(Bytes.fromUtf8(`<!DOCTYPE svg [<!ENTITY a "${person}">]><svg/>`)),
  'BakedSvg.InvalidSvgError': () => BakedSvg.extract(Bytes.fromUtf8(`<svg><${person}></svg>`)),
  'BlockHeader.InvalidHeaderError': () => BlockHeader.fromJsonRpc({ number: person }),
  'Bytes.InvalidHexError': () => Bytes.fromHex(person),
  'Caip10.InvalidAccountError': () => Caip10.parse(person),
  'BlockcertsProof.EncodingError': () => BlockcertsProof.parse2019(person),
  'Cbor.EncodingError': () => Cbor.decode(Bytes.fromUtf8(person)),
  'Cid.InvalidCidError': () => Cid.toDigest(person),
  'ClaimTicket.InvalidTicketError': () =>
    ClaimTicket.parse(JSON.stringify({ type: 'LaurelTicket', version: 1, [person]: person })),
  'ClaimTicket.VersionError': () => ClaimTicket.parse(JSON.stringify({ type: person })),
  'Cohort.InvalidCohortError': () => Cohort.pack([]),
  'Commitment.PreviousProofError': () => Commitment.documentDigest({ ...credential, name: person }, person),
  'Contexts.DigestError': () => Contexts.verify('urn:a', { name: person }, '0x00'),
  'Contexts.UnknownContextError': () => Contexts.load('urn:a'),
  'DateTimeStamp.FormatError': () => DateTimeStamp.toMilliseconds(person),
  'DateTimeStamp.InvalidDateError': () => DateTimeStamp.toMilliseconds('2026-02-30T00:00:00Z'),
  'DidJwk.InvalidDidError': () => DidJwk.document(`did:jwk:${person}`),
  'DidKey.InvalidDidError': () => DidKey.toPublicKey(`did:key:${person}`),
  'DidWeb.InvalidDidError': () => DidWeb.toUrl(`did:web:${person}`),
  'InclusionProof.LengthError': () => InclusionProof.open([]),
  'InclusionProof.PatternError': () =>
    InclusionProof.open([1, 2, 3].map((number) => ({ side: 'left', hash: hash(number) }))),
  'Json.DuplicateMemberError': () => Json.parse(`{"${person}":1,"${person}":2}`),
  'Json.InvalidJsonError': () => Json.parse(person),
  'Json.LimitError': () => Json.parse(`"${person}"`, { bytes: 3 }),
  'Json.NumberError': () => Json.parse(`["${person}",1e999]`),
  'Json.UnicodeError': () => Json.parse(Bytes.concat(Bytes.fromUtf8(`"${person}`), Uint8Array.of(0xff, 0x22))),
  'JsonLd.UnsafeError': () => JsonLd.statements({ ...credential, unknown: person }),
  'JsonLd.UnsupportedError': () => JsonLd.statements({ ...credential, '@included': person }),
  'Keepsake.InvalidKeepsakeError': () => Keepsake.read({ type: 'LaurelKeepsake', version: 1, [person]: person }),
  'Keepsake.VersionError': () => Keepsake.read({ type: person }),
  'Manifest.InvalidManifestError': () => Manifest.parse(Jcs.bytes({ ...manifest, issuer: person })),
  'Manifest.VersionError': () => Manifest.parse(Jcs.bytes({ ...manifest, type: person })),
  'Multibase.EncodingError': () => Multibase.fromBase58(person),
  'Jws.FormatError': () => Jws.parse(`${person}.${person}.${person}`),
  'Multikey.InvalidKeyError': () => Multikey.toEd25519(person),
  'PublicKey.InvalidKeyError': () => PublicKey.fromMultikey(person),
  'Rdfc.LimitError': () => Rdfc.canonizeStatements(poison),
  'Rlp.EncodingError': () => Rlp.decode(Bytes.fromUtf8(person)),
  'Shape.ShapeError': () => Shape.assert({ ...credential, name: [person] }, 'AchievementCredential'),
  'Standing.InvalidStandingError': () => Standing.fromWord(Bytes.fromUtf8('x'.repeat(32))),
  'StatusList.EncodingError': () => StatusList.decode(person),
  'StatusList.IndexError': () => StatusList.parseIndex(person),
  'StatusList.LengthError': () => StatusList.decode(StatusList.encode(new Uint8Array(8))),
  'StorageProof.InvalidProofError': () =>
    StorageProof.read({ headers: [], account: [], storage: [] }, `0x${'00'.repeat(20)}`, `0x${'00'.repeat(32)}`),
  'Trie.NodeError': () => Trie.get(hash(1), Bytes.fromUtf8(person), []),
}

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return ~value
}

/** Ten blank nodes, each leading to every other: a graph that takes more work to label than anybody should do. */
const poison = Array.from({ length: 100 }, (_, i) => ({
  subject: i % 10,
  predicate: `<urn:${person}>`,
  object: Math.floor(i / 10),
  graph: undefined,
}))

/** The names of the errors that modules export; an error that one passes on from another has the name that comes first. */
async function exportedErrors(folders: readonly string[]): Promise<readonly string[]> {
  const names = new Map<unknown, string>()
  for (const folder of folders) await collectErrors(new URL(`../../core/src/${folder}`, import.meta.url), names)
  return [...names.values()]
}

async function collectErrors(url: URL, names: Map<unknown, string>): Promise<void> {
  for (const file of readdirSync(url).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))) {
    const module: Record<string, unknown> = await import(new URL(file, url).href)
    for (const [name, value] of Object.entries(module))
      if (typeof value === 'function' && value.prototype instanceof Errors.BaseError && !names.has(value))
        names.set(value, `${file.slice(0, -'.ts'.length)}.${name}`)
  }
}

describe('Errors', () => {
  it('are all here', async () => {
    expect(Object.keys(ways)).to.have.members(await exportedErrors(['', 'internal/']))
  })

  for (const [name, way] of Object.entries(ways))
    it(`${name} has its name, a code of the catalogue, a sentence, and nothing of the input`, async () => {
      const error = await rejection(async () => way())
      expect(error.name).to.equal(name)
      expect(catalogue).to.have.property(error.code)
      expect(error.message).to.match(/^\S.*[.)…]$/s)
      const said = JSON.stringify([error.message, error.facts])
      expect(said).to.not.contain(person)
      expect(said).to.not.contain('Nov')
      expect(error.stack).to.contain(error.message)
    })

  it('keep what caused them', () => {
    class Example extends Errors.BaseError<'EXAMPLE'> {
      override readonly name = 'Errors.Example'
    }
    const cause = new Error('x')
    const error = new Example('EXAMPLE', 'A sentence.', { cause, facts: { a: 1 } })
    expect(error).to.deep.include({ code: 'EXAMPLE', message: 'A sentence.', facts: { a: 1 } })
    expect(error.cause).to.equal(cause)
    expect(new Example('EXAMPLE', 'A sentence.')).to.not.have.property('cause')
    expect(new Example('EXAMPLE', 'A sentence.').facts).to.deep.equal({})
  })
})
