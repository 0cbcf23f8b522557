import * as Json from '@laurel/core/Json'
import { idOf } from './Subject.ts'

/** An endorsement that stands in a credential, and the id of what it stands at. */
export type Endorsement = { readonly document: Json.Object; readonly about: string | undefined }

/** More than anybody needs, and so few that they are judged at once. */
const maximumEndorsements = 16

/** The endorsements of a credential, of its issuer and of its achievement (Open Badges 3.0 §5.5); the first sixteen. */
export function of(credential: Json.Object): readonly Endorsement[] {
  const { issuer, credentialSubject } = credential
  const achievement = Json.isObject(credentialSubject) ? credentialSubject.achievement : undefined
  return [credential, issuer, achievement].filter(Json.isObject).flatMap(at).slice(0, maximumEndorsements)
}

/** Whether an endorsement is about what it stands at. */
export function isAbout({ credentialSubject }: Json.Object, id: string | undefined): boolean {
  return id !== undefined && idOf(credentialSubject) === id
}

function at(endorsed: Json.Object): readonly Endorsement[] {
  const { endorsement, id } = endorsed
  return (Json.isArray(endorsement) ? endorsement : [endorsement])
    .filter(Json.isObject)
    .map((document) => ({ document, about: typeof id === 'string' ? id : undefined }))
}
