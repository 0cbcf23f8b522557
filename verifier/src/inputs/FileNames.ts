/** What lies in a batch's folder beside the credentials, and is none. */
const companions = /(?:^|\/)(manifest|summary|trust|status-[^/]*)\.json$|\.ticket\.json$/
const credentials = /\.(json|jwt|jws|laurel|png|svg)$/i

/** Whether a file among others is a credential to be verified, by its name. */
export function isCredential(name: string): boolean {
  return credentials.test(name) && !isBeside(name)
}

/** Whether a file belongs to credentials that lie beside it, by its name. */
export function isBeside(name: string): boolean {
  return companions.test(name)
}
