import pc from 'picocolors'
import * as Member from '../access/Member.ts'
import * as Principal from '../access/Principal.ts'
import * as Role from '../access/Role.ts'
import * as SignIn from '../access/SignIn.ts'
import type { Config } from '../config.ts'
import type { Home } from '../main.ts'
import * as Cell from '../roster/Cell.ts'
import * as Uuid from '../Uuid.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'

type Limiting = { readonly department?: string; readonly issuer?: string }

/** Makes somebody a member, where they are none yet, and shows a link that signs them in. */
export function add(
  email: string,
  options: Answering & Limiting & { readonly role?: Role.Role; readonly owner?: boolean },
  config: Config,
): Promise<void> {
  return withHome(config, async (home) => {
    const reading = Cell.email(email)
    if (!Cell.isRead(reading)) throw new Failure.InvalidEmailError(email)
    const wanted = options.owner === true ? 'owner' : options.role
    const before = await home.members.member(Principal.home, reading.value)
    // Another role is a change that ends sessions: whoever wants it says so.
    if (before !== undefined && wanted !== undefined && before.role !== wanted) throw new Member.TakenError()
    const member = before ?? (await make(reading.value, wanted ?? 'viewer', limitsOf(options), home))
    const link = await SignIn.showLink(member, config.publicUrl, home)
    say(options, { ...view(member), link }, [
      `${pc.green('✔')} ${email} is ${member.role}, who ${Role.roles[member.role]}`,
      `  ${link}`,
      '  It signs them in, once, within 15 minutes; later they sign in by mail.',
    ])
  })
}

async function make(email: string, role: Role.Role, limits: Role.Limits, home: Home): Promise<Member.Member> {
  const { members, clock, randomness } = home
  const member = {
    id: Uuid.name(Uuid.urn(randomness.bytes(16))),
    ...{
      organisation: Principal.home,
      email: Cell.emailKey(email),
      role,
      limits,
      createdAt: clock.now(),
      removedAt: null,
    },
  }
  await members.addMember(member)
  return member
}

/** Lists the members, the oldest first. */
export function list(options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ members }) => {
    const all = await members.members(Principal.home)
    const lines = all.map((member) => `${member.id}  ${member.role.padEnd(8)}  ${member.email}${part(member.limits)}`)
    say(options, { members: all.map(view) }, lines.length === 0 ? ['There is no member yet.'] : lines)
  })
}

/** Gives a member another role. */
export function changeRole(who: string, role: string, options: Answering & Limiting, config: Config): Promise<void> {
  return withHome(config, async ({ members }) => {
    const { id } = await find(who, members)
    const member = await members.changeRole(Principal.home, id, { role: Role.toRole(role), limits: limitsOf(options) })
    say(options, view(member), [`${pc.green('✔')} ${member.email} is ${role}${part(member.limits)}`])
  })
}

/** Ends a membership; repeating it finds nobody. */
export function remove(who: string, options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ members, clock }) => {
    const { id } = await find(who, members)
    const member = await members.removeMember(Principal.home, id, clock.now())
    say(options, view(member), [`${pc.green('✔')} ${member.email} is a member no longer`])
  })
}

async function find(who: string, members: Home['members']): Promise<Member.Member> {
  const member = await members.member(Principal.home, who)
  if (member === undefined) throw new Member.UnknownError()
  return member
}

function limitsOf({ department, issuer }: Limiting): Role.Limits {
  return { department: department ?? null, issuer: issuer ?? null }
}

function part({ department, issuer }: Role.Limits): string {
  const parts = [department, issuer].filter((each) => each !== null)
  return parts.length === 0 ? '' : pc.dim(`  of ${parts.join(', ')}`)
}

function view({ id, email, role, limits, createdAt, removedAt }: Member.Member): object {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return { id, email, role, limits, createdAt: time(createdAt), removedAt: time(removedAt) }
}
