import { escaped } from '../../internal/escaped.ts'

/** Text that is HTML already. */
export type Html = { readonly html: string }

/** What may stand in a template: text, which is escaped; HTML; several of both; nothing. */
export type Part = string | number | Html | null | undefined | readonly Part[]

/** HTML of a template. Whatever is put into it is text unless it is {@link Html}: a name that holds a tag shows the tag. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((all, text, i) => `${all}${toHtml(parts[i - 1])}${text}`) }
}

function toHtml(part: Part): string {
  if (part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'html' in part ? part.html : part.map(toHtml).join('')
}

/** A page of ours, whole. It loads nothing but its style, and what is named as its script. */
export function page(title: string, main: Html, script?: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Laurel</title>
<link rel="stylesheet" href="/people.css">
${script === undefined ? '' : html`<script src="${script}" type="module"></script>`}
</head>
<body>
<main>
<p class="mark">Laurel</p>
${main}
</main>
</body>
</html>
`.html
}

/** What pages may do: load what this server has, and send forms to it. Nobody puts them into a frame. */
export const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
