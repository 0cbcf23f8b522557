import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import { idOf } from './Subject.ts'

/** Where a newer version of a credential may be had: 1EdTech Credential Refresh 1.0. Undefined for a service of another kind. */
export function addressOf({ refreshService: service }: Json.Object): string | undefined {
  if (!Json.isObject(service) || service.type !== '1EdTechCredentialRefresh') return undefined
  return idOf(service)
}

/**
 * What a credential is to another: another version has the same issuer and the same id (Open Badges 3.0, equality and
 * comparison), and is about the same person; a newer one is valid from a later moment.
 */
export function compare(old: Json.Object, other: Json.Object): 'newer' | 'not newer' | 'other' {
  const isVersion =
    idOf(old.issuer) === idOf(other.issuer) && nameOf(old) === nameOf(other) && personIn(old) === personIn(other)
  if (!isVersion) return 'other'
  const [before, after] = [beginningOf(old), beginningOf(other)]
  return before !== undefined && after !== undefined && after > before ? 'newer' : 'not newer'
}

function nameOf({ id }: Json.Object): string | undefined {
  if (typeof id !== 'string') return undefined
  try {
    return decodeURIComponent(id.trim())
  } catch {
    return id.trim()
  }
}

function personIn({ credentialSubject: subject }: Json.Object): string {
  const { id = null, identifier = null } = Json.isObject(subject) ? subject : {}
  return Jcs.text([id, identifier])
}

/** In milliseconds since 1970. */
function beginningOf({ issuanceDate, validFrom = issuanceDate }: Json.Object): number | undefined {
  return typeof validFrom === 'string' && DateTimeStamp.isValid(validFrom)
    ? DateTimeStamp.toMilliseconds(validFrom)
    : undefined
}
