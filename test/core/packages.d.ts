declare module 'jsonld/lib/util.js' {
  const util: { clone(value: unknown): unknown }
  export default util
}
declare module 'png-chunks-extract' {
  export default function extract(png: Uint8Array): { readonly name: string; readonly data: Uint8Array }[]
}
declare module 'rdf-canonize' {
  export namespace NQuads {
    type Term = { readonly termType: string; readonly value: string }
    type Quad = { readonly subject: Term; readonly predicate: Term; readonly object: Term; readonly graph: Term }
    function parse(text: string): readonly Quad[]
    function serializeQuad(quad: Quad): string
    function serializeQuadComponents(subject: Term, predicate: Term, object: Term, graph: Term): string
  }
  /** For tests only, as its author says. */
  export function _canonizeSync(
    quads: readonly NQuads.Quad[],
    options: { algorithm: 'RDFC-1.0'; maxDeepIterations: number },
  ): string
}
