/** What is wrong with a text, or nothing. */
export type Flaw = {
  readonly code: 'CSV_CONTROL_CHAR' | 'CHAR_NOT_ALLOWED' | 'STRING_TOO_LONG'
  readonly message: string
}

// Control characters but for a newline (LF, or CR before LF), which a quoted cell may have.
const control = /(?![\r\n])\p{Cc}|\r(?!\n)/u

// What makes a text look like another one, or a sign that it was damaged: directional overrides, embeddings and isolates
// (Trojan Source, CVE-2021-42574), a byte order mark within, line separators, annotations, the replacement character, and
// code points that are none. Joiners (ZWJ, ZWNJ) and the marks LRM, RLM and ALM are needed to write names.
const forbidden =
  /[\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffd\u{e0000}-\u{e007f}\p{Noncharacter_Code_Point}]/u
const flag = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]+\u{e007f}/gu

// Most texts are of these characters alone, which nothing below is about.
const plain = /^[\n\x20-\x7e]*$/

/** Looks for characters that no signed text may have, and for too many of them. `most` counts code points. */
export function flaw(text: string, most: number): Flaw | undefined {
  if (text.length <= most && plain.test(text)) return undefined
  if (control.test(text))
    return { code: 'CSV_CONTROL_CHAR', message: 'A control character stands here, such as a tab or a null.' }
  const match = forbidden.exec(text.replace(flag, ''))
  if (match !== null)
    return {
      code: 'CHAR_NOT_ALLOWED',
      message: `The invisible or broken character ${codePoint(match[0])} stands here.`,
    }
  if (text.length > most && Array.from(text).length > most)
    return { code: 'STRING_TOO_LONG', message: `This is longer than ${most} characters.` }
  return undefined
}

/** Whether a reader would see anything of a text: more than blanks, joiners, fillers and bare marks. */
export function isVisible(text: string): boolean {
  if (/[\x21-\x7e]/.test(text)) return true
  return text.replace(/[\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\p{M}\u2800]/gu, '') !== ''
}

/** Whether a cell is left empty: nothing in it but spaces. */
export function isBlank(text: string): boolean {
  return /^[ \u00a0]*$/.test(text)
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
