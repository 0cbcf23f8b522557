/** What could rewrite a terminal, or the order of the text in it. Joiners stay: many scripts cannot do without. */
export const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]/gu

const maximumLength = 300

/** Text from a document or the name of a file, fit to be shown. */
export function printable(text: string): string {
  const characters = [...text.replaceAll(unprintable, '�')]
  return characters.length > maximumLength ? `${characters.slice(0, maximumLength).join('')}…` : characters.join('')
}
