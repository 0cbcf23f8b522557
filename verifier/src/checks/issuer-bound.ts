import type { Anchor } from '../Anchor.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

/**
 * Whether keys and account are the issuer's, and whether the verifier knows the issuer. That the keys are its own has
 * been checked by `signed` and `manifest`; here the account is held against those that the trust names.
 */
export function issuerBound({ issuer }: Subject, anchor: Anchor | undefined, trust: Trust.Trust): Result {
  const known = trust.issuers.find(({ did }) => did === issuer)
  if (known === undefined)
    return unknown('ISSUER_UNRECOGNISED', 'Signed by its issuer, but this issuer is not known to you.')
  const account = anchor?.manifest?.account
  if (known.accounts !== undefined && account !== undefined && !known.accounts.includes(account))
    return failed('ACCOUNT_NOT_TRUSTED', `It was anchored by an account that is not one of ${known.name}.`)
  if (anchor !== undefined && account === undefined)
    return unknown('MANIFEST_UNAVAILABLE', 'Who anchored it cannot be told without the description of its batch.')
  return passed(
    'ISSUER_BOUND',
    `The issuer is ${known.name}. Nobody could be asked whether its keys have been reported as compromised.`,
  )
}
