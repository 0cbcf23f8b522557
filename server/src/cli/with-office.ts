import type { Config } from '../config.ts'
import type { Office } from '../issuer/Office.ts'
import { createOffice } from '../main.ts'
import * as Progress from './Progress.ts'

/**
 * Does something in this home's office, and tells on the terminal what goes on.
 *
 * @param options see {@link createOffice}
 */
export async function withOffice(
  config: Config,
  options: Omit<Parameters<typeof createOffice>[1], 'say'>,
  work: (office: Office, say: Progress.Reporter['say']) => Promise<void>,
): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const { office, close } = await createOffice(config, { ...options, say: reporter.say })
  try {
    await work(office, reporter.say)
  } finally {
    reporter.end()
    await close()
  }
}
