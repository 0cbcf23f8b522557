import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type * as Json from '@laurel/core/Json'
import { Policy, type Trust, verify } from '@laurel/verifier'
import * as Federation from '@laurel/verifier/Federation'
import { nobody, type Readers } from '@laurel/verifier/Readers'
import * as Http from '@laurel/verifier/readers/Http'
import { expect } from 'chai'
import * as jose from 'jose'
import * as Badges from '../support/Badges.ts'
import * as Cli from '../support/Cli.ts'

const seconds = Badges.now / 1000
const anchorId = 'https://federation.example.org'
const memberId = 'https://members.example.net/education'

type Entity = { readonly key: CryptoKey; readonly jwk: Json.Object }

async function entity(algorithm: 'ES256' | 'EdDSA', kid: string): Promise<Entity> {
  const { publicKey, privateKey } = await jose.generateKeyPair(algorithm, { extractable: true })
  return { key: privateKey, jwk: { ...((await jose.exportJWK(publicKey)) as Json.Object), kid, alg: algorithm } }
}

type Changes = { readonly header?: Json.Object; readonly claims?: Json.Object }

/** A statement as `jose` signs it: by whom, about whom, and with whose keys. */
async function state(
  by: Entity,
  [iss, sub]: readonly [iss: string, sub: string],
  of: Entity | undefined,
  { header = {}, claims = {} }: Changes = {},
): Promise<string> {
  const payload = {
    iss,
    sub,
    iat: seconds - 3600,
    exp: seconds + 3600,
    ...(of && { jwks: { keys: [of.jwk] } }),
    ...claims,
  }
  return new jose.SignJWT(payload)
    .setProtectedHeader({ alg: String(by.jwk.alg), typ: 'entity-statement+jwt', kid: String(by.jwk.kid), ...header })
    .sign(by.key)
}

const endpoints = (id: string, name: string, more: Json.Object = {}): Json.Object => ({
  federation_entity: { organization_name: name, federation_fetch_endpoint: `${id}/fetch`, ...more },
})
const named = (name: string, more: Json.Object = {}): Changes => ({
  claims: { metadata: { federation_entity: { organization_name: name }, ...more } },
})

describe('A federation of issuers', function () {
  this.timeout(60_000)
  let anchor: Entity
  let member: Entity
  let stranger: Entity
  let issuer: Badges.Author
  let document: Json.Object
  let federation: NonNullable<Trust['federations']>[number]
  let direct: string

  before(async () => {
    anchor = await entity('ES256', 'anchor-1')
    member = await entity('EdDSA', 'member-1')
    stranger = await entity('ES256', 'anchor-1')
    ;({ author: issuer, document } = await Badges.signed('eddsa-rdfc-2022'))
    federation = { id: anchorId, name: 'The Federation', keys: [anchor.jwk], anchor: 'optional' }
    direct = await state(anchor, [anchorId, issuer.did], undefined, named('Example University'))
  })

  const vouched = (...chain: readonly string[]) => Federation.vouched(chain, federation, issuer.did, Badges.now)

  describe('by its statements', () => {
    it('vouches for an issuer, under the name that it gives', () => {
      expect(vouched(direct)).to.deep.equal({
        did: issuer.did,
        name: 'Example University, as The Federation says',
        anchor: 'optional',
      })
    })

    it('says which accounts anchor and record for an issuer, and not whether an anchor is needed', async () => {
      const accounts = [`eip155:1:0x${'12'.repeat(20)}`]
      const more = { open_badges_issuer: { accounts, recorders: accounts, anchor: 'required' } }
      const statement = await state(anchor, [anchorId, issuer.did], undefined, named('X', more))
      expect(vouched(statement)).to.deep.include({ accounts, recorders: accounts, anchor: 'optional' })
      for (const wrong of [[], 'x', [1], ['0x12'], { a: 1 }]) {
        const changed = named('X', { open_badges_issuer: { accounts: wrong } })
        expect(vouched(await state(anchor, [anchorId, issuer.did], undefined, changed))).to.equal(undefined)
      }
    })

    it('vouches through a member that has members of its own', async () => {
      const last = await state(member, [memberId, issuer.did], undefined, named('Example College'))
      const above = await state(anchor, [anchorId, memberId], member)
      expect(vouched(last, above)?.name).to.equal('Example College, as The Federation says')
      expect(vouched(above, last)).to.equal(undefined)
      expect(vouched(last)).to.equal(undefined)
      expect(vouched(last, await state(anchor, [anchorId, memberId], stranger))).to.equal(undefined)
      expect(vouched(last, await state(anchor, [anchorId, 'https://other.example'], member))).to.equal(undefined)
      expect(vouched()).to.equal(undefined)
    })

    it('vouches through so many members as its constraints allow, and four statements at most', async () => {
      const chain = async (length: number, constraints: Json.Object = {}) => {
        const ids = [anchorId, ...Array.from({ length: length - 1 }, (_, i) => `https://${i}.example`), issuer.did]
        const all: string[] = []
        for (let i = 0; i < length; i++) {
          const claims = i === 0 ? { constraints } : {}
          const names = [ids[i] ?? '', ids[i + 1] ?? ''] as const
          all.unshift(await state(i === 0 ? anchor : member, names, member, { claims }))
        }
        return all
      }
      expect(vouched(...(await chain(4)))).to.have.property('did')
      expect(vouched(...(await chain(5)))).to.equal(undefined)
      expect(vouched(...(await chain(2, { max_path_length: 0 })))).to.equal(undefined)
      expect(vouched(...(await chain(2, { max_path_length: 1 })))).to.have.property('did')
      expect(vouched(...(await chain(1, { max_path_length: 0 })))).to.have.property('did')
      expect(vouched(...(await chain(1, { allowed_entity_types: ['openid_provider'] })))).to.equal(undefined)
      expect(vouched(...(await chain(1, { allowed_entity_types: ['open_badges_issuer'] })))).to.have.property('did')
      expect(vouched(...(await chain(1, { naming_constraints: { permitted: ['.example'] } })))).to.equal(undefined)
    })

    const wrong: Readonly<Record<string, () => Promise<string>>> = {
      'that somebody else signed': () => state(stranger, [anchorId, issuer.did], undefined),
      'of another entity': () => state(anchor, [memberId, issuer.did], undefined),
      'about another issuer': () => state(anchor, [anchorId, 'did:web:other.example'], undefined),
      'about itself': () => state(anchor, [anchorId, anchorId], anchor),
      'that has expired': () => state(anchor, [anchorId, issuer.did], undefined, { claims: { exp: seconds } }),
      'of tomorrow': () => state(anchor, [anchorId, issuer.did], undefined, { claims: { iat: seconds + 86_400 } }),
      'without an end': () => state(anchor, [anchorId, issuer.did], undefined, { claims: { exp: 'never' } }),
      'of another type': () => state(anchor, [anchorId, issuer.did], undefined, { header: { typ: 'JWT' } }),
      'by a key that it does not name': () =>
        state(anchor, [anchorId, issuer.did], undefined, { header: { kid: 'x' } }),
      'that names its own key': () =>
        state(stranger, [anchorId, issuer.did], stranger, { header: { jwk: stranger.jwk } }),
      'that demands an extension': () => state(anchor, [anchorId, issuer.did], undefined, { claims: { crit: ['x'] } }),
      'with a policy for what it says of issuers': () =>
        state(anchor, [anchorId, issuer.did], undefined, {
          claims: { metadata_policy: { open_badges_issuer: { accounts: { subset_of: [] } } } },
        }),
      'without a signature': async () => {
        const [, payload] = direct.split('.')
        const header = { alg: 'none', typ: 'entity-statement+jwt', kid: 'anchor-1' }
        return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`
      },
      'that was changed': async () => {
        const [header, payload = '', signature] = direct.split('.')
        const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), exp: seconds + 99_999 }
        return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
      },
      'that is none': async () => 'no statement',
    }
    for (const [which, make] of Object.entries(wrong))
      it(`does not vouch by a statement ${which}`, async () => expect(vouched(await make())).to.equal(undefined))

    it('does not vouch any more once a statement has expired, whichever', async () => {
      const last = await state(member, [memberId, issuer.did], undefined)
      const above = await state(anchor, [anchorId, memberId], member, { claims: { exp: seconds + 60 } })
      const at = (time: number) => Federation.vouched([last, above], federation, issuer.did, time * 1000)
      expect(at(seconds + 59)).to.have.property('did', issuer.did)
      expect(at(seconds + 60)).to.equal(undefined)
    })
  })

  describe('asked over the web', () => {
    const did = () => encodeURIComponent(issuer.did)
    const own = async (changes: Json.Object = {}) => ({
      [`${anchorId}/.well-known/openid-federation`]: await state(anchor, [anchorId, anchorId], anchor, {
        claims: { metadata: endpoints(anchorId, 'F', { federation_list_endpoint: `${anchorId}/list`, ...changes }) },
      }),
    })
    const decide = async (pages: Readonly<Record<string, string>>, change: Partial<Trust> = {}) => {
      const asked: string[] = []
      const web = Http.create(async (url) => {
        asked.push(url)
        const page = pages[url]
        return page === undefined ? undefined : new TextEncoder().encode(page)
      }, [])
      const trust: Trust = {
        chains: [],
        issuers: [],
        federations: [federation],
        status: { maximumAgeSeconds: 60 },
        ...change,
      }
      const readers: Readers = { ...nobody, ...web }
      const ask = async (input: Json.Object) => {
        const report = await verify(JSON.stringify(input), { trust, readers, now: Badges.now })
        const { verdict, code } = Policy.decide(report)
        return { decision: `${verdict} ${code}`, message: report.checks.find(({ check }) => check === 'issuer-bound') }
      }
      return { ...(await ask(document)), asked, ask }
    }

    it('makes its issuers known, and says who says so', async () => {
      const pages = { ...(await own()), [`${anchorId}/fetch?sub=${did()}`]: direct }
      const { decision, message, asked } = await decide(pages)
      expect(decision).to.equal('accepted ACCEPTED')
      expect(message?.message).to.include('Example University, as The Federation says')
      expect(asked).to.deep.equal(Object.keys(pages))
    })

    it('leaves whom it does not know unknown, and nobody is accepted whom an expired statement vouches for', async () => {
      expect((await decide(await own())).decision).to.equal('unknown ANCHOR_MISSING')
      const trust = { issuers: [], federations: [federation] }
      const late = await state(anchor, [anchorId, issuer.did], undefined, { claims: { exp: seconds - 1 } })
      for (const page of [late, 'x', '']) {
        const pages = { ...(await own()), [`${anchorId}/fetch?sub=${did()}`]: page }
        const { decision, message } = await decide(pages, trust)
        expect(decision).to.equal('unknown ANCHOR_MISSING')
        expect(message).to.include({ outcome: 'unknown', code: 'ISSUER_UNRECOGNISED' })
      }
      expect((await decide({})).decision).to.equal('unknown ANCHOR_MISSING')
    })

    it('demands an anchor where the trust does not let it go', async () => {
      const pages = { ...(await own()), [`${anchorId}/fetch?sub=${did()}`]: direct }
      const strict = { federations: [{ ...federation, anchor: 'required' as const }] }
      const { decision, message } = await decide(pages, strict)
      expect(decision).to.equal('unknown ANCHOR_MISSING')
      expect(message).to.include({ outcome: 'passed', code: 'ISSUER_BOUND' })
    })

    it('is asked at no address that it has not signed, nor by whom it has not', async () => {
      const forged = await state(stranger, [anchorId, anchorId], stranger, {
        claims: { metadata: endpoints('https://evil.example', 'F') },
      })
      const page = `${anchorId}/.well-known/openid-federation`
      expect((await decide({ [page]: forged })).asked).to.deep.equal([page])
      const other = await state(anchor, [anchorId, memberId], anchor, {
        claims: { metadata: endpoints('https://evil.example', 'F') },
      })
      expect((await decide({ [page]: other })).asked).to.deep.equal([page])
      for (const federation_fetch_endpoint of ['no address', 1, null])
        expect(
          (await decide(await own({ federation_fetch_endpoint, federation_list_endpoint: 'x' }))).asked,
        ).to.deep.equal([page])
    })

    it('is not asked about a credential whose signature is not good, nor about issuers who are known by hand', async () => {
      const { asked, ask } = await decide(await own())
      const before = asked.length
      expect((await ask({ ...document, name: 'Another' })).decision).to.equal('rejected PROOF_INVALID')
      expect(asked).to.have.length(before)
      const known = { did: issuer.did, name: 'x', anchor: 'optional' as const }
      expect((await decide(await own(), { issuers: [known] })).asked).to.deep.equal([])
    })

    it('is asked through its members, by addresses that their own statements name', async () => {
      const pages = {
        ...(await own()),
        [`${anchorId}/list?intermediate=true`]: JSON.stringify(['https://away.example', memberId, 7]),
        [`${anchorId}/fetch?sub=${encodeURIComponent(memberId)}`]: await state(anchor, [anchorId, memberId], member),
        [`${memberId}/.well-known/openid-federation`]: await state(member, [memberId, memberId], member, {
          claims: { metadata: endpoints(memberId, 'M') },
        }),
        [`${memberId}/fetch?sub=${did()}`]: await state(member, [memberId, issuer.did], undefined, named('College')),
      }
      const { decision, message } = await decide(pages)
      expect(decision).to.equal('accepted ACCEPTED')
      expect(message?.message).to.include('College, as The Federation says')
      const impostor = await state(stranger, [memberId, memberId], member, {
        claims: { metadata: endpoints('https://evil.example', 'M') },
      })
      const { decision: without, asked } = await decide({
        ...pages,
        [`${memberId}/.well-known/openid-federation`]: impostor,
      })
      expect(without).to.equal('unknown ANCHOR_MISSING')
      expect(asked.filter((url) => url.includes('evil'))).to.deep.equal([])
    })

    it('is asked of sixteen members at most', async () => {
      const many = Array.from({ length: 1_000 }, (_, i) => `https://${i}.example`)
      const { asked } = await decide({ ...(await own()), [`${anchorId}/list?intermediate=true`]: JSON.stringify(many) })
      expect(asked).to.have.length(3 + 16)
    })
  })

  describe('in the trust file', () => {
    let home: string
    let remove: () => Promise<void>
    let url: string
    let stop: () => void
    let live: Entity

    before(async () => {
      ;({ home, remove } = await Cli.createHome())
      live = await entity('ES256', 'live-1')
      // A federation of now, because the program goes by the clock of its machine.
      const current = { iat: Math.floor(Date.now() / 1000) - 60, exp: Math.floor(Date.now() / 1000) + 3600 }
      const server = createServer(async (request, response) => {
        if (request.url !== '/.well-known/openid-federation' && !request.url?.startsWith('/fetch?sub=did')) {
          response.writeHead(404).end()
          return
        }
        const self = request.url === '/.well-known/openid-federation'
        const about = self ? ([url, url] as const) : ([url, issuer.did] as const)
        const metadata = self ? endpoints(url, 'Universities of Example') : endpoints(url, 'Example University')
        const claims = { ...current, metadata }
        response.end(await state(live, about, self ? live : undefined, { claims }))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      stop = () => server.close()
      await writeFile(join(home, 'trust.json'), JSON.stringify({ chains: [], issuers: [], allowLoopback: true }))
      await writeFile(join(home, 'badge.json'), JSON.stringify(document))
    })
    after(async () => {
      stop()
      await remove()
    })

    const run = (...args: readonly string[]) => Cli.run('laurel-verify', args, { LAUREL_HOME: home })
    const trusted = async () => JSON.parse(await readFile(join(home, 'trust.json'), 'utf8'))

    it('is added with its keys by what it says of itself, and then knows an issuer', async () => {
      expect((await run(join(home, 'badge.json'))).stdout).to.include('[ANCHOR_MISSING]')
      const added = await run('trust', 'add', `${url}/.well-known/openid-federation`, '--anchor-optional')
      expect(added.code, added.stderr).to.equal(0)
      expect(added.stdout).to.include('Universities of Example').and.include('live-1')
      const { federations } = await trusted()
      expect(federations).to.deep.equal([
        { id: url, name: 'Universities of Example', jwks: { keys: [live.jwk] }, anchor: 'optional' },
      ])
      const { code, stdout } = await run(join(home, 'badge.json'))
      expect(code, stdout).to.equal(0)
      expect(stdout).to.include('Example University, as Universities of Example says')
    })

    it('is listed, and asked whether it still has its keys', async () => {
      expect((await run('trust', 'list')).stdout).to.include(`Universities of Example  ${url}: 1 keys`)
      const well = await run('trust', 'check')
      expect([well.code, well.stdout]).to.deep.equal([0, `✔ Universities of Example  ${url}  has its keys\n`])
      const file = join(home, 'other.json')
      const other = { id: url, name: 'x', jwks: { keys: [anchor.jwk] } }
      const write = (federations: readonly object[]) =>
        writeFile(file, JSON.stringify({ chains: [], issuers: [], allowLoopback: true, federations }))
      await write([other])
      expect((await run('trust', 'check', '--trust', file)).stdout).to.include('says nothing by the keys at hand')
      await write([{ ...other, id: 'http://127.0.0.1:9' }])
      expect((await run('trust', 'check', '--trust', file)).stdout).to.include('does not answer')
    })

    it('has an example in docs/trust.md that is a trust file', async () => {
      const page = await readFile(new URL('../../docs/trust.md', import.meta.url), 'utf8')
      const example = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text)
      const text = example.find((each) => each.includes('"federations"')) ?? ''
      await writeFile(join(home, 'example.json'), text)
      const { code, stdout } = await run('trust', 'list', '--trust', join(home, 'example.json'))
      expect([code, stdout.includes('Digital Credentials of Example')]).to.deep.equal([0, true])
    })

    it('is not added twice, nor by what is no statement of its own', async () => {
      const before = await trusted()
      const place = join(home, 'statement')
      for (const [code, text] of [
        ['FEDERATION_INVALID', direct],
        ['FEDERATION_INVALID', await state(anchor, [anchorId, anchorId], stranger)],
        ['FEDERATION_INVALID', 'eyJ'],
      ] as const) {
        await writeFile(place, text)
        expect((await run('trust', 'add', place)).stderr).to.include(`[${code}]`)
      }
      expect((await run('trust', 'add', `${url}/.well-known/openid-federation`)).stderr).to.include('[ISSUER_KNOWN]')
      expect(await trusted()).to.deep.equal(before)
    })

    it('is not taken from a file in which its keys are none', async () => {
      const file = join(home, 'broken.json')
      const well = { id: url, name: 'x', jwks: { keys: [anchor.jwk] } }
      for (const change of [
        { jwks: { keys: [] } },
        { jwks: { keys: [{ kid: 'x', kty: 'oct', k: 'AAAA' }] } },
        { jwks: { keys: [{ ...anchor.jwk, kid: undefined }] } },
        { jwks: { keys: [anchor.jwk, anchor.jwk] } },
        { id: 'did:web:x.example' },
      ]) {
        await writeFile(file, JSON.stringify({ chains: [], issuers: [], federations: [{ ...well, ...change }] }))
        expect((await run('trust', 'list', '--trust', file)).stderr).to.include('[TRUST_INVALID]')
      }
    })
  })
})
