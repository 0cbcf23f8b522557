declare module 'png-chunks-extract' {
  export default function extract(png: Uint8Array): { readonly name: string; readonly data: Uint8Array }[]
}
