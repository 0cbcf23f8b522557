import { setImmediate as turn } from 'node:timers/promises'

/** Asks again until it is as it should be, where nothing tells of it. Mocha ends what takes for ever. */
export async function until<value>(
  ask: () => value | Promise<value>,
  isSo: (value: value) => boolean = Boolean,
): Promise<value> {
  for (;;) {
    const value = await ask()
    if (isSo(value)) return value
    await turn()
  }
}
