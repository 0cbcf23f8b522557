import { expect } from 'chai'
import type { Store } from '../../../server/src/adapters/store/SqlBatchStore.ts'
import * as Token from '../../../server/src/learners/Token.ts'
import type * as BatchStore from '../../../server/src/ports/BatchStore.ts'
import * as LearnerStore from '../../../server/src/ports/LearnerStore.ts'
import { hex, pages, request, urn, wanted } from './batch-store.ts'

const owner = { host: 'test', pid: process.pid }
/** Longer than any test, in milliseconds. */
const long = 3_600_000
const day = 24 * 3_600_000

const digest = (n: number) => new Uint8Array(32).fill(n)
const mail = (to: string) => ({
  to,
  template: 'claim' as const,
  values: { organisation: 'o', name: 'n', achievement: 'a', link: 'l' },
})
const invitation = (row: number, email: string, n = row): LearnerStore.Invitation => ({
  ...{ row, email, mail, digest: digest(n), expiresAt: 10 * day },
})
const challenge = (n: number, over: Partial<LearnerStore.MailedChallenge> = {}): LearnerStore.MailedChallenge => ({
  ...{ digest: digest(n), token: digest(100 + n), code: Token.codeDigest(digest(n), '12345678') },
  ...{ email: 'ada@example.org', session: undefined, createdAt: 1_000, expiresAt: 5_000 },
  mail: {
    to: over.email ?? 'ada@example.org',
    template: 'learner-sign-in',
    values: { organisation: 'o', link: 'l', code: 'c', minutes: '15' },
  },
  ...over,
})
const beginning = (n: number, over: Partial<LearnerStore.Beginning> = {}): LearnerStore.Beginning => ({
  ...{ id: `session-${n}`, digest: digest(200 + n), createdAt: 1_000, expiresAt: 15 * day, replaces: undefined },
  ...over,
})
const plenty = { address: [{ count: 100, time: day }], learner: [{ count: 100, time: day }] }

/** What the port of learners promises; every adapter runs it. `open` opens the same data within one test. */
export function shouldBehaveLikeLearnerStore(
  open: () => Promise<Store>,
  execute: (statement: string) => Promise<readonly Record<string, unknown>[]>,
): void {
  let store: Store
  let learners: LearnerStore.LearnerStore
  beforeEach(async () => {
    store = await open()
    learners = store.learners
  })
  afterEach(() => store.close())

  /** A batch whose credentials have their ids: as many recipients as it is told. */
  const drafted = async (n = 1, size = 2): Promise<string> => {
    const id = `batch-${n}`
    const fields = Array.from({ length: size }, (_, i) => ({ recipient: { i } }))
    await store.accept(request({ id, hash: hex(n), size }), pages(fields))
    const { batch, lease } = (await store.claim(owner, wanted(), long)) as BatchStore.Claim
    const reserved = await store.reserve(batch, lease)
    const drafts = Array.from({ length: size }, (_, i) => ({
      ...{ credentialId: urn(1_000 * n + i + 1), proofId: urn(1_000_000 + 1_000 * n + i), secret: digest(i + 1) },
      statusIndex: 1_000 * n + i,
    }))
    await store.draft(reserved, 0, pages(drafts), lease)
    return id
  }
  const round = async (): Promise<LearnerStore.Round> => {
    const [first] = await learners.rounds(10)
    if (first === undefined) throw new Error('there is no round')
    return first
  }
  const mails = async () =>
    (await execute('SELECT recipient, template FROM mails ORDER BY seq')).map(({ recipient, template }) => [
      recipient,
      template,
    ])
  const told = async () => (await store.outbox.events({ limit: 100 })).toReversed().map(({ type }) => type)
  const invited = async (email = 'ada@example.org') => {
    const batch = await drafted()
    await learners.inviteOne(batch, invitation(1, email), 1_000)
    return batch
  }
  /** Somebody who reads an address, and the session in which they are. */
  const signedIn = async (n: number, email: string): Promise<LearnerStore.Session> => {
    await learners.challengeAddress(challenge(n, { email }), plenty)
    const session = await learners.signIn({ token: digest(100 + n) }, beginning(n), 2_000, 5)
    if (session === undefined) throw new Error('nobody signed in')
    return session
  }
  const emails = async (id: string) => (await learners.learner(id))?.addresses.map(({ email }) => email)
  const refusal = async (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      ({ code }) => code,
    )

  describe('links', () => {
    it('are settled for an organisation, and as usual before', async () => {
      expect(await learners.settings()).to.deep.equal(LearnerStore.usual)
      const settings = { onDelivery: false, days: 30, waitingDays: 0 }
      await learners.settle({ ...settings, days: 7 })
      await learners.settle(settings)
      expect(await learners.settings()).to.deep.equal(settings)
      expect(await learners.settings(await drafted())).to.deep.equal(settings)
    })

    it('are sent to everybody of a round once, whoever comes to it', async () => {
      const batch = await drafted(1, 3)
      expect([await learners.ask(batch, false, 1_000), await learners.ask(batch, false, 1_000)]).to.deep.equal([
        true,
        false,
      ])
      const first = await round()
      expect(first).to.deep.include({ batch, renews: false, reached: 0 })
      const page = [invitation(1, 'ada@example.org'), invitation(2, 'bo@example.org')]
      const both = await Promise.all(
        [0, 20].map((over) =>
          learners.invite(
            first,
            page.map((each, i) => ({ ...each, digest: digest(over + i + 1) })),
            { row: 2, ends: false },
            1_000,
          ),
        ),
      )
      expect(both.filter((sent) => sent !== undefined)).to.deep.equal([2])
      const second = await round()
      expect(second.reached).to.equal(2)
      // The same mailbox in another spelling is one address.
      expect(
        await learners.invite(second, [invitation(3, 'ADA@example.org', 50)], { row: 3, ends: true }, 1_000),
      ).to.equal(1)
      expect(await learners.rounds(10)).to.deep.equal([])
      expect((await execute('SELECT key FROM addresses ORDER BY key')).map(({ key }) => key)).to.deep.equal([
        'ada@example.org',
        'bo@example.org',
      ])
      expect(await mails()).to.deep.equal(
        ['ada@example.org', 'bo@example.org', 'ADA@example.org'].map((to) => [to, 'claim']),
      )
    })

    it('are not sent again by a further round, but for those who have not answered where it renews', async () => {
      const batch = await drafted()
      await learners.inviteOne(batch, invitation(1, 'ada@example.org'), 1_000)
      await learners.decide(digest(1), 'offered', 'accepted', 2_000)
      const again = async (renews: boolean, n: number) => {
        await learners.ask(batch, renews, 2_000)
        const page = [invitation(1, 'ada@example.org', n), invitation(2, 'bo@example.org', n + 1)]
        return learners.invite(await round(), page, { row: 2, ends: true }, 2_000)
      }
      expect(await again(false, 10)).to.equal(1)
      expect(await again(false, 20)).to.equal(0)
      expect(await again(true, 30)).to.equal(1)
      expect([await learners.claim(digest(11)), (await learners.claim(digest(31)))?.row]).to.deep.equal([undefined, 2])
      expect((await learners.claim(digest(1)))?.state).to.equal('accepted')
    })

    it('are sent to nobody twice by a round and a mailing at once, whichever comes first to whom', async () => {
      const batch = await drafted(1, 3)
      await execute("UPDATE batches SET state = 'delivered'")
      await learners.ask(batch, false, 1_000)
      const mailing = await store.mails.begin(batch, 'all')
      const linked = (row: number, n: number): LearnerStore.Invitation => ({
        ...invitation(row, `p${row}@example.org`, n),
        mail: (to) => ({ ...mail(to), values: { ...mail(to).values, link: `l${n}` } }),
      })
      const page = (over: number) => [1, 2, 3].map((row) => linked(row, over + row))
      const [sent] = await Promise.all([
        learners.invite(await round(), page(10), { row: 3, ends: true }, 1_000),
        store.mails.write(mailing, 3, page(20), 1_000),
        store.mails.write(mailing, 3, page(30), 1_000),
      ])
      const written = (await store.mails.begin(batch, 'all')).written
      expect([Number(sent) + written, await store.mails.mailings()]).to.deep.equal([3, []])
      const queued = await execute('SELECT recipient, content FROM mails ORDER BY recipient')
      expect(queued.map(({ recipient }) => recipient)).to.deep.equal([1, 2, 3].map((row) => `p${row}@example.org`))
      for (const [i, { content }] of queued.entries()) {
        const n = Number(/"l(\d+)"/.exec(String(content))?.[1])
        expect((await learners.claim(digest(n)))?.row, 'the link of the mail opens it').to.equal(i + 1)
      }
    })

    it('are new for those whom a mailing writes to once more, unless nothing is sent there', async () => {
      const batch = await drafted()
      await execute("UPDATE batches SET state = 'delivered'")
      for (const row of [1, 2]) await learners.inviteOne(batch, invitation(row, `p${row}@example.org`), 1_000)
      await execute("INSERT INTO mail_suppressions (address, reason, at) VALUES ('p2@example.org', 'bounced', 1)")
      const mailing = await store.mails.begin(batch, 'unreached')
      await store.mails.write(
        mailing,
        2,
        [1, 2].map((row) => invitation(row, `p${row}@example.org`, 10 + row)),
        2_000,
      )
      expect((await mails()).map(([to]) => to)).to.deep.equal(['p1@example.org', 'p2@example.org', 'p1@example.org'])
      const rows = await Promise.all([1, 11, 2, 12].map(async (n) => (await learners.claim(digest(n)))?.row))
      expect(rows).to.deep.equal([undefined, 1, 2, undefined])
    })

    it('lead to a credential, and the newest alone', async () => {
      const batch = await invited()
      expect(await learners.claim(digest(1))).to.deep.equal({
        ...{ batch, row: 1, credential: urn(1_001), email: 'ada@example.org', state: 'offered', decidedAt: null },
        ...{ sentAt: 1_000, expiresAt: 10 * day },
      })
      expect(await learners.claimOf(batch, 1)).to.deep.equal(await learners.claim(digest(1)))
      expect(await learners.claimOf(batch, 2)).to.equal(undefined)
      await learners.inviteOne(batch, invitation(1, 'ada@example.org', 9), 2_000)
      expect([await learners.claim(digest(1)), (await learners.claim(digest(9)))?.sentAt]).to.deep.equal([
        undefined,
        2_000,
      ])
    })

    it('are sent anew to where the credential is, and not too often', async () => {
      await invited()
      const renewed = (n: number) => ({ digest: digest(n), expiresAt: 20 * day, mail })
      expect(await learners.renew(digest(1), renewed(2), 11 * day, 500)).to.equal(false)
      const both = await Promise.all([2, 3].map((n) => learners.renew(digest(1), renewed(n), 11 * day, 10 * day)))
      expect(both.filter(Boolean)).to.have.length(1)
      expect(await mails()).to.have.length(2)
    })

    it('take one answer of two that are given at once, and tell of it once', async () => {
      await invited()
      const answers = await Promise.all(
        (['accepted', 'declined'] as const).map((state) => learners.decide(digest(1), 'offered', state, 2_000)),
      )
      expect(answers.filter(Boolean)).to.have.length(1)
      const { state, decidedAt } = (await learners.claim(digest(1))) as LearnerStore.Claim
      expect([decidedAt, await told()]).to.deep.equal([2_000, ['batch.accepted', `credential.${state}`]])
    })

    it('let somebody think again who has seen how it stands, and nobody when their time is over', async () => {
      await invited()
      const decide = (seen: LearnerStore.State, state: 'accepted' | 'declined', now = 2_000) =>
        learners.decide(digest(1), seen, state, now)
      expect(await decide('offered', 'declined')).to.equal(true)
      expect(await execute('SELECT * FROM learners')).to.deep.equal([])
      expect([await decide('offered', 'accepted'), await decide('declined', 'accepted')]).to.deep.equal([false, true])
      expect(await decide('accepted', 'declined', 10 * day)).to.equal(false)
      expect(await execute('SELECT * FROM learners')).to.have.length(1)
      const [accepted] = await store.outbox.events({ limit: 1 })
      expect(accepted).to.deep.include({ type: 'credential.accepted', subject: `${urn(1_001)}#claim`, sequence: 2 })
      expect(accepted?.data).to.deep.equal({ credential: urn(1_001), batch: 'batch-1' })
    })
  })

  describe('learners', () => {
    it('are whoever reads an address, whether a badge was sent there or not', async () => {
      const { learner, way } = await signedIn(1, 'Ada@Example.org')
      expect(way).to.equal('address')
      expect(await emails(learner)).to.deep.equal(['Ada@Example.org'])
      expect((await signedIn(2, 'ada@example.ORG')).learner).to.equal(learner)
      expect((await signedIn(3, 'bo@example.org')).learner).to.not.equal(learner)
    })

    it('sign in by a link once, and by its code once, of two at once', async () => {
      for (const [n, answer] of [
        [1, { token: digest(101) }],
        [2, { challenge: digest(2), code: Token.codeDigest(digest(2), '12345678') }],
      ] as const) {
        await learners.challengeAddress(challenge(n), plenty)
        const both = await Promise.all([n, n + 10].map((m) => learners.signIn(answer, beginning(m), 2_000, 5)))
        expect(both.filter((session) => session !== undefined)).to.have.length(1)
        expect(await learners.signIn(answer, beginning(n + 20), 2_000, 5)).to.equal(undefined)
      }
    })

    it('sign in neither late nor by another code, and by the right one not after five that were wrong', async () => {
      await learners.challengeAddress(challenge(1), plenty)
      const answer = (code: string) => ({ challenge: digest(1), code: Token.codeDigest(digest(1), code) })
      expect(await learners.signIn({ token: digest(101) }, beginning(1), 5_000, 5)).to.equal(undefined)
      for (let i = 0; i < 5; i++)
        expect(await learners.signIn(answer('00000000'), beginning(1), 2_000, 5)).to.equal(undefined)
      expect(await learners.signIn(answer('12345678'), beginning(1), 2_000, 5)).to.equal(undefined)
      expect(await learners.challenged(digest(101), 2_000)).to.deep.equal({ email: 'ada@example.org', adds: false })
    })

    it('are written to no more often than they may be, whether anybody reads it or not', async () => {
      const rates = { address: [{ count: 2, time: 1_000 }], learner: [{ count: 1, time: 1_000 }] }
      const ask = (n: number, over: Partial<LearnerStore.MailedChallenge>) =>
        learners.challengeAddress(challenge(n, over), rates)
      const at = (createdAt: number, email = 'nobody@example.org') => ({ createdAt, email })
      expect([await ask(1, at(1)), await ask(2, at(2)), await ask(3, at(3))]).to.deep.equal([true, true, false])
      expect([await ask(4, at(3, 'bo@example.org')), await ask(5, at(1_001))]).to.deep.equal([true, true])
      const { digest: session } = beginning(9)
      await signedIn(9, 'ada@example.org')
      const add = (n: number, email: string) => ask(n, { createdAt: 2_500, email, session })
      expect([await add(11, 'a@example.org'), await add(12, 'b@example.org')]).to.deep.equal([true, false])
      expect(await mails()).to.have.length(6)
    })

    it('lose with a new session the one that their browser had before', async () => {
      await signedIn(1, 'ada@example.org')
      await learners.challengeAddress(challenge(2), plenty)
      await learners.signIn({ token: digest(102) }, beginning(2, { replaces: digest(201) }), 2_000, 5)
      expect([
        await learners.session(digest(201), 2_000),
        (await learners.session(digest(202), 2_000))?.id,
      ]).to.deep.equal([undefined, 'session-2'])
    })

    it('list their sessions and end them, and nobody else’s', async () => {
      const ada = await signedIn(1, 'ada@example.org')
      await signedIn(2, 'ada@example.org')
      const bo = await signedIn(3, 'bo@example.org')
      expect((await learners.sessions(ada.learner, 2_000)).map(({ id }) => id)).to.deep.equal([
        'session-1',
        'session-2',
      ])
      expect(await learners.endSession(ada.learner, bo.id)).to.equal(false)
      expect(await learners.endSession(ada.learner, 'session-1')).to.equal(true)
      expect(await learners.session(digest(201), 2_000)).to.equal(undefined)
      expect(await learners.session(digest(202), 15 * day)).to.equal(undefined)
      await learners.endSession(ada.learner, undefined)
      expect([
        await learners.sessions(ada.learner, 2_000),
        (await learners.session(digest(203), 2_000))?.id,
      ]).to.deep.equal([[], 'session-3'])
    })

    it('see what was sent to any address of theirs, and add one only where they have asked for it', async () => {
      const batch = await invited('ada@work.example')
      await learners.inviteOne(batch, invitation(2, 'bo@example.org'), 1_000)
      const { learner } = await signedIn(1, 'ada@example.org')
      await signedIn(2, 'bo@example.org')
      expect(await learners.badges(learner, 10)).to.deep.equal([])
      await learners.challengeAddress(challenge(3, { email: 'ada@work.example', session: digest(201) }), plenty)
      expect(await learners.challenged(digest(103), 2_000)).to.deep.equal({ email: 'ada@work.example', adds: true })
      expect(await learners.signIn({ token: digest(103) }, beginning(9), 2_000, 5)).to.equal(undefined)
      expect(await learners.addAddress({ token: digest(103) }, digest(202), 2_000, 5)).to.equal(false)
      expect(await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)).to.equal(true)
      expect(await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)).to.equal(false)
      expect(await emails(learner)).to.have.members(['ada@example.org', 'ada@work.example'])
      expect(await learners.badges(learner, 10)).to.deep.equal([
        {
          ...{ credential: urn(1_001), email: 'ada@work.example', state: 'offered', decidedAt: null },
          ...{ achievement: 'Name', issuer: 'Issuer', issuedAt: 1_000 },
        },
      ])
    })

    it('become one with whoever had an address and has no other left, and take no more from who has', async () => {
      const ada = await signedIn(1, 'ada@example.org')
      const other = await signedIn(2, 'ada@work.example')
      await learners.bind(digest(202), { kind: 'wallet', value: '0x01', boundAt: 1 })
      await learners.challengeAddress(challenge(3, { email: 'ada@work.example', session: digest(201) }), plenty)
      expect(await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)).to.equal(true)
      expect([await learners.learner(other.learner), await learners.session(digest(202), 2_000)]).to.deep.equal([
        undefined,
        undefined,
      ])
      expect((await learners.learner(ada.learner))?.bindings).to.deep.equal([
        { kind: 'wallet', value: '0x01', boundAt: 1 },
      ])
      await signedIn(4, 'bo@example.org')
      await learners.challengeAddress(challenge(5, { email: 'ada@work.example', session: digest(204) }), plenty)
      expect(await learners.addAddress({ token: digest(105) }, digest(204), 2_000, 5)).to.equal(true)
      expect([await emails(ada.learner), (await learners.learner(ada.learner))?.bindings.length]).to.deep.equal([
        ['ada@example.org'],
        1,
      ])
    })

    it('remove an address whose badges another gets, and never the last', async () => {
      await invited('ada@example.org')
      const { learner } = await signedIn(1, 'ada@example.org')
      expect(await refusal(learners.removeAddress(learner, 'ada@example.org', undefined))).to.equal('ADDRESS_LAST')
      await learners.challengeAddress(challenge(3, { email: 'new@example.org', session: digest(201) }), plenty)
      await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)
      expect(await learners.removeAddress(learner, 'bo@example.org', undefined)).to.equal(false)
      expect(await learners.removeAddress(learner, 'ada@example.org', 'bo@example.org')).to.equal(false)
      const both = await Promise.all(
        ['ada@example.org', 'new@example.org'].map((email) =>
          refusal(learners.removeAddress(learner, email, undefined)),
        ),
      )
      expect(both.toSorted()).to.deep.equal(['ADDRESS_LAST', 'nothing'])
      expect(await emails(learner)).to.have.length(1)
      expect((await learners.badges(learner, 10)).map(({ email }) => email)).to.deep.equal(await emails(learner))
    })

    it('move all that is with one address of theirs to another', async () => {
      await invited('ada@example.org')
      const { learner } = await signedIn(1, 'ada@example.org')
      await learners.challengeAddress(challenge(3, { email: 'new@example.org', session: digest(201) }), plenty)
      await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)
      await signedIn(2, 'bo@example.org')
      expect(await learners.moveAll(learner, 'ada@example.org', 'bo@example.org')).to.equal(undefined)
      expect(await learners.moveAll(learner, 'ada@example.org', 'new@example.org')).to.equal(1)
      expect((await learners.badges(learner, 10)).map(({ email }) => email)).to.deep.equal(['new@example.org'])
      expect((await told()).at(-1)).to.equal('credential.moved')
    })

    it('bind what is nobody else’s, sign in by it, and unbind it', async () => {
      const ada = await signedIn(1, 'ada@example.org')
      await signedIn(2, 'bo@example.org')
      const wallet = { kind: 'wallet', value: '0x01', boundAt: 1 } as const
      const both = await Promise.all([201, 202].map((n) => refusal(learners.bind(digest(n), wallet))))
      expect(both.toSorted()).to.deep.equal(['BINDING_TAKEN', 'nothing'])
      const [first = 0] = [201, 202].filter((_, i) => both[i] === 'nothing')
      const holder = (await learners.session(digest(first), 2_000))?.learner
      expect(await learners.bind(digest(first), wallet)).to.equal(true)
      expect(await learners.bind(digest(99), { ...wallet, value: '0x02' })).to.equal(false)
      expect((await learners.signInBound('wallet', '0x01', beginning(5)))?.learner).to.equal(holder)
      expect(await learners.signInBound('did', '0x01', beginning(6))).to.equal(undefined)
      expect(await learners.unbind(ada.learner === holder ? 'somebody' : ada.learner, 'wallet', '0x01')).to.equal(false)
      expect(await learners.unbind(holder ?? '', 'wallet', '0x01')).to.equal(true)
      expect(await learners.signInBound('wallet', '0x01', beginning(7))).to.equal(undefined)
    })

    it('use what is to be signed once, in its own session, and get it back where nobody could judge', async () => {
      await signedIn(1, 'ada@example.org')
      const set = (n: number, session: Uint8Array | undefined) =>
        learners.setChallenge(
          { digest: digest(n), session, createdAt: 1_000, expiresAt: 5_000 },
          'wallet',
          plenty.learner,
        )
      expect(await set(31, digest(201))).to.equal(true)
      expect(await set(32, undefined)).to.equal(true)
      expect(await set(33, digest(99))).to.equal(false)
      const take = (n: number, session: Uint8Array | undefined, now = 2_000) =>
        learners.take(digest(n), 'wallet', session, now)
      expect([await take(31, undefined), await take(31, digest(202)), await take(32, digest(201))]).to.deep.equal([
        false,
        false,
        false,
      ])
      expect([
        await take(31, digest(201), 5_000),
        await learners.take(digest(31), 'did', digest(201), 2_000),
      ]).to.deep.equal([false, false])
      const both = await Promise.all([take(31, digest(201)), take(31, digest(201))])
      expect(both.filter(Boolean)).to.have.length(1)
      await learners.giveBack(digest(31))
      expect([await take(31, digest(201)), await take(31, digest(201)), await take(32, undefined)]).to.deep.equal([
        true,
        false,
        true,
      ])
    })
  })

  describe('moves', () => {
    const move = (n: number, batch: string, over: Partial<LearnerStore.NewMove> = {}): LearnerStore.NewMove => ({
      ...{ id: `move-${n}`, batch, row: 1, credential: urn(1_001), from: 'old@example.org', to: 'new@example.org' },
      ...{ reason: 'seen in person', digest: digest(60 + n), now: 1_000, due: 3_000, mail },
      ...over,
    })
    const link = { digest: digest(70), expiresAt: 10 * day, mail }

    it('wait until they are due, and send the new address a link', async () => {
      const batch = await invited('old@example.org')
      expect(await learners.askMove(move(1, batch))).to.deep.include({ id: 'move-1', state: 'waiting', due: 3_000 })
      expect(await learners.askMove(move(2, batch))).to.equal(undefined)
      expect(await learners.dueMoves(2_999, 10)).to.deep.equal([])
      expect(await learners.carryOut({ ...link, id: 'move-1', now: 2_999 })).to.equal(false)
      expect(await learners.dueMoves(3_000, 10)).to.deep.equal(['move-1'])
      const both = await Promise.all(
        [70, 71].map((n) => learners.carryOut({ ...link, digest: digest(n), id: 'move-1', now: 3_000 })),
      )
      expect(both.filter(Boolean)).to.have.length(1)
      expect((await learners.claimOf(batch, 1))?.email).to.equal('new@example.org')
      expect(await learners.claim(digest(1))).to.equal(undefined)
      expect((await mails()).map(([to]) => to)).to.deep.equal(['old@example.org', 'old@example.org', 'new@example.org'])
      expect(await learners.move('move-1')).to.deep.include({ state: 'done', batch, row: 1, to: 'new@example.org' })
      expect(await told()).to.deep.equal(['batch.accepted', 'credential.moved'])
    })

    it('end when the old address objects, or its learner has moved it', async () => {
      const batch = await invited('old@example.org')
      await learners.askMove(move(1, batch))
      expect(await learners.moveBy(digest(61))).to.deep.include({ id: 'move-1', state: 'waiting' })
      const both = await Promise.all([learners.object(digest(61), 2_000), learners.object(digest(61), 2_000)])
      expect(both.filter(Boolean)).to.have.length(1)
      expect(await learners.carryOut({ ...link, id: 'move-1', now: 3_000 })).to.equal(false)
      expect((await told()).at(-1)).to.equal('credential.move-objected')
      await learners.askMove(move(2, batch))
      const { learner } = await signedIn(1, 'old@example.org')
      await learners.challengeAddress(challenge(3, { email: 'third@example.org', session: digest(201) }), plenty)
      await learners.addAddress({ token: digest(103) }, digest(201), 2_000, 5)
      await learners.moveAll(learner, 'old@example.org', 'third@example.org')
      expect(await learners.carryOut({ ...link, id: 'move-2', now: 3_000 })).to.equal(false)
      expect([(await learners.move('move-2'))?.state, (await learners.claimOf(batch, 1))?.email]).to.deep.equal([
        'dropped',
        'third@example.org',
      ])
    })

    it('begin where no link was ever sent', async () => {
      const batch = await drafted()
      await learners.askMove(move(1, batch, { due: 1_000 }))
      expect((await learners.claimOf(batch, 1))?.sentAt).to.equal(0)
      expect(await learners.carryOut({ ...link, id: 'move-1', now: 1_000 })).to.equal(true)
      expect((await learners.claim(digest(70)))?.email).to.equal('new@example.org')
    })
  })

  it('forgets what has expired, and addresses with which nothing is any more', async () => {
    await invited('ada@example.org')
    await learners.challengeAddress(challenge(1, { email: 'nobody@example.org' }), plenty)
    await signedIn(2, 'bo@example.org')
    await learners.forget(5_000 + day)
    expect(await execute('SELECT * FROM challenges')).to.have.length(2)
    await learners.forget(5_001 + day)
    expect(await execute('SELECT * FROM challenges')).to.deep.equal([])
    const left = (await execute('SELECT email FROM addresses ORDER BY email')).map(({ email }) => email)
    expect(left).to.deep.equal(['ada@example.org', 'bo@example.org'])
    expect(await learners.session(digest(202), 5_000)).to.not.equal(undefined)
    await learners.forget(15 * day)
    expect(await execute('SELECT * FROM learner_sessions')).to.deep.equal([])
  })
}
