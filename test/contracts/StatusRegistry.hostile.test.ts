import { type Answers, shouldAnswerHostileInputs } from './behaviours/HostileInputs.ts'

const none = 'StatusRegistry > when the call is none that it knows'
const publish = 'StatusRegistry > when an account publishes a digest'
const ask = 'StatusRegistry > when somebody asks for a head'

const otherSelector = `${none} > it should revert with another selector`
const order = `${publish} > given it has published the list > it should not forget in which order`

/** A digest of a list is what a root of a batch is in the table. */
const taken: Answers['taken'] = {
  'CON-001': [`${publish} > when the digest is zero > it should fold it like any other`],
  // The same list again is a fact too: that it was still so then.
  'CON-002': [`${publish} > given it has published the same digest > it should fold it once more`],
  'CON-003': [
    `${publish} > given another account has published the list > it should keep a head of its own for each`,
    `${ask} > given only another account has published the list > it should return zero`,
  ],
  // There is no pause, no owner and no role: the calls that would set one are none that the registry knows.
  'CON-005': [otherSelector],
  'CON-006': [otherSelector, `${publish} > given it publishes twice in one block > it should fold both`],
  // What a list says, no contract knows; that an earlier version said it, the head does not forget.
  'CON-008': [order],
  'CON-018': [otherSelector],
  'CON-019': [otherSelector],
  'CON-020': [otherSelector],
  'CON-021': [
    `${none} > it should revert without calldata`,
    otherSelector,
    `${none} > it should revert with a call that is cut short`,
    `${none} > it should revert with value`,
    `${publish} > when something follows the arguments > it should mean the same without it`,
  ],
  // Nothing known is an answer here, not an error.
  'CON-022': [`${ask} > given nobody has published the list > it should return zero`],
}

const tokens = 'the registry has no tokens'
const struck: Answers['struck'] = {
  'merkle-proof': 'the registry follows no path',
  eip712: 'the registry takes no signed data: the account that calls is the account that publishes',
  'CON-009': 'the registry takes one digest at a time',
  'CON-010': tokens,
  'CON-011': tokens,
  'CON-012': tokens,
  'CON-013': tokens,
  'CON-014': tokens,
  'CON-015': tokens,
  'CON-016': tokens,
  'CON-023': 'the registry has no metadata',
  'CON-026': 'the registry takes no reports: IssuerDirectory/reportAccount.tree',
}

describe('the hostile inputs against the registry of status lists', () => {
  shouldAnswerHostileInputs(new URL('.', import.meta.url), { taken, struck })
})
