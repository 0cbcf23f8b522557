import * as Bytes from '@laurel/core/Bytes'
import type * as DidDocument from '@laurel/core/DidDocument'
import * as Principal from '../access/Principal.ts'
import type { Identity } from '../Context.ts'
import * as Recent from '../internal/Recent.ts'
import type { CredentialSigner } from '../ports/CredentialSigner.ts'
import type { IssuerKeys } from '../ports/IssuerKeys.ts'
import type { IssuerStore } from '../ports/IssuerStore.ts'
import * as Issuer from './Issuer.ts'

/** Who signs here in whose name. What is the home's own is answered without asking anybody. */
export type Issuing = {
  /**
   * Who issues for an organisation: the issuer with this id, or else its first that is not over. `undefined` where the
   * organisation has no such issuer, whoever else may have it.
   */
  readonly of: (organisation: string, issuer?: string) => Promise<Speaker | undefined>
  /** Whether something is signed here now in the name of an issuer, by its DID. */
  readonly signs: (did: string) => Promise<boolean>
  /** Rejects with KEY_TAKEN where a key (its public half, 32 bytes) signs, or has signed, for an issuer here. */
  readonly demandFree: (publicKey: Uint8Array) => Promise<void>
  /** Publishes what verifiers have to know of an issuer beside the home's own, as it is now. */
  readonly publish: (did: string) => Promise<void>
  /** The DID document of an issuer beside the home's own. */
  readonly document: (did: string) => Promise<DidDocument.DidDocument | undefined>
  /** Who an issuer is now, by its DID, and what signs for it. `undefined`: nothing is signed for it here. */
  readonly as: (did: string) => Promise<Signatory | undefined>
  /**
   * What signs what was agreed under a key of an issuer, which may have another one by now. Rejects with KEY_REPORTED where
   * that key was stolen.
   */
  readonly signer: (did: string, verificationMethod: string) => Promise<CredentialSigner>
}

/** In whose name something is said or agreed. */
export type Speaker = {
  readonly identity: Identity
  readonly name: string
  /** Whether its key was reported as stolen: then nothing is agreed that it would have to sign. */
  readonly isReported: boolean
}

export type Signatory = {
  readonly identity: Identity
  readonly credentialSigner: CredentialSigner
}

export type Options = {
  /** The home's own issuer. */
  readonly own: Omit<Speaker, 'isReported'> & Pick<Signatory, 'credentialSigner'>
  /** Of all organisations together. */
  readonly issuers: Pick<IssuerStore, 'issuer' | 'hasIssuerKey'>
  readonly within: (organisation: string) => { readonly issuers: Pick<IssuerStore, 'issuers'> }
  readonly keys: IssuerKeys
  /** Publishes what verifiers have to know of an issuer; repeating it changes nothing. */
  readonly publish: (issuer: Issuer.Issuer) => Promise<void>
}

/** For how long nobody looks again what is known of an issuer, in milliseconds. */
const fresh = 500

/**
 * The issuers of a home. What verifiers have to know of one is published before it signs anything: so it is also where
 * whoever has made it, or given it another key, has died right after that.
 */
export function create({ own, issuers, within, keys, publish }: Options): Issuing {
  const looked = Recent.create<Promise<Issuer.Issuer | undefined>>(1_000)
  const published = Recent.create<Promise<void>>(1_000)
  const find = (did: string) => looked.get(`${did} ${Math.floor(performance.now() / fresh)}`, () => issuers.issuer(did))
  /** The same, with a key of this name. Another process may have given it that since it was looked up. */
  const findWith = async (did: string, verificationMethod: string) => {
    for (const again of [false, true]) {
      if (again) looked.forget(did)
      const issuer = await find(did)
      const key = issuer?.keys.find((each) => Issuer.methodOf(issuer, each) === verificationMethod)
      if (issuer !== undefined && key !== undefined) return { issuer, key }
    }
    throw new TypeError('An issuer signs with a key that it has, or had')
  }
  const demandPublic = (issuer: Issuer.Issuer) => published.get(Issuer.versionOf(issuer), () => publish(issuer))
  const open = async (issuer: Issuer.Issuer, key: Issuer.Key) => {
    if (key.reported !== null) throw new Issuer.ReportedKeyError()
    await demandPublic(issuer)
    return keys.open(issuer.id, issuer.keys.indexOf(key) + 1, key.publicKey)
  }
  return {
    of: async (organisation, id) => {
      const { identity, name } = own
      if (organisation === Principal.home && (id === undefined || id === Principal.home))
        return { identity, name, isReported: false }
      const all = await within(organisation).issuers.issuers()
      const issuer = id === undefined ? all.find((each) => !Issuer.isOver(each)) : all.find((each) => each.id === id)
      if (issuer === undefined) return undefined
      const key = Issuer.keyOf(issuer)
      return {
        identity: { id: issuer.did, verificationMethod: Issuer.methodOf(issuer, key) },
        name: issuer.name,
        isReported: key.reported !== null,
      }
    },
    signs: async (did) => {
      if (did === own.identity.id) return true
      const issuer = await find(did)
      return issuer !== undefined && Issuer.keyOf(issuer).reported === null
    },
    demandFree: async (publicKey) => {
      if (Bytes.equals(publicKey, own.credentialSigner.publicKey) || (await issuers.hasIssuerKey(publicKey)))
        throw new Issuer.TakenKeyError()
    },
    publish: async (did) => {
      looked.forget(did)
      const issuer = await find(did)
      if (issuer !== undefined) await demandPublic(issuer)
    },
    document: async (did) => {
      const issuer = await find(did)
      return issuer && Issuer.document(issuer)
    },
    as: async (did) => {
      const { identity, credentialSigner } = own
      if (did === identity.id) return { identity, credentialSigner }
      // Not as it was a moment ago: what is signed by the wrong key is public for hours.
      const issuer = await issuers.issuer(did)
      if (issuer === undefined) return undefined
      const key = Issuer.keyOf(issuer)
      if (key.reported !== null) return undefined
      return {
        identity: { id: did, verificationMethod: Issuer.methodOf(issuer, key) },
        credentialSigner: await open(issuer, key),
      }
    },
    signer: async (did, verificationMethod) => {
      if (did === own.identity.id) return own.credentialSigner
      const { issuer, key } = await findWith(did, verificationMethod)
      return open(issuer, key)
    },
  }
}
