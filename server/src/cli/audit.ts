import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import { anchorLog } from '../audit/anchor-log.ts'
import { type Finding, kinds, verifyLog } from '../audit/verify-log.ts'
import type { Config } from '../config.ts'
import * as Contracts from '../deployment/Contracts.ts'
import { carrying } from '../issuer/Office.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withOffice } from './with-office.ts'

/** Reads the whole audit log, and holds it against itself and against the chain. */
export function verify(options: Answering, config: Config): Promise<void> {
  return withOffice(config, { purposes: [], demand: [Contracts.anchorRegistry] }, async ({ audit, chain }) => {
    const { entries, unknown, anchors, findings } = await verifyLog(audit, chain)
    if (findings.length > 0) throw new BrokenLogError(findings)
    const { confirmed, waiting, elsewhere } = anchors
    say(options, { entries, unknown, anchors, findings }, [
      `${pc.green('✔')} ${entries} entries, each of which follows from the one before`,
      `  ${confirmed} times the log is anchored on chain ${chain.chainId}; ${waiting} anchors are under way, ${elsewhere} on other chains`,
      ...(unknown.length === 0 ? [] : [`  Of ${unknown.length} requests nobody knows how they ended:`]),
      ...unknown.map((request) => `    ${request}`),
    ])
  })
}

/** Anchors the audit log as it stands. */
export function anchor(options: Answering, config: Config): Promise<void> {
  return withOffice(config, { purposes: ['audit'], demand: [Contracts.anchorRegistry] }, async (office) => {
    const signer = await office.keyring.account('audit')
    const anchored = await anchorLog({ ...carrying(office, signer), audit: office.audit })
    if (anchored?.settled == null)
      return say(options, { anchored: null }, ['Nothing was noted since the log was anchored last.'])
    const { number, digest, account, settled } = anchored
    say(options, { anchored: { number, digest, account, ...settled } }, [
      `${pc.green('✔')} ${digest} is anchored by ${account}`,
      `  transaction  ${settled.transactionHash}`,
    ])
  })
}

/** How many findings are named; more are counted. */
const most = 20

/** Thrown when the log is not as it was written. */
export class BrokenLogError extends Errors.BaseError<'AUDIT_LOG_BROKEN'> {
  override readonly name = 'audit.BrokenLogError'
  constructor(findings: readonly Finding[]) {
    const lines = findings.slice(0, most).map(({ kind, organisation, number }) => {
      const whose = organisation === null ? '' : ` of ${organisation}`
      return `${kind}: ${number}${whose}, ${kinds[kind]}`
    })
    super('AUDIT_LOG_BROKEN', `The audit log is not as it was written: ${lines.join('; ')}.`, {
      facts: { findings: lines, total: findings.length },
    })
  }
}
