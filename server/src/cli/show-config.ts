import pc from 'picocolors'
import * as Config from '../config.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'

/**
 * Shows every setting as it is in force, and where it comes from. What is wrong is said first, as every other command says
 * it.
 *
 * @throws {Config.InvalidConfigError} CONFIG_INVALID
 */
export async function showConfig(
  options: Answering,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  Config.read(environment)
  const settings = Config.settings(environment)
  const width = Math.max(...settings.map(({ name }) => name.length))
  const lines = settings.map(({ name, value, from }) => {
    const shown = value ?? '(not set)'
    return `${name.padEnd(width)}  ${from === 'its default' ? pc.dim(shown) : `${shown}  ${pc.dim(`by ${from}`)}`}`
  })
  say(options, { settings }, lines)
}
