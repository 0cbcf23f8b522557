/**
 * What is written to people, by the name of its template, with the values that go into it. Every one has `organisation`, the
 * name of whoever sends it. What is about a badge is a notification, which its reader may end; the rest somebody has asked for.
 */
export const templates = {
  claim: { values: ['organisation', 'name', 'achievement', 'link'], notification: true },
  revoked: { values: ['organisation', 'name', 'achievement'], notification: true },
  suspended: { values: ['organisation', 'name', 'achievement'], notification: true },
  reinstated: { values: ['organisation', 'name', 'achievement'], notification: true },
  'verify-address': { values: ['organisation', 'link', 'code', 'minutes'], notification: false },
  'learner-sign-in': { values: ['organisation', 'link', 'code', 'minutes'], notification: false },
  'move-asked': { values: ['organisation', 'name', 'achievement', 'link', 'days'], notification: false },
  'sign-in': { values: ['organisation', 'link', 'minutes'], notification: false },
  invitation: { values: ['organisation', 'inviter', 'link', 'days'], notification: false },
} as const satisfies Readonly<Record<string, { readonly values: readonly string[]; readonly notification: boolean }>>

export type Name = keyof typeof templates

/** The names of the values of a template. */
export type Value<name extends Name = Name> = (typeof templates)[name]['values'][number]

/** Every template there is. */
export const names = Object.keys(templates) as readonly Name[]

/**
 * A mail as whoever causes it orders it; it is rendered when it is sent. Its values are texts from anywhere: they are made
 * harmless where they are shown. A `link` is ours.
 */
export type Mail = {
  [name in Name]: {
    readonly template: name
    readonly values: Readonly<Record<Value<name>, string>>
  }
}[Name] & {
  /** One e-mail address, as {@link Cell.email} reads it. */
  readonly to: string
  /** BCP 47, or nothing where it is not known. */
  readonly language?: string | undefined
  /** The id of the credential that it is about (`urn:uuid:`). */
  readonly about?: string | undefined
  /** For how many milliseconds it is of use to anybody: it is not sent after that. */
  readonly lifetime?: number | undefined
}
