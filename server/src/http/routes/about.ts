import { agreedNow } from '../../issuer/Profile.ts'
import * as OpenApi from '../OpenApi.ts'
import * as Page from '../Page.ts'
import { define, json, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'About'

/** What says who issues here and how to ask. */
export function about(others: readonly Route[]): readonly Route[] {
  const forever = { 'Cache-Control': 'public, max-age=300' }
  const routes: readonly Route[] = [
    define({
      method: 'get',
      path: '/v1/issuer',
      operation: 'getIssuer',
      summary: 'Says who issues here, with which keys, and where it is anchored',
      tag,
      scope: null,
      answers: { 200: { says: 'The issuer', schema: schemas.Issuer } },
      handle: async (_, { chain, ...api }) => {
        const terms = await agreedNow(api.terms, api)
        return json(
          200,
          {
            id: terms.issuer.id,
            ...Views.said(terms.issuer),
            profile: terms.profile,
            verificationMethod: terms.verificationMethod,
            didDocument: `${terms.publicUrl}/.well-known/did.json`,
            publicUrl: terms.publicUrl,
            chain: {
              id: terms.chainId,
              test: chain.test,
              registry: terms.registry,
              account: terms.account,
              confirmations: chain.confirmations,
            },
          },
          forever,
        )
      },
    }),
    define({
      method: 'get',
      path: '/v1/openapi.json',
      operation: 'getDescription',
      summary: 'Describes all of this for programs',
      tag,
      scope: null,
      answers: { 200: { says: 'OpenAPI 3.1', type: 'application/json' } },
      handle: async () => ({ status: 200, headers: forever, body: described().text }),
    }),
    define({
      method: 'get',
      path: '/v1/docs',
      operation: 'getDocs',
      summary: 'Describes all of this for people',
      tag,
      scope: null,
      answers: { 200: { says: 'A page', type: 'text/html' } },
      handle: async () => ({
        status: 200,
        headers: {
          ...forever,
          'Content-Security-Policy':
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        },
        type: 'text/html; charset=utf-8',
        body: described().page,
      }),
    }),
    define({
      method: 'get',
      path: '/v1/docs.css',
      operation: 'getDocsStyle',
      summary: 'How that page looks',
      tag,
      scope: null,
      answers: { 200: { says: 'A style sheet', type: 'text/css' } },
      handle: async () => ({ status: 200, headers: forever, type: 'text/css; charset=utf-8', body: Page.style }),
    }),
  ]
  let made: { readonly text: string; readonly page: string } | undefined
  const described = () => {
    if (made !== undefined) return made
    const description = OpenApi.describe([...others, ...routes])
    made = { text: `${JSON.stringify(description, null, 2)}\n`, page: Page.render(description) }
    return made
  }
  return routes
}
