import * as Bytes from '@laurel/core/Bytes'
import PDFDocument from 'pdfkit'
import encodeQr from 'qr'
import type { Language } from '../mail/Catalogues.ts'
import * as Fonts from './Fonts.ts'
import * as Setting from './Setting.ts'
import { words } from './Words.ts'

/** In landscape, in points: A4 (ISO 216) and Letter (ANSI). */
export const papers = { a4: [841.89, 595.28], letter: [792, 612] } as const
export type Paper = keyof typeof papers

/** What a certificate shows. Texts are from anywhere; they are shown as they are, or as much of them as there is room for. */
export type Certificate = {
  readonly id: string
  readonly name: string
  readonly achievement: string
  readonly criteria: string | undefined
  readonly issuer: string
  /** In milliseconds since 1970. */
  readonly awardedAt: number
  readonly validUntil: number | undefined
  /** A PNG. */
  readonly image: Uint8Array
  /** Where it is verified; it stands in the QR code. */
  readonly address: string
  /** The credential itself, which is in the file: it is what is verified. */
  readonly credential: string
  readonly language: Language
}

const ink = '#1c2420'
const soft = '#59635d'
const green = '#12633a'
const gold = '#b78a35'

/**
 * Draws a certificate: one page of PDF/A-3, whose credential is attached to it as its source (ISO 19005-3 §6.8). The same
 * bytes each time. Letters that no font has are not drawn as boxes: words stand in place of a name, an ellipsis in place of
 * others, and the page says so.
 */
export async function draw(certificate: Certificate, paper: Paper): Promise<Uint8Array> {
  const fonts = await Fonts.load()
  const [width, height] = papers[paper]
  const { language, id, credential, awardedAt } = certificate
  const said = words[language]
  const created = new Date(awardedAt)
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    lang: language,
    displayTitle: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    font: (fonts.regular[0] as Fonts.Face).bytes as unknown as string,
    info: {
      Title: `${certificate.achievement}: ${certificate.name}`,
      Author: certificate.issuer,
      Subject: id,
      Creator: 'Laurel',
      Producer: 'Laurel',
      CreationDate: created,
      ModDate: created,
    },
  })
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => document.once('end', resolve).once('error', reject))
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  for (const face of [...fonts.regular, ...fonts.bold])
    document.registerFont(face.name, face.bytes as unknown as string)
  document.file(Buffer.from(Bytes.fromUtf8(credential)), {
    name: 'credential.json',
    type: 'application/vc',
    description: 'The credential that this certificate shows (Open Badges 3.0)',
    relationship: 'Source',
    creationDate: created,
    modifiedDate: created,
  } as PDFKit.Mixins.PDFAttachmentOptions)

  const direction = language === 'ar' ? 'rtl' : 'ltr'
  const compose = (text: string, style: Style): Block => {
    const { width, most = 1, from, to = from, bold = false, leading = 1.3 } = style
    const faces = bold ? fonts.bold : fonts.regular
    const set = Setting.set(Fonts.printable(faces, text), { faces, width, most, sizes: { from, to }, direction })
    return { set, style, height: set.lines.length * set.size * leading }
  }
  /** Puts a text beside or around a place, from its top downwards; answers with where it ends. */
  const put = ({ set: { lines, size }, style, height }: Block, x: number, y: number): number => {
    const { color = ink, align = 'center', leading = 1.3 } = style
    for (const [i, { pieces, width: wide }] of lines.entries()) {
      const left = align === 'center' ? x - wide / 2 : align === 'right' ? x - wide : x
      document.fontSize(size).fillColor(color)
      for (const { face, text, x: within } of pieces)
        document
          .font(face.name)
          .text(text, left + within, y + size * (1 + i * leading), { lineBreak: false, baseline: 'alphabetic' })
    }
    return y + height
  }
  const write = (text: string, { x, y, ...style }: Style & Place) => put(compose(text, style), x, y)

  drawFrame(document, width, height)
  const middle = width / 2
  const inner = width - 2 * 84
  const foot = height - 150
  const title = { width: inner, most: 3, from: 32, to: 15, bold: true, color: green, leading: 1.2 }
  const name = Fonts.covers(fonts.bold, certificate.name) ? certificate.name : said.unprintable
  const criteria = { width: inner - 60, most: 3, from: 10.5, color: soft, leading: 1.35 }
  const parts = [
    {
      block: compose(said.kind.toLocaleUpperCase(language), { width: inner, from: 12, color: gold, bold: true }),
      gap: 4,
    },
    { block: compose(certificate.achievement, title), gap: 12 },
    { block: compose(said.awardedTo, { width: inner, from: 12, color: soft }), gap: 4 },
    { block: compose(name, { width: inner, most: 2, from: 34, to: 16, bold: true, leading: 1.2 }), gap: 12 },
    ...(certificate.criteria === undefined ? [] : [{ block: compose(certificate.criteria, criteria), gap: 0 }]),
  ]
  const badge = 96
  const total = parts.reduce((sum, { block, gap }) => sum + block.height + gap, badge + 12)
  // What there is stands in the middle of the room above the foot.
  let y = 46 + Math.max(0, foot - 56 - total) / 2
  document.image(Buffer.from(certificate.image), middle - badge / 2, y, { fit: [badge, badge], align: 'center' })
  y += badge + 12
  for (const { block, gap } of parts) y = put(block, middle, y) + gap

  const date = (at: number) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at)
  const [near, far] = direction === 'rtl' ? [width - 66, 66] : [66, width - 66]
  const [begin, finish] = direction === 'rtl' ? (['right', 'left'] as const) : (['left', 'right'] as const)
  const column = { x: near, width: width / 2 - 100, align: begin }
  let row = foot + 4
  row = write(said.awardedBy, { ...column, y: row, from: 9, color: soft })
  row = write(certificate.issuer, { ...column, y: row, most: 2, from: 13, to: 9, bold: true }) + 4
  const dates = [
    `${said.on}: ${date(awardedAt)}`,
    ...(certificate.validUntil === undefined ? [] : [`${said.until}: ${date(certificate.validUntil)}`]),
  ]
  for (const each of dates) row = write(each, { ...column, y: row, from: 10 })

  const side = 84
  const left = direction === 'rtl' ? far : far - side
  drawQr(document, certificate.address, left, foot, side)
  const beside = { x: direction === 'rtl' ? far + side + 12 : far - side - 12, width: width / 2 - 190, align: finish }
  let line = foot + 14
  line = write(said.verify, { ...beside, y: line, from: 11, bold: true, color: green })
  line = write(new URL(certificate.address).host, { ...beside, y: line, from: 10, to: 7 }) + 4
  line = write(said.id, { ...beside, y: line, from: 8, color: soft })
  write(id.replace(/^urn:uuid:/, ''), { ...beside, y: line, from: 8, to: 6 })
  document.link(left, foot, side, side, certificate.address)

  const texts = [certificate.achievement, certificate.issuer, certificate.criteria ?? '']
  if (!texts.every((text) => Fonts.covers(fonts.bold, text) && Fonts.covers(fonts.regular, text)))
    write(said.incomplete, { x: middle, y: height - 56, width: inner, from: 8, to: 6, color: soft })
  document.end()
  await ended
  return Buffer.concat(chunks)
}

type Place = { readonly x: number; readonly y: number }

/** How a text is set. */
type Style = {
  readonly width: number
  readonly most?: number
  readonly from: number
  readonly to?: number
  readonly bold?: boolean
  readonly color?: string
  readonly align?: 'left' | 'center' | 'right'
  /** From one line to the next, in sizes. */
  readonly leading?: number
}

/** A text that is set and not drawn yet. */
type Block = { readonly set: Setting.Set; readonly style: Style; readonly height: number }

function drawFrame(document: PDFKit.PDFDocument, width: number, height: number): void {
  document.rect(0, 0, width, height).fill('#fdfcf8')
  document
    .lineWidth(2.5)
    .rect(24, 24, width - 48, height - 48)
    .stroke(green)
  document
    .lineWidth(0.8)
    .rect(31, 31, width - 62, height - 62)
    .stroke(gold)
  const arm = 16
  for (const [x, dx] of [
    [31, 1],
    [width - 31, -1],
  ] as const)
    for (const [y, dy] of [
      [31, 1],
      [height - 31, -1],
    ] as const)
      document
        .moveTo(x + dx * arm, y)
        .lineTo(x + dx * arm, y + dy * arm)
        .lineTo(x, y + dy * arm)
        .lineWidth(0.8)
        .stroke(gold)
}

/** Draws modules that touch as one shape: gaps between them would keep readers from it. */
function drawQr(document: PDFKit.PDFDocument, text: string, left: number, top: number, side: number): void {
  const modules = encodeQr(text, 'raw', { ecc: 'medium', border: 2 })
  const size = side / modules.length
  document.rect(left, top, side, side).fill('#ffffff')
  for (const [y, row] of modules.entries())
    for (const [x, isDark] of row.entries()) if (isDark) document.rect(left + x * size, top + y * size, size, size)
  document.fill('#000000')
}
