import { createHash } from 'node:crypto'
import { expect } from 'chai'
import type * as Approval from '../../../server/src/access/Approval.ts'
import type * as Member from '../../../server/src/access/Member.ts'
import * as Passkey from '../../../server/src/access/Passkey.ts'
import * as Role from '../../../server/src/access/Role.ts'
import * as Session from '../../../server/src/access/Session.ts'
import type * as Mail from '../../../server/src/mail/Mail.ts'
import type { ApprovalStore } from '../../../server/src/ports/ApprovalStore.ts'
import type { MailStore } from '../../../server/src/ports/MailStore.ts'
import type { MemberStore } from '../../../server/src/ports/MemberStore.ts'
import type { PasskeyStore } from '../../../server/src/ports/PasskeyStore.ts'
import { type SessionStore, tries } from '../../../server/src/ports/SessionStore.ts'

type Store = {
  readonly members: MemberStore
  readonly sessions: SessionStore
  readonly passkeys: PasskeyStore
  readonly approvals: ApprovalStore
  readonly mails: MailStore
  readonly close: () => Promise<void>
}

const minute = 60_000
const digest = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

const member = (n: number, over: Partial<Member.Member> = {}): Member.Member => ({
  id: uuid(n),
  organisation: 'home',
  email: `p${n}@example.org`,
  role: 'viewer',
  limits: Role.everywhere,
  createdAt: n,
  removedAt: null,
  ...over,
})

const invitation = (n: number, over: Partial<Member.Invitation> = {}): Member.Invitation => ({
  id: uuid(100 + n),
  organisation: 'home',
  email: `p${n}@example.org`,
  role: 'issuer',
  limits: { department: 'chemistry', issuer: null },
  invitedBy: null,
  createdAt: 0,
  endsAt: 10 * minute,
  outcome: null,
  ...over,
})

const opening = (n: number, now = 0) =>
  Session.create(new Uint8Array(40).fill(n), { method: 'link', agent: 'Firefox on Linux', now })

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error) => error.code,
  )

/** What the ports of people promise; every adapter runs it. `open` opens the same data within one test. */
export function shouldBehaveLikePeopleStore(open: () => Promise<Store>): void {
  let store: Store
  let members: MemberStore
  let sessions: SessionStore
  const reopen = async () => {
    store = await open()
    ;({ members, sessions } = store)
  }
  beforeEach(reopen)
  afterEach(() => store.close())

  describe('members', () => {
    it('are found by id and by address, however it is written, in their organisation alone', async () => {
      await members.addMember(member(2, { email: 'Ada@Example.ORG', role: 'owner' }))
      await members.addMember(member(1))
      await members.addMember(member(3, { organisation: 'other', email: 'ada@example.org' }))
      await store.close()
      await reopen()
      const ada = { ...member(2, { email: 'ada@example.org', role: 'owner' }) }
      expect(await members.members('home')).to.deep.equal([member(1), ada])
      expect(await members.member('home', 'ADA@example.org')).to.deep.equal(ada)
      expect(await members.member('home', uuid(2))).to.deep.equal(ada)
      expect(await members.member('other', uuid(2))).to.equal(undefined)
      expect([await members.hasOwner('home'), await members.hasOwner('other')]).to.deep.equal([true, false])
      expect(await refusal(members.addMember(member(4, { email: 'ada@EXAMPLE.org' })))).to.equal('MEMBER_EXISTS')
    })

    it('keep their last owner, whatever is asked at once', async () => {
      for (const n of [1, 2]) await members.addMember(member(n, { role: 'owner' }))
      // An owner of a part is none of the whole.
      await members.addMember(member(3, { role: 'owner', limits: { department: 'law', issuer: null } }))
      const as = { role: 'viewer', limits: Role.everywhere } as const
      const outcomes = await Promise.all([
        refusal(members.changeRole('home', uuid(1), as)),
        refusal(members.removeMember('home', uuid(2), 5)),
      ])
      expect(outcomes.toSorted()).to.deep.equal(['LAST_OWNER', 'nothing'])
      expect(await members.hasOwner('home')).to.equal(true)
      const left = (await members.members('home')).find(
        ({ role, limits }) => role === 'owner' && limits.department === null,
      )
      const limited = { role: 'owner', limits: { department: 'law', issuer: null } } as const
      expect(await refusal(members.changeRole('home', left?.id ?? '', limited))).to.equal('LAST_OWNER')
      expect(await refusal(members.changeRole('other', uuid(1), as))).to.equal('MEMBER_UNKNOWN')
      expect(await refusal(members.removeMember('other', uuid(1), 5))).to.equal('MEMBER_UNKNOWN')
    })

    it('have no sessions left after another role, and nothing at all after their removal', async () => {
      await members.addMember(member(1))
      const enter = async (n: number) => {
        await sessions.addSignIn(uuid(1), digest(`link ${n}`), { browser: null, now: 0, endsAt: minute })
        await sessions.enter(digest(`link ${n}`), undefined, opening(n).opening)
      }
      const signedIn = async (n: number) => (await sessions.session(opening(n).opening.digest, 1))?.member.role
      await enter(1)
      await members.changeRole('home', uuid(1), { role: 'viewer', limits: Role.everywhere })
      expect(await signedIn(1)).to.equal('viewer')
      await members.changeRole('home', uuid(1), { role: 'issuer', limits: Role.everywhere })
      expect(await signedIn(1)).to.equal(undefined)
      await enter(2)
      await sessions.addSignIn(uuid(1), digest('open'), { browser: null, now: 0, endsAt: minute })
      expect((await members.removeMember('home', uuid(1), 7)).removedAt).to.equal(7)
      expect((await members.removeMember('home', uuid(1), 9)).removedAt).to.equal(7)
      expect(await signedIn(2)).to.equal(undefined)
      expect(await sessions.signIn(digest('open'), undefined, 1)).to.equal(undefined)
      expect(await members.members('home')).to.deep.equal([])
      await members.addMember(member(5, { email: 'p1@example.org' }))
    })
  })

  describe('invitations', () => {
    const accept = (name: string, n: number, email: string | null = null, now = 1) =>
      members.accept(digest(name), { id: uuid(n), email, now }, opening(n, now).opening)

    it('make a member and a session once, of two that accept at once', async () => {
      const mail = { template: 'sign-in', to: 'p1@example.org', values: { organisation: 'O', link: 'L', minutes: '1' } }
      await members.invite(invitation(1), digest('one'), mail as never)
      expect(await members.invitation(digest('one'), 1)).to.deep.equal(invitation(1))
      expect(await members.invitations('home', 1)).to.deep.equal([invitation(1)])
      expect(await members.invitations('other', 1)).to.deep.equal([])
      expect((await store.mails.mails({ before: undefined, limit: 9, state: undefined })).length).to.equal(1)
      const made = await Promise.all([accept('one', 1), accept('one', 2)])
      const [joined, ...others] = made.filter((each) => each !== undefined)
      expect(others).to.deep.equal([])
      expect(joined).to.include({ email: 'p1@example.org', role: 'issuer' })
      expect(joined?.limits).to.deep.equal({ department: 'chemistry', issuer: null })
      const [session] = await sessions.sessions('home', joined?.id ?? '', 2)
      expect(session?.agent).to.equal('Firefox on Linux')
      expect(await members.invitation(digest('one'), 1)).to.equal(undefined)
      expect(await refusal(members.invite(invitation(1, { id: uuid(9) }), digest('x'), undefined))).to.equal(
        'MEMBER_EXISTS',
      )
    })

    it('open nothing once they are withdrawn, replaced or too old', async () => {
      await members.invite(invitation(1), digest('one'), undefined)
      await members.invite(invitation(1, { id: uuid(7) }), digest('two'), undefined)
      expect(await accept('one', 1)).to.equal(undefined)
      expect(await accept('two', 1, null, 10 * minute)).to.equal(undefined)
      expect(await members.withdraw('other', uuid(7), 1)).to.equal(undefined)
      for (let twice = 0; twice < 2; twice++)
        expect((await members.withdraw('home', uuid(7), 1))?.outcome).to.equal('withdrawn')
      expect(await accept('two', 1)).to.equal(undefined)
      expect(await members.members('home')).to.deep.equal([])
    })

    it('make one first owner, who says the own address', async () => {
      const first = (n: number) =>
        invitation(n, { email: null, role: 'owner', limits: Role.everywhere, organisation: 'home' })
      await members.invite(first(1), digest('one'), undefined)
      // A server that is started again shows another link.
      await members.invite(first(2), digest('two'), undefined)
      expect(await accept('one', 1, 'a@example.org')).to.equal(undefined)
      expect((await accept('two', 1, 'A@example.org'))?.email).to.equal('a@example.org')
      await members.invite(first(3), digest('three'), undefined)
      expect(await accept('three', 3, 'c@example.org')).to.equal(undefined)
      expect(await members.invitations('home', 1)).to.deep.equal([])
    })
  })

  describe('links to sign in with', () => {
    const mine = digest('my browser')
    const asking = { browser: mine, now: 0, endsAt: 15 * minute }
    const ask = (email: string, name: string) =>
      sessions.askSignIn(email, asking, (member) => ({
        digest: digest(`${name} ${member?.organisation ?? ''}`),
        mail: undefined,
      }))
    beforeEach(() => members.addMember(member(1)))

    it('sign in once, in the browser that has asked, and whatever looks at them changes nothing', async () => {
      await ask('P1@example.org', 'a')
      const link = digest('a home')
      for (let scans = 0; scans < 3; scans++) {
        expect(await sessions.signIn(link, undefined, 1)).to.equal('elsewhere')
        expect(await sessions.signIn(link, digest('other'), 1)).to.equal('elsewhere')
        expect(await sessions.signIn(link, mine, 1)).to.equal('here')
      }
      expect(await sessions.enter(link, digest('other'), opening(1).opening)).to.equal(undefined)
      expect(await sessions.enter(link, undefined, opening(1).opening)).to.equal(undefined)
      const both = await Promise.all([1, 2].map((n) => sessions.enter(link, mine, opening(n).opening)))
      expect(both.filter((each) => each !== undefined)).to.have.length(1)
      expect(await sessions.sessions('home', uuid(1), 1)).to.have.length(1)
      expect(await sessions.signIn(link, mine, 1)).to.equal(undefined)
      expect(await sessions.enter(link, mine, opening(3).opening)).to.equal(undefined)
    })

    it('sign in nobody where nobody has the address, or too late', async () => {
      await ask('nobody@example.org', 'b')
      expect(await sessions.signIn(digest('b '), mine, 1)).to.equal(undefined)
      expect(await sessions.enter(digest('b '), mine, opening(1).opening)).to.equal(undefined)
      await ask('p1@example.org', 'c')
      expect(await sessions.enter(digest('c home'), mine, opening(1, 15 * minute).opening)).to.equal(undefined)
    })

    it('come to every organisation in which somebody has the address', async () => {
      await members.addMember(member(2, { organisation: 'other', email: 'p1@example.org' }))
      await ask('p1@example.org', 'd')
      expect((await sessions.enter(digest('d other'), mine, opening(1).opening))?.id).to.equal(uuid(2))
      expect((await sessions.enter(digest('d home'), mine, opening(2).opening))?.id).to.equal(uuid(1))
    })

    it('are mailed by the organisation that they open, as its invitations are', async () => {
      const values = { organisation: 'O', link: 'L', minutes: '1' }
      const mail = (to: string): Mail.Mail => ({ template: 'sign-in', to, values })
      await members.addMember(member(2, { organisation: 'other' }))
      await sessions.askSignIn('p2@example.org', asking, () => ({ digest: mine, mail: mail('p2@example.org') }))
      await members.invite(invitation(3, { organisation: 'another' }), digest('x'), mail('p3@example.org'))
      const claims = await store.mails.claim(9, minute, { count: 9, time: minute })
      expect(claims.map(({ organisation }) => organisation)).to.deep.equal(['other', 'another'])
    })

    it('give a code once, that signs in the browser that has asked, for a few tries', async () => {
      await ask('p1@example.org', 'e')
      expect(await sessions.offerCode(digest('e home'), digest('code'), 1)).to.equal(true)
      expect(await sessions.offerCode(digest('e home'), digest('code'), 1)).to.equal(false)
      // The link itself opens nothing any more.
      expect(await sessions.enter(digest('e home'), mine, opening(1).opening)).to.equal(undefined)
      expect(await sessions.enterByCode(digest('other'), digest('code'), opening(1).opening)).to.equal(undefined)
      expect(await sessions.enterByCode(mine, digest('wrong'), opening(1).opening)).to.equal(undefined)
      expect((await sessions.enterByCode(mine, digest('code'), opening(1).opening))?.id).to.equal(uuid(1))
      expect(await sessions.enterByCode(mine, digest('code'), opening(2).opening)).to.equal(undefined)
      await ask('p1@example.org', 'f')
      await sessions.offerCode(digest('f home'), digest('second'), 1)
      const wrong = Array.from({ length: tries }, (_, n) =>
        sessions.enterByCode(mine, digest(`wrong ${n}`), opening(3).opening),
      )
      expect(await Promise.all(wrong)).to.deep.equal(Array(tries).fill(undefined))
      expect(await sessions.enterByCode(mine, digest('second'), opening(3).opening)).to.equal(undefined)
    })
  })

  describe('sessions', () => {
    const enter = async (n: number, now = 0) => {
      await sessions.addSignIn(uuid(1), digest(`link ${n}`), { browser: null, now, endsAt: now + minute })
      await sessions.enter(digest(`link ${n}`), undefined, opening(n, now).opening)
    }
    const found = async (n: number, now: number) =>
      (await sessions.session(opening(n).opening.digest, now))?.session.seenAt
    beforeEach(() => members.addMember(member(1)))

    it('end when nobody was there for a while, and whatever happens after some hours', async () => {
      const { idle, absolute } = Session.lasts
      await enter(1)
      expect(await found(1, idle - 1)).to.equal(0)
      expect(await found(1, idle)).to.equal(undefined)
      for (let at = minute; at < absolute; at += minute) await sessions.notice(opening(1).opening.digest, at)
      expect(await found(1, absolute - 1)).to.equal(absolute - minute)
      expect(await found(1, absolute)).to.equal(undefined)
      await sessions.notice(opening(1).opening.digest, 5)
      expect(await found(1, absolute - 1), 'what was seen was seen').to.equal(absolute - minute)
    })

    it('are listed and ended, one or all others, by nobody of another organisation', async () => {
      for (const n of [1, 2, 3]) await enter(n, n)
      const ids = (await sessions.sessions('home', uuid(1), 4)).map(({ id }) => id)
      expect(ids).to.deep.equal([3, 2, 1].map((n) => opening(n).opening.id))
      expect(await sessions.sessions('other', uuid(1), 4)).to.deep.equal([])
      expect(await sessions.endSession('other', uuid(1), ids[0] ?? '')).to.equal(false)
      expect(await sessions.endSession('home', uuid(2), ids[0] ?? '')).to.equal(false)
      expect(await sessions.endSession('home', uuid(1), ids[0] ?? '')).to.equal(true)
      expect(await found(3, 4)).to.equal(undefined)
      expect(await sessions.endSessions('home', uuid(1), ids[1] ?? '')).to.equal(1)
      expect([await found(1, 4), await found(2, 4)]).to.deep.equal([undefined, 2])
      expect(await sessions.endSessions('home', uuid(1), null)).to.equal(1)
    })

    it('are forgotten when they are over, with links that are', async () => {
      await enter(1)
      await enter(2, 10 * minute)
      await sessions.forgetOver(Session.lasts.idle)
      expect(await sessions.sessions('home', uuid(1), 1)).to.have.length(1)
    })
  })

  describe('passkeys', () => {
    const mine = digest('my browser')
    const passkey = (id: string, over: Partial<Passkey.Passkey> = {}): Passkey.Passkey => ({
      ...{ id, organisation: 'home', member: uuid(1), name: id, publicKey: new Uint8Array([1, 2]), counter: 0 },
      ...{ transports: ['internal'], createdAt: 1, usedAt: null, ...over },
    })
    beforeEach(() => members.addMember(member(1)))

    it('are asked for one thing at a time for each purpose, which is taken once', async () => {
      const { passkeys } = store
      await passkeys.challenge(mine, 'sign-in', 'a', 10)
      await passkeys.challenge(mine, 'sign-in', 'b', 10)
      expect(await passkeys.takeChallenge(mine, 'add', 1)).to.equal(undefined)
      expect(await passkeys.takeChallenge(digest('other'), 'sign-in', 1)).to.equal(undefined)
      const both = await Promise.all([1, 2].map(() => passkeys.takeChallenge(mine, 'sign-in', 1)))
      expect(both.filter((each) => each !== undefined)).to.deep.equal(['b'])
      await passkeys.challenge(mine, 'sign-in', 'late', 10)
      expect(await passkeys.takeChallenge(mine, 'sign-in', 10)).to.equal(undefined)
      expect(await passkeys.takeChallenge(mine, 'sign-in', 1), 'it is gone all the same').to.equal(undefined)
    })

    it('are kept, named and removed by their member alone, and so many of them', async () => {
      const { passkeys } = store
      await passkeys.addPasskey(passkey('a'))
      expect(await passkeys.passkey('a')).to.deep.equal({ ...passkey('a'), publicKey: Buffer.from([1, 2]) })
      expect(await refusal(passkeys.addPasskey(passkey('a')))).to.equal('PASSKEY_EXISTS')
      expect(await passkeys.renamePasskey('home', uuid(2), 'a', 'x')).to.equal(undefined)
      expect(await passkeys.renamePasskey('other', uuid(1), 'a', 'x')).to.equal(undefined)
      expect((await passkeys.renamePasskey('home', uuid(1), 'a', 'x'))?.name).to.equal('x')
      expect(await passkeys.removePasskey('other', uuid(1), 'a')).to.equal(false)
      expect(await passkeys.removePasskey('home', uuid(1), 'a')).to.equal(true)
      for (let n = 0; n < Passkey.most; n++) await passkeys.addPasskey(passkey(`p${n}`))
      expect(await refusal(passkeys.addPasskey(passkey('more')))).to.equal('PASSKEYS_TOO_MANY')
      expect(await passkeys.passkeys('home', uuid(1))).to.have.length(Passkey.most)
    })

    it('sign in by a counter that has gone on, of two at once by one', async () => {
      const { passkeys } = store
      await passkeys.addPasskey(passkey('a'))
      const enter = (counter: number, n: number) => passkeys.enterByPasskey('a', counter, opening(n).opening)
      expect((await enter(0, 1))?.id, 'it does not count').to.equal(uuid(1))
      const both = await Promise.all([enter(5, 2), enter(5, 3)])
      expect(both.filter((each) => each !== undefined)).to.have.length(1)
      for (const counter of [5, 4, 0]) expect(await enter(counter, 4), String(counter)).to.equal(undefined)
      await members.removeMember('home', uuid(1), 1)
      expect(await enter(9, 5)).to.equal(undefined)
    })
  })

  describe('proposals', () => {
    const proposal = (n: number, over: Partial<Approval.Approval> = {}): Approval.Approval => ({
      ...{ id: uuid(n), organisation: 'home', rule: 'batches', operation: 'submitBatch', subject: 'b1' },
      ...{ asked: { shown: { name: 'Ada' }, kept: {} }, proposer: { kind: 'member', id: uuid(1), member: uuid(1) } },
      ...{ state: 'pending', reason: null, createdAt: n, endsAt: 100, decidedBy: null, decidedAt: null },
      ...{ settledAt: null, ...over },
    })
    const decide = (n: number, state: 'approved' | 'declined', now = 10, organisation = 'home') =>
      store.approvals.decideApproval(organisation, uuid(n), { state, by: uuid(2), now })

    it('are kept once for the same thing, and decided once, within their time and organisation', async () => {
      const { approvals } = store
      const both = await Promise.all([1, 2].map((n) => approvals.propose(proposal(n))))
      expect(both[0]?.id).to.equal(both[1]?.id)
      const kept = both[0] as Approval.Approval
      expect(await approvals.approval('home', kept.id)).to.deep.equal(kept)
      expect(await approvals.approval('other', kept.id)).to.equal(undefined)
      const n = Number(kept.id.slice(-1))
      expect(await decide(n, 'approved', 10, 'other')).to.equal(undefined)
      expect(await decide(n, 'approved', 100), 'too late').to.equal(undefined)
      const decided = await Promise.all([decide(n, 'approved'), decide(n, 'declined'), decide(n, 'approved')])
      expect(decided.filter((each) => each !== undefined)).to.have.length(1)
      // After it is decided the same may be proposed again, and what has no subject always.
      expect((await approvals.propose(proposal(3))).id).to.equal(uuid(3))
      for (const other of [4, 5])
        expect((await approvals.propose(proposal(other, { subject: null }))).id).to.equal(uuid(other))
      const listed = await approvals.approvals('home', { before: undefined, limit: 2, state: undefined })
      expect(listed.map(({ approval }) => approval.id)).to.deep.equal([uuid(5), uuid(4)])
      const more = await approvals.approvals('home', { before: listed[1]?.seq, limit: 9, state: 'pending' })
      expect(more.map(({ approval }) => approval.id)).to.deep.equal([uuid(3)])
    })

    it('are carried out until that is settled, and then nothing is left of what was asked', async () => {
      const { approvals } = store
      await approvals.propose(proposal(1))
      await decide(1, 'approved')
      expect(await approvals.approved(10)).to.deep.equal([])
      expect((await approvals.approved(11)).map(({ asked }) => asked.shown)).to.deep.equal([{ name: 'Ada' }])
      await approvals.settleApproval(uuid(1), { state: 'failed', reason: 'X', now: 12 })
      await approvals.settleApproval(uuid(1), { state: 'done', reason: null, now: 13 })
      const settled = await approvals.approval('home', uuid(1))
      expect([settled?.state, settled?.reason, settled?.settledAt, settled?.asked.shown]).to.deep.equal([
        'failed',
        'X',
        12,
        {},
      ])
      expect(await approvals.approved(99)).to.deep.equal([])
      await approvals.propose(proposal(2))
      expect((await decide(2, 'declined'))?.asked.shown).to.deep.equal({})
    })

    it('have nothing left of what was asked once they have run out', async () => {
      const { approvals } = store
      await approvals.propose(proposal(1))
      await approvals.propose(proposal(2, { subject: 'b2', endsAt: 101 }))
      await approvals.propose(proposal(3, { organisation: 'other' }))
      await approvals.forgetExpired(100)
      const left = async (organisation: string, n: number) =>
        (await approvals.approval(organisation, uuid(n)))?.asked.shown
      expect(await left('home', 1)).to.deep.equal({})
      expect(await left('other', 3)).to.deep.equal({})
      expect(await left('home', 2)).to.deep.equal({ name: 'Ada' })
    })

    it('are wanted by the rules of an organisation', async () => {
      const { approvals } = store
      const rules = { batches: true, keys: false, members: false, revocations: 3 }
      for (let twice = 0; twice < 2; twice++) await approvals.setRules('home', rules, twice)
      expect(await approvals.rules('home')).to.deep.equal(rules)
      expect((await approvals.rules('other')).batches).to.equal(false)
    })

    it('are not needed to revoke a few, of whoever asks at once', async () => {
      const { approvals } = store
      const allow = (credentials: readonly string[], now: number) =>
        approvals.allowRevocation('home', credentials, { count: 3, since: now - 60, now })
      expect(await allow(['a', 'b', 'c', 'd'], 1)).to.equal(false)
      const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((each) => allow([each], 2)))
      expect(answers.filter(Boolean)).to.have.length(3)
      const [first = ''] = ['a', 'b', 'c', 'd', 'e'].filter((_, i) => answers[i])
      expect(await allow([first], 3), 'the same takes its place once').to.equal(true)
      expect(await allow([first, 'z'], 3)).to.equal(false)
      expect(await approvals.allowRevocation('other', ['z'], { count: 3, since: 0, now: 3 })).to.equal(true)
      expect(await allow(['x', 'y', 'z'], 62)).to.equal(true)
    })
  })
}
