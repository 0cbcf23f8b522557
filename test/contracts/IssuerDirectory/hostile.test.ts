import { type Answers, shouldAnswerHostileInputs } from '../behaviours/HostileInputs.ts'

const reports = ['reportAccount', 'reportKey']

/**
 * What becomes of every hostile input against signed data and contracts, in a directory: the leaves of its trees that
 * are the input, or why there is none. A signed voucher of the table is a signed consent here.
 */
const taken: Answers['taken'] = {
  'SIG-001': [
    'addAccountBySignature > when the account has signed something else > it should revert if the chain is another one',
  ],
  'SIG-002': [
    'addAccountBySignature > when the account has signed something else > it should revert if the directory is another one',
  ],
  'SIG-003': [
    'addAccountBySignature > when the deadline has passed > it should revert with the deadline',
    'addAccountBySignature > when the deadline is more than 30 days ahead > it should revert with the largest deadline there is',
  ],
  'SIG-004': [
    'addAccountBySignature > when the signature has been used > it should revert with the account and the issuer, in every form of it',
  ],
  'SIG-005': [
    'addAccountBySignature > when the signature is not of one of the known forms > it should revert if s is in the upper half',
  ],
  'SIG-006': [
    'addAccountBySignature > when the signature is not of one of the known forms > it should revert if it is 65 zeros',
    'addAccountBySignature > when the signature is not of one of the known forms > it should revert if v is neither 27 nor 28',
    'addAccountBySignature > when the signature is not of one of the known forms > it should revert if r or s is zero',
    'addAccountBySignature > when the account is the zero address > it should revert with 65 zeros',
    'addAccountBySignature > when the account is the zero address > it should revert with a signature that leads nowhere',
  ],
  // A consent names its issuer: whoever sees it can use it for that issuer only, and only as its controller.
  'SIG-008': [
    'addAccountBySignature > when the caller is not the controller > it should revert with the issuer and the caller',
    'addAccountBySignature > when the account has signed something else > it should revert if the issuer is another one',
  ],
  'SIG-009': [
    'addAccountBySignature > when the account has signed something else > it should revert if the issuer is another one',
    'addAccountBySignature > when the account has signed something else > it should revert if the account is another one',
    'addAccountBySignature > when the account has signed something else > it should revert if the nonce is another one',
    'addAccountBySignature > when the account has signed something else > it should revert if the deadline is another one',
  ],
  'SIG-010': [
    'addAccountBySignature > when the account has signed something else > it should revert if it is of another type, with the same members',
    "addAccountBySignature > when the account has signed something else > it should revert if it is a message of a wallet's own",
  ],
  'SIG-011': [
    'withdrawConsents > given the caller has agreed by a signature > it should not let the issuer add the caller',
    'addAccount > given the account has been retired > it should revert with the account and the issuer',
  ],
  'SIG-012': [
    'addAccountBySignature > when the account has code > it should revert if it answers with more than the magic value',
    'addAccountBySignature > when the account has code > it should revert if it answers with less',
    'addAccountBySignature > when the account has code > it should revert if it answers with something else',
    'addAccountBySignature > when the account has code > it should revert if it answers with a mebibyte',
    'addAccountBySignature > when the account has code > it should revert if it reverts',
    'addAccountBySignature > when the account has code > it should revert if it takes all gas',
  ],
  // In random cases: differential.test.ts, and test/core/IssuerDirectory.test.ts. A consent has no dynamic member.
  'SIG-014': ['addAccountBySignature > when the account has signed > it should keep whose account it is'],
  'CON-003': [
    'register > given another account has registered an issuer under the salt > it should register another issuer',
    'addKey > given another issuer has added the key > it should keep a standing of its own for each',
  ],
  // There is no pause, and no function that an owner would have.
  'CON-005': ['calls > when the call is none that it knows > it should revert with another selector'],
  'CON-006': ['calls > when the call is none that it knows > it should revert with another selector'],
  'CON-008': reports.map(
    (tree) =>
      `${tree} > given it was reported before > when the time is later than the one reported > it should revert with the time and the range`,
  ),
  'CON-018': ['calls > when the call is none that it knows > it should revert with another selector'],
  'CON-019': [
    'offerController > when the caller is not the controller > it should revert with the issuer and the caller',
    'acceptController > when the caller is not the candidate > it should revert with the issuer and the caller',
    'addAccount > when the caller is not the controller > it should revert with the issuer and the caller',
  ],
  'CON-020': [
    'offerController > when the candidate is the zero address > it should revert with the issuer',
    'calls > when the call is none that it knows > it should revert with another selector',
  ],
  // Bytes after the arguments are no other call: they are ignored, as by every contract that Solidity has compiled.
  'CON-021': [
    'calls > when the call is none that it knows > it should revert without calldata',
    'calls > when the call is none that it knows > it should revert with another selector',
    'calls > when the call carries value > it should revert for every function, and keep no value',
    'calls > when something follows the arguments > it should mean the same without it',
  ],
  // Nothing known is an answer here, not an error.
  'CON-022': [
    'views > {standingOf} > given the account was never added, it should answer zeros',
    'views > {controllerOf} > given there is no such issuer, it should answer the zero address',
  ],
  // A description may change, and its history may not.
  'CON-023': ['describe > when the caller is the controller > it should fold it into the head'],
  'CON-026': reports.flatMap((tree) => [
    `${tree} > given it was not reported before > when the time is in the future > it should revert with the time and the range`,
    `${tree} > given it was not reported before > when the time is before it was added > it should revert with the time and the range`,
  ]),
}

const anchors = 'a directory anchors no roots: AnchorRegistry.tree'
const tokens = 'a directory has no tokens'
const struck: Answers['struck'] = {
  'merkle-proof': 'a directory follows no path',
  'CON-001': anchors,
  'CON-002': anchors,
  'CON-009': anchors,
  'CON-010': tokens,
  'CON-011': tokens,
  'CON-012': tokens,
  'CON-013': tokens,
  'CON-014': tokens,
  'CON-015': tokens,
  'CON-016': tokens,
}

describe('the hostile inputs against the directory', () => {
  shouldAnswerHostileInputs(new URL('.', import.meta.url), { taken, struck })
})
