/** What each error code of the server means, and what to do about it. `docs/errors.md` is made from this. */
export const catalogue = {
  ACCOUNT_NOT_SPEAKING: {
    means: 'The account of this home does not speak for the issuer of the collection, or not any more.',
    todo: 'See with laurel issuer show how things stand; laurel issuer register adds what is missing.',
  },
  ACCOUNT_UNKNOWN: {
    means: 'There is no account with this address in this home.',
    todo: 'List the accounts with laurel transactions; LAUREL_HOME says which home is read.',
  },
  ACHIEVEMENT_INVALID: {
    means: 'The definition of the achievement is not one that can be awarded.',
    todo: 'Correct the places named; each is a JSON Pointer into the file.',
  },
  ACHIEVEMENT_MISMATCH: {
    means: 'A row of the roster awards something else than the achievement that is issued.',
    todo: 'Issue each achievement with a roster of its own, or drop the column.',
  },
  ACHIEVEMENT_UNKNOWN: {
    means: 'No achievement has this name, or not this version.',
    todo: 'List them with GET /v1/achievements, or add it with PUT.',
  },
  ADDRESS_CHECKSUM: {
    means: 'A wallet address has capitals that do not fit its digits, so a character of it is wrong.',
    todo: 'Copy the address again, whole, from the wallet.',
  },
  ADDRESS_INVALID: {
    means: 'A wallet address is not 0x followed by 40 hexadecimal digits.',
    todo: 'Copy the address again, whole, from the wallet; names such as ada.eth are not looked up.',
  },
  ADDRESS_LAST: {
    means: 'A learner wants to remove the only address that is proved.',
    todo: 'Prove another one first.',
  },
  ADDRESS_RESERVED: {
    means: 'A wallet address is one that nobody holds the key of.',
    todo: 'Ask the learner for the address of the own wallet, or leave the cell empty.',
  },
  ADDRESS_SAME: {
    means: 'A credential is to be moved to the address that it is with.',
    todo: 'Name the address that the learner reads now.',
  },
  ANCHOR_NOT_FOUND: {
    means: 'The registry does not have the root of the batch, although its transaction was sent.',
    todo: 'Nothing: the stored transaction is sent again until the root is there.',
  },
  ANCHOR_REVERTED: {
    means: 'The registry has refused the same root twice.',
    todo: 'Check that the registry of this chain is the right one and that the account is the one of this home.',
  },
  ANCHOR_UNSETTLED: {
    means: 'The chain did not show the anchor of a batch when its credentials were verified before their delivery.',
    todo: 'Nothing: they are verified again until it does. If it stays, look after the RPC of the chain.',
  },
  API_KEY_UNKNOWN: {
    means: 'No key has this id.',
    todo: 'List them with laurel key list.',
  },
  APPROVAL_OWN: {
    means: 'Somebody was to approve what they have proposed themselves, or by a key that they have made.',
    todo: 'Ask another owner or approver of the organisation.',
  },
  APPROVAL_REQUIRED: {
    means:
      'The organisation wants a second person for whatever is issued, and a single order becomes part of a batch by itself.',
    todo: 'Hand in a batch with POST /v1/batches: it waits for the second person.',
  },
  APPROVAL_SETTLED: {
    means: 'A proposal waits for nobody any more: somebody has decided it, or it has expired.',
    todo: 'See with GET /v1/approvals/{id} what has become of it, and propose it again where it is wanted still.',
  },
  APPROVAL_UNKNOWN: {
    means: 'No proposal has this id.',
    todo: 'List them with GET /v1/approvals.',
  },
  APPROVAL_VOID: {
    means: 'What was approved was not done: whoever has proposed it was removed meanwhile, or may do it no longer.',
    todo: 'Have somebody propose it who may.',
  },
  APPROVERS_TOO_FEW: {
    means: 'A second person was to be needed where there are not two members who may approve.',
    todo: 'Make another owner or approver with POST /v1/invitations or laurel member add, and then change the rules.',
  },
  AUDIT_LOG_BROKEN: {
    means:
      'The audit log is not as it was written: somebody has changed, removed, added or moved entries in the database.',
    todo: 'Keep the database as it is; compare with a backup of before, and see who could write to it (docs/privacy.md).',
  },
  AUTHENTICATION_AMBIGUOUS: {
    means: 'A request came with a key and with the cookie of a session, which may be of two different people.',
    todo: 'Send one of them: programs a key, pages the cookie.',
  },
  AUTHENTICATION_REQUIRED: {
    means: 'A request came without a key, or with one that opens nothing any more.',
    todo: 'Send Authorization: Bearer and a key; make one with laurel key create.',
  },
  AWARD_AMBIGUOUS: {
    means: 'An award is to go to wallets and to the list of an earlier award, or to no number of one.',
    todo: 'Name wallets, or one award with --like.',
  },
  AWARD_UNKNOWN: {
    means: 'The collection has no award of this number.',
    todo: 'See with laurel collection show which there are.',
  },
  BACKUP_DAMAGED: {
    means: 'A backup was changed, or its end is missing; or what is in it is no archive.',
    todo: 'Take another copy of it, or an older backup; nothing was written.',
  },
  BACKUP_DATABASE: {
    means: 'A backup of SQLite is to go into PostgreSQL, or the other way round.',
    todo: 'Restore it under the settings of then; laurel config shows those of now.',
  },
  BACKUP_FORMAT: {
    means: 'A file that is to be restored is no backup.',
    todo: 'Name a file that laurel backup has written.',
  },
  BACKUP_PASSPHRASE: {
    means: 'The passphrase does not open a backup, or its beginning was changed.',
    todo: 'Name the file with the passphrase under which it was made; nothing else opens it.',
  },
  BACKUP_PASSPHRASE_UNREADABLE: {
    means: 'The file with the passphrase of backups cannot be read.',
    todo: 'Name a file that is there and that you may read.',
  },
  BACKUP_PASSPHRASE_WEAK: {
    means: 'The passphrase of backups has fewer than 16 characters, and would be guessed.',
    todo: 'Make one that nobody guesses, and keep it apart from the backups: openssl rand -base64 32.',
  },
  BACKUP_PROGRAM: {
    means: 'One of the programs that come with PostgreSQL is missing, or has failed.',
    todo: 'Install the client of the same version as the server (postgresql-client), and see what it said.',
  },
  BACKUP_VERSION: {
    means: 'A backup was made by a later version of Laurel.',
    todo: 'Restore it with that version, or a later one.',
  },
  BATCH_ALREADY_BROADCAST: {
    means: 'The root of the batch is fixed, so its transaction may be on its way and the batch cannot be cancelled.',
    todo: 'Let it finish; revoke what should not stand.',
  },
  BATCH_CHAIN: {
    means: 'A batch is anchored on another chain than the one that is reached.',
    todo: 'Correct LAUREL_CHAIN_RPC.',
  },
  BATCH_CONFLICT: {
    means: 'Somebody else changed the batch between reading and saving.',
    todo: 'Nothing: the batch is read again.',
  },
  BATCH_EMPTY: {
    means: 'A batch was asked for with nobody in it.',
    todo: 'Name at least one recipient.',
  },
  BATCH_MOVE_ILLEGAL: {
    means: 'A batch was told to go into a state that cannot follow the one it is in.',
    todo: 'Report it: the program asked for something that its own table forbids.',
  },
  BATCH_NOT_ANCHORED: {
    means:
      'The account has not anchored the batch to which a ticket leads: the anchor is not there yet, or the ticket was changed.',
    todo: 'Use the file as the issuer has handed it out, on the chain that it names.',
  },
  BATCH_NOT_COMPROMISED: {
    means: 'A batch is closed only when the account that anchored it is reported to have been compromised by then.',
    todo: 'Report it first with laurel issuer report-compromise chain.',
  },
  BATCH_NOT_DELIVERED: {
    means: 'The batch is not delivered yet.',
    todo: 'See where it stands with laurel status, and let laurel start or laurel issue finish it.',
  },
  BATCH_NOT_OPEN: {
    means: 'The batch is not open, so nothing of it can be redeemed or bound again.',
    todo: 'Open it with laurel collection open; one that was closed because its account was compromised stays closed.',
  },
  BATCH_NOT_SPOKEN_FOR: {
    means: 'The account that anchored a batch did not speak for the issuer of the collection when it did.',
    todo: 'The issuer registers its accounts with laurel issuer register before it issues; what was anchored before cannot be redeemed.',
  },
  BATCH_TOO_LARGE: {
    means: 'A roster has more people than one batch takes.',
    todo: 'Divide it into several rosters.',
  },
  BATCH_UNFINISHED: {
    means: 'The batch is stored, but not delivered yet.',
    todo: 'Run the same command again, or laurel start.',
  },
  BATCH_UNKNOWN: {
    means: 'There is no batch with this id in this home.',
    todo: 'List the batches with laurel status; LAUREL_HOME says which home is read.',
  },
  BINDING_TAKEN: {
    means: 'A DID or a wallet is bound already, by somebody of whom nothing is said.',
    todo: 'Whoever bound it unbinds it; where that was you, sign in with it and do so.',
  },
  BINDING_UNKNOWN: {
    means: 'A DID or a wallet has signed well, and is bound to nobody here.',
    todo: 'Sign in by an e-mail address, and bind it then.',
  },
  CALL_REFUSED: {
    means: 'A contract has refused a transaction, because the chain had changed since it was asked.',
    todo: 'See with laurel issuer show how things stand, then run the same command again.',
  },
  CALL_REVERTED: {
    means: 'A contract refuses what it was asked for, and nothing was sent.',
    todo: 'See with laurel issuer show how things stand, then run the same command again.',
  },
  CERTIFICATES_BUSY: {
    means: 'Too many certificates are being drawn at this moment.',
    todo: 'Ask again in a moment; the credential itself can be had meanwhile.',
  },
  CHAIN_MISMATCH: {
    means: 'The RPC answers for another chain than the one that LAUREL_CHAIN_ID names.',
    todo: 'Correct LAUREL_CHAIN_RPC or LAUREL_CHAIN_ID.',
  },
  CHAIN_REPLACED: {
    means:
      'The RPC answers for a chain with the right id, but with another first block than the one that was used so far.',
    todo: 'Correct LAUREL_CHAIN_RPC. Where the chain was really replaced, use another LAUREL_HOME.',
  },
  CHAIN_STALE: {
    means:
      'The newest block of the chain is more than five minutes old: the chain, or its node, stands still, or a clock is wrong.',
    todo: 'Look after the node behind LAUREL_CHAIN_RPC, and after the clock of this machine; laurel doctor tells which.',
  },
  CHAIN_UNREACHABLE: {
    means: 'Nobody answers for the chain, so nothing is known about its anchors.',
    todo: 'Check LAUREL_CHAIN_RPC and the network, then run the same command again; nothing is lost.',
  },
  CHALLENGE_INVALID: {
    means:
      'A link, a code or a challenge opens nothing: it is wrong, was used before, is too old, or belongs to another session.',
    todo: 'Ask for another one. A link and a code are good once and for a quarter of an hour, in the browser that asked.',
  },
  CHAR_NOT_ALLOWED: {
    means: 'A text has an invisible character that makes it look like another, or the mark of a damaged one.',
    todo: 'Type the text again by hand.',
  },
  CID_MISMATCH: {
    means: 'An IPFS node or a pinning service calls the same bytes by another name, so it has not kept them.',
    todo: 'Look at that node or service; meanwhile the content is kept and served here, and offered to it again.',
  },
  CLAIM_UNKNOWN: {
    means: 'There is no link to this credential, or not any more.',
    todo: 'Open the page of the link, which sends a new one; or ask the issuer, who sends one with laurel claim-link.',
  },
  CLOCK_SKEW: {
    means:
      'The clock of this machine and the newest block of the chain are more than five minutes apart. No credential and no manifest is signed; status lists are.',
    todo: 'Set the clock, or use an RPC that is not behind; it goes on by itself.',
  },
  COLLECTION_EXISTS: {
    means: 'The issuer has a collection on this chain that is called otherwise, and it has one only.',
    todo: 'Leave --name, --symbol and --description away to use that one.',
  },
  COLLECTION_MISSING: {
    means: 'The issuer has no collection of badge tokens on this chain.',
    todo: 'Make it with laurel collection create.',
  },
  CONFIG_INVALID: {
    means: 'An environment variable has a value that cannot be used.',
    todo: 'Correct the variables named; .env.example explains each.',
  },
  CONFIRMATION_MISSING: {
    means: 'Something that cannot be undone was not confirmed, and nothing was done.',
    todo: 'Run it on a terminal and type yes, or add --yes.',
  },
  CONTENT_DAMAGED: {
    means: 'A block of public content is not on this disk any more, or has changed.',
    todo: 'Put the folder ipfs of the home back from a backup, and look at the disk.',
  },
  CONTENT_INCOMPLETE: {
    means: 'Not all public content is whole here and seen at every place that is to keep it.',
    todo: 'Let laurel start run, which hands over what is missing, or run laurel content audit again.',
  },
  CONTENT_LOST: {
    means: 'An IPFS node or a pinning service does not have public content any more that was seen there.',
    todo: 'Find out why it was dropped there; it is handed over again by itself.',
  },
  CONTENT_NONE: {
    means: 'Nothing was made public here yet.',
    todo: 'Issue a batch first.',
  },
  CONTENT_TYPE: {
    means: 'The body is of a kind or in an encoding that is not read here.',
    todo: 'Send application/json or, where a file is taken, text/csv or multipart/form-data; in UTF-8, plain or gzip.',
  },
  CONTENT_UNKNOWN: {
    means: 'Nothing is stored here under this content identifier.',
    todo: 'Ask another gateway, or the issuer.',
  },
  CONTRACT_CODE: {
    means: 'Something else than the contract stands at its address on this chain.',
    todo: 'Use another chain; nothing that is said there would count.',
  },
  CONTRACT_MISSING: {
    means: 'A contract has not been deployed on this public chain yet.',
    todo: 'Deploy it once with laurel deploy.',
  },
  CREDENTIAL_ERASED: {
    means:
      'What was kept of the recipient of this credential was erased; only its id, its leaf and its status are left.',
    todo: 'Nothing: it cannot be made again. Whoever has a copy of their own can still show it.',
  },
  CREDENTIAL_NOT_READY: {
    means: 'The credential is not anchored and delivered yet.',
    todo: 'Ask again in a few minutes.',
  },
  CREDENTIAL_NOT_SUSPENDED: {
    means: 'A credential that is not suspended, and never was, is to be reinstated.',
    todo: 'See with laurel status and its id how it stands.',
  },
  CREDENTIAL_REVOKED: {
    means: 'A credential that is revoked is to be suspended or reinstated. A revocation is never taken back.',
    todo: 'Issue a new credential where the revocation was a mistake.',
  },
  CREDENTIAL_UNKNOWN: {
    means: 'No credential with this id was issued from here.',
    todo: 'Take the id from the summary.json of the batch; LAUREL_HOME says which home is read.',
  },
  CRITERIA_MISSING: {
    means: 'An achievement does not say what it is awarded for.',
    todo: 'Give criteria a narrative, or the address of a page as id.',
  },
  CSV_COLUMN_COUNT: {
    means: 'A row has more or fewer cells than the header, so that values may stand in wrong columns.',
    todo: 'Put values that contain the delimiter in quotation marks, and leave empty cells empty.',
  },
  CSV_CONTROL_CHAR: {
    means: 'A text has a control character.',
    todo: 'Delete the character; a tab becomes a space.',
  },
  CSV_DELIMITER: {
    means: 'It is not clear what separates the columns of a roster.',
    todo: 'Save it again with commas, or semicolons, or tabs throughout.',
  },
  CSV_DUPLICATE_HEADER: {
    means: 'Two columns of a roster have the same name.',
    todo: 'Delete or rename one of them.',
  },
  CSV_EMPTY: {
    means: 'A roster has nothing in it.',
    todo: 'Check that it is the right file, saved and closed.',
  },
  CSV_FORMULA_LIKE: {
    means:
      'A cell begins like a formula. It was taken as the text that it is; a spreadsheet that opens a copy would run it.',
    todo: 'Nothing, where it is meant; else correct the cell and hand the roster in anew.',
  },
  CSV_LINE_ENDING: {
    means: 'A line of a roster ends with a carriage return alone.',
    todo: 'Save the file again as CSV UTF-8, with the line ends of Windows or Unix.',
  },
  CSV_MISSING_COLUMN: {
    means: 'A column that every roster has is not there.',
    todo: 'Add the column, with its name in the first row.',
  },
  CSV_NOT_UTF8: {
    means: 'A roster has characters that are not in UTF-8.',
    todo: 'Save it as “CSV UTF-8” and check the names in the rows named.',
  },
  CSV_NO_ROWS: {
    means: 'A roster has a header, but nobody below it.',
    todo: 'Add a row for each person.',
  },
  CSV_QUOTE_MISPLACED: {
    means: 'A quotation mark stands in the midst of a cell.',
    todo: 'Put the whole cell in quotation marks, and write each that is part of it twice.',
  },
  CSV_UNCLOSED_QUOTE: {
    means: 'A quotation mark opens a cell and is never closed.',
    todo: 'Close it, or write it twice within a quoted cell.',
  },
  CSV_UNKNOWN_COLUMN: {
    means: 'A column of a roster has a name that means nothing here.',
    todo: 'Rename it to one of the names that are listed, or delete it.',
  },
  DATABASE_BUSY: {
    means:
      'Another process has been writing to the SQLite file for longer than this one waits: a large roster, as a rule.',
    todo: 'Nothing where a worker says so, which tries again; otherwise run the command again. Several processes write at once to PostgreSQL.',
  },
  DATABASE_NEWER: {
    means: 'The database was written by a later version of Laurel.',
    todo: 'Use that version; an older one would not understand what it wrote.',
  },
  DATABASE_NOT_DURABLE: {
    means:
      'The PostgreSQL server answers before what it was told is on its disk, and would forget it at a power failure.',
    todo: 'Set fsync, synchronous_commit and full_page_writes to on, for this database and user as well.',
  },
  DATABASE_READ_ONLY: {
    means:
      'Something was to be changed in a database that was restored and not reconciled yet, or that nobody may write to.',
    todo: 'Run laurel reconcile, then start servers and workers anew.',
  },
  DATABASE_REFUSED: {
    means: 'The PostgreSQL server lets nobody in under this name and password, or has no such database.',
    todo: 'Correct LAUREL_DATABASE_URL, or create the user and the database that it names.',
  },
  DATABASE_UNREACHABLE: {
    means: 'The PostgreSQL server does not answer, or has hung up.',
    todo: 'Start it, or correct LAUREL_DATABASE_URL. Nothing is lost; the work goes on when it is back.',
  },
  DATE_FORMAT: {
    means: 'A date is not written in the one way that is the same everywhere.',
    todo: 'Write 2026-03-01, or 2026-03-01T09:30:00Z with its time zone.',
  },
  DATE_INVALID: {
    means: 'A date names a day or a time that does not exist.',
    todo: 'Correct the date; it is never rolled over.',
  },
  DATE_IN_FUTURE: {
    means: 'Somebody asks how a credential will stand.',
    todo: 'Name a time that has passed.',
  },
  DELIVERED: {
    means: 'A webhook has answered that it has an event.',
    todo: 'Nothing.',
  },
  DEPARTMENT_UNKNOWN: {
    means: 'The organisation has no department with this id.',
    todo: 'List them with GET /v1/departments.',
  },
  DID_INVALID: {
    means: 'A DID is not well-formed, or not of the method it says.',
    todo: 'Copy it again, whole, from the wallet.',
  },
  DID_METHOD: {
    means: 'A DID is of a method whose control cannot be shown here.',
    todo: 'Bind a did:key, a did:jwk or a did:web; an account of a wallet is bound as a wallet.',
  },
  DID_UNAVAILABLE: {
    means: 'The document of a did:web cannot be had at the moment, so that nothing is known of the signature.',
    todo: 'Try the same again in a minute; the challenge is still good.',
  },
  DID_UNKNOWN: {
    means: 'This server resolves the DID of its own issuer and did:key only.',
    todo: 'Ask a universal resolver.',
  },
  DUPLICATE_ROW: {
    means: 'Two rows of a roster are for the same person.',
    todo: 'Delete one of them; two people never share an e-mail address, a DID or a wallet.',
  },
  EMAIL_INVALID: {
    means: 'An e-mail address is not one that a message could be sent to.',
    todo: 'Correct it: one address, without a name and without spaces.',
  },
  ENDPOINT_DELETED: {
    means: 'A webhook was removed before it had heard of an event.',
    todo: 'Nothing, if that was meant; add it again otherwise, and replay.',
  },
  ENDPOINT_DISABLED: {
    means: 'A webhook was disabled before it had heard of an event.',
    todo: 'Enable it with PATCH, and replay what it has missed.',
  },
  ENDPOINT_FAILING: {
    means: 'A webhook has failed for five days without a break, and is sent nothing any more.',
    todo: 'See in its deliveries what is wrong, enable it with PATCH, and replay what it has missed.',
  },
  ENDPOINT_GONE: {
    means: 'A webhook has answered 410 Gone, and is sent nothing any more.',
    todo: 'Remove it, or make it answer again, enable it with PATCH, and replay what it has missed.',
  },
  ERASURE_TOO_EARLY: {
    means: 'Somebody was to be erased whose batch is still under way: its root commits to what is in it.',
    todo: 'Wait until it is delivered, or cancel it while its root is not fixed; laurel status shows where it stands.',
  },
  ERASURE_UNKNOWN: {
    means: 'There is no erasure with this id.',
    todo: 'Take the id from the answer that named it.',
  },
  EVENT_UNKNOWN: {
    means: 'No event has this id, or it was forgotten meanwhile, or is none for this webhook.',
    todo: 'List them with GET /v1/events; they are kept for ninety days.',
  },
  EXPORT_INVALID: {
    means: 'A file of the archive of an organisation is missing, is not what its manifest says, or is not named there.',
    todo: 'Copy the archive anew from where it was made. Nothing was imported.',
  },
  EXPORT_TOO_LARGE: {
    means: 'All that an organisation has is more than one archive (ZIP) holds.',
    todo: 'Export it into a folder: laurel export --everything --to FOLDER.',
  },
  EXPORT_VERSION: {
    means: 'This is no archive of an organisation, or one of a version that is not known here.',
    todo: 'Take what laurel export --everything has written, or a newer Laurel.',
  },
  FACTORY_MISSING: {
    means:
      'The chain lacks the deterministic-deployment proxy, through which contracts get the same address on every chain.',
    todo: 'Have it deployed as its authors describe: the deployer needs 0.01 of the currency, then anybody sends its presigned transaction.',
  },
  FEE_ABOVE_CEILING: {
    means: 'A unit of gas costs more than LAUREL_MAX_FEE_GWEI.',
    todo: 'Wait and run the same command again, or raise LAUREL_MAX_FEE_GWEI.',
  },
  FILE_EXISTS: {
    means: 'There is something where an export is to be written, and nothing is overwritten.',
    todo: 'Name a file that does not exist yet.',
  },
  FILE_TYPE: {
    means: 'A file is not a CSV file, whatever it is called.',
    todo: 'Open it in its program and export it as “CSV UTF-8”.',
  },
  FILE_UNREADABLE: {
    means: 'A file named on the command line is not there or must not be read.',
    todo: 'Check the path and the permissions.',
  },
  FINALITY_UNKNOWN: {
    means:
      'LAUREL_FINALITY relies on the chain’s word for what is final, and it has none or calls its newest block so.',
    todo: 'Leave LAUREL_FINALITY empty, so that confirmations are counted.',
  },
  FOLDER_NOT_EMPTY: {
    means: 'The folder of an export has something in it, and nothing is overwritten.',
    todo: 'Name an empty or a new folder.',
  },
  FUNDS_MISSING: {
    means: 'The account cannot pay for its transaction.',
    todo: 'Send it some of the chain’s currency, then run the same command again.',
  },
  HOME_NOT_EMPTY: {
    means: 'A backup is to be restored where something is already.',
    todo: 'Name an empty LAUREL_HOME and an empty database; what is there is not overwritten.',
  },
  HOME_OWNER: {
    means: 'Root runs a command on the home of another user, whose server could not read what is made then.',
    todo: 'Run it as the owner of LAUREL_HOME, by runuser or sudo -u.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    means: 'An Idempotency-Key is empty, too long or has characters that it must not have.',
    todo: 'Send 1 to 255 printable ASCII characters, a UUID for one.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    means: 'An Idempotency-Key came with another request before.',
    todo: 'Take a new key for every new request; repeat the old one word for word to get its answer.',
  },
  IDENTIFIER_CONFLICT: {
    means: 'A row has a DID and a wallet.',
    todo: 'Leave one of the two empty.',
  },
  ID_TAKEN: {
    means: 'An address in a roster is already the id of something else in the credential.',
    todo: 'Use an address that is of this one thing only.',
  },
  IMAGE_INVALID: {
    means: 'The image of an achievement is neither an address nor a PNG.',
    todo: 'Give an https address, or a PNG as data:image/png;base64,….',
  },
  IMPORT_EMPTY: {
    means: 'There is no badge in what is to be imported.',
    todo: 'Import a file of an Open Badge, a list as docs/moving.md shows it, or a ZIP of them.',
  },
  IMPORT_NOT_READ: {
    means: 'Something in an import is no badge and no row of one.',
    todo: 'Leave it out, or bring it into a form that docs/moving.md shows.',
  },
  IMPORT_REPLACED: {
    means: 'Somebody else has begun to import the same file while this import was under way; theirs goes on.',
    todo: 'Nothing: see with laurel import list when it is there.',
  },
  IMPORT_ROW: {
    means: 'A row of an import names nobody, or no badge.',
    todo: 'Fill its cells, or leave it out.',
  },
  IMPORT_TOO_MANY: {
    means: 'An import has more badges than one may.',
    todo: 'Divide it into several files.',
  },
  IMPORT_UNKNOWN: {
    means: 'There is no import of this id.',
    todo: 'List them with laurel import list.',
  },
  INTERNAL: {
    means: 'Something went wrong inside the server that nobody has foreseen.',
    todo: 'Repeat the request; report it if it stays.',
  },
  INVITATION_UNKNOWN: {
    means: 'No open invitation has this id: there is none, or somebody has accepted it.',
    todo: 'List them with GET /v1/invitations; end a membership with laurel member remove.',
  },
  ISSUERS_TOO_MANY: {
    means: 'The organisation has a hundred issuers, and can have no more.',
    todo: 'Use one that it has: an issuer can be called otherwise with PUT /v1/issuers/{id}/profile.',
  },
  ISSUER_MISSING: {
    means: 'The organisation has no issuer in this home yet, so nothing can be issued in its name.',
    todo: 'Make one with POST /v1/issuers or laurel issuer create.',
  },
  ISSUER_NOT_REGISTERED: {
    means: 'The directory on this chain does not know the issuer of this home.',
    todo: 'Register it with laurel issuer register.',
  },
  ISSUER_PROFILE_INVALID: {
    means: 'What the issuer is to say of itself has something wrong in it.',
    todo: 'Correct the places that are named: a name, a web page, an e-mail address, a PNG of at most 1 MiB.',
  },
  ISSUER_UNKNOWN: {
    means: 'The organisation has no issuer with this id.',
    todo: 'List them with GET /v1/issuers or laurel issuer list.',
  },
  JSON_DUPLICATE_KEY: {
    means: 'An object has the same member twice.',
    todo: 'Delete one of them.',
  },
  JSON_NOT_UTF8: {
    means: 'A JSON file is not Unicode text in UTF-8.',
    todo: 'Save it as UTF-8 without a byte order mark.',
  },
  JSON_NUMBER: {
    means: 'A number cannot be held without changing it.',
    todo: 'Write it with fewer digits.',
  },
  JSON_SYNTAX: {
    means: 'A file is not JSON, or not an object.',
    todo: 'Correct it at the character named; a byte order mark counts as one.',
  },
  KEY_DAMAGED: {
    means: 'The file of a key is damaged.',
    todo: 'Put the file back from a backup of keys/; without it nobody can sign as this issuer.',
  },
  KEY_IN_USE: {
    means: 'A key is needed until what was begun with it is finished.',
    todo: 'Stop laurel start, finish the open batches that laurel status shows, then run the same command again.',
  },
  KEY_NOT_IN_USE: {
    means: 'The operator names another key than the one that is in use.',
    todo: 'Take it into use with laurel issuer rotate; or name the one in use, which laurel signer list shows.',
  },
  KEY_NOT_LISTED: {
    means:
      'The directory does not have the account or key that is meant, or the issuer of an organisation has no such key.',
    todo: 'See with laurel issuer show which it has, or with laurel issuer list --json.',
  },
  KEY_PASSPHRASE: {
    means: 'The passphrase does not open a key, or the file of the key was changed.',
    todo: 'Name the right file with LAUREL_PASSPHRASE_FILE, or put keys/ back from a backup.',
  },
  KEY_REPORTED: {
    means: 'The credential key of an issuer was reported as stolen, so nothing is signed with it any more.',
    todo: 'Replace it with POST /v1/issuers/{id}/rotate or laurel issuer rotate credential --issuer; an issuer whose DID is the key is over: make another.',
  },
  KEY_SAME: {
    means: 'A key is to come after itself.',
    todo: 'Make another key where keys are kept, name it, and rotate again.',
  },
  KEY_TAKEN: {
    means: 'A key that is to sign for an issuer signs for another one already.',
    todo: 'Make another key for it, and name that.',
  },
  KEY_URI_INVALID: {
    means: 'A text does not say where a key is.',
    todo: 'Write it as docs/keys.md shows.',
  },
  KEY_VERSION: {
    means: 'A key was written by a later version of Laurel.',
    todo: 'Use that version.',
  },
  LANGUAGE_INVALID: {
    means: 'A cell is not the tag of a language, by which a learner is written to.',
    todo: 'Write a tag such as de, pt-BR or zh-Hant (BCP 47), or leave the cell empty.',
  },
  LAST_OWNER: {
    means:
      'The only owner of an organisation was to be removed, or to be an owner no longer: nobody could let anybody in then.',
    todo: 'Make somebody else an owner first, with PUT /v1/members/{id}/role or laurel member add --owner.',
  },
  LEASE_LOST: {
    means:
      'A worker was so slow, or stopped for so long, that its time for a batch has run out and others may go on with it.',
    todo: 'Nothing: what it was about to store was refused, and the work goes on from what was stored before.',
  },
  MAIL_ADDRESS_MISSING: {
    means: 'A learner is to be written to whose e-mail address the roster does not have.',
    todo: 'Give them the address of the credential in another way, or issue with a roster that has the column email.',
  },
  MAIL_BOUNCED: {
    means: 'A mail has come back: its address does not exist, and is written to no more.',
    todo: 'Ask the learner for another address. laurel mail allow lets the same one be written to again.',
  },
  MAIL_DEFERRED: {
    means: 'The mail server has asked to be tried again later, for this one mail.',
    todo: 'Nothing: it is tried again for three days. After that laurel mail resend sends it anew.',
  },
  MAIL_OUTDATED: {
    means: 'A mail was of no use any more before it could be sent; nothing was sent.',
    todo: 'Ask for it again. If it happens again, look at the mail server: laurel mail list says what it answered.',
  },
  MAIL_PASSWORD: {
    means: 'The file with the password of the mail server cannot be read; mails wait.',
    todo: 'Let LAUREL_SMTP_PASSWORD_FILE name a file that the server may read; it is read again by itself.',
  },
  MAIL_REFUSED: {
    means: 'The mail server has refused a mail for good.',
    todo: 'Ask the learner for another address where it has bounced; otherwise see in the mail server’s log what it said.',
  },
  MAIL_REPORT_INVALID: {
    means: 'What was handed in is no delivery status and no complaint, or is about no mail that was sent from here.',
    todo: 'Hand in whole messages, as they have come back to LAUREL_MAIL_FROM; what else comes there is for people.',
  },
  MAIL_SUPPRESSED: {
    means: 'A mail was to go to an address that has bounced, or whose reader wants no more; nothing was sent.',
    todo: 'Ask the learner for another address, or let this one be written to again with laurel mail allow.',
  },
  MAIL_TEXT_INVALID: {
    means: 'The text of a mail has a place for a value that there is not, or a brace that is not closed.',
    todo: 'Write places as {name}, and only those that the template has; laurel mail preview shows the outcome.',
  },
  MAIL_UNDELIVERED: {
    means: 'A mail has come back, although its address may be right: its mailbox is full, for one.',
    todo: 'Send it again later.',
  },
  MAIL_UNKNOWN: {
    means: 'No mail has this id.',
    todo: 'List them with GET /v1/mails.',
  },
  MAIL_UNREACHABLE: {
    means: 'The mail server is away, lets us not in, or takes nothing from the address of the sender; mails wait.',
    todo: 'Look at LAUREL_SMTP_URL, LAUREL_SMTP_PASSWORD_FILE and LAUREL_MAIL_FROM; nothing is lost meanwhile.',
  },
  MEMBER_EXISTS: {
    means: 'A member of the organisation has this e-mail address already.',
    todo: 'Give the member another role instead; laurel member list shows them.',
  },
  MEMBER_UNKNOWN: {
    means: 'No member of the organisation has this id or address.',
    todo: 'List them with laurel member list.',
  },
  METHOD_NOT_ALLOWED: {
    means: 'The address is right, but not for this method.',
    todo: 'Use one of the methods in the header Allow.',
  },
  MOVE_UNKNOWN: {
    means: 'There is no move with this id.',
    todo: 'Take the id from the answer to the request for it.',
  },
  MOVE_WAITING: {
    means: 'A credential is being moved to another address already.',
    todo: 'Wait until that is over: GET /v1/moves/ID says how it stands.',
  },
  MULTIPART_INVALID: {
    means: 'The body says that it is a form, and is none that a program would send.',
    todo: 'Let a library or a browser make it (RFC 7578): each part with a name of its own, a roster called file.',
  },
  MULTIPART_TOO_MANY_PARTS: {
    means: 'A form has more parts than any that is taken here.',
    todo: 'Send the fields that the description of the operation names, each once.',
  },
  NAME_MISSING: {
    means: 'A row of a roster does not name a person, or nothing of the name can be seen.',
    todo: 'Fill in the name.',
  },
  NAME_TAKEN: {
    means: 'There is something of this name in the organisation already.',
    todo: 'Use what there is, or another name.',
  },
  NETWORK_UNKNOWN: {
    means: 'No network has this name here.',
    todo: 'Use one of the names that are listed, or LAUREL_CHAIN_RPC alone.',
  },
  NONCE_CONFLICT: {
    means:
      'An account has transactions on the chain that were not made here: its key is used elsewhere, or the database was restored from before them. Nothing is signed with it any more.',
    todo: 'See with laurel transactions which they are. Restore the newest database, or rotate the account; only where nothing of them was an anchor, accept them with laurel transactions --accept.',
  },
  NONCE_TAKEN: {
    means: 'Two transactions of an account were made at the same moment.',
    todo: 'Nothing: another place is taken.',
  },
  NOT_FOUND: {
    means: 'The server has nothing at this address.',
    todo: 'Check the address.',
  },
  NOT_RESTORED: {
    means: 'There is no restored database to be reconciled, or the batch is not blocked by that.',
    todo: 'Nothing; laurel status shows how batches stand.',
  },
  NUMBER_FORMAT: {
    means: 'A number is not written with digits and a point.',
    todo: 'Write 2.5, without unit, sign and separators.',
  },
  ORDER_UNKNOWN: {
    means: 'No order has this id.',
    todo: 'Take the id from the answer to POST /v1/credentials.',
  },
  ORGANISATION_INVALID: {
    means: 'This text cannot be the id of an organisation.',
    todo: 'Use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.',
  },
  ORGANISATION_UNKNOWN: {
    means: 'There is no organisation with this id in this home.',
    todo: 'List them with laurel organisation list; add it with laurel organisation add.',
  },
  ORIGINAL_UNKNOWN: {
    means: 'No import has such a badge; or it was erased.',
    todo: 'Take its row from GET /v1/imports/{id}/originals.',
  },
  ORIGINAL_UNSIGNED: {
    means: 'A row of a list shows nobody’s signature.',
    todo: 'Import the badges themselves where they can be had: as JSON, JWT or images.',
  },
  ORIGIN_REFUSED: {
    means:
      'Something was to be changed in the name of whoever has signed in, by a page of another site, or under a name that is none of this server.',
    todo: 'Do it on a page of this server, under its public address. A program sends the header Origin with that address, and for members Laurel-CSRF, whose value GET /v1/me tells.',
  },
  OUTBOX_OVERDUE: {
    means: 'Something that is to be told to webhooks which answer has waited for longer than LAUREL_OVERDUE_MINUTES.',
    todo: 'See that a server or a worker runs, and with laurel webhook list how the webhooks do.',
  },
  PAGINATION_INVALID: {
    means: 'A limit or a cursor is not one that was given out here.',
    todo: 'Take the cursor from next of the page before; a limit is 1 to 200.',
  },
  PASSKEYS_TOO_MANY: {
    means: 'A member has as many passkeys as there may be.',
    todo: 'Remove one that is not used any more at /account.',
  },
  PASSKEY_EXISTS: {
    means: 'The passkey that a device has made is kept here already.',
    todo: 'Use it; or remove it at /account and make another one.',
  },
  PASSKEY_REFUSED: {
    means:
      'A passkey was not taken: it is unknown here, was made for another site, has not checked who uses it, answers what was not asked or was asked too long ago, or counts fewer uses than before, as a copy does.',
    todo: 'Try again; sign in by mail where it stays so, and remove a passkey that may have been copied at /account.',
  },
  PASSKEY_UNKNOWN: {
    means: 'Whoever asks has no passkey with this id.',
    todo: 'List them with GET /v1/passkeys.',
  },
  PASSPHRASE_UNREADABLE: {
    means: 'The file that LAUREL_PASSPHRASE_FILE names cannot be read, or is empty.',
    todo: 'Check its path, its permissions and its content.',
  },
  PAYLOAD_TOO_LARGE: {
    means: 'A file is larger than what is read.',
    todo: 'Check that it is the right file; divide a roster that is too large.',
  },
  PERIOD_INVALID: {
    means: 'A period ends before it begins; without validFrom it begins when the roster is issued.',
    todo: 'Correct one of the two dates.',
  },
  PERSON_REQUIRED: {
    means: 'What was asked for is done by a person who has signed in; no key can do it.',
    todo: 'Sign in at /sign-in.',
  },
  PERSON_UNKNOWN: {
    means: 'Nothing is kept of the person that was named.',
    todo: 'See whether the address is written as the roster had it; what was erased is not there any more.',
  },
  PINNING_REFUSED: {
    means:
      'An IPFS node or a pinning service says that it does not keep public content: it is full, or does not know us.',
    todo: 'Look at its disk, the account and the access token; it is asked again by itself.',
  },
  PINNING_TOKEN_UNREADABLE: {
    means: 'The file with the access token for the pinning service is missing, empty or not a token.',
    todo: 'Write the token alone into the file that LAUREL_PINNING_TOKEN_FILE names.',
  },
  PINNING_UNREACHABLE: {
    means: 'An IPFS node or a pinning service does not answer, or breaks off in its answer.',
    todo: 'Nothing for now: batches do not wait for it, and it is asked again by itself.',
  },
  PINNING_UNSEEN: {
    means: 'An IPFS node or a pinning service has accepted public content and does not hand it out.',
    todo: 'See whether the service can reach the nodes of LAUREL_PINNING_ORIGINS, and whether the gateway is right.',
  },
  PKCS11_BINDING_MISSING: {
    means: 'A key is on a PKCS#11 token, and the package by which modules are called is not installed.',
    todo: 'Install again with optional dependencies: npm ci --include=optional.',
  },
  PORT_TAKEN: {
    means: 'The server cannot listen on its port.',
    todo: 'Stop what listens there, or name another port with PORT.',
  },
  POSSIBLE_DUPLICATE_BATCH: {
    means: 'The same roster was handed in before, for the same achievement, and makes no second batch by accident.',
    todo: 'See the batch that is named; to issue it once more on purpose, set allowDuplicate.',
  },
  PRECONDITION_FAILED: {
    means: 'What was to be changed has changed since it was read.',
    todo: 'Read it again, and send the ETag that it has now in If-Match.',
  },
  PRESENTATION_REFUSED: {
    means: 'A presentation does not show control of a DID; the place names the check that says why.',
    todo: 'Present again, with the nonce as challenge and the domain that were given, signed by a key for authentication.',
  },
  PROOF_UNAVAILABLE: {
    means: 'The chain does not prove the anchor of a batch: its RPC lacks eth_getProof, or is of another chain.',
    todo: 'Set LAUREL_CHAIN_RPC to one that answers eth_getProof, or leave --proof out.',
  },
  QUOTA_EXCEEDED: {
    means: 'The organisation has used up what it may have in this period, or at once; nothing of this was accepted.',
    todo: 'Wait as long as Retry-After says, or ask the operator for more (laurel organisation quota).',
  },
  QUOTA_INVALID: {
    means: 'This is no quota, or no limit of one.',
    todo: 'Write name=number for each, or name=none; laurel organisation quota --help names them.',
  },
  QUOTA_TOO_SMALL: {
    means: 'This request alone asks for more than the organisation may have in a period; it never fits.',
    todo: 'Hand it in in parts, or ask the operator for more (laurel organisation quota).',
  },
  RATE_LIMITED: {
    means: 'A key, or an address without one, has asked too often.',
    todo: 'Wait as long as Retry-After says.',
  },
  REBINDING_NOT_READY: {
    means:
      'A proposal to bind a token to another wallet is public for thirty days before it can be carried out, and can be for thirty days after.',
    todo: 'Wait until the day that laurel token show names, or propose again.',
  },
  REBINDING_UNKNOWN: {
    means: 'There is no proposal to bind this token to another wallet.',
    todo: 'Propose it first.',
  },
  RECIPIENT_UNADDRESSED: {
    means: 'The recipient of a credential has no e-mail address here, or it was erased.',
    todo: 'Hand the file out in another way.',
  },
  RECIPIENT_UNKNOWN: {
    means: 'A row of a roster does not identify anybody.',
    todo: 'Fill in an e-mail address, a DID or a wallet.',
  },
  REGISTRY_MISSING: {
    means: 'The anchor registry has not been deployed on this public chain yet.',
    todo: 'Deploy it once with laurel deploy.',
  },
  REPORT_TIME: {
    means:
      'A report of a compromise names a second that it cannot name: the future, before the key was added, or one that weakens an earlier report.',
    todo: 'Name an earlier or later moment, as the message says.',
  },
  REQUEST_INVALID: {
    means: 'The HTTP request cannot be read.',
    todo: 'Correct the address or the body.',
  },
  REQUEST_TIMEOUT: {
    means: 'A body came so slowly that it was not waited for.',
    todo: 'Send it again over a faster line, or compress it with gzip.',
  },
  RESTORATION_UNSETTLED: {
    means: 'What an account has sent is not final yet, so that nobody knows what a restored database lacks.',
    todo: 'Wait, and run laurel reconcile again.',
  },
  RESTORED: {
    means: 'The batch had no root by the time of a backup, and batches were anchored after it: it may be one of them.',
    todo: 'Ask one of its learners. Who has the badge: cancel the batch. Who has none: laurel reconcile --resume.',
  },
  RESULT_UNKNOWN: {
    means: 'A result, or a level, is named that the achievement does not describe.',
    todo: 'Use the names in the resultDescription of the achievement, each only once.',
  },
  RESULT_VALUE: {
    means: 'A result is not one that its description allows.',
    todo: 'Correct it as the message says.',
  },
  ROLE_UNKNOWN: {
    means: 'There is no role of this name.',
    todo: 'Use one of the roles that docs/access.md lists.',
  },
  ROSTER_CHANGED: {
    means: 'The file of a roster was changed between two readings of it, and nothing of it was issued.',
    todo: 'Close the program that writes to it, and issue it again.',
  },
  ROTATION_IMPOSSIBLE: {
    means: 'This key cannot be replaced by another.',
    todo: 'Give the issuer a domain with LAUREL_DOMAIN and the standard profile; what was issued before stays valid.',
  },
  ROW_INVALID: {
    means: 'Something in a roster is wrong, and nothing of it was issued.',
    todo: 'Correct every place named and issue it again.',
  },
  RPC_MISSING: {
    means: 'Nothing says how a public network is reached.',
    todo: 'Set LAUREL_CHAIN_RPC to an RPC of that network.',
  },
  SCOPE_REQUIRED: {
    means: 'The key is right, but does not allow this.',
    todo: 'Use a key with the scope that is named.',
  },
  SCOPE_UNKNOWN: {
    means: 'A key was to be given a scope that does not exist.',
    todo: 'Use those that are listed.',
  },
  SELF_CHECK_FAILED: {
    means: 'A credential that was about to be delivered would not be accepted by a verifier, so nothing was delivered.',
    todo: 'The message names the check; once its cause is gone, run the same command again.',
  },
  SESSION_UNKNOWN: {
    means: 'Whoever asks has no session with this id; it may have ended already.',
    todo: 'List them with GET /v1/sessions.',
  },
  SIGNATURE_DEADLINE: {
    means: 'The deadline of a signature has passed, is more than thirty days ahead, or is not given with it.',
    todo: 'Run the same command again, which has it signed anew.',
  },
  SIGNATURE_INVALID: {
    means: 'A signature is not that of the wallet or key that has to sign.',
    todo: 'Have the very data signed that are shown, by the wallet that holds the token.',
  },
  SIGNER_BUSY: {
    means: 'A place that keeps a key takes no more requests now.',
    todo: 'Nothing: what is to be signed waits and is signed later. If it stays, raise the quota of signatures there.',
  },
  SIGNER_FAULTY: {
    means:
      'A place that keeps a key has answered with something that is no signature of it, or was damaged on its way.',
    todo: 'Look at the place: what is to be signed waits until it signs as it should.',
  },
  SIGNER_KEY_KIND: {
    means: 'A key is of the wrong kind, or may leave the place where it is kept.',
    todo: 'Make one as docs/keys.md shows.',
  },
  SIGNER_KEY_MISSING: {
    means: 'There is no key of this name at the place where it is said to be.',
    todo: 'Correct its name; on a PKCS#11 token laurel signer init makes it.',
  },
  SIGNER_MISMATCH: {
    means: 'Another key is at the place of the one that is in use.',
    todo: 'Bring the key in use back; another one is taken into use by laurel issuer rotate.',
  },
  SIGNER_REFUSED: {
    means: 'A place that keeps a key refuses to sign.',
    todo: 'Give this process the right to use the key, and enable it; what is to be signed waits for that.',
  },
  SIGNER_UNREACHABLE: {
    means: 'A place that keeps a key does not answer, or hands out no credentials.',
    todo: 'Nothing: what is to be signed waits and is signed later. If it stays, look at the network and the token.',
  },
  SIGN_IN_AGAIN: {
    means: 'What was asked for is done only by somebody who has signed in lately, and it was longer ago.',
    todo: 'Sign in again at /sign-in, and repeat the request.',
  },
  SIGN_IN_REQUIRED: {
    means: 'Somebody has not signed in, or the session has ended.',
    todo: 'Sign in by an e-mail address at /badges.',
  },
  SIWE_CHAIN_MISMATCH: {
    means: 'A wallet has signed a message for another chain than that of this server.',
    todo: 'Switch the wallet to the chain whose id was given with the challenge.',
  },
  SIWE_DOMAIN_MISMATCH: {
    means: 'A wallet has signed a message for another website.',
    todo: 'Never sign what another site shows; ask for a challenge here and sign its domain to the character.',
  },
  SIWE_EXPIRED: {
    means: 'A signed message is not valid yet, not any more, or was signed too long ago.',
    todo: 'Ask for another challenge, and sign it within five minutes by a clock that is right.',
  },
  SIWE_INVALID: {
    means: 'A signed message has not the form of EIP-4361.',
    todo: 'Let the wallet or a library of that standard make it; nothing may stand in it that the form has not.',
  },
  SIWE_NONCE_MISMATCH: {
    means: 'The nonce of a signed message is not one that was given for this session, or it has been used.',
    todo: 'Ask for another challenge: every answer uses it up.',
  },
  SIWE_SIGNATURE: {
    means: 'A message was not signed by the wallet that it names.',
    todo: 'Sign it with the account whose address it says; a contract has to answer by ERC-1271.',
  },
  SIWE_URI_MISMATCH: {
    means: 'A message was signed for something else than what is asked for.',
    todo: 'Sign the uri that was given with the challenge.',
  },
  SPENDING_CAP: {
    means: 'An account would spend more within 24 hours than LAUREL_MAX_SPENDING.',
    todo: 'Wait, and it goes on by itself, or raise LAUREL_MAX_SPENDING.',
  },
  STATUS_HISTORY_BROKEN: {
    means: 'What this home knows of the digests of a status list is not what the registry on the chain has.',
    todo: 'See whether another home uses the same account, or the database was put back from an old backup.',
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
  STATUS_NOT_RECORDED: {
    means: 'No digest of the status lists stood on the chain at that time.',
    todo: 'Nothing; LAUREL_STATUS_GATHER_MINUTES has digests recorded on the chain from now on.',
  },
  STATUS_NOT_SETTLED: {
    means: 'The newest digest of a status list is on its way to the chain, so that nothing can be held against it now.',
    todo: 'Ask again when laurel start has brought it to its end.',
  },
  STATUS_ON_CHAIN: {
    means: 'The history of the status lists folds to the heads that the registry on the chain has.',
    todo: 'Nothing; nobody can leave out, add or reorder what stood on the chain.',
  },
  STORAGE_FULL: {
    means: 'The disk of the server is full, and nothing was accepted.',
    todo: 'Make room, then repeat the request with the same Idempotency-Key.',
  },
  STORAGE_UNAVAILABLE: {
    means: 'The database does not answer, and nothing was accepted.',
    todo: 'Repeat the request with the same Idempotency-Key.',
  },
  STREAMS_BUSY: {
    means: 'Too many listen to events at once.',
    todo: 'Ask for the state of the batch instead, or come back later.',
  },
  STRING_TOO_LONG: {
    means: 'A text is longer than its place allows.',
    todo: 'Shorten it, or put it on a page and give its address as evidence.',
  },
  TERM_UNKNOWN: {
    means: 'A value is not among the terms of the standard.',
    todo: 'Use one of the standard’s terms, or one of your own that begins with ext:.',
  },
  TEXT_MISSING: {
    means: 'A text that has to be there is empty.',
    todo: 'Fill it in.',
  },
  THREAD_LOST: {
    means: 'A thread of the server ended before its work was done: it ran out of memory, for one.',
    todo: 'Nothing: the batch carries on where it was. If it stays, lower LAUREL_WORKERS and report it.',
  },
  TICKETS_NOT_OFFERED: {
    means: 'The learners of a batch have no tickets.',
    todo: 'Issue with --redeemable where learners shall be able to redeem tokens.',
  },
  TICKET_CHAIN: {
    means: 'A ticket is for another chain than the one that is reached.',
    todo: 'Set LAUREL_CHAIN_RPC to an RPC of the chain that the ticket names.',
  },
  TICKET_SPENT: {
    means: 'A ticket has been redeemed, or its issuer has revoked it.',
    todo: 'Nothing more comes of it. Who has redeemed it can ask the issuer to bind the token to another wallet.',
  },
  TOKEN_GIVEN: {
    means: 'A wallet has been given a token of this achievement and batch before, and is given one only.',
    todo: 'Redeem it for another wallet.',
  },
  TOKEN_ID_INVALID: {
    means: 'A text is no id of a token.',
    todo: 'Copy the id again, whole: a decimal number, or 0x and hexadecimal digits.',
  },
  TOKEN_UNKNOWN: {
    means: 'There is no such token, or not any more.',
    todo: 'Copy the id again, whole.',
  },
  TOKEN_USED: {
    means: 'A link out of a mail, or from the terminal, opens nothing: it was used, is too old, or never was one.',
    todo: 'Ask for a new one at /sign-in, have yourself invited again, or use laurel member add.',
  },
  TOO_LARGE: {
    means: 'A JSON file is longer, deeper or of more values than what is read.',
    todo: 'Check that it is the right file; put large images on a page and give their address.',
  },
  TRANSACTION_REFUSED: {
    means: 'The node of the chain does not take a transaction. It is sent again and again.',
    todo: 'The message is the node’s own; once its cause is gone, it goes on by itself.',
  },
  TRANSACTION_STUCK: {
    means: 'A transaction waits although it offers what is asked, and is sent again and again.',
    todo: 'Look at it in a block explorer; it goes on by itself once it is mined. Another RPC may help.',
  },
  TYPE: {
    means: 'A value is of another type than the one expected, or missing; nothing is converted.',
    todo: 'Send the type that /v1/openapi.json names.',
  },
  UNKNOWN_FIELD: {
    means: 'A member or a parameter has a name that means nothing here.',
    todo: 'Correct or delete it; nothing is ignored in silence.',
  },
  URL_INVALID: {
    means: 'An address is not absolute, or not of the kind expected.',
    todo: 'Write it whole, beginning with https://.',
  },
  VALUE_INVALID: {
    means: 'A value is of the right type, but not one that is allowed.',
    todo: 'Correct it as the message says.',
  },
  VERIFICATION_BUSY: {
    means: 'The server verifies as many credentials at this moment as it can.',
    todo: 'Ask again in a second; Retry-After says when.',
  },
  WALLETS_INVALID: {
    means: 'Some of the wallets that are named are none, or are named twice.',
    todo: 'Correct every one that is listed.',
  },
  WALLET_MISMATCH: {
    means: 'A ticket is for one wallet, and another one was named.',
    todo: 'Leave --to away.',
  },
  WALLET_MISSING: {
    means: 'A ticket is for whichever wallet its learner chooses, and none was named.',
    todo: 'Name the wallet with --to.',
  },
  WEBHOOKS_TOO_MANY: {
    means: 'There are a thousand webhooks, and can be no more.',
    todo: 'Remove some that nobody needs.',
  },
  WEBHOOK_DISABLED: {
    means: 'A webhook that is disabled can neither be tested nor sent anything again.',
    todo: 'Enable it with PATCH first.',
  },
  WEBHOOK_UNKNOWN: {
    means: 'There is no webhook with this id.',
    todo: 'List them with GET /v1/webhooks.',
  },
  WORKERS_MISSING: {
    means: 'No process works on batches.',
    todo: 'Start laurel worker, or laurel start without --workers 0.',
  },
  WORK_OVERDUE: {
    means: 'A batch has been open for longer than LAUREL_OVERDUE_MINUTES.',
    todo: 'See with laurel status and laurel transactions what it waits for.',
  },
} as const satisfies Record<string, { means: string; todo: string }>
