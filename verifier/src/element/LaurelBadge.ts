import * as Errors from '@laurel/core/Errors'
import * as Policy from '../Policy.ts'
import type { Readers } from '../Readers.ts'
import * as WebReaders from '../readers/WebReaders.ts'
import type * as Trust from '../Trust.ts'
import { type Finding, verifyEach } from '../verify-each.ts'
import * as render from './render.ts'
import { style } from './style.ts'
import * as TrustFile from './TrustFile.ts'
import * as View from './View.ts'
import * as Web from './Web.ts'

/** Whom a page trusts, and how it reaches them. */
export type World = { readonly trust: Trust.Trust; readonly readers: Readers }

/** What the event `laurel-verified` tells. */
export type Verified = { readonly finding: Finding; readonly decision: Policy.Decision }

/**
 * `<laurel-badge src="…" trust="…">`: a badge, and whether it may be relied on.
 *
 * Of its attributes, `src` is the address of the credential, `trust` that of the trust file of whoever made the page, and
 * `lang` the language, where it is not that of what it stands in. Without `trust` nobody is trusted, and nothing is
 * accepted. What has been verified an event `laurel-verified` tells, once all of it is shown.
 *
 * A class, as every custom element has to be one.
 */
export class LaurelBadge extends HTMLElement {
  static readonly observedAttributes = ['src', 'trust', 'lang']

  readonly #place: HTMLElement
  /** What is shown; made again in another language. */
  #content: (language: string) => readonly HTMLElement[] = () => []
  /** Each run has its number: what one brings that is not the newest any more is dropped. */
  #run = 0

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    // Not blocked by a content security policy, as a style element would be.
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    shadow.adoptedStyleSheets = [sheet]
    this.#place = document.createElement('div')
    this.#place.setAttribute('aria-live', 'polite')
    shadow.append(this.#place)
  }

  connectedCallback(): void {
    this.#start()
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now) return
    if (name === 'lang') this.#show()
    else this.#start()
  }

  /** Shows what has been verified elsewhere on the page, in place of what `src` names. */
  present(findings: readonly Finding[], trust: Trust.Trust): void {
    this.#run++
    const views = findings.map((finding) => View.of(finding, trust))
    this.#show((language) => views.map((view) => render.card(view, language)))
    const detail: readonly Verified[] = findings.map((finding) => ({
      finding,
      decision: Policy.decide(finding.report),
    }))
    this.dispatchEvent(new CustomEvent('laurel-verified', { bubbles: true, composed: true, detail }))
  }

  /** Says why nothing has been verified. */
  explain(why: View.Unverified): void {
    this.#run++
    this.#show((language) => [render.notice(why, language)])
  }

  #start(): void {
    const { src, trust } = { src: this.getAttribute('src'), trust: this.getAttribute('trust') }
    // Something else may be shown by a program.
    if (src === null) return
    this.explain('loading')
    const run = this.#run
    // What goes wrong here is a fault in this program: then nothing is said of the badge.
    verifyAt(src, trust).then(
      (found) => {
        if (run !== this.#run) return
        if (typeof found === 'string') this.explain(found)
        else this.present(found.findings, found.trust)
      },
      (fault) => {
        if (run === this.#run) this.explain('unloaded')
        reportError(fault)
      },
    )
  }

  #language(): string {
    const named = this.closest('[lang]')?.getAttribute('lang') || navigator.language
    try {
      return Intl.getCanonicalLocales(named)[0] ?? 'en'
    } catch {
      // It is no language tag; dates could not be written by it.
      return 'en'
    }
  }

  #show(content = this.#content): void {
    this.#content = content
    const isOpen = this.#place.querySelector('details')?.open ?? false
    this.#place.replaceChildren(...content(this.#language()))
    const details = this.#place.querySelector('details')
    if (details !== null) details.open = isOpen
  }
}

/** Verifies what is at an address, by the trust file at another. */
async function verifyAt(
  src: string,
  trustAt: string | null,
): Promise<{ readonly findings: readonly Finding[]; readonly trust: Trust.Trust } | View.Unverified> {
  const [document, world] = await Promise.all([Web.get(src), trustAt === null ? nobody : worldAt(trustAt)])
  if (world === undefined) return 'untrusted'
  if (document === undefined) return 'unloaded'
  return { findings: await verifyEach(document, { ...world, now: Date.now() }), trust: world.trust }
}

/** The readers of a trust file remember what they have asked for, so they are given up after this time, in milliseconds. */
const freshness = 60_000
const worlds = new Map<string, { readonly since: number; readonly world: Promise<World | undefined> }>()

/** What many badges on a page share; `undefined` when the file cannot be had, or is none. */
function worldAt(address: string): Promise<World | undefined> {
  const now = performance.now()
  const known = worlds.get(address)
  if (known !== undefined && now - known.since < freshness) return known.world
  const world = Web.get(address).then((file) => (file === undefined ? undefined : openWorld(file)))
  worlds.set(address, { since: now, world })
  return world
}

function openWorld(file: Uint8Array): World | undefined {
  try {
    const { trust, ...sources } = TrustFile.read(file)
    return { trust, readers: WebReaders.create(sources) }
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    console.error(error.message)
    return undefined
  }
}

const nobody: World = { trust: TrustFile.nobody.trust, readers: WebReaders.create(TrustFile.nobody) }

/** Makes the element known to the page; once, also where two copies of this file are on it. */
export function define(): void {
  if (customElements.get('laurel-badge') === undefined) customElements.define('laurel-badge', LaurelBadge)
}
