import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Owner } from '../ports/BatchStore.ts'

/**
 * This process, by a name under which no other machine knows one: two machines may have the same name, and two containers
 * of one the same numbers of processes.
 */
export function owner(): Owner {
  host ??= machine()
  return { host, pid: process.pid }
}

let host: string | undefined

function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    // Elsewhere than on Linux there are no such containers.
    return hostname()
  }
}
