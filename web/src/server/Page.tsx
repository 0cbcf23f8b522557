import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import * as Languages from '../Languages.ts'
import mark from '../mark.svg?url'
import * as Seed from '../Seed.ts'
import type { Translate } from '../Translation.ts'

/** Where the built files of a page are: what the manifest says. */
export type Assets = { readonly style: string; readonly script: string }

export type Page = {
  readonly language: Languages.Language
  readonly translate: Translate
  readonly assets: Assets
  readonly title: string
  /** Elements of the head, beside those that every page has. */
  readonly head?: ReactNode
  /** For the script; a page without one has none. */
  readonly seed?: Seed.Seed
  /** The address of the page without its query, in which each language is offered. */
  readonly path: string
  readonly main: ReactNode
}

/** A whole page, as a server sends it. It says what is essential without a script, and nothing in it is inline. */
export function render({ language, translate, assets, title, head, seed, path, main }: Page): string {
  const page = (
    <html lang={language.tag} dir={language.isRightToLeft ? 'rtl' : 'ltr'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="stylesheet" href={assets.style} />
        <link rel="icon" href={mark} type="image/svg+xml" />
        {head}
        {seed && (
          <>
            <meta name={Seed.name} content={JSON.stringify(seed)} />
            <script type="module" src={assets.script} />
          </>
        )}
      </head>
      <body>
        <a href="#main" className="skip">
          {translate('skip')}
        </a>
        <main id="main" tabIndex={-1}>
          {main}
        </main>
        <footer className="foot">
          <p>{translate('footer')}</p>
          <nav aria-label={translate('language')}>
            <ul>
              {Languages.all.map(({ tag, name }) => (
                <li key={tag}>
                  <a
                    href={`${path}?lang=${tag}`}
                    lang={tag}
                    hrefLang={tag}
                    aria-current={tag === language.tag || undefined}
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </footer>
      </body>
    </html>
  )
  return `<!doctype html>${renderToStaticMarkup(page)}`
}
