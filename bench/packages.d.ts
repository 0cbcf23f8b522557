// Peers without types; declared here is what we use of them, so that they need not be installed to be checked against.
// Those that are also judges of the demo are declared beside these.

declare module '@blockcerts/cert-verifier-js/dist/verifier-node/index.js' {
  export class Certificate {
    constructor(document: object, options: { didResolverUrl: string; explorerAPIs: readonly object[] })
    init(): Promise<void>
    verify(): Promise<{ readonly status: string; readonly message: unknown }>
  }
}
declare module '@digitalcredentials/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: unknown; signer?: unknown })
  }
}
declare module '@digitalcredentials/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: unknown
}
declare module '@digitalcredentials/vc' {
  export function issue(options: object): Promise<object>
  export function verifyCredential(options: object): Promise<{ readonly verified: boolean }>
}
declare module '@govtechsg/open-attestation' {
  export function wrapDocuments(documents: readonly object[]): readonly object[]
  export function verifySignature(document: object): boolean
}
declare module 'keccak256' {
  export default function keccak256(data: Uint8Array): Buffer
}
declare module 'png-chunks-encode' {
  export default function encode(chunks: readonly { readonly name: string; readonly data: Uint8Array }[]): Uint8Array
}
declare module 'png-chunks-extract' {
  export default function extract(png: Uint8Array): { readonly name: string; readonly data: Uint8Array }[]
}
