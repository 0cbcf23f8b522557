/** What each error code of the server means, and what to do about it. `docs/errors.md` is made from this. */
export const catalogue = {
  ANCHOR_NOT_FOUND: {
    means: 'The registry does not have the root of the batch, although its transaction was sent.',
    todo: 'Nothing: the stored transaction is sent again until the root is there.',
  },
  ANCHOR_REVERTED: {
    means: 'The registry has refused the same root twice.',
    todo: 'Check that the registry of this chain is the right one and that the account is the one of this home.',
  },
  BATCH_CONFLICT: {
    means: 'Somebody else changed the batch between reading and saving.',
    todo: 'Nothing: the batch is read again.',
  },
  BATCH_MOVE_ILLEGAL: {
    means: 'A batch was told to go into a state that cannot follow the one it is in.',
    todo: 'Report it: the program asked for something that its own table forbids.',
  },
  BATCH_NOT_DELIVERED: {
    means: 'The batch is not delivered yet.',
    todo: 'See where it stands with laurel status, and let laurel start or laurel issue finish it.',
  },
  BATCH_UNFINISHED: {
    means: 'The batch is stored, but not delivered yet.',
    todo: 'Run the same command again, or laurel start.',
  },
  BATCH_UNKNOWN: {
    means: 'There is no batch with this id in this home.',
    todo: 'List the batches with laurel status; LAUREL_HOME says which home is read.',
  },
  CONFIG_INVALID: {
    means: 'An environment variable has a value that cannot be used.',
    todo: 'Correct the variables named; .env.example explains each.',
  },
  CONTENT_UNKNOWN: {
    means: 'Nothing is stored here under this content identifier.',
    todo: 'Ask another gateway, or the issuer.',
  },
  CREDENTIAL_NOT_READY: {
    means: 'The credential is not anchored and delivered yet.',
    todo: 'Ask again in a few minutes.',
  },
  CREDENTIAL_UNKNOWN: {
    means: 'No credential with this id was issued from here.',
    todo: 'Take the id from the summary.json of the batch; LAUREL_HOME says which home is read.',
  },
  DATABASE_NEWER: {
    means: 'The database was written by a later version of Laurel.',
    todo: 'Use that version; an older one would not understand what it wrote.',
  },
  DID_UNKNOWN: {
    means: 'This server resolves the DID of its own issuer and did:key only.',
    todo: 'Ask a universal resolver.',
  },
  FEE_ABOVE_CEILING: {
    means: 'A unit of gas costs more than LAUREL_MAX_FEE_GWEI.',
    todo: 'Wait and run the same command again, or raise LAUREL_MAX_FEE_GWEI.',
  },
  FILE_UNREADABLE: {
    means: 'A file named on the command line is not there or must not be read.',
    todo: 'Check the path and the permissions.',
  },
  FOLDER_NOT_EMPTY: {
    means: 'The folder of an export has something in it, and nothing is overwritten.',
    todo: 'Name an empty or a new folder.',
  },
  FUNDS_MISSING: {
    means: 'The account that anchors cannot pay for the transaction.',
    todo: 'Send it some of the chain’s currency, then run the same command again.',
  },
  INTERNAL: {
    means: 'Something went wrong inside the server that nobody has foreseen.',
    todo: 'Repeat the request; report it if it stays.',
  },
  LEASE_LOST: {
    means: 'Another process has taken over the work of this home.',
    todo: 'Nothing: the other process carries on.',
  },
  NOT_FOUND: {
    means: 'The server has nothing at this address.',
    todo: 'Check the address.',
  },
  PORT_TAKEN: {
    means: 'The server cannot listen on its port.',
    todo: 'Stop what listens there, or name another port with PORT.',
  },
  REQUEST_INVALID: {
    means: 'The HTTP request cannot be read.',
    todo: 'Correct the address or the body.',
  },
  SELF_CHECK_FAILED: {
    means: 'A credential that was about to be delivered would not be accepted by a verifier, so nothing was delivered.',
    todo: 'The message names the check; once its cause is gone, run the same command again.',
  },
  STATUS_LIST_UNKNOWN: {
    means: 'There is no status list with this name, or it was never published.',
    todo: 'Take the address from the credential.',
  },
  STATUS_NOT_OFFERED: {
    means:
      'The credential was issued without a status list, as the Blockcerts profile demands, so it cannot be revoked here.',
    todo: 'Issue with the standard profile where revocation is needed.',
  },
} as const satisfies Record<string, { means: string; todo: string }>
