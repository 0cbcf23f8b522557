import * as Json from '@laurel/core/Json'
import * as ResourceDigest from '@laurel/core/ResourceDigest'
import type { Readers } from '../Readers.ts'
import { failed, type Result } from '../Report.ts'
import { listOf, type Subject } from '../Subject.ts'
import { type Schemas, schemas } from './schemas.ts'

/** More than anybody needs, and so few that they are fetched at once. */
const maximumResources = 16

/**
 * What `conforms` says in the end of what a document names beside itself: schemas that it is said to obey, and resources of
 * which it gives the digest (VC Data Model 2.0 §4.11, §5.3). Asked after the signature only, because
 * resources are fetched.
 *
 * @param known the schemas that the verifier has
 * @returns undefined where there is nothing to say
 */
export async function annexes(
  { document }: Subject,
  readers: Pick<Readers, 'resource'>,
  known: Schemas = {},
): Promise<Result | undefined> {
  const resources = list(document.relatedResource)
  if (readers.resource !== undefined && resources.length <= maximumResources)
    for (const resource of resources) {
      const content = await readers.resource(String(resource.id))
      if (content !== undefined && !ResourceDigest.matches(content, ResourceDigest.read(resource) ?? []))
        return failed('RESOURCE_DIGEST', 'Something that it refers to is not what it was when it was issued.')
    }
  return schemas(document, list(document.credentialSchema), known)
}

function list(value: Json.Value | undefined): readonly Json.Object[] {
  return listOf(value).filter(Json.isObject)
}
