import * as EthereumMessage from '@laurel/core/EthereumMessage'
import * as IdentityHash from '@laurel/core/IdentityHash'
import * as Json from '@laurel/core/Json'
import { failed, passed, type Result, skipped, unknown } from '../Report.ts'
import { listOf, type Subject } from '../Subject.ts'

/** Somebody of whom the verifier wants to know whether a credential is theirs. */
export type Person =
  /** Known by an e-mail address, a DID or any other identifier. That it is theirs, the verifier has seen to. */
  | { readonly identifier: string }
  /** Known by a wallet: what they have signed is the verifier's own challenge. */
  | { readonly wallet: EthereumMessage.Signed }

/**
 * Whether the credential was issued to a person: by the DID of its subject, or by one of the identifiers, plain or hashed
 * with salt (Open Badges 3.0, IdentityObject). A hash that does not fit is somebody else; what is of another kind says nothing.
 */
export function recipient(
  { document: { credentialSubject } }: Pick<Subject, 'document'>,
  person: Person | undefined,
): Result {
  if (person === undefined) return skipped('RECIPIENT_NOT_ASKED', 'Nobody asked whose it is.')
  const { id, identifier } = Json.isObject(credentialSubject) ? credentialSubject : {}
  if ('wallet' in person) {
    if (typeof id !== 'string' || !id.startsWith('did:pkh:eip155:'))
      return unknown('RECIPIENT_UNKNOWN', 'It was not issued to a wallet.')
    return id.slice(id.lastIndexOf(':') + 1).toLowerCase() === EthereumMessage.signer(person.wallet)
      ? passed('RECIPIENT', 'It was issued to the wallet that has signed.')
      : failed('RECIPIENT_OTHER', 'It was issued to another wallet than the one that has signed.')
  }
  const asked = person.identifier.trim()
  const isDid = asked.startsWith('did:')
  if (id === asked) return passed('RECIPIENT', 'It was issued to the person you asked about.')
  const identities = listOf(identifier).filter(Json.isObject).filter(isReadable)
  if (identities.some((identity) => isOf(identity, asked)))
    return passed('RECIPIENT', 'It was issued to the person you asked about.')
  const isAddress = !isDid && asked.includes('@')
  const isOfKind = ({ identityType }: Json.Object) => (identityType === 'emailAddress') === isAddress
  const isComparable = isDid ? typeof id === 'string' : identities.some(isOfKind)
  return isComparable
    ? failed('RECIPIENT_OTHER', 'It was issued to somebody else than the person you asked about.')
    : unknown('RECIPIENT_UNKNOWN', 'It does not name its recipient in the way in which you asked.')
}

/** Hashes by other functions than are known here say nothing. */
function isReadable({ hashed, identityHash }: Json.Object): boolean {
  return typeof identityHash === 'string' && (hashed !== true || IdentityHash.isReadable(identityHash))
}

function isOf({ hashed, identityHash, salt }: Json.Object, asked: string): boolean {
  if (typeof identityHash !== 'string') return false
  const spellings = [...new Set([asked, asked.toLowerCase()])]
  if (hashed !== true)
    return spellings.some((spelling) => spelling === identityHash || spelling === identityHash.toLowerCase())
  const added = typeof salt === 'string' ? salt : ''
  return spellings.some((spelling) => IdentityHash.matches(identityHash, spelling, added))
}
