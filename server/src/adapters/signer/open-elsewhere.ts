import * as Recent from '../../internal/Recent.ts'
import type * as KeyUri from '../../KeyUri.ts'
import type * as AwsCredentials from './AwsCredentials.ts'
import * as AwsKms from './AwsKms.ts'
import * as GcpKms from './GcpKms.ts'
import type * as GcpToken from './GcpToken.ts'
import type { Elsewhere } from './KeystoreSigners.ts'
import * as Pkcs11Key from './Pkcs11Key.ts'
import type { Kind, RemoteKey } from './RemoteKey.ts'

/** How this process shows itself to the clouds. */
export type Clouds = { readonly aws: AwsCredentials.Options; readonly gcp: GcpToken.Options }

/**
 * Opens keys that are kept elsewhere, each once: whoever uses the same one shares its connections, and the limit of how
 * much is asked of it at once.
 */
export function openElsewhere(at: Elsewhere['at'], { aws, gcp }: Clouds): Elsewhere {
  const opened = Recent.create<Promise<RemoteKey>>(64)
  const open = (uri: KeyUri.KeyUri, kind: Kind): Promise<RemoteKey> => {
    switch (uri.scheme) {
      case 'pkcs11':
        return Pkcs11Key.open(uri, kind)
      case 'aws-kms':
        return AwsKms.open(uri, kind, aws)
      case 'gcp-kms':
        return GcpKms.open(uri, kind, gcp)
      case 'keystore':
        throw new TypeError('The keystore is not elsewhere')
    }
  }
  return {
    at,
    open: (uri, kind) => opened.get(JSON.stringify([kind, uri]), () => open(uri, kind)),
    // In a cloud a key is made by whoever may give the right to use it, and this process is not to have that right.
    generate: async (uri, kind) => uri.scheme === 'pkcs11' && Pkcs11Key.generate(uri, kind),
  }
}
