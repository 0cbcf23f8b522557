import { resolve } from 'node:path'
import type { Readers } from '../../Readers.ts'
import { combine } from '../combine.ts'
import * as EvmReaders from '../EvmReaders.ts'
import * as Http from '../Http.ts'
import * as door from './door.ts'
import * as Folder from './Folder.ts'

/** Where readers look, beside the chain. */
export type Sources = {
  /** Folders with manifests and status lists. */
  readonly folders: readonly string[]
  /** IPFS gateways: URLs to which a CID is appended, ending with a slash. */
  readonly gateways: readonly string[]
  /** Whether this machine itself may be asked. */
  readonly allowLoopback: boolean
  /** Whether the refresh services of credentials are asked for newer versions of them. */
  readonly refresh?: boolean
}

/** More than a credential or a baked image may have, in bytes. */
const maximumCredential = 16 * 1024 * 1024

/** Readers for one run, which share all that they fetch. */
export type Shared = {
  /** The same, looking into one more folder first: the one in which a document lies. */
  readonly beside: (folder: string) => Readers
  readonly readers: Readers
}

/** Readers for a program that runs under Node: the disk first, then the web. */
export function create({ folders, gateways, allowLoopback, refresh }: Sources): Shared {
  const chain = EvmReaders.create(globalThis.fetch)
  const open = door.create({ allowLoopback })
  const refreshed = (url: string) => open(url, maximumCredential)
  const web = {
    ...Http.create(open, gateways, door.createOwn({ allowLoopback })),
    ...(refresh && { refreshed }),
  }
  const known = new Map<string, ReturnType<typeof Folder.create>>()
  const openFolder = (folder: string) => {
    const path = resolve(folder)
    const disk = known.get(path) ?? Folder.create(path)
    known.set(path, disk)
    return disk
  }
  const disks = folders.map(openFolder)
  return {
    readers: combine(chain, ...new Set(disks), web),
    beside: (folder) => combine(chain, ...new Set([openFolder(folder), ...disks]), web),
  }
}
