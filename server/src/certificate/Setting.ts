import createBidi from 'bidi-js'
import * as Fonts from './Fonts.ts'

/** Part of a line that is drawn at once: one font, one direction, no space in it. */
export type Piece = { readonly text: string; readonly face: Fonts.Face; readonly x: number }

/** A line with its pieces from left to right. */
export type Line = { readonly pieces: readonly Piece[]; readonly width: number }

export type Set = { readonly lines: readonly Line[]; readonly size: number }

export type Options = {
  readonly faces: readonly Fonts.Face[]
  readonly width: number
  /** How many lines there may be. */
  readonly most: number
  /** In points: as large as may be, as small as must be. */
  readonly sizes: { readonly from: number; readonly to: number }
  /** Where the text has no letter that says it. */
  readonly direction: 'ltr' | 'rtl'
}

type Within = Options & { readonly measure: (text: string, face: Fonts.Face, size: number) => number }

const bidi = createBidi()
const shrinking = 0.92

/**
 * Sets a text as large as it fits into its lines. What does not fit even in the smallest size ends in an ellipsis. Words
 * are broken between lines only where one alone is too wide, and where their script has no spaces.
 */
export function set(text: string, options: Options): Set {
  const { sizes, most } = options
  const within = { ...options, direction: directionOf(text) ?? options.direction, measure: measuring() }
  const words = split(text)
  for (let size = sizes.from; size > sizes.to; size *= shrinking) {
    const lines = wrap(words, size, within)
    if (lines !== undefined && lines.length <= most)
      return { size, lines: lines.map((each) => line(each, size, within)) }
  }
  const size = sizes.to
  const lines = wrap(words, size, within, true) ?? []
  const shown = lines.slice(0, most)
  const last = shown.at(-1)
  if (lines.length > most && last !== undefined) shown[most - 1] = shorten(last, size, within)
  return { size, lines: shown.map((each) => line(each, size, within)) }
}

/** What stands together on a line, and whether a space stands before it. */
type Word = { readonly text: string; readonly spaced: boolean }

/** Scripts that have no spaces: a line may end behind each of their characters. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\p{M}*[、。，．：；！？」』）]*/u
const token = new RegExp(`${unspaced.source}|(?:(?!${unspaced.source})\\S)+`, 'gu')

function split(text: string): readonly Word[] {
  return [...text.matchAll(token)].map(({ 0: word, index }) => ({
    text: word,
    spaced: index > 0 && /\s/.test(text[index - 1] as string),
  }))
}

/** The words of each line; `undefined` where one alone is too wide, unless it is `forced` to be broken. */
function wrap(words: readonly Word[], size: number, options: Within, forced = false): Word[][] | undefined {
  const lines: Word[][] = []
  let line: Word[] = []
  const fits = (candidate: readonly Word[]) => widthOf(candidate, size, options) <= options.width
  for (const word of words) {
    if (fits([...line, word])) {
      line.push(word)
      continue
    }
    if (line.length > 0) lines.push(line)
    line = []
    if (fits([word])) line.push(word)
    else if (!forced) return undefined
    else
      for (const { segment } of Fonts.clusters.segment(word.text)) {
        const longer = { text: `${line[0]?.text ?? ''}${segment}`, spaced: false }
        if (line.length > 0 && !fits([longer])) {
          lines.push(line)
          line = [{ text: segment, spaced: false }]
        } else line = [longer]
      }
  }
  if (line.length > 0) lines.push(line)
  return lines
}

function shorten(words: readonly Word[], size: number, options: Within): Word[] {
  const letters = [...Fonts.clusters.segment(join(words))].map(({ segment }) => segment)
  for (let length = letters.length; length > 0; length--) {
    const text = `${letters.slice(0, length).join('').trimEnd()}…`
    const shorter = [...split(text)]
    if (widthOf(shorter, size, options) <= options.width) return shorter
  }
  return []
}

function join(words: readonly Word[]): string {
  return words.map(({ text, spaced }, i) => `${spaced && i > 0 ? ' ' : ''}${text}`).join('')
}

function widthOf(words: readonly Word[], size: number, options: Within): number {
  return line(words, size, options).width
}

/** Part of a line before it has its place. */
type Part = { readonly text: string; readonly level: number; readonly face: Fonts.Face; readonly isSpace: boolean }

function line(words: readonly Word[], size: number, { faces, measure, direction }: Within): Line {
  const parts = reorder(partsOf(join(words), faces, direction))
  const pieces: Piece[] = []
  let x = 0
  for (const { text, face, isSpace } of parts) {
    if (!isSpace) pieces.push({ text, face, x })
    x += measure(text, face, size)
  }
  return { pieces, width: x }
}

/** A line in parts, in the order in which it is read. */
function partsOf(text: string, faces: readonly Fonts.Face[], direction: 'ltr' | 'rtl'): readonly Part[] {
  const { levels } = bidi.getEmbeddingLevels(text, direction)
  const parts: Part[] = []
  for (const { segment, index } of Fonts.clusters.segment(text)) {
    const level = levels[index] as number
    const isRightToLeft = level % 2 === 1
    const isSpace = /^\s+$/.test(segment)
    // Who shapes a word mirrors nothing that stands alone.
    const shown = isRightToLeft ? (bidi.getMirroredCharacter(segment) ?? segment) : segment
    const face = Fonts.find(faces, isSpace ? ' ' : shown) ?? (faces[0] as Fonts.Face)
    const before = parts.at(-1)
    // Within a word of letters that run from right to left, shaping turns them round; signs have to be put apart.
    const joins =
      before !== undefined &&
      !isSpace &&
      !before.isSpace &&
      before.level === level &&
      before.face === face &&
      (!isRightToLeft || (isLetters(before.text) && isLetters(shown)))
    if (joins) parts[parts.length - 1] = { ...before, text: before.text + shown }
    else parts.push({ text: shown, level, face, isSpace })
  }
  return parts
}

function isLetters(text: string): boolean {
  return /^[\p{L}\p{M}\p{Join_Control}]+$/u.test(text)
}

/** From left to right as it is seen (UAX #9, rule L2). */
function reorder(parts: readonly Part[]): readonly Part[] {
  const seen = [...parts]
  const highest = Math.max(0, ...parts.map(({ level }) => level))
  for (let level = highest; level >= 1; level--)
    for (let from = 0; from < seen.length; from++) {
      let to = from
      while (to < seen.length && (seen[to] as Part).level >= level) to++
      if (to > from + 1) seen.splice(from, to - from, ...seen.slice(from, to).reverse())
      from = Math.max(from, to)
    }
  return seen
}

/** The direction of the first letter that has one (UAX #9, rules P2 and P3). */
function directionOf(text: string): 'ltr' | 'rtl' | undefined {
  const [letter] = /\p{L}/u.exec(text) ?? []
  return letter === undefined ? undefined : rightToLeft.test(letter) ? 'rtl' : 'ltr'
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Measures each text in each font once, whatever sizes are tried. */
function measuring(): Within['measure'] {
  const known = new Map<Fonts.Face, Map<string, number>>()
  return (text, face, size) => {
    const widths = known.get(face) ?? new Map<string, number>()
    known.set(face, widths)
    const width = widths.get(text) ?? face.width(text)
    widths.set(text, width)
    return width * size
  }
}
