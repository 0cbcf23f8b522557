import type * as Mail from './Mail.ts'

/** What a mail says, in patterns (see `Pattern.ts`), with no markup. */
export type Texts = {
  readonly subject: string
  /** Each a paragraph, before the button. */
  readonly paragraphs: readonly string[]
  /** What stands on the button that leads to the link; a template without a link has none. */
  readonly button?: string
  /** Paragraphs behind it, in smaller letters. */
  readonly notes: readonly string[]
}

/** Everything that mails say in one language. */
export type Catalogue = { readonly [name in Mail.Name]: Texts } & {
  readonly common: {
    readonly direction: 'ltr' | 'rtl'
    /** Above the address that the button leads to. */
    readonly address: string
    /** Who sends it. */
    readonly sender: string
    /** On the link by which somebody ends notifications. */
    readonly unsubscribe: string
  }
}
