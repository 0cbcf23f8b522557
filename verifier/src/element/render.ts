import { printable } from '../printable.ts'
import type * as Report from '../Report.ts'
import { todo } from '../todo.ts'
import type * as View from './View.ts'
import * as Words from './Words.ts'

type Child = Node | string | undefined

/**
 * The elements that show a view. Whatever comes from a credential is the text of a node, or the source of an image: none
 * of it is ever read as markup.
 *
 * @param language of dates and words, by its BCP 47 tag
 */
export function card(view: View.View, language: string): HTMLElement {
  const words = Words.of(language)
  const { decision, name, achievement, issuer, recipient, issued, expires, isConfirmed } = view
  const { title, sentence } = words[view.statement]
  const reason = decision.check && decidedBy(view, words)
  const date = (moment: number | undefined, sentence: string) =>
    moment === undefined ? undefined : Words.fill(sentence, day(moment, language))
  const lines = [
    recipient && Words.fill(words.awardedTo, recipient),
    date(issued, words.issuedOn),
    date(expires, words.validUntil),
  ]
  return element('article', { class: `card ${view.tone}`, part: 'card', lang: language }, [
    banner(view.tone, title, [reason, sentence]),
    element('div', { class: 'body' }, [
      picture(view, name),
      element('div', { class: 'facts' }, [
        element('p', { class: 'name', part: 'name', dir: 'auto' }, [name ?? words.unnamed]),
        achievement && element('p', { class: 'achievement', dir: 'auto' }, [achievement]),
        issuer && element('p', { dir: 'auto' }, [Words.fill(isConfirmed ? words.issuedBy : words.claimedBy, issuer)]),
        view.issuerId && element('p', { class: 'exact' }, [element('code', {}, [view.issuerId])]),
        ...lines.map((line) => line && element('p', { dir: 'auto' }, [line])),
        isConfirmed ? undefined : element('p', { class: 'note' }, [words.unconfirmed]),
      ]),
    ]),
    element('details', { part: 'details' }, [
      element('summary', {}, [words.details]),
      element(
        'ul',
        {},
        view.checks.map((check) => row(check, words)),
      ),
      ...endorsements(view, words),
      advice(view, language),
    ]),
  ])
}

/** What is shown where nothing has been verified. */
export function notice(why: View.Unverified, language: string): HTMLElement {
  const { title, sentence } = Words.of(language)[why]
  return element('article', { class: 'card open', part: 'card', lang: language }, [
    banner(why === 'loading' ? 'busy' : 'open', title, [sentence]),
  ])
}

function banner(tone: View.Tone | 'busy', title: string, sentences: readonly Child[]): HTMLElement {
  const text = sentences.filter((each) => each !== undefined).flatMap((each, i) => (i === 0 ? [each] : [' ', each]))
  return element('div', { class: 'verdict', part: 'verdict' }, [
    icon(tone),
    element('div', {}, [element('p', { class: 'title' }, [title]), element('p', { class: 'sentence' }, text)]),
  ])
}

/** The words for the check that decided; what is exactly the matter stands among the details. */
function decidedBy({ decision, checks, statement }: View.View, words: Words.Words): string | undefined {
  const check = checks.find(({ check }) => check === decision.check)
  return check === undefined || statement === 'unfamiliar' ? undefined : sentenceOf(check, words)
}

function sentenceOf({ check, outcome, code }: Report.Check, words: Words.Words): string {
  return code === 'NOT_CHECKED' ? words.notChecked : words.checks[check][outcome]
}

function row(check: Report.Check, words: Words.Words): HTMLElement {
  const { outcome, code, message } = check
  return element('li', { class: outcome }, [
    icon(icons[outcome]),
    element('div', {}, [
      element('p', { class: 'label' }, [
        words.checks[check.check].label,
        code === 'NOT_CHECKED' ? undefined : element('span', { class: 'outcome' }, [` – ${words.outcomes[outcome]}`]),
      ]),
      element('p', {}, [sentenceOf(check, words)]),
      code === 'NOT_CHECKED'
        ? undefined
        : element('p', { class: 'exact', lang: 'en', dir: 'auto' }, [
            `${printable(message)} `,
            element('code', {}, [code]),
          ]),
    ]),
  ])
}

function endorsements({ endorsements }: View.View, words: Words.Words): readonly Child[] {
  if (endorsements.length === 0) return []
  const rows = endorsements.map(({ by, decision }) =>
    element('li', {}, [
      icon(verdicts[decision.verdict]),
      element('div', {}, [
        element('p', { class: 'label', dir: 'auto' }, [
          Words.fill(words.endorsedBy, printable(by ?? '?')),
          element('span', { class: 'outcome' }, [` – ${words[decision.verdict].title}`]),
        ]),
        element('p', { class: 'exact', lang: 'en' }, [`${decision.message} `, element('code', {}, [decision.code])]),
      ]),
    ]),
  )
  return [element('p', { class: 'label' }, [words.endorsements]), element('ul', {}, rows)]
}

/** What to do, which the catalogues say in English. */
function advice({ decision: { verdict, code } }: View.View, language: string): Child {
  const text = todo(code)
  if (verdict === 'accepted' || text === undefined || !/^en\b/i.test(language)) return undefined
  return element('p', { class: 'advice' }, [text])
}

/** The image, or a seal in its place: also where the page that it is on does not let it be shown. */
function picture({ image }: View.View, name: string | undefined): HTMLElement {
  const seal = () => element('div', { class: 'picture seal' }, [icon('seal')])
  if (image === undefined) return seal()
  const shown = element('img', { class: 'picture', part: 'image', alt: name ?? '' }, [])
  shown.addEventListener('error', () => shown.replaceWith(seal()), { once: true })
  shown.src = image
  return shown
}

function day(moment: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(moment)
}

const shapes = {
  good: 'M4.5 12.5l5 5 10-11',
  bad: 'M6 6l12 12M18 6L6 18',
  open: 'M8.5 9.2a3.6 3.6 0 1 1 5.2 3.2c-1.1.6-1.7 1.3-1.7 2.6M12 18.7v.1',
  unfamiliar: 'M12 5.2v8.2M12 18.4v.1',
  none: 'M6 12h12',
  busy: 'M12 3a9 9 0 1 1-9 9',
  seal: 'M12 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8.6 13.8L7 21l5-2.6L17 21l-1.6-7.2',
} as const
const verdicts = { accepted: 'good', rejected: 'bad', unknown: 'open' } as const
const icons = { passed: 'good', failed: 'bad', unknown: 'open', skipped: 'none' } as const

function icon(name: keyof typeof shapes): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon ${name}` }))
    svg.setAttribute(key, value)
  const path = document.createElementNS(namespace, 'path')
  path.setAttribute('d', shapes[name])
  svg.append(path)
  return svg
}

function element<name extends keyof HTMLElementTagNameMap>(
  name: name,
  attributes: Readonly<Record<string, string>>,
  children: readonly Child[],
): HTMLElementTagNameMap[name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== undefined))
  return made
}
