import type * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as DidKey from '@laurel/core/DidKey'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Multibase from '@laurel/core/Multibase'
import type { Config } from './config.ts'
import type { Profile } from './issuer/Profile.ts'

/**
 * What an issuer with a domain publishes there: its DID document and, for Blockcerts verifiers, its profile, which has in it
 * what the issuer says of itself at the time.
 */
export type PublicDocuments = {
  readonly did: DidDocument.DidDocument
  readonly profile: ((issuer: Pick<Profile, 'name' | 'url'>) => object) | undefined
}

/** The public half of the account that anchors: two coordinates on secp256k1 of 32 bytes, and its address. */
export type ChainKey = { readonly address: Bytes.Hex; readonly x: Uint8Array; readonly y: Uint8Array }

/** Who the issuer is: a did:web once it has a domain, a did:key before. */
export function identify(config: Config, credentialKey: Uint8Array): { id: string; verificationMethod: string } {
  const id = config.domain === undefined ? DidKey.fromPublicKey(credentialKey) : DidWeb.fromDomain(config.domain)
  return {
    id,
    verificationMethod:
      config.domain === undefined ? DidKey.verificationMethod(id) : DidWeb.verificationMethod(id, credentialKey),
  }
}

/**
 * Stamps out the public documents of an issuer.
 *
 * @param credentialKeys every credential key that was in use, the newest last: what the older ones have signed stays
 * valid
 */
export function create(config: Config, credentialKeys: readonly Uint8Array[], chainKey: ChainKey): PublicDocuments {
  const newest = credentialKeys.at(-1)
  if (newest === undefined) throw new TypeError('An issuer has a credential key')
  const { id } = identify(config, newest)
  if (config.domain === undefined) return { did: DidKey.document(id), profile: undefined }
  const page = `https://${config.domain}/`
  const profileUrl = `${page}blockcerts/profile.json`
  if (config.profile === 'standard') {
    return { did: DidWeb.document({ did: id, credentialKeys }), profile: undefined }
  }
  return {
    did: DidWeb.document({
      did: id,
      credentialKeys,
      chainKey,
      profileUrl,
    }),
    profile: ({ name, url = page }) => ({
      '@context': ['https://w3id.org/openbadges/v2', 'https://w3id.org/blockcerts/3.0'],
      type: 'Profile',
      id: profileUrl,
      name,
      url,
      publicKey: [{ id: `ecdsa-koblitz-pubkey:${chainKey.address}`, created: '2020-01-01T00:00:00.000Z' }],
      verificationMethod: [
        {
          id: `${profileUrl}#key-eth`,
          type: 'JsonWebKey',
          controller: profileUrl,
          publicKeyJwk: {
            kty: 'EC',
            crv: 'secp256k1',
            x: Multibase.toBase64Url(chainKey.x).slice(1),
            y: Multibase.toBase64Url(chainKey.y).slice(1),
          },
        },
      ],
      assertionMethod: [`${profileUrl}#key-eth`],
    }),
  }
}
