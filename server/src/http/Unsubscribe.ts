import type { Express, Response } from 'express'
import * as LearnerPage from './LearnerPage.ts'
import * as Noting from './Noting.ts'
import type { Api } from './Route.ts'
import * as Visit from './Visit.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Where the reader of a mail ends notifications, for whoever has its address: the id of the mail, which is random. A GET
 * changes nothing, because scanners of mail follow links; one POST does (RFC 8058). Whether there is such a mail is told to
 * nobody.
 */
export function mount(app: Express, api: Pick<Api, 'mails' | 'audit' | 'clock'>): void {
  app.get('/mail/unsubscribe/:id', (_request, response) => {
    show(response, false)
  })
  app.post('/mail/unsubscribe/:id', async (request, response) => {
    const { id } = request.params
    const mail = uuid.test(id) ? await api.mails.mail(id) : undefined
    if (mail !== undefined) {
      const { request } = Visit.note(response, {})
      const asked = { principal: undefined, organisation: mail.organisation, request }
      const what = { operation: 'unsubscribe', objects: [id] }
      await Noting.noted({ ...asked, ...what }, api, () => api.mails.returned(id, 'unsubscribed'))
    }
    show(response, true)
  })
}

function show(response: Response, haveEnded: boolean): void {
  const { status, type, headers, body } = LearnerPage.notifications(haveEnded)
  response
    .status(status)
    .set({ ...headers, 'Content-Type': type })
    .send(body)
}
