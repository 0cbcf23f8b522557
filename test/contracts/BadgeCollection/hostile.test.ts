import { type Answers, shouldAnswerHostileInputs } from '../behaviours/HostileInputs.ts'

const pathIsAnother = 'redeem > when the path is another one > it should revert'
const memberIsAnother = 'redeem > when a member of the ticket is another one > it should revert'
const signedElse = 'redeemByKey > when the claim key has signed something else > it should revert'
const spelling = 'redeemByKey > when the signature is not in the one form of it > it should revert'
const zeroKey = 'redeemByKey > when the claim key is the zero address > it should revert'
const withCode = 'rebind > when the holder has code > it should revert'
const unknownCall =
  "calls > when the call is none that it knows > it should revert with another selector, be it of an owner's or of a proxy's"

/**
 * What becomes of every hostile input against paths, signed data and contracts, in a collection: the leaves of its trees
 * that are the input, or why there is none. A leaf of the table is a ticket here, a voucher what a claim key signs, and
 * the index is the ticket's.
 */
const taken: Answers['taken'] = {
  'MRK-001': [
    "redeem > when the ticket stands where the tree is no tree of an issuer's > it should refuse a node for a ticket",
  ],
  'MRK-003': [`${pathIsAnother} if it is empty`],
  'MRK-005': [
    `${pathIsAnother} if a sibling is too many, at either end`,
    `${pathIsAnother} if it has more than 32 siblings`,
    `${pathIsAnother} if it has 10,000 siblings`,
  ],
  'MRK-006': [`${pathIsAnother} if two siblings are swapped`],
  // An odd last node is promoted: no tree has a ticket twice at its end.
  'MRK-007': [
    "redeem > when the ticket is a named wallet's > it should take every index of a tree of 1 to 9, 31, 32 and 33 tickets",
  ],
  // Siblings are words of 32 bytes: what is shorter or longer moves everything behind it.
  'MRK-008': [
    'calls > when the call is none that it knows > it should revert with a call that is cut short',
    'calls > when something follows the arguments > it should mean the same without it',
  ],
  'MRK-009': [
    'calls > when an argument is not in the one form of it > it should revert with an index or an address that is too large',
    `${pathIsAnother} if it is shorter than the index has ones`,
  ],
  'MRK-010': [
    `${memberIsAnother} if it is the index`,
    `${memberIsAnother} if it was made for another index than it stands at`,
    "redeem > when the ticket stands where the tree is no tree of an issuer's > it should take the first of two tickets at one index, and refuse the second",
  ],
  // The size is not told. What follows from another one is another number of siblings.
  'MRK-011': [
    `${pathIsAnother} if a sibling is missing, at either end`,
    `${pathIsAnother} if a sibling is too many, at either end`,
  ],
  'MRK-012': [`${pathIsAnother} if it is of another ticket`],
  'MRK-013': [
    `${pathIsAnother} if it is of another batch`,
    'open > given the account has not anchored the root > it should revert if any part of the batch is another one',
  ],
  'MRK-014': [
    'open > given the account has not anchored the root > it should revert if any part of the batch is another one',
  ],
  'MRK-016': [`${memberIsAnother} if it is the salt`],
  'MRK-017': ["redeem > when the ticket is a named wallet's > it should ask for nothing that leads to the credential"],
  'MRK-018': ['redeem > given the wallet has a token of the series > it should revert with the series and the wallet'],
  // In random cases too: differential.test.ts. And by a third implementation: vectors.test.ts.
  'MRK-021': [
    "redeem > when the ticket is a named wallet's > it should take every index of a tree of 1 to 9, 31, 32 and 33 tickets",
    "redeem > when the ticket is a named wallet's > it should take an index of a tree of 1,000 tickets",
  ],
  'SIG-001': [`${signedElse} if the chain is another one`, `${memberIsAnother} if it was made for another chain`],
  'SIG-002': [
    `${signedElse} if the collection is another one`,
    `${memberIsAnother} if it was made for another collection`,
  ],
  'SIG-003': [
    'redeemByKey > when the deadline is not within the next 30 days > it should revert if it has passed',
    'redeemByKey > when the deadline is not within the next 30 days > it should revert if it is the largest there is',
  ],
  'SIG-004': [
    'redeemByKey > given the ticket is spent > it should revert if it has been redeemed, for whichever wallet the key signs',
    `${spelling} if s is in the upper half`,
    `${spelling} if it is in the compact form of 64 bytes`,
    'rebind > when the signature has been used > it should revert, because the token is gone',
  ],
  'SIG-005': [`${spelling} if s is in the upper half`],
  'SIG-006': [
    `${spelling} if it is 65 zeros`,
    `${spelling} if v is neither 27 nor 28`,
    `${spelling} if r or s is zero or not below the order`,
    `${zeroKey} with 65 zeros`,
    `${zeroKey} with a signature that leads nowhere`,
  ],
  'SIG-008': [
    'redeemByKey > when the claim key has signed > it should let anybody send it, for the wallet that the key names',
    "redeem > when the ticket is a named wallet's > it should let anybody send it, for the wallet",
  ],
  'SIG-009': [
    `${signedElse} if the ticket is another one`,
    `${signedElse} if the wallet is another one`,
    `${signedElse} if the deadline is another one`,
    'rebind > when the holder has not signed it > it should revert if the token is another one',
    'rebind > when the holder has not signed it > it should revert if the wallet is another one',
  ],
  'SIG-010': [
    `${signedElse} if it is of another type, with the same members`,
    `${signedElse} if it is to bind a token to another wallet`,
    'rebind > when the holder has not signed it > it should revert if it is to redeem a ticket',
  ],
  'SIG-011': [
    'award > when the caller is no account that speaks for the issuer > it should revert for an account that has been retired, in the same second too',
    'completeRebinding > when the caller is no account that speaks for the issuer > it should revert for the account that has proposed it, if it has been retired or reported since',
    'open > given the account did not speak for the issuer when it anchored > it should revert if it was retired a second before',
  ],
  'SIG-012': [
    `${withCode} if it answers with more than the magic value`,
    `${withCode} if it answers with less`,
    `${withCode} if it answers with something else`,
    `${withCode} if it answers with a mebibyte`,
    `${withCode} if it reverts`,
    `${withCode} if it takes all gas`,
    'redeemByKey > when the claim key has code > it should take no answer of it for a signature',
  ],
  // In random cases: differential.test.ts, and test/core/BadgeCollection.test.ts. Neither type has a dynamic member.
  'SIG-014': [
    'redeemByKey > when the claim key has signed > it should make the wallet that the key names the holder of a token',
  ],
  'CON-003': [
    'open > given the account has not anchored the root > it should revert if another account has',
    'deploy > given the collection has been made > it should change nothing, whoever made it',
  ],
  // There is no pause, and no function that an owner would have.
  'CON-005': [unknownCall],
  'CON-006': [
    unknownCall,
    'recheck > given the account is reported to have been compromised by then > it should leave what was redeemed where it is',
  ],
  'CON-008': [
    'revoke > when the issuer revokes tokens > it should leave out those that are gone',
    'redeem > given the ticket is spent > it should revert if the ticket has been revoked',
  ],
  // A list of recipients is what an award has in place of a list of roots.
  'CON-009': [
    'award > when the recipients are none that it takes > it should revert if there are none',
    'award > when an account awards an achievement > it should take one recipient',
    'award > when an account awards an achievement > it should take 1,228 recipients',
    'award > when the recipients are none that it takes > it should revert if there are more than 1,228',
    'award > when the recipients are none that it takes > it should revert if one is there twice',
  ],
  'CON-010': [
    'soulbound > {transferFrom} > it should revert for everybody',
    'soulbound > {safeTransferFrom} > it should revert for everybody, without data',
    'soulbound > {safeTransferFrom} > it should revert for everybody, with data',
    'soulbound > {approve} > it should revert for everybody',
    'soulbound > {setApprovalForAll} > it should revert for everybody',
  ],
  'CON-011': ['soulbound > {transferFrom} > it should revert for everybody', unknownCall],
  'CON-012': [
    'burn > when the caller does not hold the token > it should revert for a stranger',
    'burn > when the caller does not hold the token > it should revert for the issuer',
    'burn > when the holder burns it > it should emit {Transfer} and {Burned}, and nothing else',
  ],
  'CON-013': ['redeem > given the ticket is spent > it should revert if its token has been burnt'],
  'CON-014': [
    'redeemByKey > given the ticket is spent > it should revert if it has been redeemed, for whichever wallet the key signs',
  ],
  'CON-015': [
    `${memberIsAnother} if it is the wallet`,
    'redeem > given the ticket is spent > it should revert if the ticket has been revoked',
    'open > given the account did not speak for the issuer when it anchored > it should revert if it speaks for another issuer',
  ],
  'CON-016': [
    'redeem > when the wallet is none > it should revert if it is the zero address',
    'redeem > when the wallet is none > it should revert if it is the collection',
    "redeem > when the ticket is a named wallet's > it should call nothing of a wallet that is a contract",
  ],
  'CON-018': [
    unknownCall,
    'deploy > given the collection has not been made > it should leave nothing to set up',
    'calls > when the implementation is called itself > it should make no token',
  ],
  'CON-019': [
    'revoke > when the caller is neither an account that speaks for the issuer nor its controller > it should revert for a stranger',
    unknownCall,
  ],
  'CON-020': [unknownCall],
  // Bytes after the arguments are no other call: they are ignored, as by every contract that Solidity has compiled.
  'CON-021': [
    'calls > when the call is none that it knows > it should revert without calldata',
    unknownCall,
    'calls > when the call carries value > it should revert for every function, and keep no value',
    'calls > when something follows the arguments > it should mean the same without it',
  ],
  'CON-022': [
    'views > {ownerOf} > given it is not, it should revert with the token',
    'views > {tokenURI} > given it is not, it should revert with the token',
    'soulbound > {locked} > it should revert where there is no such token',
  ],
  'CON-023': [unknownCall],
}

const anchors = 'a collection anchors no roots: AnchorRegistry.tree'
const struck: Answers['struck'] = {
  'MRK-015': 'nothing in a call names a hash function or a kind of tree',
  'MRK-019': 'a call is bytes, not JSON: what a node would be is MRK-008',
  'MRK-020': 'there are no multiproofs',
  'CON-001': anchors,
  'CON-002': anchors,
  'CON-026': 'a collection takes no reports: IssuerDirectory/reportAccount.tree',
}

describe('the hostile inputs against a collection of badge tokens', () => {
  shouldAnswerHostileInputs(new URL('.', import.meta.url), { taken, struck })
})
