import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type * as Jws from '@laurel/core/Jws'
import * as Shape from '@laurel/core/Shape'
import * as Jwt from '../Jwt.ts'
import type { Result } from '../Report.ts'
import * as Parts from './Parts.ts'

/** A verifiable presentation, and the token that it came in. */
export type Presentation = { readonly document: Json.Object; readonly token?: Token }

/** VC-JOSE-COSE §3.1.2, or VC Data Model 1.1 §6.3.1. */
export type Token = { readonly jws: Jws.Jws; readonly form: 'vp+jwt' | 'vp-jwt' }

/**
 * The presentation in a file: JSON, a token, or a token in an envelope (VC Data Model 2.0 §4.13.1).
 *
 * @returns what is wrong with one that cannot be read on; undefined for anything that is no presentation
 */
export function open(input: Uint8Array | string): Presentation | Result | undefined {
  const text = typeof input === 'string' ? input : new TextDecoder('latin1').decode(input.subarray(0, 64))
  // The base64url of {" begins every compact JWS.
  if (text.trimStart().startsWith('eyJ'))
    return openToken(typeof input === 'string' ? input : new TextDecoder('latin1').decode(input))
  const document = parse(input)
  if (document === undefined) return undefined
  if (Parts.isOf(document, 'VerifiablePresentation')) return { document }
  const token = Parts.isOf(document, 'EnvelopedVerifiablePresentation') ? Parts.enveloped(document) : undefined
  return token === undefined ? undefined : openToken(token)
}

/** Whether anybody has signed it; otherwise it is a bundle of credentials that anybody may have put together. */
export function isSigned({ document, token }: Presentation): boolean {
  return token !== undefined || document.proof !== undefined
}

/** The JSON in a file, where there is some. What else is wrong with it stands in its report as a credential. */
function parse(input: Uint8Array | string): Json.Object | undefined {
  try {
    return Json.parseObject(input)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function openToken(text: string): Presentation | Result | undefined {
  const jws = Jwt.parse(text.trim())
  if ('outcome' in jws) return undefined
  const { header, payload } = jws
  const form = formOf(header.typ, payload)
  if (form === undefined) return undefined
  const wrong = Jwt.headerProblem(jws)
  if (wrong !== undefined) return wrong
  const { vp, iss, jti } = payload
  const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => !isClaim(name)))
  if (form === 'vp+jwt')
    return Object.hasOwn(payload, 'vp') || Object.hasOwn(payload, 'vc')
      ? Jwt.nested()
      : { document: rest, token: { jws, form } }
  const isShown = (name: string) => Object.hasOwn(Shape.classes.Presentation.members, name)
  if (!Json.isObject(vp) || !Shape.isV1(vp) || Object.keys(rest).some((name) => name === 'vc' || isShown(name)))
    return Jwt.nested()
  return { document: Jwt.withDefaults(vp, { holder: iss, id: jti }), token: { jws, form } }
}

function formOf(typ: Json.Value | undefined, payload: Json.Object): Token['form'] | undefined {
  if (typ === 'vp+jwt' || typ === 'application/vp+jwt') return 'vp+jwt'
  return (typ === undefined || typ === 'JWT') && Object.hasOwn(payload, 'vp') ? 'vp-jwt' : undefined
}

/** By `nonce` a token answers what Data Integrity calls a challenge. */
function isClaim(name: string): boolean {
  return name === 'nonce' || Jwt.isClaim(name)
}
