import { randomUUID } from 'node:crypto'
import type { Express } from 'express'
import * as Noting from './Noting.ts'
import type { Api } from './Route.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Where the reader of a mail ends notifications, for whoever has its address: the id of the mail, which is random. A GET
 * changes nothing, because scanners of mail follow links; one POST does (RFC 8058). Whether there is such a mail is told to
 * nobody.
 */
export function mount(app: Express, api: Pick<Api, 'mails' | 'audit' | 'clock'>): void {
  app.get('/mail/unsubscribe/:id', (_request, response) => {
    response.set(headers).send(page('<form method="post"><button>No more messages about badges</button></form>'))
  })
  app.post('/mail/unsubscribe/:id', async (request, response) => {
    const { id } = request.params
    const asked = { principal: undefined, request: randomUUID(), operation: 'unsubscribe', objects: [id] }
    if (uuid.test(id)) await Noting.noted(asked, api, () => api.mails.returned(id, 'unsubscribed'))
    response.set(headers).send(page('<p>No more messages about badges are sent to this address.</p>'))
  })
}

const style =
  ':root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:18px/1.5 system-ui,sans-serif}' +
  'main{max-width:32rem;padding:2rem;text-align:center}button{font:inherit;padding:.75rem 1.25rem;border:0;border-radius:.5rem;' +
  'background:#12633a;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid currentColor;outline-offset:3px}'

const headers = {
  'Cache-Control': 'no-store',
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Messages about badges</title>
<style>${style}</style>
</head>
<body><main><h1>Messages about badges</h1>${body}</main></body>
</html>
`
}
