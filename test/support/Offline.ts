import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'

/** Has no name stand for anything in this process, so that the web is away; this machine is still there. Answers with the end of it. */
export function begin(): () => void {
  const { lookup } = dns
  const set = (how: typeof lookup) => {
    Object.assign(dns, { lookup: how })
    // For those who have imported it by its name.
    syncBuiltinESMExports()
  }
  set((async (host: string) => {
    throw Object.assign(new Error(`There is no ${host} here`), { code: 'ENOTFOUND' })
  }) as typeof lookup)
  return () => set(lookup)
}
