import { sha384 } from '@noble/hashes/sha2.js'
import * as Bytes from './Bytes.ts'
import * as SelectiveDisclosure from './internal/SelectiveDisclosure.ts'
import * as Jcs from './Jcs.ts'
import type * as Json from './Json.ts'
import * as JsonLd from './JsonLd.ts'
import * as Multibase from './Multibase.ts'
import * as PublicKey from './PublicKey.ts'
import * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'
import * as UnsecuredDocument from './UnsecuredDocument.ts'

/** What a proof secures. */
export type Secured = {
  /** The document; a `proof` in it is left out. */
  readonly document: Json.Object
  /** The proofs that the proof's `previousProof` names, whole, which it secures as well (Data Integrity 1.0 §2.1.2). */
  readonly previous: readonly Json.Object[]
  /** The document without its proofs as statements, read by the first who asks. */
  readonly unsecured: () => UnsecuredDocument.UnsecuredDocument
}

/** A way of making proofs, as far as it takes to verify them (Data Integrity 1.0 §3). */
export type Cryptosuite = {
  /** The kinds of key that it is used with. */
  readonly keys: readonly PublicKey.Kind[]
  /**
   * Verifies a proof with a key of one of these kinds. The caller has made sure that the key is the verification method's,
   * and that the purpose is the right one. Anything wrong with the proof's value is false.
   *
   * @throws what {@link Rdfc.canonize} throws, if the suite canonicalises statements
   */
  readonly verify: (secured: Secured, proof: Json.Object, key: PublicKey.PublicKey) => boolean
}

/** What statements of a document are shown, those that need not be with signatures of their own (`-sd-`). */
const selective: Cryptosuite = {
  keys: ['P-256'],
  verify: (secured, { proofValue, ...config }, key) =>
    typeof proofValue === 'string' &&
    SelectiveDisclosure.verify(shown(secured), options(secured.document, config), proofValue, key),
}

/** Those of type `DataIntegrityProof`, by their names: VC EdDSA Cryptosuites 1.0 §3, VC ECDSA Cryptosuites 1.0 §3. */
const suites: ReadonlyMap<string, Cryptosuite> = new Map([
  ['eddsa-rdfc-2022', statements('Ed25519')],
  ['eddsa-jcs-2022', json('Ed25519')],
  ['ecdsa-rdfc-2019', statements('P-256', 'P-384')],
  ['ecdsa-jcs-2019', json('P-256', 'P-384')],
  ['ecdsa-sd-2023', selective],
])

/** Older suites, each of which is a type of proof of its own: VC EdDSA Cryptosuites 1.0 §A.1. */
const types: ReadonlyMap<string, Cryptosuite> = new Map([['Ed25519Signature2020', statements('Ed25519')]])

/** The cryptosuite that a proof names; undefined for one that is not known here. */
export function of({ type, cryptosuite }: Json.Object): Cryptosuite | undefined {
  if (type === 'DataIntegrityProof') return typeof cryptosuite === 'string' ? suites.get(cryptosuite) : undefined
  return cryptosuite === undefined && typeof type === 'string' ? types.get(type) : undefined
}

/**
 * Whether a proof is the base of selective disclosure (VC ECDSA Cryptosuites 1.0 §3.5.2), from which its holder derives
 * others: with its secrets it is not meant for verifiers.
 */
export function isBase({ cryptosuite, proofValue }: Json.Object): boolean {
  return cryptosuite === 'ecdsa-sd-2023' && typeof proofValue === 'string' && proofValue.startsWith(baseProof)
}

/** The bytes d9 5d 00, with which it begins, as multibase. */
const baseProof = 'u2V0A'

/** What canonical N-Quads are signed in (`-rdfc-`). */
function statements(...keys: readonly PublicKey.Kind[]): Cryptosuite {
  return suite(keys, (secured, config, hash) => {
    const { document, previous } = secured
    const unsecured = secured.unsecured()
    if (hash !== sha256)
      return [options(document, config), shown(secured)].map((each) =>
        hash.digest(Rdfc.canonizeStatements(each, new Map(), hash)),
      )
    return [
      UnsecuredDocument.digestOptions(unsecured, inContext(document, config)),
      previous.length === 0 ? UnsecuredDocument.digest(unsecured) : UnsecuredDocument.digestWith(unsecured, previous),
    ]
  })
}

/** What canonical JSON is signed in (`-jcs-`). The proof repeats the document's context, all of it. */
function json(...keys: readonly PublicKey.Kind[]): Cryptosuite {
  return suite(keys, ({ document: { proof: _, ...document }, previous }, config, hash) => {
    if (JSON.stringify(config['@context']) !== JSON.stringify(document['@context'])) return undefined
    const texts = [Jcs.text(config), Jcs.text(previous.length === 0 ? document : { ...document, proof: previous })]
    return texts.map(hash.digest)
  })
}

/** A suite that signs the hash of a proof's options, followed by that of the document. */
function suite(
  keys: readonly PublicKey.Kind[],
  digests: (secured: Secured, config: Json.Object, hash: Hash) => readonly Uint8Array[] | undefined,
): Cryptosuite {
  return {
    keys,
    verify: (secured, { proofValue, ...config }, key) => {
      const signature = decode(proofValue)
      const hash = key.kind === 'P-384' ? sha384Hash : sha256
      const hashed = signature === undefined ? undefined : digests(secured, config, hash)
      if (signature === undefined || hashed === undefined) return false
      return PublicKey.verify(key, signature, Bytes.concat(...hashed))
    },
  }
}

function shown({ previous, unsecured }: Secured): readonly JsonLd.Statement[] {
  const reading = unsecured().reading()
  return previous.length === 0 ? reading.statements : JsonLd.extend(reading, 'proof', previous)
}

/** A hash function for texts. */
type Hash = { readonly digest: (text: string) => Uint8Array; readonly hex: Rdfc.Hex }

const sha256: Hash = { digest: Sha256.digestOf, hex: Sha256.hex }
const sha384Hash: Hash = {
  digest: (text) => sha384(Bytes.fromUtf8(text)),
  hex: (text) => Bytes.toHex(sha384(Bytes.fromUtf8(text))).slice(2),
}

function options(document: Json.Object, config: Json.Object): readonly JsonLd.Statement[] {
  return JsonLd.statements(inContext(document, config))
}

function inContext({ '@context': context }: Json.Object, config: Json.Object): Json.Object {
  return context === undefined ? config : { ...config, '@context': context }
}

function decode(proofValue: Json.Value | undefined): Uint8Array | undefined {
  // The longest signature has 96 bytes.
  if (typeof proofValue !== 'string' || proofValue.length > 256) return undefined
  try {
    return Multibase.fromBase58(proofValue)
  } catch {
    return undefined
  }
}
