import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as jose from 'jose'
import { encodeAbiParameters } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage, type SiweMessage } from 'viem/siwe'
import * as Api from '../../support/Api.ts'
import * as LearnerServer from '../../support/LearnerServer.ts'
import * as Presentations from '../../support/Presentations.ts'

type Entry = {
  readonly id: string
  readonly surface: string
  readonly expected: { readonly http?: number; readonly code?: string; readonly field?: string }
}

/** What the table calls otherwise. */
const names: Readonly<Record<string, string>> = {
  AUTH_REQUIRED: 'AUTHENTICATION_REQUIRED',
  KEY_REVOKED: 'AUTHENTICATION_REQUIRED',
  CHAIN_UNAVAILABLE: 'CHAIN_UNREACHABLE',
  TOKEN_USED: 'CHALLENGE_INVALID',
}

/** The end of a signature of a wallet that is not there yet (ERC-6492). */
const magic = '6492'.repeat(16)

describe('Hostile sign-ins', function () {
  this.timeout(120_000)
  let entries: readonly Entry[] = []
  let server: LearnerServer.LearnerServer
  let ada: LearnerServer.Browser
  const account = privateKeyToAccount(`0x${'22'.repeat(32)}`)

  before(async () => {
    try {
      const table = new URL('../../../../shared/reference/hostile-inputs.json', import.meta.url)
      entries = JSON.parse(readFileSync(table, 'utf8'))
    } catch {
      console.log('      SKIPPED: the table of hostile inputs is not here')
    }
    server = await LearnerServer.start(['ada@example.org', 'bo@example.org'])
    await server.run()
    ada = await LearnerServer.signedIn(server, 'ada@example.org')
  })
  after(() => server?.close())

  let count = 0
  const challenge = async (kind: 'did' | 'wallet', one = ada) => {
    // A learner may ask for twenty in an hour.
    if (++count % 15 === 0) server.pass(61 * 60_000)
    return (await one.ask('POST', '/v1/learner/challenges', { json: { kind } })).json
  }
  type Asked = Awaited<ReturnType<typeof challenge>>
  const messageOf = ({ nonce, domain, uri, chainId }: Asked, over: Partial<SiweMessage> = {}) =>
    createSiweMessage({
      ...{ address: account.address, domain, uri, chainId, nonce, version: '1' as const },
      issuedAt: new Date(server.api.clock.now()),
      ...over,
    })
  const bind = (json: object, one = ada) => one.ask('POST', '/v1/learner/wallets', { json })
  const signed = async (message: string) => ({ message, signature: await account.signMessage({ message }) })
  /** Binds by a message that differs in something, and then by one that is right: every answer has used the challenge up. */
  const binds = async (change: (asked: Asked) => string): Promise<Api.Reply> => {
    const asked = await challenge('wallet')
    const reply = await bind({ challenge: asked.challenge, ...(await signed(change(asked))) })
    if (reply.status !== 401) return reply
    const again = await bind({ challenge: asked.challenge, ...(await signed(messageOf(asked))) })
    expect(again.json.code, 'the challenge is used up').to.equal('SIWE_NONCE_MISMATCH')
    return reply
  }
  const wallets = async (one = ada) => (await one.ask('GET', '/v1/learner')).json.wallets
  const one = (reply: Api.Reply): readonly Api.Reply[] => [reply]

  /** What is tried for each entry; every answer has to be as the table says. */
  const tries: Readonly<Record<string, () => Promise<readonly Api.Reply[]>>> = {
    'AUTH-001': async () => {
      const ask = Api.create(server.base)
      return one(await ask('GET', `/v1/batches?api_key=${server.key}`))
    },
    'AUTH-002': async () => {
      const ask = Api.create(server.base, server.key)
      const { secret, id } = (await ask('POST', '/v1/api-keys', { json: { name: 'x', scopes: ['batches:read'] } })).json
      const gone = Api.create(server.base, secret)
      expect((await gone('GET', '/v1/batches')).status).to.equal(200)
      await ask('POST', `/v1/api-keys/${id}/revoke`)
      return one(await gone('GET', '/v1/batches'))
    },
    'AUTH-003': async () => {
      const wrong = (n: number) => `${server.key.slice(0, 16)}z${String(n).padStart(43, '2').replaceAll('0', 'A')}`
      const replies: Api.Reply[] = []
      for (let n = 0; n < 200; n++) replies.push(await Api.create(server.base, wrong(n))('GET', '/v1/batches'))
      return replies
    },
    'AUTH-004': async () => one(await binds((asked) => messageOf(asked, { domain: 'evil.example' }))),
    'AUTH-007': async () => {
      const asked = await challenge('wallet')
      const own = { ...asked, nonce: 'abcdefgh12345678' }
      return [
        await bind({ challenge: asked.challenge, ...(await signed(messageOf(own))) }),
        await bind({ challenge: 'A'.repeat(43), ...(await signed(messageOf(own))) }),
        await bind({ challenge: 'A'.repeat(43), ...(await signed(messageOf(asked))) }),
      ]
    },
    'AUTH-008': async () => {
      const at = (milliseconds: number) => new Date(server.api.clock.now() + milliseconds)
      return [
        await binds((asked) => messageOf(asked, { expirationTime: at(-1_000) })),
        await binds((asked) => messageOf(asked, { notBefore: at(3_600_000) })),
        await binds((asked) => messageOf(asked, { issuedAt: at(-86_400_000) })),
        await binds((asked) => messageOf(asked, { issuedAt: at(86_400_000) })),
      ]
    },
    'AUTH-010': async () => {
      const inject = (asked: Asked, text: string, into: (message: string) => string) =>
        into(messageOf({ ...asked, domain: asked.domain }).replace('\n\nURI:', `\n${text}\n\nURI:`))
      const fake = ({ nonce, uri, chainId }: Asked) =>
        `ok\n\nURI: ${uri}\nVersion: 1\nChain ID: ${chainId}\nNonce: ${nonce}\nIssued At: ${new Date(server.api.clock.now()).toISOString()}`
      return [
        await binds((asked) =>
          inject(asked, 'ok\n\nURI: https://good.example\nVersion: 1\nChain ID: 1\nNonce: X', (text) => text),
        ),
        await binds((asked) => inject(asked, fake(asked), (text) => text)),
        await binds((asked) => messageOf(asked).replace(asked.uri, `${asked.uri}\nVersion: 1`)),
        await binds((asked) => `${messageOf(asked)}\nNonce: ${asked.nonce}`),
        await binds((asked) => `\n${messageOf(asked)}`),
        await binds((asked) => messageOf(asked).replace('Version: 1', 'Version: 2')),
        await binds((asked) => messageOf(asked).replaceAll('\n', '\r\n')),
        await binds(() => ''),
      ]
    },
    'AUTH-011': async () => {
      const cut = await LearnerServer.start(['ada@example.org'])
      try {
        const one = await LearnerServer.signedIn(cut, 'ada@example.org')
        const asked = await challenge('wallet', one)
        // A contract that says yes to whatever is said in its name (ERC-1271).
        const wallet = '0x00000000000000000000000000000000000c0de1'
        await cut.place.chain.rpc('anvil_setCode', wallet, '0x631626ba7e60e01b60005260206000f3')
        const message = messageOf(asked, { address: wallet, issuedAt: new Date() })
        const json = { challenge: asked.challenge, message, signature: `0x${'12'.repeat(65)}` }
        const bound = await bind(json, one)
        expect(bound.status, bound.text).to.equal(200)
        const next = await challenge('wallet', one)
        const other = {
          ...json,
          challenge: next.challenge,
          message: messageOf(next, { address: wallet, issuedAt: new Date() }),
        }
        await cut.place.chain.stop()
        // Twice: what could not be judged has used nothing up.
        return [await bind(other, one), await bind(other, one)]
      } finally {
        await cut.close()
      }
    },
    'AUTH-012': async () => {
      const { rpc } = server.place.chain
      const factory = '0x00000000000000000000000000000000000bad01'
      // Turns round until its gas is used up.
      await rpc('anvil_setCode', factory, '0x5b600056')
      const before = await rpc('eth_blockNumber')
      const asked = await challenge('wallet')
      const types = [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }] as const
      const wrapped = `${encodeAbiParameters(types, [factory, '0x1234', '0x5678'])}${magic}`
      const replies = [await bind({ challenge: asked.challenge, message: messageOf(asked), signature: wrapped })]
      for (const signature of ['0x', '0xzz', '', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`]) {
        const next = await challenge('wallet')
        replies.push(await bind({ challenge: next.challenge, message: messageOf(next), signature }))
      }
      expect(await rpc('eth_blockNumber'), 'nothing was sent').to.equal(before)
      return replies
    },
    'AUTH-013': async () => {
      const fixed = `laurel_learner=${'A'.repeat(43)}`
      const victim = LearnerServer.browser(server.base, fixed)
      await victim.ask('POST', '/v1/learner/challenges', { json: { email: 'bo@example.org' } })
      const json = { token: LearnerServer.tokenOf(server.mailTo('bo@example.org')) }
      expect((await victim.ask('POST', '/v1/learner/sessions', { json })).status).to.equal(201)
      expect(victim.cookie()).to.not.equal(fixed)
      expect((await LearnerServer.browser(server.base, fixed).ask('GET', '/v1/learner')).status).to.equal(401)
      return one(await victim.ask('GET', '/v1/learner'))
    },
    // Whoever has lost the wallet signs in by an address, and the issuer moves what no address of theirs has any more.
    'AUTH-016': async () => {
      const asked = await challenge('wallet')
      await bind({ challenge: asked.challenge, ...(await signed(messageOf(asked))) })
      const again = await LearnerServer.signedIn(server, 'ada@example.org')
      expect(await wallets(again)).to.have.length(1)
      await again.ask('POST', '/v1/learner/wallets/remove', { json: { address: account.address } })
      expect(readFileSync(new URL('../../../docs/learners.md', import.meta.url), 'utf8')).to.match(
        /lost\s+the\s+wallet/,
      )
      return one(await again.ask('GET', '/v1/learner'))
    },
    'AUTH-017': async () => {
      const scanner = LearnerServer.browser(server.base)
      await scanner.ask('POST', '/v1/learner/challenges', { json: { email: 'bo@example.org' } })
      const token = LearnerServer.tokenOf(server.mailTo('bo@example.org'))
      for (let i = 0; i < 3; i++) expect((await scanner.ask('GET', `/badges/sign-in/${token}`)).status).to.equal(200)
      const use = () => LearnerServer.browser(server.base).ask('POST', '/v1/learner/sessions', { json: { token } })
      const both = await Promise.all([use(), use()])
      expect(both.map(({ status }) => status).toSorted()).to.deep.equal([201, 401])
      return [
        await use(),
        await LearnerServer.browser(server.base).ask('POST', '/v1/learner/sessions', { json: { token: 'guess' } }),
      ]
    },
  }

  it('have an answer for every entry of the table', function () {
    if (entries.length === 0) this.skip()
    const ids = (surface: string) => entries.filter((entry) => entry.surface === surface).map(({ id }) => id)
    expect(Object.keys(tries).toSorted()).to.deep.equal(ids('auth').toSorted())
    expect([...Object.keys(tokens), ...Object.keys(apart)].toSorted()).to.deep.equal(ids('jwt').toSorted())
  })

  for (const [id, attempt] of Object.entries(tries)) {
    it(`${id} is answered as the table says`, async function () {
      const entry = entries.find((each) => each.id === id)
      if (entry === undefined) return this.skip()
      const { http, code, field } = entry.expected
      const before = id === 'AUTH-016' ? [] : await wallets()
      for (const reply of await attempt()) {
        expect(reply.status, reply.text).to.equal(http)
        if (code === undefined) continue
        expect(reply.json.code, reply.text).to.equal(names[code] ?? code)
        const [place] = reply.json.errors ?? []
        if (field !== undefined) expect(place.pointer).to.equal(field)
        expect(reply.headers.get('set-cookie')).to.equal(null)
      }
      expect(await wallets(), 'nothing was bound').to.deep.equal(before)
    })
  }

  /** What a hostile token has in place of what it should have. */
  type Token = (made: {
    readonly header: Readonly<Record<string, unknown>>
    readonly payload: Readonly<Record<string, unknown>>
    readonly holder: Holder
    readonly sign: (header: object, payload: object, key?: CryptoKey) => Promise<string>
  }) => Promise<readonly (string | object)[]>
  type Holder = {
    readonly did: string
    readonly alg: 'ES256' | 'EdDSA'
    readonly publicKey: CryptoKey
    readonly privateKey: CryptoKey
  }

  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = (header: object, payload: object, signature = '') => `${text(header)}.${text(payload)}.${signature}`
  const holderOf = async (alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<Holder> => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
    return { did: `did:jwk:${text(await jose.exportJWK(publicKey))}`, alg, publicKey, privateKey }
  }
  const algorithm =
    (alg: unknown): Token =>
    async ({ header, payload }) =>
      alone(unsigned({ ...header, alg }, payload))
  const alone = (token: string | object) => [token]

  const tokens: Readonly<Record<string, Token>> = {
    'JWT-001': algorithm('none'),
    'JWT-002': algorithm('None'),
    'JWT-004': algorithm(''),
    'JWT-005': algorithm(null),
    'JWT-006': async ({ header, payload, holder }) => {
      const jwk = await jose.exportJWK(holder.publicKey)
      const keys = [await jose.exportSPKI(holder.publicKey), JSON.stringify(jwk), Buffer.from(jwk.x ?? '', 'base64url')]
      return keys.map((key) => {
        const input = `${text({ ...header, alg: 'HS256' })}.${text(payload)}`
        return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
      })
    },
    'JWT-007': async ({ header, payload, sign }) => {
      const [, , signature] = (await sign(header, payload)).split('.')
      return alone(unsigned({ ...header, alg: 'EdDSA' }, payload, signature))
    },
    'JWT-008': async ({ header, payload, sign }) => {
      const attacker = await holderOf()
      return alone(
        await sign({ ...header, jwk: await jose.exportJWK(attacker.publicKey) }, payload, attacker.privateKey),
      )
    },
    'JWT-010': async ({ header, payload, sign }) => {
      const attacker = await holderOf()
      return alone(await sign({ ...header, x5c: ['MIIB'] }, payload, attacker.privateKey))
    },
    'JWT-011': async ({ header, payload, sign }) => {
      const attacker = await holderOf()
      const kids = [
        '../../../../dev/null',
        'https://evil.example/key',
        "' OR 1=1; --",
        'x'.repeat(100_000),
        `${attacker.did}#0`,
      ]
      return Promise.all(kids.map((kid) => sign({ ...header, kid }, payload, attacker.privateKey)))
    },
    'JWT-012': async ({ header, payload, sign }) => [
      unsigned({ ...header, crit: ['exp2'], exp2: 1 }, payload, (await sign(header, payload)).split('.')[2]),
      unsigned({ ...header, crit: ['b64'], b64: false }, payload, (await sign(header, payload)).split('.')[2]),
    ],
    'JWT-014': async ({ header: { typ: _, ...header }, payload, sign }) =>
      Promise.all([{}, { typ: 'JWT' }, { typ: 'vc+jwt' }].map((typ) => sign({ ...header, ...typ }, payload))),
    'JWT-015': async ({ header, payload, sign }) =>
      Promise.all(
        [{ exp: 'never' }, { exp: -1 }, { nbf: 99_999_999_999 }, { iat: 99_999_999_999 }].map((claims) =>
          sign(header, { ...payload, ...claims }),
        ),
      ),
    'JWT-016': async ({ header, payload, sign }) => [
      await sign(header, { ...payload, iss: 'did:web:a.example' }),
      await sign(header, { ...payload, holder: 'did:web:b.example' }),
      await sign(header, { ...payload, jti: 'urn:uuid:00000000-0000-4000-8000-000000000000' }),
    ],
    'JWT-017': async ({ header, payload, sign }) => [
      ada.cookie()?.split('=')[1] ?? '',
      server.key,
      await sign({ ...header, typ: 'vc+jwt', cty: 'vc' }, payload),
      await sign({ ...header, typ: 'at+jwt' }, payload),
    ],
    'JWT-018': async ({ header, payload, sign }) => {
      const token = await sign(header, payload)
      return [`${token}=`, `${token} `, ` ${token}`]
    },
    'JWT-019': async () => ['a..b.c', '..', '.', 'a.b', 'a.b.c.d', '.'.repeat(1_000)],
    'JWT-020': async () => alone('eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIn0.....'),
    'JWT-021': async () => alone('eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJwMmMiOjIxNDc0ODM2NDd9.....'),
    'JWT-023': async ({ header, payload, sign }) => {
      const token = await sign(header, payload)
      const [head, body, signature = ''] = token.split('.')
      const raw = Buffer.from(signature, 'base64url')
      const der = Buffer.concat([
        Buffer.from([0x30, 0x44, 2, 32]),
        raw.subarray(0, 32),
        Buffer.from([2, 32]),
        raw.subarray(32),
      ])
      return [der, raw.subarray(0, 63), Buffer.concat([raw, Buffer.from([0])])].map(
        (bytes) => `${head}.${body}.${bytes.toString('base64url')}`,
      )
    },
    'JWT-024': async () =>
      alone({
        payload: 'e30',
        signatures: [
          { protected: 'e30', signature: 'AA' },
          { protected: 'e30', signature: 'AA' },
        ],
      }),
    'JWT-025': async ({ payload }) =>
      [
        { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
        {
          kty: 'EC',
          crv: 'P-256',
          x: Buffer.alloc(32, 1).toString('base64url'),
          y: Buffer.alloc(32, 1).toString('base64url'),
        },
        { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(33, 1).toString('base64url') },
      ].map((jwk) => {
        const did = `did:jwk:${text(jwk)}`
        const header = { alg: jwk.kty === 'EC' ? 'ES256' : 'EdDSA', kid: `${did}#0`, typ: 'vp+jwt', cty: 'vp' }
        return unsigned(header, { ...payload, iss: did, holder: did }, Buffer.alloc(64, 1).toString('base64url'))
      }),
  }

  /** Those that have an answer of another kind, by a test of their own below. */
  const apart: Readonly<Record<string, string>> = { 'JWT-022': 'a body that is too large is not read' }

  /** Those whose signature may be written otherwise: the bytes are the same, and the challenge is used up either way. */
  const harmless: readonly string[] = ['JWT-018']

  for (const [id, make] of Object.entries(tokens)) {
    it(`${id} binds nobody’s DID`, async () => {
      const dids = async () => (await ada.ask('GET', '/v1/learner')).json.dids
      const before = await dids()
      // Each has a challenge of its own, so that nothing else is wrong with it.
      for (let i = 0, more = true; more; i++) {
        const holder = await holderOf()
        const asked = await challenge('did')
        const made = await make({
          holder,
          header: { alg: holder.alg, kid: `${holder.did}#0`, typ: 'vp+jwt', cty: 'vp' },
          payload: {
            ...Presentations.of([], holder.did, { verifiableCredential: [] }),
            ...{ iss: holder.did, nonce: asked.nonce, aud: asked.domain },
          },
          sign: (header, payload, key = holder.privateKey) =>
            new jose.CompactSign(Buffer.from(JSON.stringify(payload)))
              .setProtectedHeader(header as jose.CompactJWSHeaderParameters)
              .sign(key),
        })
        more = i + 1 < made.length
        const json = { challenge: asked.challenge, presentation: made[i] }
        const reply = await ada.ask('POST', '/v1/learner/dids', { json })
        if (harmless.includes(id) && reply.status === 200) continue
        expect([reply.status, reply.json.code], `${i}: ${reply.text}`).to.deep.equal([401, 'PRESENTATION_REFUSED'])
      }
      if (!harmless.includes(id)) expect(await dids()).to.deep.equal(before)
    })
  }

  it('JWT-022 is not read to its end', async () => {
    const { challenge: secret } = await challenge('did')
    const presentation = `eyJhbGciOiJFZERTQSJ9.${'A'.repeat(5 * 1024 * 1024)}.AA`
    const { status } = await ada.ask('POST', '/v1/learner/dids', { json: { challenge: secret, presentation } })
    expect(status).to.equal(413)
  })

  it('are counted: a wallet is bound by a message that is right', async () => {
    const asked = await challenge('wallet')
    const { status } = await bind({
      challenge: asked.challenge,
      ...(await signed(messageOf(asked, { statement: 'I link it.' }))),
    })
    expect(status).to.equal(200)
  })
})
