import type { AuditLog } from '../ports/AuditLog.ts'
import type { Chain } from '../ports/Chain.ts'
import * as Anchoring from './Anchoring.ts'
import * as Entry from './Entry.ts'

/** What may be wrong with an entry or an anchor, each with a sentence for whoever looks after the log. */
export const kinds = {
  'entry changed': 'it is not what was noted',
  'entry missing': 'there is none at this place any more',
  'entry detached': 'it does not follow from the one before',
  'anchor changed': 'it is not what was to be anchored',
  'anchor missing': 'there is none of this number any more',
  'anchor unmet': 'the chain does not have it',
} as const

/** What is wrong with the log, and where. A number is that of an entry, or of an anchor. */
export type Finding = {
  readonly kind: keyof typeof kinds
  /** Whose entry it is; `null` for an anchor. */
  readonly organisation: string | null
  readonly number: number
}

/** What was looked at, and what is wrong with it. */
export type Verdict = {
  readonly entries: number
  /** The requests of which nobody knows how they ended. */
  readonly unknown: readonly string[]
  readonly anchors: {
    /** Those that the chain has, at a final block. */
    readonly confirmed: number
    /** Those that are not there yet. */
    readonly waiting: number
    /** Those on other chains, which were not asked. */
    readonly elsewhere: number
  }
  readonly findings: readonly Finding[]
}

/** How many entries are held at a time. */
const page = 1_000

/**
 * Reads the whole log and holds it against itself and against what is anchored of it. It finds entries that were changed,
 * removed, added, moved or cut off: whoever rewrites a chain from some entry on, its head included, is found by the first
 * anchor that was made behind that entry, for that stands on the chain.
 */
export async function verifyLog(
  audit: Pick<AuditLog, 'entries' | 'audited' | 'heads' | 'anchors'>,
  chain: Pick<Chain, 'chainId' | 'registry' | 'anchoredAt' | 'nonce'>,
): Promise<Verdict> {
  const findings: Finding[] = []
  const anchors = await audit.anchors()
  const heads = new Map((await audit.heads()).map((head) => [head.organisation, head]))
  const promised = anchors.flatMap((anchor) => anchor.heads)
  const organisations = new Set([...(await audit.audited()), ...promised.map(({ organisation }) => organisation)])
  const unknown: string[] = []
  let entries = 0
  for (const organisation of [...organisations].sort()) {
    const head = heads.get(organisation)
    const due = promised.filter((each) => each.organisation === organisation)
    const own = await verifyChain(audit, organisation, head === undefined ? due : [...due, head])
    findings.push(...own.findings)
    unknown.push(...own.unknown)
    entries += own.entries
    // Whoever has cut the end off has taken the head away with it.
    if (head === undefined) findings.push({ kind: 'entry missing', organisation, number: own.entries + 1 })
  }
  const asked = await verifyAnchors(anchors, chain)
  return { entries, unknown, anchors: asked.count, findings: [...findings, ...asked.findings] }
}

/** One chain of entries, from its first on, and the places at which it has to have certain hashes. */
async function verifyChain(
  audit: Pick<AuditLog, 'entries'>,
  organisation: string,
  due: readonly Entry.Head[],
): Promise<Pick<Verdict, 'entries' | 'unknown' | 'findings'>> {
  const findings: Finding[] = []
  const find = (kind: Finding['kind'], number: number) => findings.push({ kind, organisation, number })
  const wanted = Map.groupBy(due, ({ sequence }) => sequence)
  const asked = new Set<string>()
  let entries = 0
  let last: Pick<Entry.Entry, 'sequence' | 'hash'> = { sequence: 0, hash: Entry.beginning }
  for (;;) {
    const run = await audit.entries(organisation, last.sequence, page)
    for (const entry of run) {
      entries++
      for (let missing = last.sequence + 1; missing < entry.sequence; missing++) find('entry missing', missing)
      if (Entry.hashOf(entry) !== entry.hash) find('entry changed', entry.sequence)
      if (entry.previous !== last.hash) find('entry detached', entry.sequence)
      for (const { hash } of wanted.get(entry.sequence) ?? [])
        if (hash !== entry.hash) find('entry changed', entry.sequence)
      if (entry.outcome === 'asked') asked.add(entry.request)
      else asked.delete(entry.request)
      last = entry
    }
    if (run.length < page) break
  }
  const end = Math.max(0, ...due.map(({ sequence }) => sequence))
  for (let missing = last.sequence + 1; missing <= end; missing++) find('entry missing', missing)
  return { entries, unknown: [...asked], findings: distinct(findings) }
}

async function verifyAnchors(
  anchors: readonly Anchoring.Anchor[],
  chain: Pick<Chain, 'chainId' | 'registry' | 'anchoredAt' | 'nonce'>,
): Promise<{ readonly count: Verdict['anchors']; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = []
  const find = (kind: Finding['kind'], number: number) => findings.push({ kind, organisation: null, number })
  let confirmed = 0
  let waiting = 0
  let elsewhere = 0
  for (const [i, anchor] of anchors.entries()) {
    const before = anchors[i - 1]?.number ?? 0
    for (let missing = before + 1; missing < anchor.number; missing++) find('anchor missing', missing)
    if (Anchoring.digestOf(anchor) !== anchor.digest) find('anchor changed', anchor.number)
    if (anchor.chainId !== chain.chainId || anchor.registry !== chain.registry) elsewhere++
    else if (anchor.settled === null) waiting++
    else if ((await chain.anchoredAt(anchor.account, anchor.digest)) === null) find('anchor unmet', anchor.number)
    else confirmed++
  }
  // The account does nothing else: what it has sent beside these anchors are anchors that are not here any more.
  const here = anchors.filter(({ chainId }) => chainId === chain.chainId)
  for (const [account, own] of Map.groupBy(here, (anchor) => anchor.account)) {
    const sent = await chain.nonce(account)
    const last = anchors.at(-1)?.number ?? 0
    for (let more = own.length; more < sent; more++) find('anchor missing', last + 1 + more - own.length)
  }
  return { count: { confirmed, waiting, elsewhere }, findings }
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.kind} ${finding.number}`, finding])).values()]
}
