import { expect } from 'chai'
import fc from 'fast-check'
import * as ApiKey from '../../../server/src/access/ApiKey.ts'
import { can, mayGive } from '../../../server/src/access/can.ts'
import * as Role from '../../../server/src/access/Role.ts'
import * as Session from '../../../server/src/access/Session.ts'
import * as SignIn from '../../../server/src/access/SignIn.ts'
import * as Cookie from '../../../server/src/http/Cookie.ts'
import * as Origin from '../../../server/src/http/Origin.ts'

const whole = Role.everywhere
const law = { department: 'law', issuer: null }

describe('Who may what', () => {
  it('is denied unless the organisation, the scope and the part of it all agree', () => {
    const scope = fc.constantFrom(...ApiKey.allScopes)
    const part = fc.constantFrom(null, 'a', 'b')
    const limits = fc.record({ department: part, issuer: part })
    const organisation = fc.constantFrom('home', 'other')
    const principal = fc.record({ organisation, scopes: fc.subarray([...ApiKey.allScopes]), limits })
    const object = fc.record({ organisation, department: part, issuer: part })
    fc.assert(
      fc.property(principal, scope, object, (who, what, of) => {
        const fits = (['department', 'issuer'] as const).every(
          (name) => who.limits[name] === null || who.limits[name] === of[name],
        )
        expect(can(who, what, of)).to.equal(who.organisation === of.organisation && who.scopes.includes(what) && fits)
      }),
    )
    const limited = { organisation: 'home', scopes: ApiKey.allScopes, limits: law }
    expect(can(limited, 'batches:read', { organisation: 'home' }), 'of no part').to.equal(false)
  })

  it('is given by nobody who has it not, nor beyond their part', () => {
    const owner = { scopes: Role.scopesOf('owner'), limits: whole }
    for (const role of Role.allRoles) {
      const given = { scopes: Role.scopesOf(role), limits: whole }
      expect(mayGive(owner, given), role).to.equal(true)
      expect(mayGive(given, owner), role).to.equal(role === 'owner')
      expect(mayGive({ ...owner, limits: law }, given), role).to.equal(false)
      expect(mayGive({ ...owner, limits: law }, { ...given, limits: law }), role).to.equal(true)
    }
  })

  it('is nothing that changes anything for auditors and viewers, and for viewers nobody’s credential', () => {
    for (const role of ['auditor', 'viewer'] as const)
      for (const scope of Role.scopesOf(role)) expect(scope).to.match(/:read$/)
    expect(Role.scopesOf('viewer')).to.not.include('credentials:read')
    expect(Role.scopesOf('approver')).to.not.include('batches:write')
    expect(() => Role.toRole('constructor'))
      .to.throw()
      .with.property('code', 'ROLE_UNKNOWN')
  })
})

describe('What a browser brings', () => {
  it('is a cookie for this host alone and over https, but for this machine', () => {
    expect(Cookie.set('session', 'https://badges.example.org', 'x')).to.equal(
      '__Host-laurel_session=x; Path=/; HttpOnly; Secure; SameSite=Lax',
    )
    expect(Cookie.set('session', 'http://localhost:4400', 'x')).to.equal(
      'laurel_session=x; Path=/; HttpOnly; SameSite=Lax',
    )
  })

  it('is no cookie where two have its name, or a longer one', () => {
    expect(Cookie.read('a=1; laurel_session=x', 'laurel_session')).to.equal('x')
    expect(Cookie.read('laurel_session=x; laurel_session=y', 'laurel_session')).to.equal(undefined)
    expect(Cookie.read('xlaurel_session=x', 'laurel_session')).to.equal(undefined)
    expect(Cookie.read(undefined, 'laurel_session')).to.equal(undefined)
  })

  it('comes to the public address or to this machine, and to no name that somebody has led here', () => {
    const at = (host: string | undefined) => Origin.of({ host }, 'https://badges.example.org')
    expect(at('badges.example.org')).to.equal('https://badges.example.org')
    expect(at('localhost:4400')).to.equal('http://localhost:4400')
    expect(at('127.0.0.1:4400')).to.equal('http://127.0.0.1:4400')
    for (const host of ['evil.example', 'localhost.evil.example', 'badges.example.org:81', '127.0.0.1.evil', undefined])
      expect(at(host), host).to.equal(undefined)
  })

  it('comes from a page of ours only where the browser says so', () => {
    const ours = 'https://a.example'
    const said = (site: string | undefined, origin: string | undefined) =>
      Origin.isOurs(
        { ...(site !== undefined && { 'sec-fetch-site': site }), ...(origin !== undefined && { origin }) },
        ours,
      )
    expect([said('same-origin', ours), said('same-origin', undefined), said(undefined, ours)]).to.deep.equal([
      true,
      true,
      true,
    ])
    for (const [site, origin] of [
      [undefined, undefined],
      ['none', undefined],
      ['same-site', ours],
      ['cross-site', ours],
      ['same-origin', 'null'],
      [undefined, 'https://b.example'],
      [undefined, 'http://a.example'],
      [undefined, 'null'],
    ] as const)
      expect(said(site, origin), `${site} ${origin}`).to.equal(false)
  })

  it('is told in words of ours, whatever it says of itself', () => {
    expect(Session.agentOf('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).to.equal(
      'Firefox on Linux',
    )
    expect(
      Session.agentOf('Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36'),
    ).to.equal('Chrome on Android')
    expect(Session.agentOf('<script>alert(1)</script>')).to.equal('A program')
    expect(Session.agentOf(undefined)).to.equal('A program')
  })

  it('signs in at a name of this machine, where there are passkeys, and not at its number', () => {
    expect(SignIn.place('http://127.0.0.1:4400')).to.equal('http://localhost:4400')
    expect(SignIn.place('http://127.0.0.10:4400')).to.equal('http://127.0.0.10:4400')
    expect(SignIn.place('https://badges.example.org')).to.equal('https://badges.example.org')
  })
})
