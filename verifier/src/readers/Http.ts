import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Hosted, Readers } from '../Readers.ts'
import * as Fetched from './Fetched.ts'
import * as TrustChains from './TrustChains.ts'

/**
 * The door through which everything from the web comes: at most `maximumBytes`, from a public address over HTTPS.
 * `undefined` for whatever it does not let through or cannot get.
 */
export type Door = (url: string, maximumBytes: number) => Promise<Uint8Array | undefined>

/**
 * The same door for what only its address vouches for: nothing is let through that its origin has sent on to another, and it
 * says when something has been taken back.
 */
export type OwnDoor = (url: string, maximumBytes: number) => Promise<Hosted>

const maximumManifest = 256 * 1024
const maximumDidDocument = 256 * 1024
const maximumStatusList = 4 * 1024 * 1024
const maximumHosted = 4 * 1024 * 1024

/**
 * Content from IPFS gateways; DID documents, status lists and the statements of federations from where they are published.
 * An address is asked once a minute, of which content has been had not again.
 *
 * @param gateways URLs to which a CID is appended, ending with a slash
 */
export function create(
  door: Door,
  gateways: readonly string[],
  ownDoor?: OwnDoor,
): Pick<Readers, 'content' | 'did' | 'hosted' | 'statusLists' | 'trustChains'> {
  const get = Fetched.remember(door, 'changing')
  const getContent = Fetched.remember(door, 'constant')
  const getOwn = ownDoor && Fetched.remember(ownDoor, 'changing')
  return {
    trustChains: TrustChains.create(get),
    ...(getOwn && { hosted: (url: string) => getOwn(url, maximumHosted) }),
    content: async (digest) => {
      for (const gateway of gateways) {
        const bytes = await getContent(`${gateway}${Cid.fromDigest(digest)}`, maximumManifest)
        if (bytes !== undefined && Bytes.equals(Sha256.digest(bytes), digest)) return bytes
      }
      return undefined
    },
    did: async (did) => {
      if (!did.startsWith('did:web:')) return undefined
      try {
        const bytes = await get(DidWeb.toUrl(did), maximumDidDocument)
        return bytes === undefined ? undefined : Json.parseObject(bytes)
      } catch (error) {
        if (error instanceof Errors.BaseError) return undefined
        throw error
      }
    },
    statusLists: async (url) => {
      const bytes = await get(url, maximumStatusList)
      return bytes === undefined ? [] : [{ bytes, live: true }]
    },
  }
}
