/** What each code of a check or an error means, and what to do about it. `docs/errors.md` is made from this. */
export const catalogue = {
  ACCEPTED: { means: 'Every check was made and passed.', todo: 'Nothing.' },
} as const satisfies Record<string, { means: string; todo: string }>
