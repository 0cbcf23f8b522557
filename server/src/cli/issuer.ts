import type * as Standing from '@laurel/core/Standing'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import { issuerDirectory } from '../deployment/Contracts.ts'
import { describe } from '../issuer/describe.ts'
import * as Entry from '../issuer/Entry.ts'
import type { Office } from '../issuer/Office.ts'
import type { Profile } from '../issuer/Profile.ts'
import { register as registerIssuer } from '../issuer/register.ts'
import { memberOf, reportCompromise } from '../issuer/report-compromise.ts'
import { rotate as rotateKey } from '../issuer/rotate.ts'
import type { AccountPurpose, Rotated } from '../ports/Keyring.ts'
import { confirm } from './confirm.ts'
import { type Answering, tell } from './in-office.ts'
import { moment } from './moment.ts'
import { read } from './read.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'
import { withOffice } from './with-office.ts'

/** Everything that can be rotated and reported. */
export const purposes: readonly Rotated[] = ['credential', 'chain', 'badges']

/** Registers the issuer in the directory, or what is new about it. */
export async function register(options: Answering, config: Config): Promise<void> {
  await inDirectory(config, ['controller', 'badges'], async (office) => {
    const { entry, changes } = await registerIssuer(office)
    if (options.json) return tell({ ...toJson(office, entry), changes })
    const what = changes.length === 0 ? 'was registered before, and nothing has changed' : 'is registered'
    process.stdout.write(`${pc.green('✔')} ${office.issuer.name} ${what}\n${toText(office, entry)}`)
  })
}

/** What is to be said otherwise; an empty text: nothing any more. */
export type Said = {
  readonly name?: string
  readonly url?: string
  readonly description?: string
  readonly email?: string
  /** A PNG. */
  readonly image?: string
}

/** Shows what the issuer says of itself, or changes it. */
export async function profile(options: Answering & Said, config: Config): Promise<void> {
  const { json: _, ...said } = options
  await withHome(config, async (home) => {
    const now = await home.issuers.profile(home.identity.id)
    const before: Profile = now?.profile ?? config.issuer
    const isChange = Object.keys(said).length > 0
    const changed = isChange ? await describe(await merge(before, said), home, now?.version ?? 0) : undefined
    const { profile, version } = changed?.version ?? { profile: before, version: null, ...now }
    const members = Object.entries({ ...profile, image: profile.image?.id })
    say(options, { id: home.identity.id, version, ...profile, changed: changed?.added ?? false }, [
      `${pc.green('✔')} ${home.identity.id}, ${version === null ? 'as the environment says' : `version ${version}`}`,
      ...members.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(11)}  ${value}`])),
    ])
  })
}

async function merge({ image: picture, ...before }: Profile, { image, ...said }: Said): Promise<Profile> {
  const texts = Object.entries({ ...before, ...said }).filter(([name, value]) => name === 'name' || value !== '')
  const profile = Object.fromEntries(texts) as unknown as Profile
  if (image === '') return profile
  if (image === undefined) return picture === undefined ? profile : { ...profile, image: picture }
  const bytes = Buffer.from(await read(image))
  return { ...profile, image: { id: `data:image/png;base64,${bytes.toString('base64')}`, type: 'Image' } }
}

/** Shows what the directory says about the issuer. */
export async function show(options: Answering, config: Config): Promise<void> {
  await inDirectory(config, [], async (office) => {
    const entry = await Entry.demand(office)
    if (options.json) tell(toJson(office, entry))
    else process.stdout.write(toText(office, entry))
  })
}

/** Reports an account or key as compromised, for good. */
export async function report(
  purpose: Rotated,
  options: Answering & { readonly from: string; readonly id?: string; readonly yes?: boolean },
  config: Config,
): Promise<void> {
  const from = Math.floor(moment(options.from) / 1000)
  await inDirectory(config, ['controller'], async (office) => {
    const entry = await Entry.demand(office)
    const member = memberOf(entry, purpose, options.id)
    const when = new Date(from * 1000).toISOString()
    await confirm(
      `Nothing will count that ${member.id} has said since ${when}, and this can never be taken back.`,
      options.yes,
    )
    const { repeated } = await reportCompromise(office, entry, member, from)
    if (options.json) return tell({ ...toJson(office, await Entry.demand(office)), reported: member.id, repeated })
    process.stdout.write(
      `${pc.green('✔')} ${member.id} ${repeated ? 'was reported before' : 'is reported'} as compromised from ${when}\n`,
    )
  })
}

/** Replaces an account or key by a new one. */
export async function rotate(purpose: Rotated, options: Answering, config: Config): Promise<void> {
  await inDirectory(config, ['controller'], async (office) => {
    const { added, retired } = await rotateKey(office, purpose)
    if (options.json) return tell({ ...toJson(office, await Entry.demand(office)), added, retired })
    process.stdout.write(`${pc.green('✔')} ${added} speaks for the issuer now\n`)
    for (const id of retired) process.stdout.write(`  ${id} is retired; what it has said stays valid\n`)
  })
}

function inDirectory(
  config: Config,
  purposes: readonly AccountPurpose[],
  work: (office: Office) => Promise<void>,
): Promise<void> {
  return withOffice(config, { purposes, demand: [issuerDirectory] }, work)
}

function toJson({ chain, directory }: Office, { issuerId, issuer, members }: Entry.Entry) {
  return {
    chainId: chain.chainId,
    directory: directory.address,
    issuerId,
    ...issuer,
    members: members.map(({ purpose, id, standing }) => ({ purpose, id, standing: standing ?? null })),
  }
}

function toText({ chain, directory }: Office, { issuerId, issuer, members }: Entry.Entry): string {
  const lines = [
    `  directory   ${directory.address} on chain ${chain.chainId}`,
    `  issuer      ${issuerId}`,
    `  DID         ${issuer.did}`,
    `  profile     ${issuer.profileDigest} (SHA-256)`,
    `  controller  ${issuer.controller}`,
    ...members.map(({ purpose, id, standing }) => `  ${purpose.padEnd(10)}  ${id}  ${sentence(standing)}`),
  ]
  return `${lines.join('\n')}\n`
}

function sentence(standing: Standing.Standing | undefined): string {
  if (standing === undefined) return 'not in the directory'
  const iso = (time: number) => new Date(time * 1000).toISOString()
  const parts = [`since ${iso(standing.validFrom)}`]
  if (standing.retiredOn !== undefined) parts.push(`retired ${iso(standing.retiredOn)}`)
  if (standing.compromised !== undefined)
    parts.push(
      pc.red(`compromised from ${iso(standing.compromised.from)}, said on ${iso(standing.compromised.reportedOn)}`),
    )
  return parts.join(', ')
}
