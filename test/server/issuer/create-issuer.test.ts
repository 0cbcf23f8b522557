import { expect } from 'chai'
import { createIssuer } from '../../../server/src/issuer/create-issuer.ts'
import * as Issuer from '../../../server/src/issuer/Issuer.ts'

describe('createIssuer', () => {
  const made: string[] = []
  const within = (count: number) =>
    ({
      issuers: {
        issuers: async () => Array.from({ length: count }, () => ({})),
        addIssuer: async ({ did }: Issuer.Issuer) => {
          made.push(did)
        },
      },
      issuerKeys: { make: async () => new Uint8Array(32) },
      issuing: { publish: async () => {} },
      domain: 'example.org',
      clock: { now: () => 1 },
      randomness: { bytes: (size: number) => new Uint8Array(size) },
    }) as unknown as Parameters<typeof createIssuer>[1]

  it('makes as many as an organisation may have, and no more', async () => {
    await createIssuer({ name: 'The last' }, within(Issuer.most - 1))
    const refused = await createIssuer({ name: 'One more' }, within(Issuer.most)).then(
      () => '',
      ({ code }) => code,
    )
    expect([refused, made]).to.deep.equal(['ISSUERS_TOO_MANY', ['did:web:example.org:issuers:00000000']])
  })
})
