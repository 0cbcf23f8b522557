import { verifySignature, wrapDocuments } from '@govtechsg/open-attestation'
import * as Batch from '../../fixtures/Batch.ts'
import type { Side } from '../../Side.ts'

/** As OpenAttestation's own samples name an issuer: its store on chain and its domain. */
const issuer = {
  name: 'Universität Beispielstadt · École d’été',
  documentStore: '0x9178F546D3FF57D7A6352bD61B80cCCD46199C2d',
  identityProof: { type: 'DNS-TXT', location: 'issuer.example.org' },
}

/** Wrapping a batch of documents that say what our credentials say: salts, digests, one tree, every proof. */
export async function create({ size }: { readonly size: number }): Promise<Side> {
  const credentials = await Batch.credentials(size, { status: false })
  const documents = credentials.map(({ '@context': _, issuer: __, ...content }) => ({
    ...content,
    issuers: [issuer],
  }))
  return {
    work: () => wrapDocuments(documents).length,
    make: () => {
      const wrapped = wrapDocuments(documents)
      for (const document of Batch.some(wrapped, 40))
        if (!verifySignature(document)) throw new Error('It refuses what it has wrapped')
    },
  }
}
