import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as DidWeb from '@laurel/core/DidWeb'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Readers } from '../Readers.ts'
import * as Fetched from './Fetched.ts'
import * as TrustChains from './TrustChains.ts'

/**
 * The door through which everything from the web comes: at most `maximumBytes`, from a public address over HTTPS.
 * `undefined` for whatever it does not let through or cannot get.
 */
export type Door = (url: string, maximumBytes: number) => Promise<Uint8Array | undefined>

const maximumManifest = 256 * 1024
const maximumDidDocument = 256 * 1024
const maximumStatusList = 4 * 1024 * 1024

/**
 * Content from IPFS gateways; DID documents, status lists and the statements of federations from where they are published.
 * An address is asked once a minute, of which content has been had not again.
 *
 * @param gateways URLs to which a CID is appended, ending with a slash
 */
export function create(
  door: Door,
  gateways: readonly string[],
): Pick<Readers, 'content' | 'did' | 'statusLists' | 'trustChains'> {
  const get = Fetched.remember(door, 'changing')
  const getContent = Fetched.remember(door, 'constant')
  return {
    trustChains: TrustChains.create(get),
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
