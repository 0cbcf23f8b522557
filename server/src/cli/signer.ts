import pc from 'picocolors'
import type { Config } from '../config.ts'
import { openKeys, type Signing } from '../main.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'

/** Lists every key that signs for the issuer, where it is and whether it is in use; none is made. */
export async function list(options: Answering, config: Config): Promise<void> {
  const keys = await (await openKeys(config)).list()
  const lines = keys.map((key) => `${name(key)}  ${key.standing.padEnd(7)}  ${key.id}  ${pc.dim(key.uri)}`)
  const none = ['There is no key yet. The first start makes them, or laurel signer init.']
  say(options, { keys: keys.map(view) }, lines.length === 0 ? none : lines)
}

/** Makes the key for a purpose where there is none: on the token or in the keystore; elsewhere it is looked at. */
export async function init(purpose: Signing['purpose'], options: Answering, config: Config): Promise<void> {
  const { made, waits, key } = await (await openKeys(config)).init(purpose)
  const lines = [`${pc.green('✔')} ${name(key)} is in use: ${key.id}  ${pc.dim(key.uri)}`]
  if (waits !== undefined)
    lines.push(`  ${waits} ${made ? 'was made' : 'is there'}; laurel issuer rotate ${purpose} takes it into use.`)
  say(options, { ...view(key), made, waits: waits ?? null }, lines)
}

/** Lets each key in use sign random bytes, and verifies what comes of it. */
export async function test(options: Answering, config: Config): Promise<void> {
  const keys = (await (await openKeys(config)).list()).filter(({ standing }) => standing !== 'earlier')
  const tested: { readonly purpose: string; readonly id: string; readonly milliseconds: number }[] = []
  const lines: string[] = []
  for (const key of keys) {
    const began = performance.now()
    await key.test()
    const milliseconds = Math.round(performance.now() - began)
    tested.push({ purpose: key.purpose, id: key.id, milliseconds })
    lines.push(`${pc.green('✔')} ${name(key)} signs: ${key.id}, ${milliseconds} ms`)
  }
  say(options, { keys: tested }, lines.length === 0 ? ['There is no key yet.'] : lines)
}

function name({ purpose, generation }: Signing): string {
  return `${purpose} ${generation}`.padEnd(12)
}

function view({ purpose, generation, standing, uri, id }: Signing): object {
  return { purpose, generation, standing, uri, id }
}
