import { z } from 'zod'
import * as ClaimLink from '../../learners/ClaimLink.ts'
import * as Report from '../../mail/Report.ts'
import type * as MailStore from '../../ports/MailStore.ts'
import * as Uuid from '../../Uuid.ts'
import * as Cursor from '../Cursor.ts'
import * as Problem from '../Problem.ts'
import { define, json, type Route } from '../Route.ts'
import * as schemas from '../schemas/mail.ts'
import { batchId, credentialId, uuid } from '../schemas.ts'
import * as Views from '../Views.ts'
import { ready } from './credentials.ts'

const tag = 'Mail'

export const mail: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/mails',
    operation: 'listMails',
    summary: 'Lists what was written to people, the newest first',
    tag,
    scope: 'mail:read',
    query: schemas.MailQuery,
    answers: { 200: { says: 'A page of them', schema: schemas.Mails } },
    problems: ['PAGINATION_INVALID'],
    handle: async ({ query: { limit, cursor, state } }, { mails }) => {
      const range = { before: Cursor.readNumber('mails', cursor), limit: Cursor.reach(limit), state }
      const page = Cursor.cut(await mails.mails(range), limit, ({ seq }) => Cursor.write('mails', seq))
      return json(200, { ...page, items: page.items.map(Views.mail) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/mails/{id}',
    operation: 'getMail',
    summary: 'Shows what has become of a mail',
    tag,
    scope: 'mail:read',
    params: z.strictObject({ id: uuid }),
    answers: { 200: { says: 'The mail', schema: schemas.MailView } },
    problems: ['MAIL_UNKNOWN'],
    handle: async ({ params }, { mails }) => json(200, Views.mail(known(await mails.mail(params.id)))),
  }),
  define({
    method: 'post',
    path: '/v1/batches/{id}/mails',
    operation: 'writeToLearners',
    summary: 'Sends the learners of a delivered batch their links; repeating it writes to nobody twice',
    tag,
    scope: 'mail:write',
    params: z.strictObject({ id: batchId }),
    body: schemas.NewMailing,
    answers: { 202: { says: 'It is begun, and goes on whatever happens', schema: schemas.Mailing } },
    problems: ['BATCH_NOT_DELIVERED', 'BATCH_UNKNOWN'],
    handle: async ({ params, body }, { store, mails }) => {
      if ((await store.get(params.id)) === undefined)
        throw new Problem.RefusedError('BATCH_UNKNOWN', 'There is no batch with this id.')
      return json(202, Views.mailing(await mails.begin(params.id, body.whom ?? 'all')))
    },
  }),
  define({
    method: 'post',
    path: '/v1/credentials/{id}/resend',
    operation: 'resendCredential',
    summary: 'Sends a learner a new link to their credential, where that is now',
    tag,
    scope: 'mail:write',
    params: z.strictObject({ id: credentialId }),
    answers: { 202: { says: 'A mail is in the queue', schema: schemas.Resent } },
    problems: ['CREDENTIAL_NOT_READY', 'CREDENTIAL_UNKNOWN', 'MAIL_ADDRESS_MISSING'],
    handle: async ({ params }, api) => {
      const found = await ready(api, params.id)
      const id = Uuid.toUrn(params.id)
      const last = (await api.mails.about([id])).get(id)
      if (last?.state === 'queued' && last.template === 'claim')
        return json(202, { mail: Views.mail(last), repeated: true })
      if (ClaimLink.contactOf(found.recipient) === undefined)
        throw new Problem.RefusedError('MAIL_ADDRESS_MISSING', 'The roster has no e-mail address of this learner.')
      await ClaimLink.send(found, { ...api, publicUrl: api.terms.publicUrl })
      const stored = known((await api.mails.about([id])).get(id))
      return json(202, { mail: Views.mail(stored), repeated: false })
    },
  }),
  define({
    method: 'post',
    path: '/v1/mail/bounces',
    operation: 'returnMail',
    summary: 'Hands in a report that has come back: a delivery status (RFC 3464) or a complaint (RFC 5965)',
    tag,
    scope: 'mail:write',
    files: ['message/rfc822'],
    answers: { 200: { says: 'Which mail it is about, and what it says', schema: schemas.Returned } },
    problems: ['MAIL_REPORT_INVALID', 'MAIL_UNKNOWN'],
    handle: async ({ file }, { mails }) => {
      const { mail: id, what } = await Report.read(file)
      const isKnown = what === undefined ? (await mails.mail(id)) !== undefined : await mails.returned(id, what)
      if (!isKnown) throw unknown()
      return json(200, { mail: id, outcome: what ?? null })
    },
  }),
  define({
    method: 'get',
    path: '/v1/mail/suppressions',
    operation: 'listSuppressions',
    summary: 'Lists the addresses to which nothing is sent',
    tag,
    scope: 'mail:read',
    answers: { 200: { says: 'All of them, the last first', schema: schemas.Suppressions } },
    handle: async (_, { mails }) =>
      json(200, {
        items: (await mails.suppressions()).map(({ address, reason, at }) => ({ address, reason, at: Views.time(at) })),
      }),
  }),
  define({
    method: 'post',
    path: '/v1/mail/suppressions/end',
    operation: 'endSuppression',
    summary: 'Sends to an address again',
    tag,
    scope: 'mail:write',
    body: schemas.Address,
    answers: { 200: { says: 'Whether nothing was sent to it', schema: schemas.Allowed } },
    handle: async ({ body }, { mails }) => json(200, { allowed: await mails.allow(body.address) }),
  }),
]

function known(mail: MailStore.Stored | undefined): MailStore.Stored {
  if (mail === undefined) throw unknown()
  return mail
}

function unknown(): Problem.RefusedError {
  return new Problem.RefusedError('MAIL_UNKNOWN', 'There is no mail with this id.')
}
