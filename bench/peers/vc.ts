import { sign } from 'node:crypto'
import type * as Json from '@laurel/core/Json'
import * as Batch from '../fixtures/Batch.ts'
import type { Side } from '../Side.ts'
import * as documentLoader from './document-loader.ts'

/** Issuing the credentials of a batch, or verifying documents as text, some more in every call, none twice. */
export type Task =
  | { readonly task: 'issue'; readonly size: number }
  | {
      readonly task: 'verify'
      readonly judged: readonly string[]
      readonly calls: readonly (readonly string[])[]
    }

type Options = {
  readonly credential: object
  readonly suite: object
  readonly documentLoader: (url: string) => Promise<documentLoader.Loaded>
}

/** The library of credentials of one of the two vendors, with its own proof and cryptosuite. */
export type Library = {
  readonly issue: (options: Options) => Promise<object>
  readonly verifyCredential: (
    options: Options & { readonly now: Date; readonly checkStatus: () => Promise<{ readonly verified: boolean }> },
  ) => Promise<{ readonly verified: boolean }>
  readonly DataIntegrityProof: new (options: { cryptosuite: unknown; signer?: unknown }) => object
  readonly cryptosuite: unknown
}

const perCall = 20
/** How many issued credentials the other side judges. */
const judged = 40

/** A library at its best: static contexts, resolved keys, signing by `node:crypto` with a key object. */
export async function create(library: Library, task: Task): Promise<Side> {
  const { DataIntegrityProof, cryptosuite } = library
  const loader = documentLoader.create()
  const key = Batch.privateKey(Batch.seed)
  const signer = {
    id: Batch.verificationMethod,
    algorithm: 'Ed25519',
    sign: async ({ data }: { readonly data: Uint8Array }) => sign(null, data, key),
  }
  const issue = (credential: Json.Object) =>
    library.issue({
      credential,
      suite: new DataIntegrityProof({ signer, cryptosuite }),
      documentLoader: loader,
    })
  const isVerified = async (credential: object) => {
    const { verified } = await library.verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: loader,
      // What was made just now is valid from now on, whatever the day.
      now: new Date(Math.max(Batch.now, Date.now())),
      // The list is not part of what is measured.
      checkStatus: async () => ({ verified: true }),
    })
    return verified
  }
  const judge = async (made: unknown) => {
    for (const credential of made as readonly Json.Object[]) {
      if (!(await isVerified(credential))) throw new Error(`It refuses ${credential.id}`)
      if (await isVerified({ ...credential, name: 'Another name' })) throw new Error('It accepts a changed credential')
    }
  }

  if (task.task === 'issue') {
    const credentials = await Batch.credentials(task.size)
    let next = 0
    return {
      work: async () => {
        for (let i = 0; i < perCall; i++) {
          // `issue` writes the proof into what it is given.
          await issue({ ...(credentials[next] as Json.Object) })
          next = (next + 1) % credentials.length
        }
        return perCall
      },
      make: () => Promise.all(Batch.some(credentials, judged).map((credential) => issue({ ...credential }))),
      judge,
    }
  }
  const calls = task.calls.values()
  return {
    work: async () => {
      const texts = calls.next().value
      if (texts === undefined) throw new Error('There are no documents left that it has not met')
      for (const text of texts) if (!(await isVerified(JSON.parse(text)))) throw new Error('It refuses a document')
      return texts.length
    },
    make: () => Promise.all(Batch.withForgeries(task.judged).map((text) => isVerified(JSON.parse(text)))),
    judge: Batch.expectVerdicts,
  }
}
