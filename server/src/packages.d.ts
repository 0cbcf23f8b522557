/** The Unicode Bidirectional Algorithm (UAX #9); it has no types of its own. */
declare module 'bidi-js' {
  type Levels = { readonly levels: Uint8Array }
  export default function create(): {
    readonly getEmbeddingLevels: (text: string, direction?: 'ltr' | 'rtl') => Levels
    readonly getMirroredCharacter: (character: string) => string | null
  }
}
