import * as Messages from '../../../server/src/adapters/press/Messages.ts'
import type * as Batch from '../../../server/src/Batch.ts'
import type { Press } from '../../../server/src/ports/Press.ts'

/** A press in a thread that has no batch: it does as the block that it is given says. */
const places = { dies: 13, throws: 14, refuses: 15 }
const terms = { issuer: { id: 'did:example:issuer' }, verificationMethod: 'did:example:issuer#key' }
const never = () => new Promise<never>(() => {})

await Messages.serve(async (signerOf) => {
  const press: Pick<Press, Messages.Method> = {
    sign: async (batch, after, limit) => {
      const messages = Array.from({ length: limit }, (_, i) => Uint8Array.of(after + i + 1))
      const signatures = await (await signerOf(batch)).sign(messages)
      return {
        signatures: signatures.map((signature) => ({
          created: '',
          proofValue: String(signature[0]),
          documentDigest: new Uint8Array(32),
          leaf: new Uint8Array(32),
        })),
        generally: 0,
      }
    },
    judge: async (_batch, place) => {
      if (place === places.dies) process.exit(1)
      if (place === places.throws) throw new Messages.ForwardedError('STATUS_INDEX', 'It is out of range.', { place })
      if (place === places.refuses) return { check: 'signed', code: 'X', message: 'No.', credentialId: 'urn:uuid:1' }
      return place === 0 ? never() : undefined
    },
    commit: async () => new Uint8Array(0),
    files: async () => [],
    tickets: async () => [],
    ticketLines: async () => new Uint8Array(0),
    archive: async () => ({ bytes: new Uint8Array(0), directory: { cid: new Uint8Array(0), size: 0 } }),
    lines: async (batch) => new TextEncoder().encode(`${batch.id}\n`),
  }
  return {
    press: press as Press,
    store: { get: async (id) => ({ id, anchor: {}, anchoring: {}, terms }) as Batch.Batch },
  }
})
