import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import type * as Json from '@laurel/core/Json'

/** Throws unless every credential has a first proof by the did:key that issued it, which fails once its name changes. */
export async function judge(credentials: unknown): Promise<void> {
  for (const credential of credentials as readonly Json.Object[]) {
    const [proof] = [credential.proof].flat() as readonly Json.Object[]
    const { id } = credential.issuer as { readonly id: string }
    const isSigned = (document: Json.Object) =>
      proof !== undefined && DataIntegrity.verifyRdfc(document, proof, DidKey.toPublicKey(id))
    if (!(await isSigned(credential))) throw new Error(`It refuses ${credential.id}`)
    if (await isSigned({ ...credential, name: 'Another name' })) throw new Error('It accepts a changed credential')
  }
}
