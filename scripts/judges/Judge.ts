import type * as Json from '@laurel/core/Json'

/** What a program that we did not write says about a credential. */
export type Verdict = { readonly accepted: boolean; readonly reason?: string }

/** A foreign verifier: the npm package that does the work, and its answer to one document. */
export type Judge = {
  readonly package: string
  readonly judge: (document: Json.Object) => Promise<Verdict>
}

/** The documents that a judge may need beside the credential, by URL: status lists, DID documents, schemas. */
export type Documents = ReadonlyMap<string, Json.Object>
