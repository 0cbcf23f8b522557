// The judges are JavaScript without types; declared here is what we use of them.

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    proof?: object
    constructor(options: { cryptosuite: unknown; signer?: unknown; date?: string })
  }
}
declare module '@digitalbazaar/ecdsa-multikey' {
  type KeyPair = {
    id: string
    controller: string
    signer(): { id: string; sign(options: { data: Uint8Array }): Promise<Uint8Array> }
    export(options: { publicKey: true }): Promise<{ publicKeyMultibase: string }>
  }
  export function generate(options: { curve: 'P-256' | 'P-384' }): Promise<KeyPair>
}
declare module '@digitalbazaar/ed25519-multikey' {
  export { KeyPair } from '@digitalbazaar/ecdsa-multikey'

  import type { KeyPair } from '@digitalbazaar/ecdsa-multikey'
  export function generate(options: { seed?: Uint8Array }): Promise<KeyPair>
}
declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: unknown
}
declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: { mandatoryPointers: readonly string[] }): unknown
  export function createDiscloseCryptosuite(options: { selectivePointers: readonly string[] }): unknown
}
declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createSignCryptosuite(): unknown
}
declare module '@digitalcredentials/ed25519-signature-2020' {
  export class Ed25519Signature2020 {
    constructor(options: { signer: unknown; date?: string })
  }
}
declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: unknown
}
declare module '@digitalbazaar/vc' {
  export type VerificationError = Error & { readonly errors?: readonly Error[] }
  export type DocumentLoader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: object }>
  export function verifyCredential(options: {
    credential: object
    suite: unknown
    documentLoader: DocumentLoader
    checkStatus?: unknown
    now?: Date
  }): Promise<{ readonly verified: boolean; readonly error?: VerificationError }>
  export function issue(options: {
    credential: object
    suite: unknown
    documentLoader: DocumentLoader
  }): Promise<object>
  export function derive(options: {
    verifiableCredential: object
    suite: unknown
    documentLoader: DocumentLoader
  }): Promise<object>
  export function createPresentation(options: {
    verifiableCredential?: unknown
    id?: string
    holder?: string
    version?: 1.0 | 2.0
  }): object
  export function signPresentation(options: {
    presentation: object
    suite: unknown
    challenge: string
    domain?: string
    documentLoader: DocumentLoader
  }): Promise<object>
  export function verify(options: {
    presentation: object
    suite: unknown
    challenge: string
    domain?: string
    documentLoader: DocumentLoader
    now?: Date
  }): Promise<{ readonly verified: boolean; readonly error?: VerificationError }>
}
declare module '@digitalbazaar/vc-bitstring-status-list' {
  export const checkStatus: unknown
}
declare module '@digitalcredentials/vc' {
  export { issue } from '@digitalbazaar/vc'
}
