import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import * as VerifyPage from '../../../server/src/http/VerifyPage.ts'

describe('The page on which anybody verifies, as it is served', () => {
  const policy = "default-src 'none'; script-src 'sha256-x'"
  const page = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><p>A page`

  const get = async (load: VerifyPage.Load, headers: Readonly<Record<string, string>> = {}) => {
    const app = express().get('/verify', VerifyPage.create(load))
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`, { headers })
    } finally {
      server.close()
    }
  }

  it('comes with its own policy, in no frame, and is not sent again where it is known', async () => {
    const answer = await get(async () => page)
    expect([answer.status, await answer.text()]).to.deep.equal([200, page])
    expect(answer.headers.get('content-security-policy')).to.equal(`${policy}; frame-ancestors 'none'`)
    // Otherwise fetch demands that nobody answers from what is known.
    const known = { 'if-none-match': answer.headers.get('etag') ?? '', 'cache-control': 'max-age=0' }
    const again = await get(async () => page, known)
    expect(again.status).to.equal(304)
    expect((await get(async () => `${page}!`, known)).status).to.equal(200)
  })

  it('is not there before it is built, nor without a policy', async () => {
    for (const load of [async () => undefined, async () => '<p>Anything']) {
      const answer = await get(load)
      expect([answer.status, (await answer.json()).code]).to.deep.equal([404, 'NOT_FOUND'])
    }
  })
})
