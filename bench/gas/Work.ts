import * as Floor from './Floor.ts'

/** A piece of work that several contracts can do, as the tables name it. One row of a table. */
export type Work = {
  readonly title: string
  readonly group: string
  /** How many of what it does; gas is then also told for each. */
  readonly items?: { readonly count: number; readonly one: string }
  readonly floor?: Floor.Floor
  /** What Laurel has set itself, for each item where there are several. */
  readonly target?: number
  /** Why the target is not met, and where the cost is shown line by line. Without it, a target that is missed fails. */
  readonly excuse?: string
}

/** How many recipients are awarded a badge in one go. */
export const recipients = [1, 10, 100, 500] as const

/** How deep the tree lies out of which a badge is redeemed: a thousand, a hundred thousand and a million tickets. */
export const depths = [10, 17, 20] as const

export const roots = [2, 10, 100] as const

/** How many badges are burnt in one go. */
export const burned = 100

const persons = (count: number) => (count === 1 ? '1 recipient' : `${count} recipients`)

// Titles that carry a number; the others are told apart by their sentence alone.
export const anchor = (count: number) => `anchor ${count} roots in one transaction`
export const award = (count: number) => `award a badge to ${persons(count)}, their first of the collection`
export const awardAgain = (count: number) => `award a further badge to the same ${persons(count)}`
export const redeem = (depth: number) => `redeem for a named wallet at depth ${depth}, its first badge`
export const redeemLater = (depth: number) => `redeem for a named wallet at depth ${depth}, a later badge`
export const redeemByKey = (depth: number) => `redeem by claim key at depth ${depth}, the wallet's first badge`
export const redeemByKeyLater = (depth: number) => `redeem by claim key at depth ${depth}, a later badge`
export const open = 'open a batch for redeeming, once'
export const close = 'close a batch whose account was compromised'
export const redeemFirst = 'redeem the first ticket of a batch at depth 10, for a wallet that has no badge'
export const revokeTickets = 'revoke 256 tickets of a batch that have not been redeemed'
export const rebind = 'bind a badge to another wallet, its first, by the signature of its holder'
export const propose = 'propose to bind a badge to another wallet'
export const complete = 'bind a badge to another wallet, its first, thirty days after'
export const burn = 'burn one badge'
export const burnMany = `burn ${burned} badges`

/** Transfer from nobody, its three arguments in topics; Locked, its one argument in data. */
const events = [Floor.log(4), Floor.log(1, 32)]

const people = (count: number) => ({ count, one: 'token' })

/** All that is measured. Whoever adds a contract says in sides/ which of these it does; a new kind of work is added here. */
export const all: readonly Work[] = [
  ...[
    // G1
    { title: 'anchor one root, the first of its account', target: 45_400 },
    { title: 'anchor one root, later', target: 45_400 },
  ].map((work) => ({
    ...work,
    group: 'Anchoring',
    floor: Floor.floor([Floor.transaction(32), Floor.log(3), Floor.newSlot]),
  })),
  ...roots.map((count) => ({
    title: anchor(count),
    group: 'Anchoring',
    items: { count, one: 'root' },
    floor: Floor.floor([Floor.transaction(0)], [Floor.calldata(32), Floor.log(3), Floor.newSlot], count),
  })),
  {
    title: 'publish a status list, the first version',
    group: 'Status lists',
    floor: Floor.floor([Floor.transaction(32), Floor.log(3), Floor.newSlot]),
  },
  {
    title: 'publish a status list, a version in place',
    group: 'Status lists',
    // G4
    target: 30_000,
    floor: Floor.floor([Floor.transaction(32), Floor.log(3), Floor.oldSlot]),
  },
  ...[
    { title: 'register an issuer' },
    { title: 'let an account join that has agreed by a call' },
    { title: 'let an account join that has signed' },
    { title: 'add a key', floor: Floor.floor([Floor.transaction(64), Floor.log(3), Floor.newSlot]) },
    { title: 'retire a key', floor: Floor.floor([Floor.transaction(64), Floor.log(3), Floor.oldSlot]) },
    { title: 'report a key', floor: Floor.floor([Floor.transaction(72), Floor.log(4), Floor.oldSlot]) },
  ].map((work) => ({ ...work, group: 'Directory' })),
  ...recipients.map((count) => ({
    title: award(count),
    group: 'Awarding',
    items: people(count),
    // G2
    ...(count === 500 ? { target: 7_600 } : {}),
    floor: Floor.floor([Floor.transaction(0)], [Floor.addressInCode, Floor.calldata(20), ...events], count),
  })),
  ...recipients.map((count) => ({
    title: awardAgain(count),
    group: 'Awarding',
    items: people(count),
    floor: Floor.floor([Floor.transaction(0)], events, count),
  })),
  // G3
  { title: open, group: 'Redeeming', target: 110_000 },
  { title: redeemFirst, group: 'Redeeming' },
  ...depths.flatMap((depth) => {
    const work = (title: string, target: number, excuse?: string) => ({
      title,
      group: 'Redeeming',
      ...(depth === 10 ? { target } : {}),
      ...(depth === 10 && excuse !== undefined ? { excuse } : {}),
    })
    return [
      work(redeem(depth), 66_000, 'line by line in docs/contracts.md, Redeeming'),
      work(redeemLater(depth), 49_000, 'line by line in docs/contracts.md, Redeeming'),
      work(redeemByKey(depth), 78_000),
      work(redeemByKeyLater(depth), 61_000),
    ]
  }),
  { title: close, group: 'Redeeming' },
  { title: rebind, group: 'Binding again' },
  { title: propose, group: 'Binding again' },
  { title: complete, group: 'Binding again' },
  { title: burn, group: 'Burning' },
  {
    title: burnMany,
    group: 'Burning',
    items: people(burned),
    // G5
    target: 3_000,
    floor: Floor.floor([Floor.transaction(0)], [Floor.log(4)], burned),
  },
  { title: revokeTickets, group: 'Burning' },
  { title: 'deploy the registry without the factory', group: 'Deploying' },
  { title: 'deploy the directory without the factory', group: 'Deploying' },
  { title: 'deploy a collection', group: 'Deploying' },
]

/** The work of a title. */
export function find(title: string): Work {
  const work = all.find((each) => each.title === title)
  if (work === undefined) throw new TypeError(`No work is called "${title}": add it to bench/gas/Work.ts`)
  return work
}
