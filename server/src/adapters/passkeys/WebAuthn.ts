import type { AuthenticationResponseJSON, RegistrationResponseJSON, WebAuthnCredential } from '@simplewebauthn/server'
import * as Passkey from '../../access/Passkey.ts'
import type { Answer, Options, PasskeyCeremonies, Signing } from '../../ports/PasskeyCeremonies.ts'
import * as Uuid from '../../Uuid.ts'

/** To load it takes as long as much of a command: whoever needs no passkey does not wait for it. */
const library = () => import('@simplewebauthn/server')

/** COSE: Ed25519, ECDSA on P-256 with SHA-256, and RSA (PKCS #1 v1.5) with SHA-256, which old Windows has alone. */
const algorithms = [-8, -7, -257]

/**
 * Passkeys by `@simplewebauthn/server`. Somebody has to have shown the device who they are (user verification), and a device
 * finds by itself whose passkey it has (a discoverable credential). What a device says of its maker is not asked.
 */
export const ceremonies: PasskeyCeremonies = {
  creation: async ({ origin, challenge }, { user, site, exclude }) =>
    toOptions(
      await (await library()).generateRegistrationOptions({
        rpName: site,
        rpID: hostOf(origin),
        userID: handleOf(user.id),
        userName: user.name,
        userDisplayName: user.name,
        challenge: fromBase64Url(challenge),
        timeout: Passkey.stands,
        attestationType: 'none',
        excludeCredentials: exclude.map((id) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      }),
    ),
  made: (signing, answer) =>
    refusing(async () => {
      demandOwnFrame(answer)
      const { verified, registrationInfo } = await (await library()).verifyRegistrationResponse({
        response: answer as unknown as RegistrationResponseJSON,
        ...expected(signing),
        supportedAlgorithmIDs: algorithms,
      })
      if (!verified) throw new Passkey.RefusedError()
      const { id, publicKey, counter, transports = [] } = registrationInfo.credential
      return { id, publicKey, counter, transports }
    }),
  request: async ({ origin, challenge }) =>
    toOptions(
      await (await library()).generateAuthenticationOptions({
        rpID: hostOf(origin),
        challenge: fromBase64Url(challenge),
        timeout: Passkey.stands,
        userVerification: 'required',
      }),
    ),
  signed: (signing, answer, passkey) =>
    refusing(async () => {
      demandOwnFrame(answer)
      const response = answer as unknown as AuthenticationResponseJSON
      // Whoever a device says that it signs for is who the passkey belongs to (§7.2 step 6).
      const { userHandle } = response.response
      if (userHandle === undefined || userHandle !== Buffer.from(handleOf(passkey.member)).toString('base64url'))
        throw new Passkey.RefusedError()
      const { id, counter } = passkey
      const { verified, authenticationInfo } = await (await library()).verifyAuthenticationResponse({
        response,
        ...expected(signing),
        credential: { id, counter, publicKey: Uint8Array.from(passkey.publicKey) } satisfies WebAuthnCredential,
      })
      if (!verified || response.id !== id) throw new Passkey.RefusedError()
      return { counter: authenticationInfo.newCounter }
    }),
}

function expected({ origin, challenge }: Signing) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: hostOf(origin),
    requireUserVerification: true,
  }
}

/** Whatever does not hold is one refusal; the library says each by an error of its own. */
async function refusing<value>(work: () => Promise<value>): Promise<value> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof Passkey.RefusedError ? cause : new Passkey.RefusedError(cause)
  }
}

/** Nobody signs in within a frame of somebody else's page (§5.8.1, crossOrigin). */
function demandOwnFrame({ response }: Answer): void {
  const { clientDataJSON } = response as { readonly clientDataJSON: string }
  const { crossOrigin } = JSON.parse(fromBase64Url(clientDataJSON).toString()) as { readonly crossOrigin?: unknown }
  if (crossOrigin !== undefined && crossOrigin !== false) throw new Passkey.RefusedError()
}

/** What a device knows a member by: the bytes of the id, which say nothing (§14.6.1). */
function handleOf(member: string): Uint8Array<ArrayBuffer> {
  const bytes = Uuid.toBytes(Uuid.toUrn(member))
  if (bytes === undefined) throw new TypeError('The id of a member is a UUID')
  return Uint8Array.from(bytes)
}

function hostOf(origin: string): string {
  return new URL(origin).hostname
}

function fromBase64Url(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(text, 'base64url')
}

function toOptions(options: object): Options {
  return options as Options
}
