import * as Anchored from './fixtures/Anchored.ts'
import * as Strangers from './fixtures/Strangers.ts'
import type { Program, Row, Scale } from './Row.ts'

/** How often every side works, after a first time that does not count. */
export function rounds(scale: Scale): number {
  return scale === 'smoke' ? 1 : 5
}

/** All rows of the table, in its order. */
export function rows(scale: Scale): readonly Row[] {
  const of = <value>(full: value, quick: value, smoke: value) => ({ full, quick, smoke })[scale]
  const budget = { seconds: of(2, 0.5, 0.01) }
  const once = { calls: 1 }
  const strangersWarmUp = { calls: of(4, 4, 1) }

  // More than a thousand: fewer are done before a thread has started. To be judged, a roster goes the whole way once,
  // which is its first turn.
  const people = of(10_000, 2_000, 1_100)
  const roster = of(5_000, 1_500, 1_100)
  const judged = { calls: 0 }
  const batch = of(10_000, 2_000, 60)
  const anchored = remember(() => Anchored.create(of(512, 128, 20)))
  const strangers = remember(async () => {
    const perCall = of(150, 40, 3)
    const calls = rounds(scale) + strangersWarmUp.calls
    const texts = await Strangers.create((calls + 1) * perCall)
    const call = (number: number) => texts.slice(number * perCall, (number + 1) * perCall)
    return { task: 'verify', judged: call(0), calls: Array.from({ length: calls }, (_, i) => call(i + 1)) }
  })
  const trees = scale === 'full' ? [100_000, 1_000_000] : [of(100_000, 50_000, 1_000)]

  return [
    {
      id: 'S1',
      work: 'issue credentials (eddsa-rdfc-2022)',
      unit: 'credentials',
      clock: 'cpu',
      target: 25,
      ours: laurel('issue', { size: batch }),
      peers: [
        peer('digitalbazaar', ['@digitalbazaar/vc'], { task: 'issue', size: batch }),
        peer('digitalcredentials', ['@digitalcredentials/vc'], { task: 'issue', size: batch }),
      ],
      budget,
    },
    {
      id: 'S2',
      work: 'canonicalise what is issued (RDFC-1.0)',
      unit: 'credentials',
      clock: 'cpu',
      target: 60,
      ours: laurel('canonicalise', { size: batch }),
      peers: [peer('jsonld', ['jsonld'], { size: batch })],
      budget,
    },
    ...trees.map((size): Row => {
      const isMillion = size === 1_000_000
      return {
        id: 'S3',
        work: `tree of ${size.toLocaleString('en')} leaves and all their proofs`,
        unit: 'leaves',
        clock: 'cpu',
        target: isMillion ? 15 : 12,
        ...(isMillion ? { memoryTarget: 5 } : {}),
        ours: laurel('tree', { size }),
        peers: [
          peer('merkletreejs', ['merkletreejs', 'keccak256'], { size, hash: 'keccak256' }),
          peer('merkletreejs', ['merkletreejs'], { size, hash: 'sha256' }, 'with SHA-256 of node:crypto'),
        ],
        budget: isMillion ? once : budget,
      }
    }),
    {
      id: 'S4',
      work: `sign, root and write ${people.toLocaleString('en')} credentials, 2 threads`,
      unit: 'credentials',
      clock: 'wall',
      target: 10,
      ours: laurel('pipeline', { size: people, workers: 2, steps: ['sign', 'root', 'deliver'] }),
      peers: [peer('open-attestation/wrap', ['@govtechsg/open-attestation'], { size: people }, 'wrapping alone')],
      budget: once,
      warmUp: judged,
      witness: peer('digitalbazaar', [], { task: 'issue', size: 1 }),
    },
    {
      id: 'S5',
      work: 'verify anchored credentials, every check offline',
      unit: 'credentials',
      clock: 'cpu',
      target: 12,
      ours: laurel('verify-anchored', anchored),
      peers: [peer('blockcerts/verify', ['@blockcerts/cert-verifier-js'], anchored)],
      budget,
    },
    {
      id: 'S6',
      work: 'verify strangers’ documents, no two of one shape',
      unit: 'credentials',
      clock: 'cpu',
      target: 4,
      ours: laurel('verify-strangers', strangers),
      peers: [peer('digitalbazaar', ['@digitalbazaar/vc'], strangers)],
      budget: once,
      warmUp: strangersWarmUp,
    },
    {
      id: 'S7',
      work: `a roster of ${roster.toLocaleString('en')} from file to folder, 2 threads`,
      unit: 'credentials',
      clock: 'wall',
      target: 1.6,
      ours: laurel('pipeline', { size: roster, workers: 2 }),
      peers: [{ ...laurel('pipeline', { size: roster, workers: 1 }), remark: 'one thread' }],
      budget: once,
      warmUp: judged,
    },
    {
      id: 'S7',
      work: 'nothing but hashing, 2 threads',
      unit: 'pieces',
      clock: 'wall',
      ours: laurel('spin', { threads: 2 }),
      peers: [{ ...laurel('spin', { threads: 1 }), remark: 'one thread' }],
      budget,
    },
    {
      id: 'S9',
      work: 'bake a credential into a PNG of 285 kB',
      unit: 'images',
      clock: 'cpu',
      target: 100,
      ours: laurel('bake', {}),
      peers: [
        peer('png-chunks', ['png-chunks-extract', 'png-chunks-encode'], { extract: 'each time' }),
        peer('png-chunks', ['png-chunks-encode'], { extract: 'once' }, 'of chunks extracted once'),
      ],
      budget,
    },
  ]
}

const laurel = (module: string, input: unknown): Program => ({
  module: `laurel/${module}.ts`,
  packages: [],
  input: () => (typeof input === 'function' ? input() : input),
})

const peer = (module: string, packages: readonly string[], input: unknown, remark?: string): Program => ({
  module: `peers/${module}.ts`,
  packages,
  input: () => (typeof input === 'function' ? input() : input),
  ...(remark === undefined ? {} : { remark }),
})

/** Both sides are given the same, which is made once. */
function remember<value>(make: () => Promise<value>): () => Promise<value> {
  let made: Promise<value> | undefined
  return () => {
    made ??= make()
    return made
  }
}
