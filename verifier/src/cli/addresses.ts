/** How many addresses of a list are read. */
const most = 10_000

/**
 * The addresses in a list (CSV, RFC 4180): the column `url` where the first line names one, the first column otherwise.
 * Empty cells are left out, and an address that stands there again.
 */
export function read(text: string): readonly string[] {
  const [first = [], ...rest] = rows(text.replace(/^\ufeff/, ''))
  const column = first.findIndex((cell) => cell.trim().toLowerCase() === 'url')
  const cells = (column < 0 ? [first, ...rest] : rest).map((row) => (row[Math.max(0, column)] ?? '').trim())
  return [...new Set(cells.filter((cell) => cell !== ''))].slice(0, most)
}

function rows(text: string): readonly (readonly string[])[] {
  const found: string[][] = [[]]
  // A cell, quoted or not, and what ends it.
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",;\r\n]*))([,;]|\r?\n|\r|$)/g)) {
    found.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === '') break
    if (end !== ',' && end !== ';') found.push([])
  }
  return found
}
