// A peer without types; declared here is what we use of it. The others are declared beside the judges of the demo.

declare module '@digitalbazaar/ed25519-multikey' {
  export function generate(options: { readonly seed: Uint8Array; readonly controller: string }): Promise<{
    readonly id: string
    signer(): unknown
  }>
}
