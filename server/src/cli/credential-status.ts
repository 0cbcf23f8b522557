import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import { createHome, createOffice } from '../main.ts'
import { type Answer, type Asked, type Said, statusAt } from '../status/status-at.ts'
import { explain } from './explain.ts'
import { moment } from './moment.ts'
import * as Progress from './Progress.ts'

/**
 * Shows how a credential stands, or stood: what was decided, what the published lists said, and what of it the chain
 * proves. Changes nothing.
 */
export async function credentialStatus(
  credentialId: string,
  options: { readonly at?: string; readonly json?: boolean },
  config: Config,
): Promise<void> {
  const now = Date.now()
  const at = options.at === undefined ? now : moment(options.at)
  if (at > now) throw new FutureError(options.at ?? '')
  const answer = await ask(credentialId, at, config)
  if (options.json) process.stdout.write(`${JSON.stringify(toJson(credentialId, at, answer), null, 2)}\n`)
  else process.stdout.write(toText(credentialId, at, answer))
}

async function ask(credentialId: string, at: number, config: Config): Promise<Answer> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const opened = await createOffice(config, { say: reporter.say, purposes: [], demand: [] }).catch((error) => {
    if (error instanceof Errors.BaseError && error.code === 'CHAIN_UNREACHABLE') return undefined
    throw error
  })
  if (opened === undefined) {
    reporter.end()
    const home = await createHome(config)
    return statusAt(credentialId, at, home, undefined).finally(home.close)
  }
  const { office, close } = opened
  try {
    const accounts = (await office.keyring.accounts('badges')).map(({ address }) => address)
    const asked: Asked = { chainId: office.chain.chainId, accounts, registry: office.registry }
    return await statusAt(credentialId, at, office, asked)
  } finally {
    reporter.end()
    await close()
  }
}

function toJson(credentialId: string, at: number, { state, decision, published, recorded }: Answer): object {
  const lists = (all: readonly Said[]) => all.map((said) => ({ ...said, since: iso(said.since) }))
  return {
    credentialId,
    at: iso(at),
    state,
    decision: decision === undefined ? null : { ...decision, at: iso(decision.at) },
    published: lists(published),
    recorded: { code: recorded.code, lists: lists(recorded.lists) },
  }
}

function toText(credentialId: string, at: number, { state, decision, published, recorded }: Answer): string {
  const mark = state === 'revoked' ? pc.red('✖') : state === 'suspended' ? pc.yellow('…') : pc.green('✔')
  const lines = [`${mark} ${credentialId} was ${pc.bold(state)} at ${iso(at)}`]
  if (decision !== undefined)
    lines.push(`  decided     ${iso(decision.at)}${decision.reason === null ? '' : `: ${decision.reason}`}`)
  lines.push(...published.map((said) => `  published   ${sentence(said)}`))
  lines.push(...recorded.lists.map((said) => `  on chain    ${sentence(said)}`))
  lines.push(`  ${pc.dim(`[${recorded.code}]`)} ${explain(recorded.code) ?? ''}`)
  return `${lines.join('\n')}\n`
}

function sentence({ purpose, isSet, digest, since }: Said): string {
  return `${purpose} ${isSet ? 'set' : 'not set'}, by ${digest} since ${iso(since)}`
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** Thrown when somebody asks how a credential will stand. */
export class FutureError extends Errors.BaseError<'DATE_IN_FUTURE'> {
  override readonly name = 'credentialStatus.FutureError'
  constructor(text: string) {
    super('DATE_IN_FUTURE', `${text} is yet to come.`)
  }
}
