/** A text as a cell of a table (RFC 4180 §2): within quotes where it has something in it that would end it. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
