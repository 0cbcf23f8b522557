import { type Answers, shouldAnswerHostileInputs } from './behaviours/HostileInputs.ts'

const none = 'AnchorRegistry > when the call is none that it knows'
const one = 'AnchorRegistry > when the calldata is one root'
const several = 'AnchorRegistry > when the calldata is several roots'
const ask = 'AnchorRegistry > when the calldata is a call of {anchoredAt}'

const otherLength = `${none} > when the calldata is neither whole words nor 68 bytes > it should revert with the length`
const otherSelector = `${none} > when the calldata is 68 bytes with another selector > it should revert with the selector`
const neverChanged = `${one} > given the account has anchored the root > it should leave the anchor as it was`

const taken: Answers['taken'] = {
  // A root like any other: what it would commit to, nobody can open, and it keeps nobody from anything.
  'CON-001': [`${one} > when the root is zero > it should anchor the root`],
  'CON-002': [`${one} > given the account has anchored the root > it should revert with the time of the anchor`],
  'CON-003': [
    `${one} > given only another account has anchored the root > it should keep an anchor of its own for each`,
    `${ask} > given only another account has anchored the root > it should return zeros`,
  ],
  // There is no pause, no owner and no role: the calls that would set one are none that the registry knows.
  'CON-005': [otherLength],
  'CON-006': [otherLength, neverChanged],
  'CON-008': [neverChanged],
  // There is no largest number of roots but the gas of a block.
  'CON-009': [
    `${none} > when the calldata is empty > it should revert with the length`,
    `${one} > given the account has not anchored the root > it should keep the block's time and number in the root's slot`,
    `${several} > given the account has anchored none of them > it should anchor each of them`,
    `${several} > given the account has anchored the last of them > it should revert and anchor none of them`,
    `${several} > when two of them are the same > it should revert and anchor none of them`,
  ],
  'CON-018': [otherLength],
  'CON-019': [otherLength, otherSelector],
  'CON-020': [otherSelector],
  'CON-021': [
    `${none} > when the calldata is empty > it should revert with the length`,
    otherLength,
    otherSelector,
    `${none} > when the call carries value > it should revert without calldata`,
    `${none} > when the call carries value > it should revert with a root`,
    `${none} > when the call carries value > it should revert with a call of {anchoredAt}`,
  ],
  // Nothing known is an answer here, not an error.
  'CON-022': [`${ask} > given nobody has anchored the root > it should return zeros`],
}

const tokens = 'the registry has no tokens'
const struck: Answers['struck'] = {
  'merkle-proof': 'the registry takes roots, and follows no path to one',
  eip712: 'the registry takes no signed data: the account that calls is the account that anchors',
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

describe('the hostile inputs against the registry of anchors', () => {
  shouldAnswerHostileInputs(new URL('.', import.meta.url), { taken, struck })
})
