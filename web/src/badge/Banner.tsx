import type { ReactNode } from 'react'

/** What the whole looks like: in order, wrong, not to be told, only a test, being checked. */
export type Tone = 'good' | 'bad' | 'open' | 'test' | 'busy'

/** A verdict in a few words, with a sign that says the same without its colour. */
export function Banner({
  tone,
  title,
  text,
  children,
}: {
  readonly tone: Tone
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}): ReactNode {
  return (
    <div className={`banner ${tone}`}>
      <Sign name={tone} />
      <div>
        <p className="says">{title}</p>
        <p>{text}</p>
        {children}
      </div>
    </div>
  )
}

const shapes = {
  good: 'M5 12.5l4.5 4.5L19 7.5',
  bad: 'M7 7l10 10M17 7L7 17',
  open: 'M8.7 9.2a3.4 3.4 0 1 1 5 3c-1.1.6-1.7 1.2-1.7 2.3M12 18v.1',
  test: 'M12 6v7.5M12 17.6v.1',
  busy: 'M12 4a8 8 0 1 1-8 8',
  none: 'M7 12h10',
} as const

/** A sign of a verdict, or of a check; its words stand beside it. */
export function Sign({ name }: { readonly name: keyof typeof shapes }): ReactNode {
  return (
    <span className={`sign ${name}`} aria-hidden="true">
      <svg viewBox="0 0 24 24" role="presentation">
        <path d={shapes[name]} />
      </svg>
    </span>
  )
}
