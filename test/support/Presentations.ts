import * as vc from '@digitalbazaar/vc'
import { Ed25519Signature2020 } from '@digitalcredentials/ed25519-signature-2020'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import type { Trust } from '@laurel/verifier'
import { createVerifiableCredentialJwt, createVerifiablePresentationJwt, type JwtCredentialPayload } from 'did-jwt-vc'
import * as jose from 'jose'
import * as Badges from './Badges.ts'

/** What a verifier has asked for. */
export const asked = { challenge: '6e62f66e-67de-11eb-b490-ef3eeefa55f2', domain: 'https://recruiter.example' }

/** A presentation of a badge, who holds it, and a trust in who issued it. */
export type Made<form> = { readonly presentation: form; readonly holder: string; readonly trust: Trust }

/** A badge that was issued to a holder, signed by its issuer. */
export async function badgeOf(
  holder: string | undefined,
): Promise<{ readonly credential: Json.Object; readonly trust: Trust }> {
  const issuer = await Badges.author()
  const { credentialSubject } = Badges.badge(issuer.did)
  const subject = { ...(credentialSubject as Json.Object), ...(holder === undefined ? {} : { id: holder }) }
  const document = Badges.badge(issuer.did, { credentialSubject: subject })
  return { credential: await Badges.sign(document, 'eddsa-rdfc-2022', issuer), trust: Badges.trusting(issuer.did) }
}

/** A presentation, not signed, as `@digitalbazaar/vc` makes it. */
export function of(credentials: readonly Json.Value[], holder: string, changes: Json.Object = {}): Json.Object {
  const made = vc.createPresentation({ holder, id: 'urn:uuid:5f5f2b5e-0d3a-4f0c-9a4e-2c1b7e7f0001' }) as Json.Object
  return { ...made, verifiableCredential: credentials, ...changes }
}

/** Signs a presentation by `@digitalbazaar/vc`, in answer to what was asked. */
export async function sign(
  presentation: Json.Object,
  format: Badges.Format,
  { signer }: Badges.Author,
  { challenge = asked.challenge, domain = asked.domain } = {},
): Promise<Json.Object> {
  const suite = Badges.formats[format][1](signer)
  const options = { presentation: structuredClone(presentation), suite, challenge, domain }
  return (await vc.signPresentation({ ...options, documentLoader: Badges.documentLoader })) as Json.Object
}

/** A fresh holder's presentation of a badge of theirs. */
export async function signed(format: Badges.Format): Promise<Made<Json.Object> & { readonly author: Badges.Author }> {
  const author = await Badges.author(Badges.formats[format][0])
  const { credential, trust } = await badgeOf(author.did)
  const context = [Contexts.credentialsV2, ...(format === 'Ed25519Signature2020' ? [Badges.suite2020] : [])]
  const presentation = await sign(of([credential], author.did, { '@context': context }), format, author)
  return { presentation, holder: author.did, trust, author }
}

/** The same in version 1, with an `Ed25519Signature2020`. */
export async function signedV1(): Promise<Made<Json.Object>> {
  const author = await Badges.author()
  const issuer = await Badges.author()
  const { credentialSubject } = Badges.badgeV1(issuer.did)
  const subject = { ...(credentialSubject as Json.Object), id: author.did }
  const document = Badges.badgeV1(issuer.did, undefined, { credentialSubject: subject })
  const credential = await Badges.signV1(document, 'Ed25519Signature2020', issuer)
  const made = vc.createPresentation({ verifiableCredential: credential, holder: author.did, version: 1.0 })
  const suite = new Ed25519Signature2020({ signer: author.signer, date: '2026-03-01T09:00:00Z' })
  const options = { presentation: made, suite, ...asked, documentLoader: Badges.documentLoader }
  return {
    presentation: (await vc.signPresentation(options)) as Json.Object,
    holder: author.did,
    trust: Badges.trusting(issuer.did),
  }
}

export function envelope(token: string): Json.Object {
  return {
    '@context': Contexts.credentialsV2,
    id: `data:application/vc+jwt,${token}`,
    type: 'EnvelopedVerifiableCredential',
  }
}

/** Somebody who signs tokens with `jose`. */
export async function signer(alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<{
  readonly did: string
  readonly sign: (payload: object, header?: object) => Promise<string>
}> {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  const did = `did:jwk:${Buffer.from(JSON.stringify(await jose.exportJWK(publicKey))).toString('base64url')}`
  const sign = (payload: object, header: object = {}) =>
    new jose.CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ alg, kid: `${did}#0`, typ: 'vp+jwt', cty: 'vp', ...header })
      .sign(privateKey)
  return { did, sign }
}

/** A badge in an envelope, issued to somebody, and a trust in who issued it. */
export async function envelopedBadgeOf(
  holder: string,
): Promise<{ readonly credential: Json.Object; readonly trust: Trust }> {
  const issuer = await signer()
  const { credentialSubject } = Badges.badge(issuer.did)
  const subject = { ...(credentialSubject as Json.Object), id: holder }
  const token = await issuer.sign(Badges.badge(issuer.did, { credentialSubject: subject }), {
    typ: 'vc+jwt',
    cty: 'vc',
  })
  return { credential: envelope(token), trust: Badges.trusting(issuer.did) }
}

/** A fresh holder's presentation as a token by VC-JOSE-COSE, made by `jose`. */
export async function token(): Promise<Made<string>> {
  const { did, sign } = await signer()
  const { credential, trust } = await envelopedBadgeOf(did)
  const claims = { iss: did, nonce: asked.challenge, aud: asked.domain }
  return { presentation: await sign({ ...of([credential], did), ...claims }), holder: did, trust }
}

/** A fresh holder's presentation as a token of version 1, with a token in it, both made by `did-jwt-vc`. */
export async function tokenV1({ challenge = asked.challenge, domain = asked.domain } = {}): Promise<Made<string>> {
  const holder = await Badges.didJwtIssuer()
  const issuer = await Badges.didJwtIssuer()
  const { issuer: profile, ...vcOnly } = Badges.badgeV1(issuer.did) as Readonly<Record<string, Json.Value>>
  const { id: _, ...anonymous } = profile as Json.Object
  const payload = { sub: holder.did, vc: { ...vcOnly, issuer: anonymous } } as unknown as JwtCredentialPayload
  const credential = await createVerifiableCredentialJwt(payload, issuer)
  const vp = {
    '@context': [Contexts.credentialsV1],
    type: ['VerifiablePresentation'],
    verifiableCredential: [credential],
  }
  return {
    presentation: await createVerifiablePresentationJwt({ vp }, holder, { challenge, domain }),
    holder: holder.did,
    trust: Badges.trusting(issuer.did),
  }
}
