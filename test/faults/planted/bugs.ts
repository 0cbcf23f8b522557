/** A change of one source file; `from` stands in it exactly once. */
export type Change = { readonly path: string; readonly from: string; readonly to: string }

/** A bug that systems like this one have really had, and the test that is there so that this one has not. */
export type Bug = {
  readonly name: string
  /** What the product would do. */
  readonly does: string
  /** The promise or the rule that it breaks, as reliability engineers number them: see docs/fault-testing.md. */
  readonly breaks: string
  readonly changes: readonly Change[]
  /** The file, and words that stand in the titles of those of its tests that are run. */
  readonly test: { readonly file: string; readonly title: string }
  /** Words of the failure: a test that is red for another reason has not noticed the bug. */
  readonly red: string
}

const advance = 'server/src/transactions/advance.ts'
const store = (name: string) => `server/src/adapters/store/${name}.ts`
const lane = 'test/server/transactions/lane.test.ts'

/** Every bug that is planted. */
export const bugs: readonly Bug[] = [
  {
    name: 'sent-before-stored',
    does: 'sends a signed transaction before it is stored',
    breaks: 'R2',
    changes: [
      {
        path: advance,
        from: "  crashpoint('call:before-commit')",
        to: "  await send(attempt, options)\n  crashpoint('call:before-commit')",
      },
    ],
    test: { file: 'test/faults/lane.test.ts', title: 'when it stores what was signed, and nothing is stored' },
    red: 'sent before it was stored: expected 1 to equal',
  },
  {
    name: 'signed-anew',
    does: 'signs anew, instead of sending the stored bytes again, when the chain does not know a transaction',
    breaks: 'R2',
    changes: [
      {
        path: advance,
        from: 'refused = await send(last, options)',
        to: 'refused = await replace(place, Transactions.read(last.raw).call, Transactions.read(last.raw).fees, options)',
      },
    ],
    test: { file: lane, title: 'sends the same bytes again' },
    red: 'expected false to equal true',
  },
  {
    name: 'second-nonce',
    does: 'takes another nonce for what the chain does not know, instead of sending it again',
    breaks: 'R3',
    changes: [
      {
        path: advance,
        from: 'if (!(await chain.transaction(last.hash))) refused = await send(last, options)',
        to: `if (!(await chain.transaction(last.hash))) {
          await options.transactions.conclude(place, { state: 'lost', block: null, cost: 0n }, [])
          return refused
        }`,
      },
    ],
    test: { file: 'test/faults/rpc.test.ts', title: 'error: at every question' },
    red: 'steps: expected 10 to be below 10',
  },
  {
    name: 'intents-not-unique',
    does: 'stores what is to be done as often as it is asked',
    breaks: 'P6',
    changes: [
      {
        path: store('migrate'),
        from: "await readFile(new URL(each.name, folder), 'utf8')",
        to: "(await readFile(new URL(each.name, folder), 'utf8')).replace('CREATE UNIQUE INDEX intents_once', 'CREATE INDEX intents_once')",
      },
    ],
    test: {
      file: 'test/server/store/transaction-store.test.ts',
      title: 'on SQLite .*is made once only, however many ask at once',
    },
    red: 'to have a length of 1 but got 4',
  },
  {
    name: 'nonce-given-twice',
    does: 'puts up with a nonce that another process has taken meanwhile',
    breaks: 'P7',
    changes: [
      {
        path: store('Transactions'),
        from: '        if (taken === undefined) throw new TransactionStore.NonceTakenError(first.account, attempt.nonce)\n',
        to: '',
      },
    ],
    test: {
      file: 'test/server/store/transaction-store.test.ts',
      title: 'on SQLite .*is given out once, on each chain',
    },
    red: "expected 'nothing' to equal 'NONCE_TAKEN'",
  },
  {
    name: 'strangers-ignored',
    does: 'goes on signing although its account has sent what nobody here knows of',
    breaks: 'P13',
    changes: [{ path: advance, from: 'return unknown <= 0 ? null', to: 'return unknown <= 1_000 ? null' }],
    test: { file: lane, title: 'signs nothing over a database that was restored from before' },
    red: "expected undefined to equal 'NONCE_CONFLICT'",
  },
  {
    name: 'reorganisation-ignored',
    does: 'never asks again for a block that it has seen',
    breaks: 'P10',
    changes: [
      {
        path: advance,
        from: 'return block !== null && (await chain.blockHash(block.number)) === block.hash',
        to: 'return block !== null || chain === null',
      },
    ],
    test: { file: lane, title: 'follows a transaction that a reorganisation has put' },
    red: 'to not equal',
  },
  {
    name: 'node-behind-believed',
    does: 'believes a node that is behind that what it does not know is not there',
    breaks: 'P10',
    changes: [
      {
        path: advance,
        from: '  if ((newest?.block?.number ?? 0n) > head.number && !chain.development) return false\n',
        to: '',
      },
    ],
    test: { file: lane, title: 'believes nothing that a node says which is behind' },
    red: "expected 'open' to equal 'done'",
  },
  {
    name: 'final-at-once',
    does: 'calls the newest block final',
    breaks: 'P9',
    changes: [
      {
        path: 'server/src/adapters/chain/EvmChain.ts',
        from: 'return number - BigInt(confirmations - 1)',
        to: 'return number',
      },
    ],
    test: { file: lane, title: 'claims it when that is final' },
    red: "at depth 1: expected 'done' to equal 'open'",
  },
  {
    name: 'bump-of-a-twentieth',
    does: 'offers a twentieth more for what is stuck, which no node takes',
    breaks: 'P8',
    changes: [
      { path: 'server/src/transactions/Transactions.ts', from: 'fee + fee / 8n + 1n', to: 'fee + fee / 20n + 1n' },
      {
        path: 'server/src/transactions/Transactions.ts',
        from: 'maxFeePerGas: higher(more(offered.maxFeePerGas), asked.maxFeePerGas)',
        to: 'maxFeePerGas: more(offered.maxFeePerGas)',
      },
    ],
    test: { file: lane, title: 'offers more for what is stuck' },
    red: "'TRANSACTION_REFUSED'",
  },
  {
    name: 'cap-forgets-the-day',
    does: 'holds each transaction against the cap of a day by itself',
    breaks: 'P8',
    changes: [
      {
        path: 'server/src/transactions/afford.ts',
        from: 'all - (replaced?.place.cost ?? 0n)',
        to: 'all - all',
      },
    ],
    test: { file: lane, title: 'spends no more than it may within a day' },
    red: "expected undefined to equal 'SPENDING_CAP'",
  },
  {
    name: 'lease-without-fence',
    does: 'lets whoever once had a batch go on writing to it',
    breaks: 'R5',
    changes: [
      {
        path: store('Changes'),
        from: 'if (row === undefined) throw new BatchStore.LeaseLostError()',
        to: 'if (row === undefined) return',
      },
    ],
    test: { file: 'test/server/store/batch-store.test.ts', title: 'on SQLite .*fences off whoever is too slow' },
    red: 'LEASE_LOST: expected undefined',
  },
  {
    name: 'lease-by-own-clock',
    does: 'lets leases run out by the clock of each process, instead of that of the database',
    breaks: 'P36',
    changes: [
      {
        path: store('Leases'),
        from: ".where('due', '<=', now)\n    .where('until', '<=', now)",
        to: ".where('due', '<=', now)\n    .where('until', '<=', Date.now())",
      },
    ],
    test: { file: 'test/faults/clocks.test.ts', title: 'on SQLite by 2 days' },
    red: 'two had it',
  },
  {
    name: 'dated-by-a-wrong-clock',
    does: 'signs with the date of a clock that is days from that of the chain',
    breaks: 'P36',
    changes: [
      { path: 'server/src/internal/in-time.ts', from: 'const allowed = 5 * 60', to: 'const allowed = 500 * 86_400' },
    ],
    test: { file: 'test/server/worker.test.ts', title: 'dates nothing while its clock is' },
    red: 'expected 172800 to equal',
  },
  {
    name: 'swap-without-compare',
    does: 'moves a batch on that somebody else has moved on meanwhile',
    breaks: 'P6',
    changes: [
      {
        path: store('Changes'),
        from: "    .where('state', '=', batch.state)\n    .where('epoch', '=', batch.epoch)\n    .returningAll()",
        to: '    .returningAll()',
      },
    ],
    test: { file: 'test/server/store/batch-store.test.ts', title: 'on SQLite .*refuses who has read an older epoch' },
    red: 'BATCH_CONFLICT: expected undefined',
  },
  {
    name: 'answered-before-committed',
    does: 'answers while what it has acknowledged is still being committed',
    breaks: 'R1',
    changes: [
      {
        path: store('Orders'),
        from: 'inGroups(database, (tx, group: readonly Wanted[]) => insert(tx, database, group), largestGroup)',
        to: `(item: Wanted) =>
    new Promise<Stored>((resolve, reject) => {
      db.transaction().execute(async (tx) => {
        const [outcome] = await insert(tx, database, [item])
        if (outcome?.status === 'fulfilled') resolve(outcome.value)
        else reject(outcome?.reason)
        await new Promise((wait) => setTimeout(wait, 300))
      }).catch(reject)
    })`,
      },
    ],
    test: { file: 'test/faults/durable.test.ts', title: 'is on the disk before it is answered' },
    red: 'expected { acknowledged: 30, early: 10 }',
  },
  {
    name: 'no-sync',
    does: 'leaves it to the machine when a commit reaches the disk',
    breaks: 'P1',
    changes: [
      {
        path: store('sqlite/NodeSqlite'),
        from: 'PRAGMA synchronous = FULL',
        to: 'PRAGMA synchronous = OFF',
      },
    ],
    test: { file: 'test/faults/durable.test.ts', title: 'is on the disk before it is answered' },
    red: 'expected { acknowledged: 30, early: 30 }',
  },
  {
    name: 'key-without-request',
    does: 'gives an Idempotency-Key its first answer whatever is asked with it',
    breaks: 'P2',
    changes: [
      {
        path: store('Receipts'),
        from: '  if (row.fingerprint !== fingerprint) throw new Receipt.ReusedKeyError()\n',
        to: '  void fingerprint\n',
      },
    ],
    test: {
      file: 'test/server/store/api-store.test.ts',
      title: 'on SQLite .*belongs to one request and one principal',
    },
    red: "expected 'nothing' to equal 'IDEMPOTENCY_KEY_REUSED'",
  },
  {
    name: 'delivered-unchecked',
    does: 'delivers what it has not verified',
    breaks: 'P15',
    changes: [
      {
        path: 'server/src/pipeline/8-assemble.ts',
        from: 'if (refused !== undefined) throw new RefusedError(batch.id, refused)',
        to: 'if (refused !== undefined && batch.size < 0) throw new RefusedError(batch.id, refused)',
      },
    ],
    test: { file: 'test/server/pipeline/assemble.test.ts', title: 'delivers nothing' },
    red: "expected [ undefined, [ 'assembled' ] ]",
  },
  {
    name: 'revocation-taken-back',
    does: 'lets a revoked credential be reinstated',
    breaks: 'P20',
    changes: [
      {
        path: 'server/src/Status.ts',
        from: "revoked: { revoke: 'revoked', suspend: undefined, reinstate: undefined }",
        to: "revoked: { revoke: 'revoked', suspend: undefined, reinstate: 'reinstated' }",
      },
    ],
    test: { file: 'test/server/store/batch-store.test.ts', title: 'on SQLite .*takes nothing back then' },
    red: 'CREDENTIAL_REVOKED: expected undefined',
  },
  {
    name: 'status-fails-open',
    does: 'takes a status list that cannot be had for one that says nothing bad',
    breaks: 'P21',
    changes: [
      {
        path: 'verifier/src/checks/status.ts',
        from: "return unknown('STATUS_UNAVAILABLE', 'Its status list cannot be had at the moment.')",
        to: "return passed('NOT_REVOKED', 'Its status list cannot be had at the moment.')",
      },
    ],
    test: { file: 'test/verifier/status.test.ts', title: 'no list at all' },
    red: "expected 'passed NOT_REVOKED'",
  },
]

/** The bug of a name. */
export function find(name: string): Bug {
  const found = bugs.find((bug) => bug.name === name)
  if (found === undefined) throw new TypeError(`There is no bug called ${name}`)
  return found
}

/** A source with a change made to it. */
export function plant(source: string, { path, from, to }: Change): string {
  const pieces = source.split(from)
  if (pieces.length !== 2) throw new Error(`“${from}” stands in ${path} ${pieces.length - 1} times`)
  return pieces.join(to)
}
