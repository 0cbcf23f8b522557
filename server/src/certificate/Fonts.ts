import { readFile } from 'node:fs/promises'
import * as fontkit from 'fontkit'

/** A font in one weight. */
export type Face = {
  /** Under which it is registered with whoever draws. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly has: (codePoint: number) => boolean
  /** How wide a text is, in sizes of the font. */
  readonly width: (text: string) => number
}

/** Fonts by weight, the one that is wanted first. */
export type Fonts = { readonly regular: readonly Face[]; readonly bold: readonly Face[] }

/**
 * The fonts that certificates are set in, each for the scripts that those before it lack: Latin, Greek and Cyrillic; Arabic;
 * Hebrew; Devanagari; Chinese, Japanese and Korean as far as it goes. All of them are under the SIL Open Font License.
 */
const files = [
  ['noto-serif', 'NotoSerif'],
  ['noto-naskh-arabic', 'NotoNaskhArabic'],
  ['noto-serif-hebrew', 'NotoSerifHebrew'],
  ['noto-serif-devanagari', 'NotoSerifDevanagari'],
] as const

const weights = { regular: '400Regular', bold: '700Bold' } as const

let loaded: Promise<Fonts> | undefined

/** Reads the fonts, once in each process. */
export function load(): Promise<Fonts> {
  loaded ??= read()
  return loaded
}

async function read(): Promise<Fonts> {
  const of = (weight: keyof typeof weights) =>
    Promise.all(files.map(([name, file]) => face(name, file, weights[weight])))
  return { regular: await of('regular'), bold: await of('bold') }
}

async function face(name: string, file: string, weight: string): Promise<Face> {
  const path = new URL(import.meta.resolve(`@expo-google-fonts/${name}/${weight}/${file}_${weight}.ttf`))
  const bytes = await readFile(path)
  const font = fontkit.create(bytes) as fontkit.Font
  return {
    name: `${name}-${weight}`,
    bytes,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    width: (text) => font.layout(text).advanceWidth / font.unitsPerEm,
  }
}

/** The first font that has all of a cluster of characters, what nobody sees of it aside. */
export function find(faces: readonly Face[], cluster: string): Face | undefined {
  const seen = [...cluster].filter((each) => !/\p{Default_Ignorable_Code_Point}/u.test(each))
  return faces.find((face) => seen.every((each) => face.has(each.codePointAt(0) as number)))
}

/** Whether a text can be set with nothing missing. */
export function covers(faces: readonly Face[], text: string): boolean {
  return printable(faces, text) === text
}

/** A text with an ellipsis in place of what no font has. */
export function printable(faces: readonly Face[], text: string): string {
  return [...clusters.segment(text)]
    .map(({ segment }) => (/^\s+$/.test(segment) || find(faces, segment) !== undefined ? segment : missing))
    .join('')
    .replaceAll(new RegExp(`${missing}(?:\\s*${missing})*`, 'g'), '…')
}

/** A character that is none (Unicode Standard, chapter 23.7), so that it stands in no text. */
const missing = '\uffff'

/** What a reader takes for one character (UAX #29). */
export const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' })
