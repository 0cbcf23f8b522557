import * as Bytes from './Bytes.ts'
import * as Cryptosuite from './Cryptosuite.ts'
import * as Jcs from './Jcs.ts'
import type * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'
import * as Rdfc from './Rdfc.ts'
import * as Sha256 from './Sha256.ts'
import * as UnsecuredDocument from './UnsecuredDocument.ts'

/** A `DataIntegrityProof` (VC Data Integrity 1.0 §2.1). */
export type Proof = {
  readonly '@context'?: Json.Value
  readonly id?: string
  readonly type: 'DataIntegrityProof'
  readonly created: string
  readonly verificationMethod: string
  readonly cryptosuite: string
  readonly proofPurpose: string
  readonly proofValue: string
}

/** Signs bytes of any length with Ed25519: 64 bytes. */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>

/** What a proof says beside its value. `created` is a `dateTimeStamp`, `verificationMethod` an absolute DID URL. */
export type Options = { readonly id?: string; readonly created: string; readonly verificationMethod: string }

/**
 * Makes an `eddsa-rdfc-2022` proof (VC EdDSA Cryptosuites 1.0 §3.2.1) over a document; a `proof` in it is left out.
 *
 * @throws what {@link Rdfc.canonize} throws
 */
export async function createRdfc(document: Json.Object, options: Options, sign: Sign): Promise<Proof> {
  const config = proofConfig('eddsa-rdfc-2022', options)
  return { ...config, proofValue: Multibase.toBase58(await sign(rdfcHashData(document, config))) }
}

/**
 * Verifies an `eddsa-rdfc-2022` proof (§3.2.2) with an Ed25519 key (32 bytes). The caller has made sure that the key
 * is the verification method's, and the purpose the right one.
 *
 * @throws what {@link Rdfc.canonize} throws; anything wrong with the value itself is false
 */
export function verifyRdfc(document: Json.Object, proof: Json.Object, publicKey: Uint8Array): boolean {
  return verify('eddsa-rdfc-2022', document, proof, publicKey)
}

/** Makes an `eddsa-jcs-2022` proof (§3.3.1) over a document; a `proof` in it is left out, its context repeated. */
export async function createJcs(document: Json.Object, options: Options, sign: Sign): Promise<Proof> {
  const context = document['@context']
  const config = {
    ...proofConfig('eddsa-jcs-2022', options),
    ...(context === undefined ? {} : { '@context': context }),
  }
  return { ...config, proofValue: Multibase.toBase58(await sign(jcsHashData(document, config))) }
}

/** Verifies an `eddsa-jcs-2022` proof (§3.3.2) with an Ed25519 key (32 bytes). Anything wrong is false. */
export function verifyJcs(document: Json.Object, proof: Json.Object, publicKey: Uint8Array): boolean {
  return verify('eddsa-jcs-2022', document, proof, publicKey)
}

function verify(name: string, document: Json.Object, proof: Json.Object, publicKey: Uint8Array): boolean {
  const secured = { document, previous: [], unsecured: () => UnsecuredDocument.read(document) }
  const suite = proof.cryptosuite === name ? Cryptosuite.of(proof) : undefined
  return suite?.verify(secured, proof, { kind: 'Ed25519', bytes: publicKey }) ?? false
}

function proofConfig(cryptosuite: string, { id, created, verificationMethod }: Options): Omit<Proof, 'proofValue'> {
  return {
    ...(id === undefined ? {} : { id }),
    type: 'DataIntegrityProof',
    created,
    verificationMethod,
    cryptosuite,
    proofPurpose: 'assertionMethod',
  }
}

// §3.2.4: the hash of the proof's options stands first.
function rdfcHashData(document: Json.Object, config: Json.Object): Uint8Array {
  const { '@context': context } = document
  const options = Sha256.digestOf(Rdfc.canonize(context === undefined ? config : { ...config, '@context': context }))
  return Bytes.concat(options, UnsecuredDocument.digest(UnsecuredDocument.read(document)))
}

function jcsHashData(document: Json.Object, config: Json.Object): Uint8Array {
  return Bytes.concat(Jcs.digest(config), Jcs.digest(withoutProof(document)))
}

function withoutProof({ proof: _, ...document }: Json.Object): Json.Object {
  return document
}
