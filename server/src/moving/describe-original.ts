import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import type { Recipient, Said } from './Original.ts'

/** What a badge says, and of whom. */
export type Described = { readonly said: Said; readonly recipient: Recipient }

/**
 * What each fact is called in the lists of Badgr (Parchment Digital Badges, Canvas Credentials) and of Credly. Where several
 * of these stand in one list, the one that is named first counts.
 */
const columns = {
  name: ['issued to', 'recipient name', 'earner name', 'full name', 'name'],
  first: ['issued to first name', 'first name'],
  last: ['issued to last name', 'last name'],
  email: ['recipient email', 'earner email', 'email', 'identifier', 'recipient identifier', 'recipient'],
  achievementId: ['badge template id', 'badge class id', 'badgeclass', 'badgeclass open badge id', 'badge id'],
  achievement: [
    'badge template name',
    'badge template',
    'badge class name',
    'badgeclass name',
    'badge class',
    'badge name',
  ],
  issuerId: ['issuer open badge id', 'issuer id', 'organization id'],
  issuer: ['issuer name', 'issuer', 'organization', 'organization name'],
  issuedOn: ['issued at', 'issued at date', 'issued on', 'issue date', 'awarded on', 'date issued'],
  expires: ['expires at', 'expires', 'expiration date'],
  address: ['badge url', 'open badge id', 'assertion url', 'public url', 'accept badge url'],
} as const

type Column = keyof typeof columns

/** What stands in them where a badge was revoked. */
const revocations: Readonly<Record<string, RegExp>> = {
  revoked: /^(?:true|yes|y|1|revoked)$/i,
  'revoked at': /\d/,
  'revoked on': /\d/,
  'revocation date': /\d/,
  'revocation reason': /./,
  state: /^revoked$/i,
  'badge state': /^revoked$/i,
  status: /^revoked$/i,
  'badge status': /^revoked$/i,
}

const known: ReadonlySet<string> = new Set([...Object.values(columns).flat(), ...Object.keys(revocations)])

/** Whether a text is the name of a column in one of the lists that are known. */
export function isColumn(text: string): boolean {
  return known.has(plain(text))
}

/** Case, spaces, hyphens and underscores do not count, nor how words are joined. */
function plain(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** What a row of a list says; `undefined` where it names nobody, or no badge. */
export function describeRow(row: Json.Object): Described | undefined {
  const cells = Map.groupBy(Object.entries(row), ([name]) => plain(name))
  const find = (column: Column) => {
    const names: readonly string[] = columns[column]
    const texts = names.flatMap((name) => cells.get(name) ?? []).map(([, value]) => textOf(column, value))
    return texts.find((text) => text !== undefined)
  }
  const isRevoked = Object.entries(revocations).some(([name, pattern]) =>
    cells.get(name)?.some(([, value]) => value === true || pattern.test(string(value) ?? '')),
  )
  const { badge_template: template, recipient: identity, issuer } = row
  // Credly names all who have had a part in it, the issuer first.
  const entity = at(first(at(issuer, 'entities')), 'entity')
  const achievement = {
    ...member('id', find('achievementId') ?? string(at(template, 'id'))),
    ...member('name', find('achievement') ?? string(at(template, 'name'))),
  }
  const names = [find('first'), find('last')].filter((part) => part !== undefined)
  const email = find('email')
  const isHidden = email === undefined && at(identity, 'hashed') === true
  const recipient = {
    ...member('name', find('name') ?? (names.length > 0 ? names.join(' ') : undefined)),
    ...(isHidden ? hashed(at(identity, 'identity'), at(identity, 'salt')) : emailOr(email)),
  }
  if (Object.keys(recipient).length === 0 || Object.keys(achievement).length === 0) return undefined
  return {
    recipient,
    said: {
      issuer: {
        ...member('id', find('issuerId') ?? string(at(entity, 'id'))),
        ...member('name', find('issuer') ?? string(at(entity, 'name'))),
      },
      achievement,
      ...member('issuedOn', find('issuedOn')),
      ...member('expires', find('expires')),
      ...member('address', find('address')),
      ...(isRevoked && { revoked: true }),
    },
  }
}

/** In the lists of Badgr and Credly some of these are objects of their own. */
function textOf(column: Column, value: Json.Value): string | undefined {
  if (Json.isObject(value)) {
    if (column !== 'email') return string(value.name ?? value.id)
    return string(value.plaintextIdentity ?? (value.hashed === true ? undefined : value.identity))
  }
  return string(value)
}

/** What an Open Badge says, of 2.0 or 3.0, as JSON or as a token. Nothing is looked up: what is an address stays one. */
export function describe(content: string | Json.Object): Described {
  const badge = typeof content === 'string' ? read(content) : content
  const inner = [badge.vc, badge.credential].find(Json.isObject) ?? badge
  return inner.badge === undefined ? describeCredential(inner) : describeAssertion(inner)
}

function read(text: string): Json.Object {
  if (/^\s*\{/.test(text)) return Json.parseObject(text)
  return Jws.parse(text.trim()).payload
}

function describeCredential(credential: Json.Object): Described {
  const subject = first(credential.credentialSubject)
  const achievement = first(at(subject, 'achievement'))
  const identifiers = list(at(subject, 'identifier')).filter(Json.isObject)
  const isHashed = (identifier: Json.Object) => identifier.hashed === true
  const plain = (type: string) =>
    identifiers.find((identifier) => identifier.identityType === type && !isHashed(identifier))?.identityHash
  const isAddress = (identifier: Json.Object) => identifier.identityType === 'emailAddress'
  // By an address somebody is found who asks to be erased.
  const hidden = identifiers.find((each) => isHashed(each) && isAddress(each)) ?? identifiers.find(isHashed)
  return {
    recipient: {
      ...member('name', string(at(subject, 'name')) ?? string(plain('name'))),
      ...member('id', string(at(subject, 'id'))),
      ...emailOr(string(plain('emailAddress')) ?? string(at(subject, 'email'))),
      ...(hidden === undefined ? {} : hashed(hidden.identityHash, hidden.salt)),
    },
    said: {
      issuer: party(credential.issuer),
      achievement: party(achievement),
      ...member('issuedOn', string(credential.validFrom) ?? string(credential.issuanceDate)),
      ...member('expires', string(credential.validUntil) ?? string(credential.expirationDate)),
      ...member('address', string(credential.id)),
    },
  }
}

/** Open Badges 2.0: the badge class and its issuer stand in it, or only where they are. */
function describeAssertion(assertion: Json.Object): Described {
  const { recipient, badge } = assertion
  const isHashed = at(recipient, 'hashed') === true
  const identity = isHashed ? undefined : string(at(recipient, 'identity'))
  return {
    recipient: {
      ...member('name', string(at(recipient, 'name'))),
      ...(identity === undefined ? {} : emailOr(identity)),
      ...(isHashed ? hashed(at(recipient, 'identity'), at(recipient, 'salt')) : {}),
    },
    said: {
      issuer: party(at(badge, 'issuer')),
      achievement: party(badge),
      ...member('issuedOn', string(assertion.issuedOn)),
      ...member('expires', string(assertion.expires)),
      ...member('address', string(assertion.id)),
      ...(assertion.revoked === true && { revoked: true }),
    },
  }
}

function party(value: Json.Value | undefined): { readonly id?: string; readonly name?: string } {
  if (typeof value === 'string') return { id: value.slice(0, longest) }
  return { ...member('id', string(at(value, 'id'))), ...member('name', string(at(value, 'name'))) }
}

function hashed(hash: Json.Value | undefined, salt: Json.Value | undefined): Recipient {
  const text = string(hash)
  return text === undefined ? {} : { hashed: { hash: text, salt: typeof salt === 'string' ? salt : '' } }
}

function emailOr(text: string | undefined): Recipient {
  if (text === undefined) return {}
  const bare = text.replace(/^mailto:/i, '')
  return /^[^@\s]+@[^@\s]+$/.test(bare) ? { email: bare } : { id: text }
}

function at(value: Json.Value | undefined, name: string): Json.Value | undefined {
  return Json.isObject(value) ? value[name] : undefined
}

function list(value: Json.Value | undefined): readonly Json.Value[] {
  if (value === undefined) return []
  return Json.isArray(value) ? value : [value]
}

function first(value: Json.Value | undefined): Json.Value | undefined {
  return Json.isArray(value) ? value[0] : value
}

/** No fact is longer than this, in characters: they are shown in lists. */
const longest = 500

function string(value: Json.Value | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  // Of PostgreSQL no text has a null in it.
  const text = String(value).replaceAll('\0', '').trim().slice(0, longest)
  return text === '' ? undefined : text
}

function member<name extends string>(name: name, value: string | undefined): { readonly [key in name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in name]?: string }
}
