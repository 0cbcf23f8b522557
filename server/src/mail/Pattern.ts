import * as Errors from '@laurel/core/Errors'

/** A text with places for values, in the part of ICU MessageFormat that mails need: `{name}` and `{count, plural, …}`. */
export type Pattern = readonly Part[]

type Part =
  | { readonly text: string }
  | { readonly value: string }
  | { readonly count: string; readonly forms: Readonly<Record<string, Pattern>> }
  /** `#` within a plural: the number. */
  | { readonly number: string }

/** The categories of plurals that CLDR has. */
const categories: readonly string[] = ['zero', 'one', 'two', 'few', 'many', 'other']
const depth = 2

/**
 * Reads a pattern. An apostrophe stands for itself; braces and, within a plural, `#` are always ours.
 *
 * @throws {InvalidPatternError} MAIL_TEXT_INVALID
 */
export function parse(text: string): Pattern {
  const { parts, at } = read(text, 0, undefined, 0)
  if (at !== text.length) throw new InvalidPatternError('A closing brace has no opening one.')
  return parts
}

/** The values that a pattern has places for. */
export function places(pattern: Pattern): ReadonlySet<string> {
  const found = new Set<string>()
  for (const part of pattern) {
    if ('value' in part) found.add(part.value)
    if ('count' in part) {
      found.add(part.count)
      for (const form of Object.values(part.forms)) for (const place of places(form)) found.add(place)
    }
  }
  return found
}

/**
 * Fills a pattern in.
 *
 * @param show makes of a value what stands in its place
 * @throws {InvalidPatternError} where a value is missing
 */
export function fill(
  pattern: Pattern,
  values: Readonly<Record<string, string>>,
  language: string,
  show: (value: string) => string,
): string {
  const given = (name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new InvalidPatternError(`There is no value ${name}.`)
    return value
  }
  const write = (parts: Pattern): string =>
    parts
      .map((part) => {
        if ('text' in part) return part.text
        if ('value' in part) return show(given(part.value))
        const name = 'number' in part ? part.number : part.count
        const number = Number(given(name))
        if (!Number.isFinite(number)) throw new InvalidPatternError(`The value ${name} is no number.`)
        if ('number' in part) return new Intl.NumberFormat(language).format(number)
        const form = part.forms[new Intl.PluralRules(language).select(number)] ?? part.forms.other
        return write(form as Pattern)
      })
      .join('')
  return write(pattern)
}

function read(text: string, from: number, count: string | undefined, level: number): { parts: Part[]; at: number } {
  const parts: Part[] = []
  let at = from
  while (at < text.length && text[at] !== '}') {
    if (text[at] === '{') {
      const { part, end } = readPlace(text, at, level)
      parts.push(part)
      at = end
    } else if (text[at] === '#' && count !== undefined) {
      parts.push({ number: count })
      at++
    } else {
      const [plain] = (count === undefined ? /[^{}]+/y : /[^{}#]+/y).exec(text.slice(at)) as RegExpExecArray
      parts.push({ text: plain })
      at += plain.length
    }
  }
  return { parts, at }
}

function readPlace(text: string, from: number, level: number): { readonly part: Part; readonly end: number } {
  const simple = /^\{ *([a-z]+) *\}/.exec(text.slice(from))
  if (simple !== null) return { part: { value: simple[1] as string }, end: from + simple[0].length }
  const head = /^\{ *([a-z]+) *, *plural *, */.exec(text.slice(from))
  if (head === null || level === depth) throw new InvalidPatternError('A place is {name} or {count, plural, …}.')
  const count = head[1] as string
  const forms: Record<string, Pattern> = {}
  let at = from + head[0].length
  while (text[at] !== '}') {
    const form = /^ *([a-z]+) *\{/.exec(text.slice(at))
    if (form === null || !categories.includes(form[1] as string))
      throw new InvalidPatternError(`A plural has the forms ${categories.join(', ')}, each in braces.`)
    const inner = read(text, at + form[0].length, count, level + 1)
    if (text[inner.at] !== '}') throw new InvalidPatternError('A brace is not closed.')
    forms[form[1] as string] = inner.parts
    at = inner.at + 1
    while (text[at] === ' ') at++
    if (at >= text.length) throw new InvalidPatternError('A brace is not closed.')
  }
  if (forms.other === undefined) throw new InvalidPatternError('A plural has the form other at least.')
  return { part: { count, forms }, end: at + 1 }
}

/** Thrown when a text of a mail cannot be filled in. */
export class InvalidPatternError extends Errors.BaseError<'MAIL_TEXT_INVALID'> {
  override readonly name = 'Pattern.InvalidPatternError'
  constructor(message: string) {
    super('MAIL_TEXT_INVALID', message)
  }
}
