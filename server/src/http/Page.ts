import { escaped as html } from '../internal/escaped.ts'

type Content = Readonly<Record<string, { readonly schema?: unknown }>>
type Parameter = {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: unknown
}
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly security: readonly { readonly key?: readonly string[]; readonly session?: readonly string[] }[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
  readonly tags: readonly string[]
}

/**
 * A description in OpenAPI as a page of HTML: no script, nothing from anywhere else, readable in a terminal. Its style is a
 * file of its own, {@link style}, so that the page needs no exception from the policy on content.
 */
export function render(description: object): string {
  const { info, paths, components } = description as {
    readonly info: { readonly title: string; readonly summary: string; readonly description: string }
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
  }
  const all = Object.entries(paths).flatMap(([path, ways]) =>
    Object.entries(ways).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const byTag = Map.groupBy(all, ({ operation }) => operation.tags[0] ?? '')
  const contents = [...byTag].map(
    ([tag, list]) =>
      `<li>${html(tag)}<ul>${list
        .map(
          ({ path, method, operation }) =>
            `<li><a href="#${operation.operationId}"><code>${method} ${html(path)}</code></a></li>`,
        )
        .join('')}</ul></li>`,
  )
  const sections = all.map(({ path, method, operation }) => section(path, method, operation))
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<section id="${html(name)}"><h3>${html(name)}</h3>${code(schema)}</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(info.title)}: HTTP interface</title>
<link rel="stylesheet" href="/v1/docs.css">
</head>
<body>
<nav aria-label="Operations"><ul>${contents.join('')}<li><a href="#schemas">Schemas</a></li></ul></nav>
<main>
<h1>${html(info.title)}: HTTP interface</h1>
<p>${html(info.summary)}. ${html(info.description)}</p>
<p>The same for programs: <a href="/v1/openapi.json"><code>/v1/openapi.json</code></a> (OpenAPI 3.1).</p>
${sections.join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.join('\n')}
</main>
</body>
</html>
`
}

function section(path: string, method: string, operation: Operation): string {
  const { operationId, summary, security, parameters = [], requestBody, responses } = operation
  const [need] = security
  const scope =
    need === undefined
      ? 'Anybody may.'
      : `Needs ${need.key === undefined ? '' : 'a key or '}somebody who is signed in${(need.key ?? []).map((one) => `, with the scope <code>${html(one)}</code>`)}.`
  const rows = parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      `<tr><td><code>${html(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${html(description)}${code(schema)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([status, { description, content = {} }]) =>
      `<tr><td>${status}</td><td>${html(description)}</td><td>${media(content)}</td></tr>`,
  )
  return `<section id="${operationId}">
<h2><code>${method} ${html(path)}</code></h2>
<p>${html(summary)}. ${scope}</p>
${rows.length === 0 ? '' : `<table><caption>Parameters</caption><tbody>${rows.join('')}</tbody></table>`}
${requestBody === undefined ? '' : `<p>Body: ${media(requestBody.content)}</p>`}
<table><caption>Answers</caption><tbody>${answers.join('')}</tbody></table>
</section>`
}

function media(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `<code>${html(type)}</code> ${reference(schema)}`)
    .join('<br>')
}

function reference(schema: unknown): string {
  const [, name] =
    /^#\/components\/schemas\/(\w+)$/.exec(String((schema as { $ref?: unknown } | undefined)?.$ref)) ?? []
  return name === undefined ? '' : `<a href="#${name}">${name}</a>`
}

function code(schema: unknown): string {
  return `<pre tabindex="0">${html(JSON.stringify(schema, null, 2))}</pre>`
}

/** How the page looks. */
export const style = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; display: grid; grid-template-columns: minmax(16rem, 22rem) minmax(0, 60rem); gap: 2rem; padding: 1rem }
nav { position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); overflow: auto }
nav ul { list-style: none; padding-left: 0.75rem }
section { border-top: 1px solid; padding-top: 0.5rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: bold }
td { border-top: 1px solid; padding: 0.25rem 0.75rem 0.25rem 0; vertical-align: top }
pre { overflow: auto; max-height: 24rem; margin: 0.25rem 0 }
@media (max-width: 50rem) { body { display: block } nav { position: static; max-height: none } }
`
