import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { patience, patiently } from '../internal/patiently.ts'
import type { Census, Figures } from '../ports/Census.ts'
import type { Chain } from '../ports/Chain.ts'
import type { Lane } from '../transactions/Lane.ts'

/** What is measured of a request: names and numbers that are the same for everybody who asks for the same. */
export type Visit = {
  readonly method: string
  /** The template of its path, never the path: that has ids in it. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  /** The code of the problem that was answered. */
  readonly code: string | undefined
}

export type Metrics = {
  readonly observe: (visit: Visit) => void
  /** Everything, in the text format of Prometheus, and the media type of that. */
  readonly read: () => Promise<{ readonly text: string; readonly type: string }>
}

export type Needed = {
  readonly census: Census
  readonly chain: Chain
  readonly lane: Pick<Lane, 'maximumSpending'>
  readonly terms: { readonly account: string }
  readonly clock: { readonly now: () => number }
}

/** The refusals that are counted apart: somebody tries what they may not. */
export const refusals = ['AUTHENTICATION_REQUIRED', 'SCOPE_REQUIRED', 'RATE_LIMITED'] as const

/**
 * What Prometheus is told of a server. What the database and the chain know is asked when somebody reads, once for all who
 * read at the same time; what either does not answer in time is missing then, and `laurel_up` says whose answer that is.
 *
 * @param limit how long the database, and the chain, are waited for, in milliseconds
 */
export function create(needed: Needed, limit: number = patience): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const gauge = <label extends string = never>(name: string, help: string, labelNames: readonly label[] = []) =>
    new Gauge({ name: `laurel_${name}`, help, labelNames, registers })

  const requests = new Histogram({
    name: 'laurel_http_request_seconds',
    help: 'How long requests took, by operation',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const refused = new Counter({
    name: 'laurel_http_refused_total',
    help: 'Requests refused for want of a key, of a scope, or of a quota',
    labelNames: ['code'],
    registers,
  })
  for (const code of refusals) refused.inc({ code }, 0)

  const up = gauge('up', 'Whether the database and the chain have answered', ['part'])
  const batches = gauge('batches_open', 'Batches that are open, by their state', ['state'])
  const oldestBatch = gauge('batch_oldest_seconds', 'How long the oldest open batch of a state has been there', [
    'state',
  ])
  const orders = gauge('orders_waiting', 'Single credentials that wait to be gathered into a batch')
  const oldestOrder = gauge('order_oldest_seconds', 'How long the oldest of them has waited')
  const account = ['chain', 'account'] as const
  const intents = gauge('intents_open', 'What is to happen on a chain and has not', account)
  const oldestIntent = gauge('intent_oldest_seconds', 'How long the oldest of it has waited', account)
  const held = gauge('lane_held_seconds', 'How long something has kept an account from sending', [
    ...account,
    'condition',
  ])
  const spent = gauge('account_spent_day', 'What an account has spent in 24 hours, in the chain’s currency', account)
  const cap = gauge('account_spending_cap', 'What an account may spend in 24 hours, in the chain’s currency')
  const balance = gauge('account_balance', 'What an account has, in the chain’s currency', account)
  const reorgs = gauge('reorgs', 'How often a chain has gone back behind a transaction of ours', account)
  const head = gauge('chain_head_age_seconds', 'How old the newest block is by the clock of this machine')
  const deliveries = gauge('webhook_deliveries_waiting', 'What is to be told to webhooks that take what they are told')
  const due = gauge('webhook_delivery_overdue_seconds', 'How long the longest overdue of it has been due')
  const undelivered = gauge('webhook_deliveries_failed', 'What could not be told, in as many tries as there are')
  const webhooks = gauge('webhooks', 'Webhooks, by how they do', ['condition'])
  const mails = gauge('mails_waiting', 'Mails that are to be sent')
  const oldestMail = gauge('mail_oldest_seconds', 'How long the oldest has waited that no mail server has put off')
  const contents = gauge('contents', 'Public content that is to be kept at every place')
  const pins = gauge('pins', 'Public content by place: seen there, not seen yet, lost', ['place', 'condition'])
  const stale = gauge('status_lists_unpublished', 'Status lists with a decision that is not published')
  const oldestList = gauge('status_list_oldest_seconds', 'How long ago the oldest status list was signed')
  const workers = gauge('workers', 'Processes that work on batches')
  const connections = gauge('database_connections', 'Connections of this process to its database', ['condition'])
  const backup = gauge('backup_age_seconds', 'How long ago the last backup was made')

  /** What is set anew each time. What has gone since the last time is gone from here, too. */
  const asked = [
    ...[up, batches, oldestBatch, orders, oldestOrder, intents, oldestIntent, held, spent, cap, balance, reorgs, head],
    ...[
      deliveries,
      due,
      undelivered,
      webhooks,
      mails,
      oldestMail,
      contents,
      pins,
      stale,
      oldestList,
      workers,
      connections,
      backup,
    ],
  ]

  const count = (figures: Figures) => {
    const age = (since: number) => Math.max(0, figures.at - since) / 1_000
    for (const { state, count, oldest } of figures.batches) {
      batches.set({ state }, count)
      if (oldest !== null) oldestBatch.set({ state }, age(oldest))
    }
    orders.set(figures.orders.count)
    oldestOrder.set(age(figures.orders.oldest ?? figures.at))
    for (const { count, oldest, ...of } of figures.intents) {
      intents.set(toLabels(of), count)
      oldestIntent.set(toLabels(of), age(oldest ?? figures.at))
    }
    for (const { condition, since, ...of } of figures.lanes)
      if (condition !== null) held.set({ ...toLabels(of), condition }, age(since))
    for (const { wei, ...of } of figures.spent) spent.set(toLabels(of), toCurrency(wei))
    for (const { count, ...of } of figures.reorgs) reorgs.set(toLabels(of), count)
    deliveries.set(figures.deliveries.count)
    due.set(age(figures.deliveries.oldest ?? figures.at))
    undelivered.set(figures.undelivered)
    const { total, failing, ended } = figures.webhooks
    webhooks.set({ condition: 'well' }, total - failing - ended)
    webhooks.set({ condition: 'failing' }, failing)
    webhooks.set({ condition: 'ended' }, ended)
    mails.set(figures.mails.count)
    oldestMail.set(age(figures.mails.oldest ?? figures.at))
    contents.set(figures.contents)
    for (const { place, pinned, lost } of figures.pins) {
      pins.set({ place, condition: 'pinned' }, pinned)
      pins.set({ place, condition: 'lost' }, lost)
      pins.set({ place, condition: 'waiting' }, figures.contents - pinned - lost)
    }
    stale.set(figures.lists.stale)
    if (figures.lists.oldest !== null) oldestList.set(age(figures.lists.oldest))
    workers.set(figures.workers)
    if (figures.backupAt !== null) backup.set(age(figures.backupAt))
  }

  const ask = async (): Promise<void> => {
    const { census, chain, lane, terms, clock } = needed
    const answer = async <value>(asked: Promise<value>): Promise<value | undefined> => {
      const answered = await patiently(asked, '', limit)
      return 'value' in answered ? answered.value : undefined
    }
    const [figures, newest] = await Promise.all([answer(census.take()), answer(chain.head())])
    const accounts = new Set([
      terms.account,
      ...(figures?.lanes ?? []).filter(({ chainId }) => chainId === chain.chainId).map((each) => each.account),
    ])
    // A chain that has not said how high it is says nothing else either.
    const balances = await Promise.all(
      [...(newest === undefined ? [] : accounts)].map(
        async (each) => [each, await answer(chain.balance(each as `0x${string}`))] as const,
      ),
    )
    for (const each of asked) each.reset()
    up.set({ part: 'database' }, figures === undefined ? 0 : 1)
    up.set({ part: 'chain' }, newest === undefined ? 0 : 1)
    if (figures !== undefined) count(figures)
    if (newest !== undefined && !chain.development) head.set(Math.max(0, clock.now() / 1_000 - newest.time))
    for (const [each, wei] of balances)
      if (wei !== undefined) balance.set(toLabels({ chainId: chain.chainId, account: each }), toCurrency(wei))
    if (lane.maximumSpending !== undefined) cap.set(toCurrency(lane.maximumSpending))
    for (const [condition, value] of Object.entries(census.connections() ?? {})) connections.set({ condition }, value)
  }

  let asking: Promise<{ readonly text: string; readonly type: string }> | undefined
  return {
    observe: ({ method, route, status, milliseconds, code }) => {
      requests.observe({ method, route, status }, milliseconds / 1_000)
      if (code !== undefined && refusals.some((each) => each === code)) refused.inc({ code })
    },
    read: () => {
      asking ??= ask()
        .then(async () => ({ text: await registry.metrics(), type: registry.contentType }))
        .finally(() => {
          asking = undefined
        })
      return asking
    },
  }
}

function toLabels({ chainId, account }: { readonly chainId: number; readonly account: string }) {
  return { chain: String(chainId), account }
}

/** Near enough for an alarm: a double has sixteen digits. */
function toCurrency(wei: bigint): number {
  return Number(wei) / 1e18
}
