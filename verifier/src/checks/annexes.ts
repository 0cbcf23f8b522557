import * as Json from '@laurel/core/Json'
import * as ResourceDigest from '@laurel/core/ResourceDigest'
import type { Readers } from '../Readers.ts'
import { failed, type Result, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'

/** The schemas of 1EdTech that `conforms` has checked with every document; in the list of any document, old or new. */
const bundled =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/schema\/json(-ld)?\/ob_v3p0_(any)?(achievement|endorsement)credential_schema\.json$/

/** More than anybody needs, and so few that they are fetched at once. */
const maximumResources = 16

/**
 * What `conforms` says in the end of what a document names beside itself: schemas that it is said to obey, and resources of
 * which it gives the digest (VC Data Model 2.0 §4.11, §5.3). Asked after the signature only, because they are fetched.
 *
 * @returns undefined where there is nothing to say
 */
export async function annexes(
  { document: { credentialSchema, relatedResource } }: Subject,
  readers: Pick<Readers, 'resource'>,
): Promise<Result | undefined> {
  const resources = list(relatedResource)
  if (readers.resource !== undefined && resources.length <= maximumResources)
    for (const resource of resources) {
      const content = await readers.resource(String(resource.id))
      if (content !== undefined && !ResourceDigest.matches(content, ResourceDigest.read(resource) ?? []))
        return failed('RESOURCE_DIGEST', 'Something that it refers to is not what it was when it was issued.')
    }
  if (!list(credentialSchema).every(isBundled))
    return unknown('SCHEMA_UNKNOWN', 'It is said to obey a schema that this verifier does not have.')
  return undefined
}

function isBundled({ id, type }: Json.Object): boolean {
  return type === '1EdTechJsonSchemaValidator2019' && typeof id === 'string' && bundled.test(id)
}

function list(value: Json.Value | undefined): readonly Json.Object[] {
  return (Json.isArray(value) ? value : [value]).filter(Json.isObject)
}
