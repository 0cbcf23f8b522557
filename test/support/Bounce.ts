type Parts = {
  /** The fields that say what has become of it. */
  readonly status?: string
  /** The id that we gave the envelope. */
  readonly envelope?: string
  /** A header of the mail, which has come back. */
  readonly returned?: string
}

/** A delivery status as Postfix sends it (RFC 3464, RFC 6522). */
export const report = ({ status, envelope = '', returned = 'Subject: Hello' }: Parts): string =>
  [
    'From: MAILER-DAEMON@mx.example.org',
    'To: badges@example.org',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    ...(envelope === '' ? [] : [`Original-Envelope-Id: ${envelope}`]),
    '',
    'Final-Recipient: rfc822; bo@example.org',
    ...(status === undefined ? [] : [status]),
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    'From: badges@example.org',
    returned,
    '',
    '--b--',
    '',
  ].join('\r\n')
