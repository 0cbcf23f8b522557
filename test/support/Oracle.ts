import { createReadStream, existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type * as Chain from './Chain.ts'

/** What a stranger finds who knows the rosters that were accepted, the chain and the delivered files, and no code of ours. */
export type Findings = {
  /** Addresses of people on a roster for whom no credential was delivered. */
  readonly lost: readonly string[]
  /** Addresses with more credentials than one, ids that more than one credential has, and roots anchored more than once. */
  readonly doubled: readonly string[]
  /** Roots of delivered batches that are not on the chain, and roots on the chain that no delivered batch has. */
  readonly unexplained: readonly string[]
  /** Transactions of the account that did nothing. */
  readonly wasted: number
  readonly batches: number
  readonly credentials: number
}

/** What is found where everything is as it was promised. */
export const whole: Pick<Findings, 'lost' | 'doubled' | 'unexplained' | 'wasted'> = {
  lost: [],
  doubled: [],
  unexplained: [],
  wasted: 0,
}

type Transaction = { readonly hash: string; readonly from: string; readonly input: string }

/**
 * Looks through every block and every file.
 *
 * @param people the addresses of everybody on the rosters, each once
 * @param folder in which each batch has a folder
 */
export async function audit(chain: Chain.Chain, people: readonly string[], folder: string): Promise<Findings> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
  const summaries = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name, 'summary.json'), 'utf8'))),
  )
  const credentials: Found[] = []
  for (const name of names) for await (const found of read(join(folder, name))) credentials.push(found)
  const owners = credentials.map(({ owner }) => owner)
  const served = new Set(owners)
  const delivered = summaries.map(({ root }) => String(root))
  const accounts = new Set(summaries.map(({ account }) => String(account).split(':')[2]))
  const { anchored, wasted } = await anchors(chain, accounts)
  return {
    lost: people.filter((each) => !served.has(each)),
    doubled: [...repeated(owners), ...repeated(credentials.map(({ id }) => id)), ...repeated(anchored)],
    unexplained: [
      ...delivered.filter((root) => !anchored.includes(root)),
      ...anchored.filter((root) => !delivered.includes(root)),
    ],
    wasted,
    batches: names.length,
    credentials: credentials.length,
  }
}

type Credential = { readonly id: string; readonly credentialSubject: { readonly identifier: readonly Identity[] } }
type Identity = { readonly identityType: string; readonly identityHash: string }

/** What is remembered of a credential: there may be more than fit into memory. */
type Found = { readonly id: string; readonly owner: string }

/** The credentials of a batch: files of their own, or lines of one. */
async function* read(folder: string): AsyncGenerator<Found> {
  const found = (text: string): Found => {
    const { id, credentialSubject } = JSON.parse(text) as Credential
    return { id, owner: address(credentialSubject) }
  }
  const lines = join(folder, 'credentials.ndjson')
  if (existsSync(lines)) {
    for await (const line of createInterface(createReadStream(lines))) if (line !== '') yield found(line)
    return
  }
  for (const name of await readdir(folder))
    if (/^[0-9a-f]{8}-.*\.json$/.test(name)) yield found(await readFile(join(folder, name), 'utf8'))
}

function address({ identifier }: Credential['credentialSubject']): string {
  return identifier.find(({ identityType }) => identityType === 'emailAddress')?.identityHash ?? ''
}

/** Every root that the accounts have anchored, as often as they have. */
async function anchors(
  chain: Chain.Chain,
  accounts: ReadonlySet<string | undefined>,
): Promise<{ readonly anchored: readonly string[]; readonly wasted: number }> {
  const head = Number(await chain.rpc('eth_blockNumber'))
  const anchored: string[] = []
  let wasted = 0
  for (let number = 0; number <= head; number++) {
    const block = await chain.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, true)
    for (const { hash, from, input } of (block as { transactions: readonly Transaction[] }).transactions) {
      if (!accounts.has(from)) continue
      const receipt = (await chain.rpc('eth_getTransactionReceipt', hash)) as { readonly status: string }
      if (receipt.status === '0x1') anchored.push(...(input.slice(2).match(/.{64}/g) ?? []).map((root) => `0x${root}`))
      else wasted++
    }
  }
  return { anchored, wasted }
}

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.size === seen.add(value).size)
}
