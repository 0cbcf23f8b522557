import type * as Json from '@laurel/core/Json'
import type { ReactNode } from 'react'
import { Banner } from '../badge/Banner.tsx'
import type * as Languages from '../Languages.ts'
import * as Translation from '../Translation.ts'
import * as Facts from './Facts.ts'
import { Markdown } from './Markdown.tsx'
import * as Page from './Page.tsx'

/** A badge that is shown, and what this server says of it beside. */
export type Badge = {
  /** Of its id: a UUID. */
  readonly uuid: string
  readonly credential: Json.Object
  /** How it stands in the books of its issuer, where they are whole. */
  readonly state: 'valid' | 'reinstated' | 'suspended' | 'revoked' | undefined
  /** The origin under which everybody knows this server, without a slash at the end. */
  readonly publicUrl: string
}

/** The page of a badge. */
export function render(badge: Badge, language: Languages.Language, assets: Page.Assets): string {
  const translate = Translation.create(language.tag, language.messages)
  const facts = Facts.read(badge.credential)
  const { name, issuer, issuerId = '' } = facts
  const path = `/credentials/${badge.uuid}.html`
  return Page.render({
    language,
    translate,
    assets,
    path,
    title: translate('page.title', { name, issuer }),
    head: <Preview badge={badge} facts={facts} translate={translate} language={language} />,
    seed: {
      language: language.tag,
      messages: language.messages,
      credential: `/credentials/${badge.uuid}.json`,
      trust: `/trust.json?${new URLSearchParams({ issuer: issuerId })}`,
      issuer,
      address: `${badge.publicUrl}${path}`,
    },
    main: <Main badge={badge} facts={facts} translate={translate} />,
  })
}

type Shown = { readonly badge: Badge; readonly facts: Facts.Facts; readonly translate: Translation.Translate }

/**
 * What other sites show of a link (ogp.me, Twitter cards), and machines read (schema.org). It is kept there for ever, where
 * nobody here can erase it: so it names the badge and its issuer, and not the person.
 */
function Preview({
  badge: { uuid, publicUrl },
  facts: { name, issuer, issuerUrl, description, issued, expires },
  translate,
  language,
}: Shown & { readonly language: Languages.Language }): ReactNode {
  const address = `${publicUrl}/credentials/${uuid}.html`
  const title = translate('page.title', { name, issuer })
  const says = translate('page.description', { issuer })
  const picture = `${publicUrl}/previews/${uuid}.png`
  const day = (moment: number | undefined) => moment && new Date(moment).toISOString().slice(0, 10)
  const data = {
    '@context': 'https://schema.org',
    '@type': 'EducationalOccupationalCredential',
    url: address,
    name,
    description,
    image: picture,
    credentialCategory: 'badge',
    recognizedBy: { '@type': 'Organization', name: issuer, url: issuerUrl },
    dateCreated: day(issued),
    expires: day(expires),
  }
  return (
    <>
      <meta name="description" content={says} />
      <link rel="canonical" href={address} />
      <link
        rel="alternate"
        type="application/json+oembed"
        title={title}
        href={`${publicUrl}/oembed?url=${encodeURIComponent(address)}`}
      />
      <link rel="alternate" type="application/vc" href={`${publicUrl}/credentials/${uuid}.json`} />
      <meta property="og:type" content="website" />
      <meta property="og:url" content={address} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={says} />
      <meta property="og:locale" content={language.tag} />
      <meta property="og:image" content={picture} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta property="og:image:alt" content={title} />
      <meta name="twitter:card" content="summary_large_image" />
      <meta name="twitter:image" content={picture} />
      <meta name="twitter:title" content={title} />
      <meta name="twitter:description" content={says} />
      <script
        type="application/ld+json"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in which nothing ends the element
        dangerouslySetInnerHTML={{ __html: JSON.stringify(data).replaceAll('<', '\\u003c') }}
      />
    </>
  )
}

function Main({ badge, facts, translate }: Shown): ReactNode {
  const { uuid, state } = badge
  const { name, issuer, recipient, description, criteria, criteriaUrl, skills, results, evidence, language } = facts
  return (
    <article className="badge">
      <header className="hero">
        <img
          className="emblem"
          src={facts.image === undefined ? `/credentials/${uuid}.svg` : `/ipfs/${facts.image}`}
          alt={translate('page.image', { name })}
          width="320"
          height="320"
        />
        <div className="title">
          <p className="issuer">{translate('page.issuedBy', { issuer })}</p>
          <h1>
            <bdi lang={language}>{name}</bdi>
          </h1>
          {recipient === undefined ? (
            <p className="soft">{translate('page.nameless')}</p>
          ) : (
            <p className="recipient">
              <span>{translate('page.awardedTo')}</span> <bdi>{recipient}</bdi>
            </p>
          )}
        </div>
      </header>

      <section className="verdict" aria-label={translate('verdict.label')}>
        <div id="verdict">
          <noscript>
            <p className="banner open">{translate('noscript')}</p>
          </noscript>
          <div className="needs-script">
            <Banner tone="busy" title={translate('verdict.checking.title')} text={translate('verdict.checking.text')} />
          </div>
        </div>
      </section>

      <div className="columns">
        <div className="story">
          {description && (
            <section aria-labelledby="about">
              <h2 id="about">{translate('page.about')}</h2>
              <p className="lead" dir="auto" lang={language}>
                {description}
              </p>
            </section>
          )}
          {(criteria ?? criteriaUrl) && (
            <section aria-labelledby="criteria">
              <h2 id="criteria">{translate('page.criteria')}</h2>
              {criteria && (
                <div className="prose" dir="auto" lang={language}>
                  <Markdown>{criteria}</Markdown>
                </div>
              )}
              {criteriaUrl && (
                <p>
                  <Away href={criteriaUrl}>{translate('page.criteriaMore')}</Away>
                </p>
              )}
            </section>
          )}
          {skills.length > 0 && (
            <section aria-labelledby="skills">
              <h2 id="skills">{translate('page.skills')}</h2>
              <ul className="chips" lang={language}>
                {skills.map(({ label, href, note }) => (
                  <li key={`${label} ${href}`} title={note}>
                    {href === undefined ? <span>{label}</span> : <Away href={href}>{label}</Away>}
                  </li>
                ))}
              </ul>
            </section>
          )}
          {results.length > 0 && (
            <section aria-labelledby="results">
              <h2 id="results">{translate('page.results')}</h2>
              <dl className="rows" lang={language}>
                {results.map(({ name, value }) => (
                  <Row key={`${name} ${value}`} name={name}>
                    {value}
                  </Row>
                ))}
              </dl>
            </section>
          )}
          {evidence.length > 0 && (
            <section aria-labelledby="evidence">
              <h2 id="evidence">{translate('page.evidence')}</h2>
              <ul className="evidence" lang={language}>
                {evidence.map(({ label, href, note, narrative }, i) => {
                  const name = label ?? translate('page.evidenceItem', { number: i + 1 })
                  return (
                    <li key={`${name} ${href}`} dir="auto">
                      {href === undefined ? <strong>{name}</strong> : <Away href={href}>{name}</Away>}
                      {note && <p>{note}</p>}
                      {narrative && (
                        <div className="prose">
                          <Markdown>{narrative}</Markdown>
                        </div>
                      )}
                    </li>
                  )
                })}
              </ul>
            </section>
          )}
        </div>
        <aside className="side">
          <section aria-labelledby="facts">
            <h2 id="facts">{translate('page.facts')}</h2>
            <Glance facts={facts} state={state} translate={translate} />
          </section>
          <section aria-labelledby="keep" className="keep">
            <h2 id="keep">{translate('keep.title')}</h2>
            <div id="actions" />
            <ul>
              {(['pdf', 'png', 'json'] as const).map((form) => (
                <li key={form}>
                  <a href={`/credentials/${uuid}.${form}`} download={`${uuid}.${form}`}>
                    {translate(files[form])}
                  </a>
                </li>
              ))}
              <li>
                <a href="/verify">{translate('keep.verify')}</a>
              </li>
            </ul>
          </section>
        </aside>
      </div>
    </article>
  )
}

const files = { pdf: 'keep.pdf', png: 'keep.image', json: 'keep.file' } as const

function Glance({ facts, state, translate }: Pick<Shown, 'facts' | 'translate'> & Pick<Badge, 'state'>): ReactNode {
  const { issuer, issuerUrl, issued, awarded, expires, field, credits } = facts
  const day = (moment: number) => (
    <time dateTime={new Date(moment).toISOString()}>{translate('facts.day', { day: moment })}</time>
  )
  return (
    <dl className="rows">
      {state !== undefined && (
        <Row name={translate('facts.status')}>
          <span className={`state ${state}`}>{translate('status', { state })}</span>
        </Row>
      )}
      <Row name={translate('facts.issuer')}>
        {issuerUrl === undefined ? issuer : <Away href={issuerUrl}>{issuer}</Away>}
      </Row>
      {awarded !== undefined && <Row name={translate('facts.awarded')}>{day(awarded)}</Row>}
      {issued !== undefined && <Row name={translate('facts.issued')}>{day(issued)}</Row>}
      <Row name={translate('facts.expires')}>{expires === undefined ? translate('facts.endless') : day(expires)}</Row>
      {field !== undefined && <Row name={translate('facts.field')}>{field}</Row>}
      {credits !== undefined && (
        <Row name={translate('facts.credits')}>{translate('facts.creditCount', { count: credits })}</Row>
      )}
    </dl>
  )
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  )
}

/** A link to another site, which is not told where from. */
function Away({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactNode {
  return (
    <a href={href} rel="nofollow noopener noreferrer" dir="auto">
      {children}
    </a>
  )
}
