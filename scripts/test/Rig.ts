/**
 * Where the fault rig lies, which docs/fault-testing.md describes: what breaks something on purpose, and whatever else does
 * more with `FAULTS=all` than `npm test` and CI have time for.
 */
export const patterns = [
  'test/faults/**/*.test.ts',
  'test/server/**/*{crash,reorg,leases}*.test.ts',
  'test/server/cli/{together,workers.slow,badges.slow,issuer.slow}.test.ts',
  'test/server/store/{postgres,migrate}.test.ts',
  'test/server/transactions/*.test.ts',
  'test/server/privacy/erase.slow.test.ts',
] as const
