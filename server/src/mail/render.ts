import * as Catalogues from './Catalogues.ts'
import type * as Mail from './Mail.ts'
import * as Pattern from './Pattern.ts'

/** A mail as its reader sees it. The text says all that the HTML says; nothing in either is fetched from anywhere. */
export type Rendered = {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** In which it is written (BCP 47). */
  readonly language: Catalogues.Language
}

/** How long a value may be, in characters: in the subject, and anywhere. */
const most = { subject: 80, value: 400 } as const

/**
 * Writes a mail: one source for the text and for the HTML. Values are from anywhere. They have no line breaks and no marks
 * that turn what stands beside them around, they are no markup, and no reader makes a link of them.
 *
 * @param unsubscribe where its reader ends notifications
 * @throws {Pattern.InvalidPatternError} MAIL_TEXT_INVALID
 */
export function render(
  { template, values, language: wanted = '' }: Mail.Mail,
  { unsubscribe }: { readonly unsubscribe?: string | undefined } = {},
): Rendered {
  const language = Catalogues.nearest(wanted)
  const { common, [template]: texts } = Catalogues.catalogues[language]
  const { subject, paragraphs, button, notes } = texts
  const { link, ...rest } = values as Readonly<Record<string, string>>
  const fill = (pattern: string, show: (value: string) => string) =>
    Pattern.fill(Pattern.parse(pattern), rest, language, show)
  const address = link === undefined || button === undefined ? undefined : safeLink(link)
  const ending = unsubscribe === undefined ? undefined : safeLink(unsubscribe)
  const plain = (pattern: string) => fill(pattern, (value) => isolated(harmless(value, most.value), common.direction))
  const marked = (pattern: string) => fill(html(pattern), (value) => `<bdi>${html(harmless(value, most.value))}</bdi>`)
  const text = [
    ...paragraphs.map(plain),
    ...(address === undefined ? [] : [`${plain(button ?? '')}:\n${address}`]),
    ...notes.map(plain),
    `-- \n${plain(common.sender)}`,
    ...(ending === undefined ? [] : [`${common.unsubscribe}:\n${ending}`]),
  ]
  return {
    language,
    subject: fill(subject, (value) => harmless(value, most.subject)),
    text: `${text.join('\n\n')}\n`,
    html: page({
      language,
      direction: common.direction,
      title: html(fill(subject, (value) => harmless(value, most.subject))),
      body: [
        ...paragraphs.map((each) => `<p style="${styles.paragraph}">${marked(each)}</p>`),
        ...(address === undefined
          ? []
          : [
              `<p style="${styles.paragraph}"><a href="${html(address)}" style="${styles.button}">${marked(button ?? '')}</a></p>`,
              `<p style="${styles.note}">${html(common.address)}<br><span dir="ltr" style="${styles.address}">${html(address)}</span></p>`,
            ]),
        ...notes.map((each) => `<p style="${styles.note}">${marked(each)}</p>`),
        `<p style="${styles.foot}">${marked(common.sender)}${
          ending === undefined
            ? ''
            : `<br><a href="${html(ending)}" style="${styles.quiet}">${html(common.unsubscribe)}</a>`
        }</p>`,
      ],
    }),
  }
}

/** A value that keeps to itself among text that runs the other way (Unicode Standard Annex #9, FSI and PDI). */
function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  return direction === 'ltr' && !rightToLeft.test(value) ? value : `\u2068${value}\u2069`
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * A value without line breaks, control characters and marks of direction, and not longer than it may be. What a mail
 * reader would make a link of is held apart by word joiners, which nobody sees: a name leads nowhere.
 */
export function harmless(value: string, length: number): string {
  const line = value
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim()
  const letters = Array.from(line)
  const short = letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : line
  return short.replaceAll(/(?<=[\p{L}\p{N}])(?:\.(?=[\p{L}\p{N}]{2})|@(?=[\p{L}\p{N}])|:(?=\/))/gu, '$&\u2060')
}

/** An address of ours, with nothing in it that could end it. */
function safeLink(link: string): string {
  const { protocol, href } = new URL(link)
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('A link in a mail is a web address')
  return href
}

/** Escapes text for HTML, within an element or a quoted attribute. */
function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character as keyof typeof entities])
}

// By name: the # of a number would be the number of a plural.
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' } as const

// Mail readers know styles at the elements themselves, and little else.
const face = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const styles = {
  paragraph: 'margin:0 0 16px;font-size:16px;line-height:1.5',
  button:
    'display:inline-block;padding:12px 20px;border-radius:8px;background:#12633a;color:#ffffff;font-weight:600;text-decoration:none',
  note: 'margin:0 0 12px;font-size:14px;line-height:1.5;color:#59635d',
  address: 'word-break:break-all',
  foot: 'margin:24px 0 0;padding-top:16px;border-top:1px solid #c3ccc6;font-size:13px;line-height:1.5;color:#59635d',
  quiet: 'color:#59635d',
} as const

function page({
  language,
  direction,
  title,
  body,
}: {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  readonly body: readonly string[]
}): string {
  const side = direction === 'rtl' ? 'right' : 'left'
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;padding:0">
<div lang="${language}" dir="${direction}" style="max-width:560px;margin:0 auto;padding:32px 20px;text-align:${side};${face}">
${body.join('\n')}
</div>
</body>
</html>
`
}
