import { randomBytes } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as SmtpMailer from '../adapters/mail/SmtpMailer.ts'
import type { Pinning } from '../ports/Pinning.ts'
import { type Check, failed, type Patient, passed, skipped, unknown } from './Examination.ts'

/** How long somebody else is waited for, in milliseconds. */
const patience = 10_000

export type Seen = {
  /** What this home says of its issuer; `undefined` where there are no keys yet. */
  readonly didDocument: Json.Object | undefined
  readonly places: readonly Pinning[]
}

/**
 * What others see of this issuer, and who keeps what is public.
 *
 * @param ask asks an address that the operator has named
 */
export function world({ config }: Patient, see: () => Promise<Seen>, ask: typeof fetch = fetch): readonly Check[] {
  const { domain, publicUrl, pinning, mail } = config
  const get = (url: string) => ask(url, { redirect: 'error', signal: AbortSignal.timeout(patience) })
  return [
    {
      name: 'did',
      look: async () => {
        if (domain === undefined) return skipped('The issuer is a did:key, which needs no document.')
        const { didDocument } = await see()
        if (didDocument === undefined) return skipped('The keys are made by the first start.')
        const url = `https://${domain}/.well-known/did.json`
        const mend = `serve .well-known/did.json of the home’s public/ at ${url}`
        const answer = await get(url).catch(() => undefined)
        if (answer === undefined) return failed(`${url} cannot be reached from here.`, mend)
        if (!answer.ok) return failed(`${url} answers ${answer.status}.`, mend)
        const served = await answer.json().catch(() => null)
        return served !== null && Bytes.equals(Jcs.bytes(served as Json.Object), Jcs.bytes(didDocument))
          ? passed(`${url} is the document of this home.`)
          : failed(`${url} is another document than this home’s.`, mend)
      },
    },
    {
      name: 'public-url',
      look: async () => {
        const url = `${publicUrl}/healthz`
        const isHere = /^https?:\/\/(localhost|127\.|\[::1\])/.test(publicUrl)
        const answer = await get(url).catch(() => undefined)
        if (answer?.ok) return passed(`${publicUrl} answers.`)
        if (isHere) return unknown(`Nobody answers at ${publicUrl}: the server does not run.`, 'npm start')
        return failed(
          answer === undefined ? `${publicUrl} cannot be reached from here.` : `${url} answers ${answer.status}.`,
          'start the server, and lead the proxy to LAUREL_HOST and PORT',
        )
      },
    },
    {
      name: 'mail',
      look: async () => {
        const { smtp, from } = mail
        if (smtp === undefined) return skipped('Mails are files in the folder outbox of the home.')
        try {
          await SmtpMailer.look({ ...smtp, from })
          return passed(`${new URL(smtp.url).host} lets this machine in.`)
        } catch (error) {
          if (!(error instanceof Errors.BaseError)) throw error
          return failed(error.message, 'mend LAUREL_SMTP_URL or LAUREL_SMTP_PASSWORD_FILE')
        }
      },
    },
    {
      name: 'pinning',
      look: async () => {
        if (pinning.kubo === undefined && pinning.service === undefined)
          return skipped('What is public is kept on this machine alone.')
        const { places } = await see()
        for (const place of places) {
          // Something new each time: what is there already proves nothing.
          const bytes = Bytes.concat(Bytes.fromUtf8('laurel doctor '), randomBytes(16))
          const cid = Cid.fromDigest(Sha256.digest(bytes))
          const signal = AbortSignal.timeout(patience)
          const mend = 'look after the node or the service, or mend LAUREL_KUBO_RPC or LAUREL_PINNING_ENDPOINT'
          try {
            await place.pin(cid, one({ cid, bytes }), signal)
            const fetched = await place.fetch(cid, signal)
            if (fetched === undefined || !Bytes.equals(fetched, bytes))
              return failed(`${place.place} has taken a block and does not give it back.`, mend)
          } catch (error) {
            if (error instanceof TypeError) throw error
            return failed(`${place.place} does not take a block now.`, mend)
          }
        }
        return passed(`${places.map(({ place }) => place).join(', ')} took a block and gave it back.`)
      },
    },
  ]
}

async function* one<item>(item: item): AsyncGenerator<item> {
  yield item
}
