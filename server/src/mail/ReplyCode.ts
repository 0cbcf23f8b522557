/**
 * Whether a mail server's refusal says that there is no such address: by the enhanced status 5.1.x (RFC 3463 §3.2), and where
 * there is none, by the reply codes that are about mailboxes (RFC 5321 §4.2.3). A full mailbox or a policy says nothing
 * about it.
 *
 * @param reply as the server gave it: `550 5.1.1 No such user`
 */
export function isNoSuchAddress(reply: string): boolean {
  const [, code, enhanced] = /^\s*(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? []
  if (enhanced !== undefined) return enhanced.startsWith('5.1.')
  return code === '550' || code === '551' || code === '553'
}
