import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type * as Json from '@laurel/core/Json'
import { Policy, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Cli from '../support/Cli.ts'

const id = 'https://school.example/refresh/1'
const refreshService = { id, type: '1EdTechCredentialRefresh' }
const later = '2026-05-01T09:00:00Z'

describe('A newer version of a credential', function () {
  this.timeout(60_000)
  let author: Badges.Author
  before(async () => {
    author = await Badges.author()
  })

  const sign = (changes: Json.Object, by = author) =>
    Badges.sign(Badges.badge(author.did, { refreshService, ...changes }), 'eddsa-jcs-2022', by)
  const ask = async (document: Json.Object, answer: Json.Object | string | undefined) => {
    const asked: string[] = []
    const text = typeof answer === 'object' ? JSON.stringify(answer) : answer
    const refreshed = async (url: string) => {
      asked.push(url)
      return text === undefined ? undefined : new TextEncoder().encode(text)
    }
    const options = { trust: Badges.trusting(author.did), readers: { ...nobody, refreshed }, now: Badges.now }
    const report = await verify(JSON.stringify(document), options)
    const { refresh } = report
    const newer = refresh?.report && Policy.decide(refresh.report).verdict
    return { told: [Policy.decide(report).verdict, refresh?.outcome, refresh?.code, newer].join(' ').trim(), asked }
  }

  it('is told with its own verdict, and decides nothing about the older', async () => {
    const old = await sign({})
    const cases: readonly (readonly [Json.Object | string | undefined, string])[] = [
      [await sign({ validFrom: later, name: 'Lifeguard, gold' }), 'accepted failed REFRESH_NEWER accepted'],
      [await sign({ validFrom: later, validUntil: later }), 'accepted failed REFRESH_NEWER rejected'],
      [await sign({ validFrom: '2026-07-01T00:00:00Z' }), 'accepted failed REFRESH_NEWER rejected'],
      [old, 'accepted passed REFRESH_CURRENT'],
      [await sign({ validFrom: '2026-01-01T00:00:00Z' }), 'accepted passed REFRESH_CURRENT'],
      [undefined, 'accepted unknown REFRESH_UNAVAILABLE'],
    ]
    for (const [answer, told] of cases) expect((await ask(old, answer)).told).to.equal(told)
  })

  it('has to be one: of the same issuer, number and recipient, and signed', async () => {
    const old = await sign({})
    const other = await Badges.author()
    const subject = { ...(Badges.badge(author.did).credentialSubject as Json.Object), identifier: [] }
    const { identifier: _, ...nobodys } = subject
    const foreign = Badges.badge(other.did, { validFrom: later })
    const good = await sign({ validFrom: later })
    for (const [answer, code] of [
      [await sign({ validFrom: later, id: 'urn:uuid:other' }), 'REFRESH_OTHER'],
      [await sign({ validFrom: later, credentialSubject: { ...nobodys, id: 'did:example:eve' } }), 'REFRESH_OTHER'],
      [await Badges.sign(foreign, 'eddsa-jcs-2022', other), 'REFRESH_OTHER'],
      [await sign({ validFrom: later }, other), 'REFRESH_INVALID rejected'],
      [{ ...good, name: 'Diver' }, 'REFRESH_INVALID rejected'],
      ['<p>Gone</p>', 'REFRESH_OTHER'],
      ['{}', 'REFRESH_OTHER'],
    ] as const)
      expect((await ask(old, answer)).told).to.equal(`accepted unknown ${code}`)
  })

  it('is asked for once, after the signature has passed, and only where somebody wants it', async () => {
    const old = await sign({})
    const newer = await sign({ validFrom: later })
    expect((await ask(old, newer)).asked).to.deep.equal([id])
    expect((await ask({ ...old, name: 'Diver' }, newer)).asked).to.deep.equal([])
    const strange = await sign({ refreshService: { id, type: 'ManualRefreshService2018' } })
    expect(await ask(strange, newer)).to.deep.equal({ told: 'accepted unknown REFRESH_UNSUPPORTED', asked: [] })
    const options = { trust: Badges.trusting(author.did), readers: nobody, now: Badges.now }
    expect(await verify(JSON.stringify(old), options)).to.not.have.property('refresh')
  })

  it('is asked for by laurel-verify --refresh, and by nothing else', async () => {
    let asked = 0
    let answer: Json.Object = {}
    const server = createServer((_, response) => {
      asked++
      response.end(JSON.stringify(answer))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const service = { ...refreshService, id: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/1` }
    const { home, remove } = await Cli.createHome()
    try {
      answer = await sign({ refreshService: service, validFrom: later })
      const [file, trust] = [join(home, 'badge.json'), join(home, 'trust.json')]
      await writeFile(file, JSON.stringify(await sign({ refreshService: service })))
      const { issuers } = Badges.trusting(author.did)
      await writeFile(trust, JSON.stringify({ chains: [], issuers, allowLoopback: true }))
      const run = (...more: readonly string[]) => Cli.run('laurel-verify', [file, '--trust', trust, ...more], {})
      expect((await run()).stdout).to.not.include('REFRESH')
      expect(asked).to.equal(0)
      const { code, stdout } = await run('--refresh')
      expect([code, asked]).to.deep.equal([0, 1])
      expect(stdout).to.match(/✖ refresh .*newer version.*\[REFRESH_NEWER\]/)
      const [row] = JSON.parse((await run('--refresh', '--json')).stdout)
      expect([row.refresh.code, row.refresh.newer.verdict]).to.deep.equal(['REFRESH_NEWER', 'accepted'])
      await writeFile(trust, JSON.stringify({ chains: [], issuers }))
      expect((await run('--refresh')).stdout).to.include('REFRESH_UNAVAILABLE')
      expect(asked).to.equal(2)
    } finally {
      server.close()
      await remove()
    }
  })
})
