import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'
import type { Express, Request, RequestHandler, Response } from 'express'
import type * as Member from '../../access/Member.ts'
import * as Passkey from '../../access/Passkey.ts'
import * as Role from '../../access/Role.ts'
import * as Session from '../../access/Session.ts'
import * as SignIn from '../../access/SignIn.ts'
import * as UsePasskey from '../../access/use-passkey.ts'
import { agreedNow } from '../../issuer/Profile.ts'
import * as Challenge from '../../learners/Challenge.ts'
import type { SignedIn } from '../../ports/SessionStore.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Uuid from '../../Uuid.ts'
import * as Admission from '../Admission.ts'
import * as Body from '../Body.ts'
import * as Cookie from '../Cookie.ts'
import * as Limiter from '../Limiter.ts'
import * as Noting from '../Noting.ts'
import * as Origin from '../Origin.ts'
import * as Problem from '../Problem.ts'
import * as Reading from '../Reading.ts'
import type { Api } from '../Route.ts'
import * as schemas from '../schemas/passkeys.ts'
import { sessionId } from '../schemas/people.ts'
import * as Visit from '../Visit.ts'
import { type Html, html, page, policy } from './Html.ts'

/** How often somebody may try to sign in: from an address of the network, and as whoever has an e-mail address. */
export type Quotas = { readonly address: Limiter.Quota; readonly account: Limiter.Quota }

export type Options = { readonly patience: Body.Patience; readonly signIn?: Quotas }

/** From an address of the network many sign in, as whoever has an e-mail address one. */
const usual: Quotas = { address: { count: 120, seconds: 600 }, account: { count: 6, seconds: 900 } }

/**
 * How long it takes at the least to be told that a mail is on its way, in milliseconds: longer than it takes to store one, so
 * that the time does not say whether there was one to store.
 */
const paced = 300

/** What a form may have, in bytes. */
const largestForm = 8 * 1024

/** What a device may answer that signs, in bytes. */
const largestAnswer = 64 * 1024

/** Passkeys belong to a name: at a number there are none (Web Authentication §5.1.3). */
function scriptAt(origin: string): string | undefined {
  return /^\[|^[\d.]+$/.test(new URL(origin).hostname) ? undefined : '/passkey.js'
}

const wrongAddress = 'This is not one e-mail address such as ada@example.org.'

type Form = ReadonlyMap<string, string>

/**
 * Mounts the pages on which people sign in, join, and see where they are signed in. They work without a script. Whoever opens
 * a link changes nothing by it, as programs do that look through mail: what a link does, its button does.
 */
export function mount(app: Express, api: Api, { patience, signIn = usual }: Options): void {
  const now = () => performance.now()
  const limiters = {
    address: Limiter.create(signIn.address, now),
    account: Limiter.create(signIn.account, now),
  }
  const charge = (response: Response, name: keyof typeof limiters, who: string) => {
    const standing = limiters[name].take(who)
    if (!standing.allowed) {
      response.set(Limiter.headers(name, limiters[name].quota, standing))
      throw new Problem.RefusedError('RATE_LIMITED', 'This was tried too often; wait a little.')
    }
  }
  const get = (path: string, handle: (asked: Asked) => Promise<void>) => app.get(path, shown(handle, api))
  /** A form of ours. The fields of another site's are not read. */
  const post = (path: string, handle: (asked: Asked, form: Form) => Promise<void>) =>
    app.post(
      path,
      shown(async (asked) => {
        charge(asked.response, 'address', asked.request.ip ?? '')
        if (!Origin.isOurs(asked.request.headers, asked.origin))
          throw new Problem.RefusedError('ORIGIN_REFUSED', 'This form was not sent from a page of this server.')
        await handle(asked, await readForm(asked.request, patience))
      }, api),
    )
  /** A form of whoever is signed in. */
  const change = (path: string, handle: (asked: Asked & SignedIn, form: Form) => Promise<void>) =>
    post(path, async (asked, form) => {
      const secret = secretOf(asked, 'session')
      const signedIn = secret === undefined ? undefined : await Admission.signedInBy(secret, api)
      if (secret === undefined || signedIn === undefined) {
        asked.response.redirect(303, '/sign-in')
        return
      }
      if (form.get('csrf') !== Session.csrfOf(secret))
        throw new Problem.RefusedError('ORIGIN_REFUSED', 'This form is not of this session; open the page again.')
      await handle({ ...asked, ...signedIn }, form)
    })
  app.get('/people.css', asset('people.css', 'text/css'))
  app.get('/passkey.js', asset('passkey.js', 'text/javascript'))

  get('/sign-in', async ({ response, origin }) => {
    response.send(page('Sign in', askPage(), scriptAt(origin)))
  })
  post('/sign-in', async ({ request, response, origin }, form) => {
    const reading = Cell.email((form.get('email') ?? '').trim())
    if (!Cell.isRead(reading)) {
      response.status(422).send(page('Sign in', askPage(wrongAddress), scriptAt(origin)))
      return
    }
    charge(response, 'account', Cell.emailKey(reading.value))
    const known = secretOf({ request, origin }, 'browser')
    const browser = known ?? Session.secretOf(api.randomness.bytes(32))
    const language = Challenge.languageOf(request.headers)
    const digest = Session.digestOf(browser)
    await Promise.all([SignIn.askByMail(reading.value, { browser: digest, language }, api), pause(paced)])
    response.set('Set-Cookie', Cookie.set('browser', origin, browser)).redirect(303, '/sign-in/sent')
  })
  get('/sign-in/sent', async ({ response }) => {
    response.send(page('Look into your mail', sentPage()))
  })
  post('/sign-in/code', async (asked, form) => {
    const browser = secretOf(asked, 'browser')
    const code = SignIn.digestOfCode((form.get('code') ?? '').slice(0, 40))
    const opening = open(asked, 'code', api)
    const member = browser && (await api.sessions.enterByCode(Session.digestOf(browser), code, opening.opening))
    if (member) {
      await welcome(asked, { ...opening, member }, api)
      return
    }
    Visit.note(asked.response, { code: 'TOKEN_USED' })
    asked.response.status(401).send(page('Look into your mail', sentPage('This code does not open anything.')))
  })
  const passkey = (path: string, handle: (asked: Asked) => Promise<unknown>) =>
    app.post(path, async (request, response) => {
      response.set('Cache-Control', 'no-store').removeHeader('Access-Control-Allow-Origin')
      charge(response, 'address', request.ip ?? '')
      const origin = Origin.of(request.headers, api.terms.publicUrl)
      if (origin === undefined || !Origin.isOurs(request.headers, origin))
        throw new Problem.RefusedError('ORIGIN_REFUSED', 'This was not asked by a page of this server.')
      response.json(await handle({ request, response, origin }))
    })
  passkey('/sign-in/passkey/options', async (asked) => {
    const browser = secretOf(asked, 'browser') ?? Session.secretOf(api.randomness.bytes(32))
    asked.response.set('Set-Cookie', Cookie.set('browser', asked.origin, browser))
    return UsePasskey.askToSignIn({ browser: Session.digestOf(browser), origin: asked.origin }, api)
  })
  passkey('/sign-in/passkey', async (asked) => {
    const body = await Body.json(asked.request, largestAnswer, patience)
    const answer = Reading.read(schemas.Assertion, body, '')
    const browser = secretOf(asked, 'browser')
    if (browser === undefined) throw new Passkey.RefusedError()
    const { secret, opening } = open(asked, 'passkey', api)
    const place = { browser: Session.digestOf(browser), origin: asked.origin }
    const member = await UsePasskey.signIn(answer, place, opening, api)
    await give(asked, { secret, opening, member }, api)
    return { member: member.id }
  })
  get('/sign-in/:secret', async (asked) => {
    const digest = toDigest(asked.request.params.secret)
    const browser = secretOf(asked, 'browser')
    const opened = digest && (await api.sessions.signIn(digest, digestOf(browser), api.clock.now()))
    if (opened === undefined) throw used()
    asked.response.send(page('Sign in', opened === 'here' ? herePage() : elsewherePage()))
  })
  post('/sign-in/:secret', async (asked, form) => {
    const digest = toDigest(asked.request.params.secret)
    if (digest === undefined) throw used()
    if (form.get('as') === 'code') {
      const code = SignIn.codeOf(api.randomness.bytes(8))
      if (!(await api.sessions.offerCode(digest, SignIn.digestOfCode(code), api.clock.now()))) throw used()
      asked.response.send(page('Your code', codePage(code)))
      return
    }
    const browser = secretOf(asked, 'browser')
    const { secret, opening } = open(asked, 'link', api)
    const member = await api.sessions.enter(digest, digestOf(browser), opening)
    if (member === undefined) throw used()
    await welcome(asked, { secret, opening, member }, api)
  })

  get('/invitations/:secret', async ({ request, response }) => {
    const digest = toDigest(request.params.secret)
    const invitation = digest && (await api.members.invitation(digest, api.clock.now()))
    if (invitation === undefined) throw used()
    response.send(page('Join', joinPage(invitation, await nameOf(api))))
  })
  post('/invitations/:secret', async (asked, form) => {
    const digest = toDigest(asked.request.params.secret)
    const now = api.clock.now()
    const invitation = digest && (await api.members.invitation(digest, now))
    if (digest === undefined || invitation === undefined) throw used()
    const typed = Cell.email((form.get('email') ?? '').trim())
    if (invitation.email === null && !Cell.isRead(typed)) {
      asked.response.status(422).send(page('Join', joinPage(invitation, await nameOf(api), wrongAddress)))
      return
    }
    const { secret, opening } = open(asked, 'invitation', api)
    const as = {
      id: Uuid.name(Uuid.urn(api.randomness.bytes(16))),
      email: Cell.isRead(typed) ? typed.value : null,
      now,
    }
    const { id, organisation } = invitation
    const noting = { ...asker(asked), organisation, operation: 'acceptInvitation', objects: [id] }
    const accept = async () => (await api.members.accept(digest, as, opening)) ?? Promise.reject(used())
    const member = await Noting.noted(noting, api, accept, (made) => [made.id])
    await welcome(asked, { secret, opening, member }, api)
  })

  get('/account', async (asked) => {
    const secret = secretOf(asked, 'session')
    const signedIn = secret === undefined ? undefined : await Admission.signedInBy(secret, api)
    if (secret === undefined || signedIn === undefined) {
      asked.response.redirect(303, '/sign-in')
      return
    }
    const { member } = signedIn
    const sessions = await api.sessions.sessions(member.organisation, member.id, api.clock.now())
    const csrf = Session.csrfOf(secret)
    const passkeys = await api.passkeys.passkeys(member.organisation, member.id)
    const account = accountPage({ ...signedIn, sessions, passkeys, csrf }, await nameOf(api))
    asked.response.send(page('Your account', account, scriptAt(asked.origin)))
  })
  change('/account/sessions/end', async (asked, form) => {
    const { response, member, session } = asked
    const { organisation, id } = member
    const which = form.get('id')
    if (which === undefined)
      await note(asked, 'endMemberSessions', id, api, () => api.sessions.endSessions(organisation, id, session.id))
    else if (sessionId.safeParse(which).success) await end(asked, which, api)
    response.redirect(303, '/account')
  })
  change('/account/passkeys/rename', async (asked, form) => {
    const { organisation, id } = asked.member
    const which = form.get('id') ?? ''
    const name = (form.get('name') ?? '').trim().slice(0, 100)
    if (name !== '' && schemas.passkeyId.safeParse(which).success)
      await note(asked, 'renamePasskey', which, api, async () => {
        if ((await api.passkeys.renamePasskey(organisation, id, which, name)) === undefined)
          throw new Passkey.UnknownError()
      })
    asked.response.redirect(303, '/account')
  })
  change('/account/passkeys/remove', async (asked, form) => {
    Admission.demandRecent(asked.session, api.clock.now())
    const { organisation, id } = asked.member
    const which = form.get('id') ?? ''
    if (schemas.passkeyId.safeParse(which).success)
      await note(asked, 'deletePasskey', which, api, async () => {
        if (!(await api.passkeys.removePasskey(organisation, id, which))) throw new Passkey.UnknownError()
      })
    asked.response.redirect(303, '/account')
  })
  change('/sign-out', async (asked) => {
    const { response, origin, session } = asked
    await end(asked, session.id, api)
    response.set('Set-Cookie', Cookie.clear('session', origin)).redirect(303, '/sign-in')
  })
}

type Asked = { readonly request: Request; readonly response: Response; readonly origin: string }

/** A page, with what every page says to browsers, and its troubles as a page too. */
function shown(handle: (asked: Asked) => Promise<void>, api: Api): RequestHandler<never> {
  return async (request, response) => {
    response.removeHeader('Access-Control-Allow-Origin')
    response.set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      // Where nothing is told of the page before, a browser names no origin either with a form that it sends.
      'Referrer-Policy': 'same-origin',
    })
    response.type('html')
    try {
      const origin = Origin.of(request.headers, api.terms.publicUrl)
      if (origin === undefined)
        throw new Problem.RefusedError('ORIGIN_REFUSED', `People sign in at ${api.terms.publicUrl} only.`)
      await handle({ request, response, origin })
    } catch (error) {
      if (!(error instanceof Errors.BaseError) || response.headersSent) throw error
      if (!request.complete) response.set('Connection', 'close')
      Visit.note(response, { code: error.code })
      response.status(Problem.statusOf(error.code))
      response.send(page('This did not work', troublePage(error.message, error.code)))
    }
  }
}

/** A file of ours, which may change with the next version. */
export function asset(name: string, type: string): RequestHandler {
  const loading = readFile(new URL(`../../../assets/${name}`, import.meta.url))
  loading.catch(() => {})
  return async (_request, response) => {
    response
      .set('Cache-Control', 'public, no-cache')
      .type(type)
      .send(await loading)
  }
}

async function readForm(request: Request, patience: Body.Patience): Promise<Form> {
  Body.mediaOf(request, ['application/x-www-form-urlencoded'])
  const text = new TextDecoder().decode(await Body.bytes(request, largestForm, patience))
  return new Map(new URLSearchParams(text))
}

function secretOf({ request, origin }: Pick<Asked, 'request' | 'origin'>, purpose: Cookie.Purpose): string | undefined {
  const secret = Cookie.read(request.headers.cookie, Cookie.nameOf(purpose, origin))
  return secret !== undefined && Session.isSecret(secret) ? secret : undefined
}

function digestOf(secret: string | undefined): Uint8Array | undefined {
  return secret === undefined ? undefined : Session.digestOf(secret)
}

function toDigest(secret: unknown): Uint8Array | undefined {
  return typeof secret === 'string' && Session.isSecret(secret) ? Session.digestOf(secret) : undefined
}

function open({ request }: Pick<Asked, 'request'>, method: Session.Method, { randomness, clock }: Api) {
  const agent = Session.agentOf(request.headers['user-agent'])
  return Session.create(randomness.bytes(40), { method, agent, now: clock.now() })
}

/** Who is noted to ask by a page. */
function asker({ response }: Pick<Asked, 'response'>, member?: Member.Member) {
  const principal = member && ({ kind: 'member', id: member.id, organisation: member.organisation } as const)
  return { principal, request: Visit.note(response, { principal }).request }
}

/** Somebody of whom it is known who they are. */
type Known = Pick<Asked, 'response'> & Pick<SignedIn, 'member'>

/** Does something for whoever is signed in, and notes it as the operation of the interface that it is. */
function note<result>(
  asked: Known,
  operation: string,
  id: string,
  api: Api,
  work: () => Promise<result>,
): Promise<result> {
  Visit.note(asked.response, { operation, changesAccess: true })
  return Noting.noted({ ...asker(asked, asked.member), operation, objects: [id] }, api, work)
}

/** Ends one of their sessions. @throws {Session.UnknownError} */
function end(asked: Known, session: string, api: Api): Promise<void> {
  const { organisation, id } = asked.member
  return note(asked, 'endSession', session, api, async () => {
    if (!(await api.sessions.endSession(organisation, id, session))) throw new Session.UnknownError()
  })
}

/** A session that was opened, whose secret nobody has yet. */
type Opened = ReturnType<typeof open> & { readonly member: Member.Member }

async function welcome(asked: Asked, opened: Opened, api: Api): Promise<void> {
  await give(asked, opened, api)
  asked.response.redirect(303, '/account')
}

/**
 * Notes that somebody has signed in, and tells the browser: by a secret that nobody has had before, in the place of whatever it
 * came with.
 *
 * If we die right before it: nobody has the session, which ends by itself.
 */
async function give(asked: Asked, { secret, opening, member }: Opened, api: Api): Promise<void> {
  const { sessions, clock, audit } = api
  const { response, origin } = asked
  const before = secretOf(asked, 'session')
  const old = before && (await sessions.session(Session.digestOf(before), clock.now()))
  if (old) await end({ response, member: old.member }, old.session.id, api)
  const what = { operation: 'signIn', objects: [opening.id], outcome: 'done', code: null } as const
  await audit.note(Noting.noteOf(asker(asked, member), api, what))
  Visit.note(response, { operation: what.operation, changesAccess: true })
  response.set('Set-Cookie', [Cookie.set('session', origin, secret), Cookie.clear('browser', origin)])
}

async function nameOf(api: Pick<Api, 'terms' | 'issuers'>): Promise<string> {
  return (await agreedNow(api.terms, api)).issuer.name
}

/** The same for a link that was used, one that is too old, and one that never was. */
function used(): Problem.RefusedError {
  return new Problem.RefusedError('TOKEN_USED', 'This link opens nothing, or nothing any more. Ask for a new one.')
}

function askPage(wrong?: string): Html {
  return html`<h1>Sign in</h1>
<p class="quiet">We send a link to your address. There is no password.</p>
${wrong === undefined ? '' : html`<p class="warn" role="alert">${wrong}</p>`}
<form method="post" action="/sign-in">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required autofocus>
<button>Send me a link</button>
</form>
<button id="passkey" class="plain wide" type="button" hidden>Sign in with a passkey</button>
<p id="passkey-trouble" class="warn" role="alert"></p>`
}

function sentPage(wrong?: string): Html {
  return html`<h1>Look into your mail</h1>
<p>If somebody here has this address, a link is on its way to it. It opens this browser for the next 15 minutes, once.</p>
<hr>
<h2>You read your mail somewhere else?</h2>
<p class="quiet">Open the link there. It shows a code, which you type here.</p>
${wrong === undefined ? '' : html`<p class="warn" role="alert">${wrong} After five tries ask for a new link.</p>`}
<form method="post" action="/sign-in/code">
<label for="code">Code</label>
<input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required>
<button>Sign in</button>
</form>
<p><a href="/sign-in">Ask for a new link</a></p>`
}

function herePage(): Html {
  return html`<h1>Sign in</h1>
<p>This link signs you in, once.</p>
<form method="post"><button class="wide" autofocus>Sign in</button></form>`
}

function elsewherePage(): Html {
  return html`<h1>Another browser has asked</h1>
<p>This link signs in only the browser in which it was asked for. There you can type a code instead, which this page shows.</p>
<p class="warn">Have you not asked to sign in? Then close this page. Never tell the code to anybody.</p>
<form method="post"><button class="wide" name="as" value="code">Show me the code</button></form>`
}

function codePage(code: string): Html {
  return html`<h1>Your code</h1>
<p class="shown">${code.slice(0, 4)} ${code.slice(4)}</p>
<p>Type it in the browser in which you have asked to sign in.</p>
<p class="warn">Never tell it to anybody, whoever they say they are.</p>`
}

function joinPage(
  { role, email }: Pick<Member.Invitation, 'role' | 'email'>,
  organisation: string,
  wrong?: string,
): Html {
  const ask = html`<label for="email">Your e-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required autofocus>`
  return html`<h1>Join ${organisation}</h1>
<p>You are asked to join as <strong>${role}</strong>, who ${Role.roles[role]}.</p>
${email === null ? html`<p class="quiet">You sign in with this address from now on.</p>` : html`<p class="quiet">You sign in as ${email}.</p>`}
${wrong === undefined ? '' : html`<p class="warn" role="alert">${wrong}</p>`}
<form method="post">${email === null ? ask : ''}<button class="wide">Join</button></form>`
}

function troublePage(message: string, code: string): Html {
  return html`<h1>This did not work</h1>
<p role="alert">${message}</p>
<p class="quiet">${code}</p>
<p><a href="/sign-in">Sign in</a></p>`
}

type Account = SignedIn & {
  readonly sessions: readonly Session.Session[]
  readonly passkeys: readonly Passkey.Passkey[]
  readonly csrf: string
}

function accountPage({ member, session, sessions, passkeys, csrf }: Account, organisation: string): Html {
  const hidden = html`<input type="hidden" name="csrf" value="${csrf}">`
  const rows = sessions.map(
    (each) => html`<li><p>${each.agent}${each.id === session.id ? ' (this one)' : ''}<br>
<span class="quiet">signed in ${day(each.createdAt)} by ${named[each.method]}, last seen ${day(each.seenAt)}</span></p>
${
  each.id === session.id
    ? ''
    : html`<form method="post" action="/account/sessions/end">${hidden}<input type="hidden" name="id" value="${each.id}"><button class="plain">End</button></form>`
}</li>`,
  )
  const keys = passkeys.map(
    (each) => html`<li><p>${each.name}<br>
<span class="quiet">made ${day(each.createdAt)}${each.usedAt === null ? '' : `, last used ${day(each.usedAt)}`}</span></p>
<form method="post" action="/account/passkeys/rename">${hidden}<input type="hidden" name="id" value="${each.id}">
<input name="name" aria-label="Another name for ${each.name}" maxlength="100" required><button class="plain">Rename</button></form>
<form method="post" action="/account/passkeys/remove">${hidden}<input type="hidden" name="id" value="${each.id}"><button class="plain">Remove</button></form></li>`,
  )
  return html`<h1>Signed in as ${member.email}</h1>
<p>${organisation} · ${member.role}, who ${Role.roles[member.role]}.</p>
<form method="post" action="/sign-out">${hidden}<button>Sign out</button></form>
<h2>Where you are signed in</h2>
<ul>${rows}</ul>
${
  sessions.length < 2
    ? ''
    : html`<form method="post" action="/account/sessions/end">${hidden}<button class="plain">End all others</button></form>`
}
<h2>Your passkeys</h2>
<p class="quiet">A passkey signs you in with your finger, your face or the PIN of your device, and nobody who asks you for it.</p>
<ul>${keys}</ul>
<form id="add-passkey" hidden>${hidden}
<label for="name">What you call this device</label>
<input id="name" name="name" maxlength="100" required>
<button>Add a passkey</button>
</form>
<p id="passkey-trouble" class="warn" role="alert"></p>
<p class="quiet">Adding and removing one takes a recent sign-in: <a href="/sign-in">sign in again</a> where it is refused.</p>`
}

const named: Readonly<Record<Session.Method, string>> = {
  link: 'a mailed link',
  code: 'a code',
  passkey: 'a passkey',
  invitation: 'an invitation',
}

function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
