import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Narrative from '../achievement/Narrative.ts'
import * as ClaimLink from '../learners/ClaimLink.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import type * as Status from '../Status.ts'
import * as Uuid from '../Uuid.ts'
import type { Sent } from './Learners.ts'
import { type Html, html } from './pages/Html.ts'
import type { Reply } from './Route.ts'

/**
 * A page for learners: no script, nothing from anywhere else. What is in its address opens something, so that no page learns
 * it from a link; and it is kept by nobody on the way.
 */
function page(status: number, title: string, body: Html): Reply {
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/learner.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: {
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
    body: text,
  }
}

/** A form with nothing but a button. */
function button(action: string, label: string, kind: 'main' | 'plain' = 'plain'): Html {
  return html`<form method="post" action="${action}"><button class="${kind}">${label}</button></form>`
}

const standing: Readonly<Record<Status.State, string>> = {
  valid: '',
  reinstated: '',
  suspended: 'Its issuer has suspended this badge for the time being.',
  revoked: 'Its issuer has revoked this badge. It does not count any more.',
}

/** What a link leads to: the badge, from whom it is, and what its learner can do with it. */
export function claim(token: string, { claim, found, status }: Sent, isReady: boolean, conflict = false): Reply {
  const { batch, recipient } = found
  const achievement = batch.achievement.definition as unknown as AchievementCredential.Achievement
  const { issuer } = batch.terms
  const criteria = Narrative.plain(achievement.criteria.narrative)
  const uuid = Uuid.name(claim.credential)
  const at = `/claim/${token}`
  const name = ClaimLink.contactOf(recipient)?.name ?? ''
  return page(
    conflict ? 409 : 200,
    `${achievement.name}, from ${issuer.name}`,
    html`<article class="badge">
${isReady ? html`<img src="/credentials/${uuid}.png" alt="" width="160" height="160">` : undefined}
<p class="from">${issuer.name} has awarded ${name === '' ? 'you' : name}</p>
<h1>${achievement.name}</h1>
<p>${achievement.description}</p>
${criteria === undefined ? undefined : html`<p class="small">What it is given for: ${criteria}</p>`}
<p class="small">Issued on ${day(batch.createdAt)}</p>
${standing[status] === '' ? undefined : html`<p role="alert" class="note">${standing[status]}</p>`}
${conflict ? html`<p role="alert" class="note">This was decided elsewhere meanwhile. It stands as you see it here.</p>` : undefined}
</article>
${decision(claim, at)}
${isReady ? downloads(at, uuid, batch.terms.collection !== undefined) : html`<p class="note">Its files can be had in a few minutes.</p>`}
<section aria-labelledby="more">
<h2 id="more">What is this?</h2>
<p>A badge is a file with a signature. Keep it wherever you keep important papers: whoever you show it to can check it, even
when ${issuer.name} is not there any more, <a href="/verify">on a page that sends it nowhere</a>. You need no account for it, and no wallet.</p>
${button(`${at}/sign-in`, 'Show me all my badges')}
<p class="small">For that we send a mail to the address at which you got this link.</p>
</section>`,
  )
}

function decision({ state, decidedAt }: LearnerStore.Claim, at: string): Html {
  const accept = button(`${at}/accept?seen=${state}`, 'Accept', 'main')
  const decline = button(`${at}/decline?seen=${state}`, 'Decline')
  if (state === 'accepted')
    return html`<section class="decided"><p>You have accepted this badge on ${day(decidedAt as number)}.</p>${decline}</section>`
  if (state === 'declined')
    return html`<section class="decided"><p>You have declined this badge on ${day(decidedAt as number)}.</p>${accept}</section>`
  return html`<section class="choice">${accept}${decline}</section>`
}

function downloads(at: string, uuid: string, hasTicket: boolean): Html {
  const items: readonly (readonly [href: string, name: string, label: string])[] = [
    [`/credentials/${uuid}.pdf`, `${uuid}.pdf`, 'As a certificate (PDF), to read and to print, with the badge inside'],
    [`/credentials/${uuid}.png`, `${uuid}.png`, 'As a picture (PNG), with the badge inside'],
    [`/credentials/${uuid}.svg`, `${uuid}.svg`, 'As a drawing (SVG), with the badge inside'],
    [`/credentials/${uuid}.json`, `${uuid}.json`, 'As a file (JSON), for wallets and programs'],
    ...(hasTicket
      ? [
          [
            `${at}/ticket.json`,
            `${uuid}.ticket.json`,
            'The ticket for a token on a blockchain, if you want one',
          ] as const,
        ]
      : []),
  ]
  return html`<section aria-labelledby="files">
<h2 id="files">Keep it</h2>
<ul class="files">${items.map(([href, name, label]) => html`<li><a href="${href}" download="${name}">${label}</a></li>`)}</ul>
</section>`
}

/** A link that leads to nothing, or does not any more. */
export function closed(token: string | undefined): Reply {
  const again =
    token === undefined
      ? html`<p>Perhaps the mail program has broken it in two: copy it whole. Perhaps a newer mail has another one.</p>`
      : html`<p>Its time is over. We can send a new one to the same address.</p>
${button(`/claim/${token}/renew`, 'Send me a new link', 'main')}`
  return page(404, 'This link opens nothing', html`<h1>This link opens nothing</h1>${again}`)
}

/** What is said to whoever has asked for a mail, whether there is anybody behind the address or not. */
export function mailed(): Reply {
  return page(
    200,
    'Look into your mail',
    html`<h1>Look into your mail</h1><p>If that was in order, a mail is on its way. It may take a minute.</p>`,
  )
}

/** Where somebody says who they are. */
export function signIn(problem?: string): Reply {
  return page(
    problem === undefined ? 200 : 401,
    'My badges',
    html`<h1>My badges</h1>
${problem === undefined ? undefined : html`<p role="alert" class="note">${problem}</p>`}
<p>All that was sent to your e-mail address is here. We send you a link and a code; there is no password.</p>
<form method="post" action="/badges/sign-in" enctype="multipart/form-data">
<label for="email">Your e-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
<button class="main">Send me a link</button>
</form>`,
  )
}

/** Where the code of a mail is typed; its link does as well. */
export function code(challenge: string, adds: boolean): Reply {
  return page(
    200,
    'Look into your mail',
    html`<h1>Look into your mail</h1>
<p>A mail is on its way. Open its link ${adds ? 'in this browser' : ''}, or type its code here, within a quarter of an hour.</p>
<form method="post" action="/badges/${adds ? 'add-code' : 'code'}" enctype="multipart/form-data">
<input type="hidden" name="challenge" value="${challenge}">
<label for="code">The code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required minlength="8" maxlength="20">
<button class="main">Go on</button>
</form>`,
  )
}

/** What the link of a mail leads to: nothing happens before the button is pressed, because programs open links too. */
export function confirm(email: string, adds: boolean, token: string): Reply {
  return page(
    200,
    adds ? 'Add this address' : 'Sign in',
    html`<h1>${adds ? 'Add this address' : 'Sign in'}</h1>
<p>${adds ? 'Badges that were sent to' : 'You sign in as who reads'} <strong>${email}</strong>${adds ? ' will be among yours.' : '.'}</p>
${button(`/badges/${adds ? 'add-address' : 'sign-in'}/${token}`, adds ? 'Add it' : 'Sign in', 'main')}
<p class="small">If you did not ask for this, close this page.</p>`,
  )
}

const states = { offered: 'New', accepted: 'Accepted', declined: 'Declined' } as const

/** All badges of a learner, by all of their addresses. */
export function badges(
  learner: LearnerStore.Learner,
  found: readonly (LearnerStore.Badge & { readonly status: Status.State })[],
): Reply {
  const items = found.map(
    ({ credential, achievement, issuer, issuedAt, state, status }) => html`<li>
<strong>${achievement}</strong>
<span class="small">${issuer}, ${day(issuedAt)}. ${states[state]}${standing[status] === '' ? '' : `, ${status}`}.</span>
<span class="small"><a href="/credentials/${Uuid.name(credential)}.png" download>Picture</a> <a href="/credentials/${Uuid.name(credential)}.json" download>File</a></span>
</li>`,
  )
  const addresses = learner.addresses.map(
    ({ email }) => html`<li>${email}
${
  learner.addresses.length < 2
    ? undefined
    : html`<form method="post" action="/badges/remove-address" enctype="multipart/form-data">
<input type="hidden" name="email" value="${email}"><button class="plain" aria-label="Remove ${email}">Remove</button></form>`
}</li>`,
  )
  return page(
    200,
    'My badges',
    html`<h1>My badges</h1>
${items.length === 0 ? html`<p>Nothing was sent to your addresses from here.</p>` : html`<ul class="list">${items}</ul>`}
<section aria-labelledby="addresses">
<h2 id="addresses">My addresses</h2>
<p class="small">With two of them you do not lose your badges with one. What was sent to one that you remove goes to the other.</p>
<ul class="list">${addresses}</ul>
<form method="post" action="/badges/add-address" enctype="multipart/form-data">
<label for="email">Another address of yours</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
<button class="plain">Add it</button>
</form>
</section>
<section class="choice">${button('/badges/sign-out', 'Sign out')}${button('/badges/sign-out-everywhere', 'Sign out everywhere')}</section>`,
  )
}

/** Where the reader of a mail ends notifications: nothing happens before the button is pressed. */
export function notifications(haveEnded: boolean): Reply {
  return page(
    200,
    'Messages about badges',
    html`<h1>Messages about badges</h1>
${
  haveEnded
    ? html`<p>No more messages about badges are sent to this address.</p>`
    : html`<form method="post"><button class="main">No more messages about badges</button></form>`
}`,
  )
}

/** Where whoever reads an old address may object to a move. */
export function move({ state, due }: LearnerStore.Move, token: string): Reply {
  const what: Readonly<Record<LearnerStore.Move['state'], Html>> = {
    waiting: html`<p>Its issuer has been asked to send a badge of yours to another address, and will on ${day(due)}.
If that was you, do nothing. If it was not, say so:</p>
${button(`/moves/${token}/object`, 'This was not me', 'main')}`,
    objected: html`<p>You have objected. The badge stays where it is, and its issuer has been told.</p>`,
    done: html`<p>This badge is with another address by now. Ask its issuer if that is wrong.</p>`,
    dropped: html`<p>This badge is where its learner has moved it.</p>`,
  }
  return page(200, 'A badge is to be moved', html`<h1>A badge is to be moved</h1>${what[state]}`)
}

function day(at: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}

/** How the pages look: small enough for a telephone, and dark where the reader wants it so. */
export const style = `:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; --ink: light-dark(#1c1d21, #ececf1); --soft: light-dark(#5c6070, #a6aabb); --card: light-dark(#fff, #1f2127); --line: light-dark(#dcdee6, #373a45); --leaf: light-dark(#1f6b46, #7fd3a6) }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; color: var(--ink); background: light-dark(#f4f5f8, #15161a); padding: 1.25rem }
main { max-width: 38rem; margin: 0 auto; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.25rem, 5vw, 2.5rem) }
h1 { font-size: clamp(1.5rem, 6vw, 2rem); line-height: 1.2; margin: 0.25rem 0 0.75rem; overflow-wrap: anywhere }
h2 { font-size: 1.125rem; margin: 2rem 0 0.5rem }
p { margin: 0.5rem 0; overflow-wrap: anywhere }
a { color: var(--leaf) }
.badge img { display: block; width: 10rem; height: 10rem; object-fit: contain; margin-bottom: 1rem }
.from { color: var(--soft) }
.small { color: var(--soft); font-size: 0.9375rem }
.note { border-left: 0.25rem solid #b7791f; padding-left: 0.75rem }
.choice, .decided { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; margin: 1.5rem 0 }
.list, .files { list-style: none; padding: 0; margin: 0.5rem 0 }
.list li, .files li { border-top: 1px solid var(--line); padding: 0.75rem 0; overflow-wrap: anywhere }
.list .small { display: block }
label { display: block; margin-top: 1rem }
input { font: inherit; color: inherit; background: transparent; width: 100%; padding: 0.625rem 0.75rem; border: 1px solid var(--soft); border-radius: 0.5rem; margin: 0.25rem 0 0.75rem }
button { font: inherit; cursor: pointer; padding: 0.625rem 1.25rem; min-height: 2.75rem; border-radius: 0.5rem; border: 1px solid var(--leaf); background: transparent; color: var(--leaf) }
button.main { background: var(--leaf); color: light-dark(#fff, #10231a); font-weight: 600 }
:focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px }
@media (prefers-contrast: more) { :root { --soft: var(--ink); --line: var(--ink) } }
`
