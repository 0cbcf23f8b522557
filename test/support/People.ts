import { expect } from 'chai'
import * as Api from './Api.ts'
import * as Browser from './Browser.ts'
import * as Mails from './Mails.ts'

/** Lets people of an organisation sign in, each in a browser of their own. */
export type People = {
  /** Somebody who is made a member where they are none yet, and signs in. */
  readonly enter: (email: string, role: string) => Promise<Browser.Browser>
  /** Asks for a link by mail, in a browser, and answers with its way. */
  readonly link: (browser: Browser.Browser, email: string) => Promise<string>
  /** Asks somebody to join. */
  readonly invite: (email: string, role: string) => Promise<{ readonly made: Api.Reply; readonly link: string }>
}

/**
 * @param base where browsers reach the server
 * @param key may do all there is
 */
export function create(home: string, base: string, key: string): People {
  const ask = Api.create(base, key)
  const people: People = {
    enter: async (email, role) => {
      const browser = Browser.create(base)
      const items: readonly { email: string }[] = (await ask('GET', '/v1/members')).json.items
      const isMember = items.some((member) => member.email === email)
      const link = isMember ? await people.link(browser, email) : (await people.invite(email, role)).link
      expect((await browser.send(link)).location).to.equal('/account')
      return browser
    },
    link: async (browser, email) => {
      const mail = await Mails.after(home, email, async () =>
        expect((await browser.send('/sign-in', { email })).location).to.equal('/sign-in/sent'),
      )
      return Mails.linkIn(mail)
    },
    invite: async (email, role) => {
      let made: Api.Reply | undefined
      const mail = await Mails.after(home, email, async () => {
        made = await ask('POST', '/v1/invitations', { json: { email, role } })
        expect(made.status).to.equal(201)
      })
      return { made: made as Api.Reply, link: Mails.linkIn(mail) }
    },
  }
  return people
}
