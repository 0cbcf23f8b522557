import type * as Strace from './Strace.ts'
import { shouldOutlast } from './syscalls.ts'

const faults = ['KILL', 'EIO', 'ENOSPC'] as const
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const every = (call: string, nths: readonly number[]): readonly Strace.Injection[] =>
  nths.flatMap((nth) => faults.map((fault) => ({ call, nth, fault })))

/** What SQLite asks of the system when it commits. */
const injections: readonly Strace.Injection[] =
  process.env.FAULTS === 'all'
    ? [...every('fsync', upTo(20)), ...every('pwrite64', upTo(20))]
    : [...every('fsync', [3]), { call: 'pwrite64', nth: 5, fault: 'KILL' }, { call: 'pwrite64', nth: 8, fault: 'EIO' }]

describe('laurel, whose system calls fail', function () {
  this.timeout(300_000)
  shouldOutlast(injections)
})
