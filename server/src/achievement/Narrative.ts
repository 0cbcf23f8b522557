/** What an achievement is given for: a text from anywhere, which may be in Markdown (Open Badges 3.0 §B.1.8). */

/** All of a narrative on one line, without the marks of Markdown; `undefined` where nothing is left of it. */
export function plain(narrative: string | undefined): string | undefined {
  const text = oneLine(
    (narrative ?? '')
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/^\s*(?:#{1,6}|[-*+>]|\d+\.)\s+/gm, '')
      .replaceAll(marks, ''),
  )
  return text === '' ? undefined : text
}

// Beside the words that they mark: what stands between spaces, or within a word, is text.
const marks = /(?<![\p{L}\p{N}*_`])[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?![\p{L}\p{N}*_`])/gu

/** A text without line breaks and control characters. */
export function oneLine(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}
