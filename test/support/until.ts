import { setImmediate as turn } from 'node:timers/promises'

/** Longer than anything here takes, in milliseconds. Mocha fails a test that takes too long, and lets it go on all the same. */
const forEver = 15 * 60_000

/**
 * Asks again until it is as it should be, where nothing tells of it.
 *
 * @throws when it never is
 */
export async function until<value>(
  ask: () => value | Promise<value>,
  isSo: (value: value) => boolean = Boolean,
): Promise<value> {
  const end = performance.now() + forEver
  while (performance.now() < end) {
    const value = await ask()
    if (isSo(value)) return value
    await turn()
  }
  throw new Error('It never became as it should be')
}
