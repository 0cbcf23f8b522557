import type * as AchievementCredential from '../../core/src/AchievementCredential.ts'

type Written = {
  readonly credentialSubject: Record<string, never> & {
    readonly identifier?: readonly { readonly identityType: string; readonly identityHash: string }[]
    readonly result?: readonly ({ readonly type: unknown } & AchievementCredential.Result)[]
  }
  readonly evidence?: readonly ({ readonly type: unknown } & AchievementCredential.Evidence)[]
} & Record<string, never>

/** The options from which a credential was built. */
export function optionsOf({ credentialSubject, evidence, ...document }: Written): AchievementCredential.Options {
  const { achievement, identifier, result, type: _, ...subject } = credentialSubject
  const { id, issuer, validFrom, validUntil, awardedDate, credentialStatus: status } = document
  const recipient = {
    ...subject,
    identifiers: identifier?.map(({ identityType, identityHash }) => ({ type: identityType, value: identityHash })),
    results: result?.map(({ type: _, ...rest }) => rest),
    evidence: evidence?.map(({ type: _, ...rest }) => rest),
  }
  const all = { id, issuer, validFrom, validUntil, awardedDate, status, achievement, recipient }
  return JSON.parse(JSON.stringify(all))
}
