// The judges are JavaScript without types; declared here is what we use of them.

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: unknown; signer?: unknown; date?: string })
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
}
declare module '@digitalbazaar/vc-bitstring-status-list' {
  export const checkStatus: unknown
}
