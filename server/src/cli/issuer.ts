import * as Multikey from '@laurel/core/Multikey'
import type * as Standing from '@laurel/core/Standing'
import pc from 'picocolors'
import * as Principal from '../access/Principal.ts'
import type { Config } from '../config.ts'
import { issuerDirectory } from '../deployment/Contracts.ts'
import { reportKey as reportKeyBeside, rotateKey as rotateKeyBeside } from '../issuer/change-keys.ts'
import { createIssuer } from '../issuer/create-issuer.ts'
import { describe } from '../issuer/describe.ts'
import * as Entry from '../issuer/Entry.ts'
import * as Issuer from '../issuer/Issuer.ts'
import type { Office } from '../issuer/Office.ts'
import type { Profile } from '../issuer/Profile.ts'
import { register as registerIssuer } from '../issuer/register.ts'
import { memberOf, reportCompromise } from '../issuer/report-compromise.ts'
import { rotate as rotateKey } from '../issuer/rotate.ts'
import * as KeyUri from '../KeyUri.ts'
import type { Home } from '../main.ts'
import type { AccountPurpose, Rotated } from '../ports/Keyring.ts'
import { confirm } from './confirm.ts'
import { type Answering, tell } from './in-office.ts'
import { moment } from './moment.ts'
import { read } from './read.ts'
import { say } from './say.ts'
import { withOffice } from './with-office.ts'
import { withOrganisation } from './with-organisation.ts'

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

type Organised = Answering & { readonly organisation?: string }

/** Makes an issuer for an organisation, with a key and a DID of its own. */
export function create(name: string, options: Organised & { readonly key?: string }, config: Config): Promise<void> {
  return withOrganisation(options, config, async (home) => {
    if (options.key !== undefined) KeyUri.parse(options.key)
    const issuer = await createIssuer({ name, uri: options.key }, home)
    say(options, view(issuer), [`${pc.green('✔')} ${issuer.id}  ${name}`, `  ${issuer.did}`])
  })
}

/** Lists the issuers of an organisation, the first of which issues what names none. */
export function list(options: Organised, config: Config): Promise<void> {
  const { organisation = Principal.home } = options
  return withOrganisation(options, config, async ({ issuers, identity, credentialSigner }) => {
    const own = {
      ...{ id: Principal.home, name: config.issuer.name, did: identity.id, createdAt: null },
      keys: [Multikey.fromEd25519(credentialSigner.publicKey)],
    }
    const made = (await issuers.issuers()).map(view)
    const all = organisation === Principal.home ? [own, ...made] : made
    const lines = all.map(({ id, name, did }) => `${id.padEnd(8)}  ${name}  ${pc.dim(did)}`)
    say(options, { issuers: all }, lines.length === 0 ? ['There is no issuer yet.'] : lines)
  })
}

/** An issuer beside the home's own, which has a credential key alone. */
type Beside = Organised & { readonly issuer?: string }

function rotateBeside(options: Beside & { readonly key?: string }, config: Config): Promise<void> {
  return beside(options, config, async (issuer, home) => {
    if (options.key !== undefined) KeyUri.parse(options.key)
    const changed = await rotateKeyBeside(issuer, Issuer.keyOf(issuer).publicKey, home, options.key)
    const newest = Multikey.fromEd25519(Issuer.keyOf(changed).publicKey)
    say(options, view(changed), [`${pc.green('✔')} ${newest} signs for ${changed.did} now`])
  })
}

type Reporting = Answering & { readonly from: string; readonly id?: string; readonly yes?: boolean }

function reportBeside(options: Beside & Reporting, config: Config): Promise<void> {
  const from = Math.floor(moment(options.from) / 1_000)
  return beside(options, config, async (issuer, home) => {
    const { publicKey } =
      options.id === undefined ? Issuer.keyOf(issuer) : Issuer.findKey(issuer, Multikey.toEd25519(options.id))
    const key = Multikey.fromEd25519(publicKey)
    const when = new Date(from * 1_000).toISOString()
    await confirm(`Nothing will count that ${key} has signed since ${when}, for good.`, options.yes)
    const changed = await reportKeyBeside(issuer, publicKey, from, home)
    say(options, view(changed), [`${pc.green('✔')} ${key} is reported as stolen from ${when}`])
  })
}

function beside(
  { issuer: id = '', ...options }: Beside,
  config: Config,
  work: (issuer: Issuer.Issuer, home: Home) => Promise<void>,
): Promise<void> {
  return withOrganisation(options, config, async (home) => {
    const issuer = (await home.issuers.issuers()).find((each) => each.id === id)
    if (issuer === undefined) throw new Issuer.UnknownIssuerError(id)
    await work(issuer, home)
  })
}

function view({ id, name, did, createdAt, keys }: Issuer.Issuer) {
  return {
    ...{ id, name, did, createdAt: new Date(createdAt).toISOString() },
    keys: keys.map(({ publicKey }) => Multikey.fromEd25519(publicKey)),
  }
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

/** Shows what an issuer says of itself, or changes it. */
export async function profile(options: Organised & Said & { readonly issuer?: string }, config: Config): Promise<void> {
  const { json: _, organisation = Principal.home, issuer, ...said } = options
  await withOrganisation({ organisation }, config, async (within) => {
    const speaker = await within.issuing.of(organisation, issuer)
    if (speaker === undefined) throw new Issuer.UnknownIssuerError(issuer ?? '')
    const { identity } = speaker
    const isOwn = identity.id === within.identity.id
    const home = { ...within, identity }
    const now = await home.issuers.profile(identity.id)
    const before: Profile = now?.profile ?? (isOwn ? config.issuer : { name: speaker.name })
    const isChange = Object.keys(said).length > 0
    const changed = isChange ? await describe(await merge(before, said), home, now?.version ?? 0) : undefined
    const { profile, version } = changed?.version ?? { profile: before, version: null, ...now }
    const members = Object.entries({ ...profile, image: profile.image?.id })
    say(options, { id: home.identity.id, version, ...profile, changed: changed?.added ?? false }, [
      `${pc.green('✔')} ${home.identity.id}, ${version === null ? (isOwn ? 'as the environment says' : 'its name alone') : `version ${version}`}`,
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

/** Reports an account or key as compromised, for good: the newest, unless another is named. */
export async function report(purpose: Rotated, options: Beside & Reporting, config: Config): Promise<void> {
  if (isBeside(purpose, options)) return reportBeside(options, config)
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

/** Replaces an account or key by a new one. For an issuer beside the home's own no worker has to stop. */
export async function rotate(
  purpose: Rotated,
  options: Beside & { readonly key?: string },
  config: Config,
): Promise<void> {
  if (isBeside(purpose, options)) return rotateBeside(options, config)
  await inDirectory(config, ['controller'], async (office) => {
    const { added, retired } = await rotateKey(office, purpose)
    if (options.json) return tell({ ...toJson(office, await Entry.demand(office)), added, retired })
    process.stdout.write(`${pc.green('✔')} ${added} speaks for the issuer now\n`)
    for (const id of retired) process.stdout.write(`  ${id} is retired; what it has said stays valid\n`)
  })
}

/**
 * Whether an issuer beside the home's own is meant. What is asked for of one is never done to the home's own instead, where
 * it was forgotten to say which.
 *
 * @throws {Issuer.UnknownKeyError} KEY_NOT_LISTED for a key that such an issuer has not
 */
function isBeside(
  purpose: Rotated,
  { issuer, organisation = Principal.home, key }: Beside & { readonly key?: string },
): boolean {
  if (issuer === undefined && organisation === Principal.home && key === undefined) return false
  if (purpose !== 'credential') throw new Issuer.UnknownKeyError()
  return true
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
