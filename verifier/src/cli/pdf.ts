import type PDFDocument from 'pdfkit'
import type * as Policy from '../Policy.ts'
import { printable } from '../printable.ts'
import type * as Report from '../Report.ts'
import { todo } from '../todo.ts'
import type { Verified } from './output.ts'
import * as signature from './pdf-signature.ts'
import { ReportError } from './report-error.ts'

/** What a report in PDF is made with. */
export type Options = {
  /** When it is made, in milliseconds since 1970. */
  readonly now: number
  /** What signs it; without one it says that nobody has. */
  readonly signer?: signature.Signer
  /** The file of a font (TrueType, OpenType) for texts in scripts that PDF readers have no font for. */
  readonly font?: string
}

const verdicts = {
  accepted: { word: 'Accepted', color: '#12633a' },
  rejected: { word: 'Rejected', color: '#a3221b' },
  unknown: { word: 'Could not tell', color: '#7d5a00' },
} as const

const ink = '#1c2420'
const soft = '#59635d'
const margin = 56
const width = 595.28 - 2 * margin

/**
 * Draws a report on many credentials for people: how many were accepted, and of each what it is, whose, the verdict, and
 * why. It is signed where there is somebody to sign it, and says so; the signature covers all of the file.
 *
 * @throws {ReportError} REPORT_PACKAGES where what draws it is not installed; REPORT_FONT
 */
export async function draw(all: readonly Verified[], { now, signer, font }: Options): Promise<Uint8Array> {
  const Document = await load()
  const document = new Document({
    size: 'A4',
    margin,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: 'Verification of Open Badges', Creator: 'laurel-verify', CreationDate: new Date(now) },
  })
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject))
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const pen = await penOf(document, font)
  drawHead(pen, all, now, signer)
  for (const [i, each] of all.entries()) drawEntry(pen, each, i + 1)
  drawMeanings(pen, all)
  drawFeet(pen)
  if (signer !== undefined) signature.prepare(document, { name: signer.name, now })
  document.end()
  await ended
  const bytes = Buffer.concat(chunks)
  return signer === undefined ? bytes : signature.apply(bytes, signer, now)
}

type Style = {
  readonly size?: number
  readonly color?: string
  readonly bold?: boolean
  readonly indent?: number
  readonly gap?: number
}

/** What writes text from anywhere: below what was written before. */
type Pen = {
  readonly document: PDFKit.PDFDocument
  readonly write: (text: string, style?: Style) => void
}

async function penOf(document: PDFKit.PDFDocument, font: string | undefined): Promise<Pen> {
  if (font !== undefined)
    try {
      document.registerFont('text', font).font('text')
    } catch (cause) {
      throw new ReportError('REPORT_FONT', `The font ${font} cannot be read.`, cause)
    }
  const fonts = font === undefined ? { plain: 'Helvetica', bold: 'Helvetica-Bold' } : { plain: 'text', bold: 'text' }
  const shown = font === undefined ? inLatin : (text: string) => text
  return {
    document,
    write: (text, { size = 10, color = ink, bold = false, indent = 0, gap = 2 } = {}) => {
      document
        .font(bold ? fonts.bold : fonts.plain)
        .fontSize(size)
        .fillColor(color)
        .text(shown(printable(text)), margin + indent, undefined, { width: width - indent })
      document.y += gap
    },
  }
}

function drawHead(pen: Pen, all: readonly Verified[], now: number, signer: signature.Signer | undefined): void {
  const { write } = pen
  write('Verification of Open Badges', { size: 20, bold: true, gap: 6 })
  write(`${all.length} ${all.length === 1 ? 'credential' : 'credentials'}, verified by ${moment(now)}`, { color: soft })
  write(
    signer === undefined
      ? 'This report is not signed: nothing shows who has made it, or that it is as it was made.'
      : `This report is signed by ${signer.name}, in the file itself: a PDF reader tells whether it was changed since.`,
    { color: soft, gap: 10 },
  )
  for (const verdict of ['accepted', 'rejected', 'unknown'] as const) {
    const { word, color } = verdicts[verdict]
    write(`${count(all, verdict)}  ${word}`, { size: 13, bold: true, color })
  }
  pen.document.y += 10
}

function drawEntry({ document, write }: Pen, { file, report, decision, likeness }: Verified, number: number): void {
  const { word, color } = verdicts[decision.verdict]
  // Not torn apart where it can be helped.
  if (document.y > document.page.height - margin - 90) document.addPage()
  document
    .moveTo(margin, document.y)
    .lineTo(margin + width, document.y)
    .lineWidth(0.5)
    .strokeColor('#c3ccc6')
    .stroke()
  document.y += 6
  write(`${number}.  ${report.achievement ?? (report.holder === undefined ? 'A credential' : 'A presentation')}`, {
    size: 11,
    bold: true,
  })
  write(word, { bold: true, color, indent: 18 })
  if (decision.verdict !== 'accepted') write(`${decision.message} [${decision.code}]`, { indent: 18 })
  const facts = [
    `File: ${file}`,
    report.holder && `Holder: ${report.holder}`,
    report.issuer && `Issuer: ${report.issuer}`,
    report.credentialId && `Credential: ${report.credentialId}`,
    likeness.duplicateOf && `The same credential as ${likeness.duplicateOf}`,
    likeness.similarTo && `Another credential like ${likeness.similarTo}`,
    anchored(report),
  ]
  for (const fact of facts) if (fact) write(fact, { size: 9, color: soft, indent: 18 })
  document.y += 6
}

/** Since when it exists, and where that stands. */
function anchored({ checks }: Report.Evidence): string | undefined {
  const check = checks.find(({ check, outcome }) => check === 'anchored' && outcome === 'passed')
  return check?.message
}

function drawMeanings({ document, write }: Pen, all: readonly Verified[]): void {
  if (document.y > document.page.height - margin - 160) document.addPage()
  document.y += 8
  write('What this means', { size: 13, bold: true, gap: 4 })
  write(
    'Accepted: every check that counts was made and passed, by whom the verifier trusts. Rejected: something is wrong with it. Could not tell: nothing was found to be wrong, but something that counts could not be checked.',
    { gap: 6 },
  )
  const codes = all.filter(({ decision }) => decision.verdict !== 'accepted').map(({ decision }) => decision.code)
  for (const code of [...new Set(codes)].sort()) {
    const advice = todo(code)
    if (advice !== undefined) write(`${code}: ${advice}`, { size: 9, color: soft })
  }
}

function drawFeet({ document, write }: Pen): void {
  const { count } = document.bufferedPageRange()
  for (let i = 0; i < count; i++) {
    document.switchToPage(i)
    // Otherwise what stands in the margin begins a page of its own.
    document.page.margins.bottom = 0
    document.y = document.page.height - margin + 16
    write(`Verification of Open Badges by laurel-verify, page ${i + 1} of ${count}`, { size: 8, color: soft })
  }
}

function count(all: readonly Verified[], verdict: Policy.Decision['verdict']): number {
  return all.filter(({ decision }) => decision.verdict === verdict).length
}

function moment(now: number): string {
  return `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** What the fonts of every PDF reader have (WinAnsiEncoding); for anything else stands a question mark. */
function inLatin(text: string): string {
  return text.normalize('NFC').replaceAll(/[^\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu, '?')
}

/** Not among the dependencies: who writes no report in PDF need not have it. */
async function load(): Promise<typeof PDFDocument> {
  try {
    return (await import('pdfkit')).default
  } catch (cause) {
    throw new ReportError('REPORT_PACKAGES', 'What draws a report in PDF is not installed: npm install pdfkit.', cause)
  }
}
