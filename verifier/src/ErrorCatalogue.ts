/** What each code of a check or an error means, and what to do about it. `docs/errors.md` is made from this. */
export const catalogue = {
  ACCEPTED: { means: 'Every check was made and passed.', todo: 'Nothing.' },
  ACCOUNT_FOREIGN: {
    means: 'The account that anchored a credential is not the one whose key its issuer lists.',
    todo: 'Do not trust it. Ask the issuer if it has changed its account without publishing the new key.',
  },
  ACCOUNT_NOT_TRUSTED: {
    means: 'A credential was anchored by an account that the trust file does not name for its issuer.',
    todo: 'Ask the issuer whether the account is its own; if it is, add it to the accounts in the trust file.',
  },
  ADDRESS_INVALID: {
    means: 'A line of a list is no address.',
    todo: 'Write each address in full, with https at its beginning, on a line of its own.',
  },
  ADDRESS_UNREACHABLE: {
    means: 'Nothing can be had from an address: nobody answers, too much comes, or it is not a public one over HTTPS.',
    todo: 'Save the credential as a file, and verify that.',
  },
  ANCHORED: { means: 'The batch was anchored by its account, on a trusted chain, and is final.', todo: 'Nothing.' },
  ANCHORED_LATER: {
    means: 'A credential was anchored only after the time for which it was asked.',
    todo: 'Ask for a later time; nobody can tell whether it existed before its anchor.',
  },
  ANCHOR_MISSING: {
    means: 'A credential has no anchor, so nobody can tell since when it exists.',
    todo: "Ask its issuer for an anchored one, or set the issuer's anchor to optional in the trust file.",
  },
  ANCHOR_NOT_FINAL: {
    means: 'The anchor is there, but too young to be sure that it stays.',
    todo: 'Ask again after a few blocks.',
  },
  ANCHOR_NOT_FOUND: {
    means: 'The account never anchored the root to which a credential leads.',
    todo: 'Do not trust it. If it was issued minutes ago, ask again later.',
  },
  ANCHOR_OPTIONAL: {
    means: 'A credential has no anchor, and the trust file does not ask for one from its issuer.',
    todo: 'Nothing; its date is only what its issuer says.',
  },
  ANCHOR_OTHER: {
    means:
      'The transaction that a certificate names failed, or its data is not the root to which the certificate leads.',
    todo: 'Do not trust it; ask for the original.',
  },
  ANCHOR_UNPROVEN: {
    means: 'The trust file demands a storage proof for a chain, and none of its RPCs has given one.',
    todo: 'Name an RPC that answers eth_getProof, or ask again later.',
  },
  ANSWERS: {
    means: 'A presentation was made for who asked, in answer to the challenge that was set.',
    todo: 'Nothing.',
  },
  CHAIN_BEHIND: {
    means: 'The newest block of the chain that could be had is older than the batch, so a missing anchor says nothing.',
    todo: 'Ask again later, or name an RPC in your trust file that has caught up with its chain.',
  },
  CHAIN_DISAGREEMENT: {
    means: 'The RPCs of a chain that were asked do not say the same.',
    todo: 'Ask again; if it stays so, find out which of them lies and take it out of the trust file.',
  },
  CHAIN_MISMATCH: {
    means:
      'A chain is not the one that it should be: an RPC answers for another, or an anchor names another than its batch.',
    todo: 'Correct the RPC in the trust file; where the anchor names another chain, do not trust the credential.',
  },
  CHAIN_NOT_TRUSTED: {
    means: 'A credential is anchored on a chain that the trust file does not name.',
    todo: 'Add the chain, its registry and an RPC to the trust file if you trust it.',
  },
  CHAIN_UNREACHABLE: {
    means: 'None of the RPCs of a chain could be asked, or too few for the quorum.',
    todo: 'Ask again later, or name another RPC in the trust file. The embedded chain runs while npm start does.',
  },
  CHAIN_UNSUPPORTED: {
    means: 'A certificate is anchored on a chain that this verifier does not read, such as Bitcoin.',
    todo: 'Use a verifier that reads that chain; nothing is known against the certificate.',
  },
  CHALLENGE_NOT_ASKED: {
    means: "No challenge was set for a presentation, so nobody can tell whether it is a copy of another's.",
    todo: 'To know who presents it, draw a challenge, have it answered, and name it: --challenge.',
  },
  CHALLENGE_OTHER: {
    means: 'A presentation does not answer the challenge that was set for it.',
    todo: "Do not take it for its holder's; have your challenge answered by a new one.",
  },
  COMPROMISED: {
    means: 'A key or an account spoke after the time from which its issuer has reported it as stolen.',
    todo: 'Do not trust it. Ask the issuer for one that it has signed with a key of its own.',
  },
  CONFORMS: { means: 'A document is a well-formed credential that cannot be read in two ways.', todo: 'Nothing.' },
  CONTEXT_FORM: {
    means: 'The @context of a document is not the list of addresses that its kind has.',
    todo: 'Do not trust it; ask for the original.',
  },
  CONTEXT_UNKNOWN: {
    means: 'A document uses a vocabulary that is not bundled, so what was signed cannot be read.',
    todo: 'Ask for a credential in the standard contexts, or use a verifier that knows this one.',
  },
  DIRECTORY_STALE: {
    means: 'What can be had of a directory of issuers is older than the anchor, or than the trust file allows.',
    todo: 'Ask again later, or name more RPCs in the trust file, so that their quorum answers.',
  },
  DIRECTORY_UNAVAILABLE: {
    means:
      'The directory that the trust file names for an issuer could not be asked, or not about everybody who spoke.',
    todo: 'Ask again later; if it stays so, correct the directory or its chain in the trust file.',
  },
  DOMAIN_OTHER: {
    means: 'A presentation was made for somebody else than who asked for it.',
    todo: "Do not take it for its holder's; ask for one that is made for you.",
  },
  ENDORSEMENT_SUBJECT: {
    means: 'An endorsement in a credential is about something else than what it stands at.',
    todo: 'Give nothing on this endorsement; the credential itself is judged without it.',
  },
  EXPIRED: { means: 'A credential was valid until a time that has passed.', todo: 'Ask for a new one.' },
  FEDERATION_INVALID: {
    means: 'What should be the statement of a federation about itself is not signed by itself, or not of now.',
    todo: 'Name the address that ends in /.well-known/openid-federation, and check the clock of this machine.',
  },
  FETCH_FAILED: {
    means: 'A server that somebody has named cannot be reached, or has broken off.',
    todo: 'See that the address is right, and that its server can be reached from the internet.',
  },
  FETCH_TLS: {
    means: 'The certificate of a server that somebody has named does not hold: it has expired, or is for another name.',
    todo: 'Give the server a certificate that browsers accept; there is no way around it.',
  },
  FILE_TYPE: {
    means: 'A file is neither JSON nor an image with a badge in it.',
    todo: 'Name the file that the learner received, not a picture or a print of it.',
  },
  FILE_UNREADABLE: {
    means: 'A file cannot be read from this disk.',
    todo: 'Check its name and who may read it.',
  },
  HOLDER: { means: 'All that is in a presentation was issued to who presents it.', todo: 'Nothing.' },
  HOLDER_OTHER: {
    means: 'Something in a presentation was issued to somebody else than who presents it.',
    todo: 'Ask them by what right they present it.',
  },
  HOLDER_UNNAMED: {
    means:
      'Something in a presentation does not name its recipient by a DID, so nobody can tell whether who presents it is the one.',
    todo: 'Ask for whom it was issued, by an e-mail address or another identifier: --recipient.',
  },
  HOSTED: {
    means: 'A badge of Open Badges 2.0 is given out by its own address, where its issuer has its badges.',
    todo: "Nothing; it is worth what its issuer's site is worth at this moment.",
  },
  HOSTED_DIFFERS: {
    means: 'A file says something of a badge that its own address does not say.',
    todo: 'Ask its holder for a current copy, and go by what the address says.',
  },
  HOSTED_OTHER: {
    means: 'The address that a badge names as its own gives out something else.',
    todo: 'Do not trust it; ask for the original.',
  },
  HOSTED_UNAVAILABLE: {
    means: 'A badge that nobody has signed cannot be had from its own address, so nobody vouches for it.',
    todo: 'Ask again later. If its issuer is gone, nobody can verify such a badge any more.',
  },
  HOST_FOREIGN: {
    means: 'A badge is given out by a site at which its issuer, by its own profile, has none.',
    todo: 'Do not trust it.',
  },
  INCLUDED: { means: 'A credential belongs to the batch that was anchored, at a place that exists.', todo: 'Nothing.' },
  IN_PERIOD: { means: 'A credential is valid at this time.', todo: 'Nothing.' },
  ISSUER_BOUND: {
    means: 'The issuer is known to you, and the credential, its batch and its account are its own.',
    todo: 'Nothing.',
  },
  ISSUER_KNOWN: {
    means: 'An issuer is in the trust file already.',
    todo: 'Change it there, by hand; a trust file is JSON.',
  },
  ISSUER_UNRECOGNISED: {
    means: 'A credential is valid, but its issuer is not known to you.',
    todo: 'Find out who it is by other means; if you trust it, add its DID to the issuers in the trust file.',
  },
  ISSUER_UNRESOLVED: {
    means: 'The DID document of an issuer that is to be trusted cannot be had from its domain.',
    todo: 'Ask again later, or name a copy that you have by other means with --did-document.',
  },
  JWT_ALG: {
    means: 'A token is signed by an algorithm that proves nothing, or by another than that of the key that is named.',
    todo: 'Do not trust it. Issuers sign with ES256, ES384, EdDSA or RS256.',
  },
  JWT_CLAIM: {
    means: 'What a token says about issuer, subject, number or time is not what the credential in it says.',
    todo: 'Do not trust it; ask its issuer for a new one.',
  },
  JWT_CRIT: {
    means: 'A token demands to be read by rules that credentials do not have.',
    todo: 'Do not trust it.',
  },
  JWT_HEADER: {
    means: 'The header of an Open Badge as a JWT has parameters that the standard does not allow.',
    todo: 'Ask its issuer for one with alg, typ, kid and jwk alone.',
  },
  JWT_HEADER_KEY: {
    means: 'A token does not name a key of its issuer, or brings a key that says nothing about the issuer.',
    todo: 'Do not trust it, unless its issuer can give you one that names a key of its DID document.',
  },
  JWT_TYP: {
    means: 'A token is of another kind: one for signing in, a presentation, or something else.',
    todo: 'Ask for the credential itself.',
  },
  KEYS_CLAIMED: {
    means: "A keepsake's own copy of the issuer's keys was used, because nobody else has them.",
    todo: "Get the issuer's DID document by other means, and put it into the trust file.",
  },
  KEYWORD: {
    means: 'A document uses a keyword of JSON-LD (@…) that would let two readers see two different things.',
    todo: 'Do not trust it. No honest issuer writes like this.',
  },
  KEY_FOREIGN: {
    means: 'A credential is signed with a key of somebody else than its issuer, or a presentation than its holder.',
    todo: 'Do not trust it.',
  },
  KEY_NOT_AUTHORISED: {
    means:
      'The issuer has the key that signed a credential, but not for assertions; or a holder one that is not for that.',
    todo: 'Do not trust it; ask the issuer.',
  },
  KEY_UNAVAILABLE: {
    means: "The keys of an issuer, or of a presentation's holder, cannot be had at the moment.",
    todo: 'Ask again later, or put its DID document into the trust file.',
  },
  KEY_UNKNOWN: {
    means: 'The issuer, or the holder, does not list the key, so nobody can tell whether it was ever its own.',
    todo: 'Ask the issuer to list its retired keys too; ask the holder for a new presentation.',
  },
  KEY_UNREGISTERED: {
    means: 'The directory of an issuer did not know a key or an account at the time at which it spoke.',
    todo: 'Ask the issuer to register it, and whether it was its own at that time.',
  },
  MANIFEST: {
    means: 'The description of the batch is signed by the issuer and matches the credential.',
    todo: 'Nothing.',
  },
  MANIFEST_ACHIEVEMENT: {
    means: 'The batch of a credential awards another achievement.',
    todo: 'Do not trust it.',
  },
  MANIFEST_ISSUER: { means: 'The batch of a credential was issued by somebody else.', todo: 'Do not trust it.' },
  MANIFEST_NONE: {
    means: 'A certificate of Blockcerts has no description of its batch.',
    todo: 'Nothing; gaps in what its issuer has issued cannot be seen.',
  },
  MANIFEST_SIGNATURE: {
    means: 'The issuer did not sign the description of the batch.',
    todo: 'Do not trust it.',
  },
  MANIFEST_STATUS: {
    means: 'A credential names another status list than its batch.',
    todo: 'Do not trust it.',
  },
  MANIFEST_UNAVAILABLE: {
    means: 'The description of the batch cannot be had, so nobody can tell which account anchored it.',
    todo: 'Put manifest.json of the batch beside the credential, or name a folder or gateway in the trust file.',
  },
  MEMBER_IRI: {
    means: 'A member of a document is named by an address instead of a term, which other readers would not see.',
    todo: 'Do not trust it. No honest issuer writes like this.',
  },
  MERKLE_INVALID: {
    means: 'The path in an anchor does not lead from this document to the root of its batch.',
    todo: 'Do not trust it: it was changed, or the anchor is that of another credential.',
  },
  MERKLE_POSITION: {
    means: 'A credential stands at a place that a batch of the declared size does not have.',
    todo: 'Do not trust it: its issuer has hidden credentials in the batch.',
  },
  NOT_CHECKED: {
    means: 'A check was not made, because an earlier one did not pass.',
    todo: 'Look at the first check that did not pass.',
  },
  NOT_REVOKED: {
    means: 'A credential was neither revoked nor suspended as of a list that is fresh enough.',
    todo: 'Nothing.',
  },
  NOT_REVOKED_THEN: {
    means: 'A credential was neither revoked nor suspended at the time for which it was asked.',
    todo: 'Nothing; how it stands today is another question.',
  },
  NOT_YET_VALID: { means: 'A credential is valid only from a later time.', todo: 'Ask again then.' },
  PARTS_LIMIT: {
    means: 'A presentation or record holds more credentials than one document may.',
    todo: 'Ask for several smaller ones.',
  },
  PART_DIFFERS: {
    means: "A badge describes its issuer otherwise than the issuer's own profile does.",
    todo: 'Do not trust it; ask for the original.',
  },
  PART_ELSEWHERE: {
    means: 'A part of a badge is described at another site than the badge, and sites of strangers are not asked.',
    todo: 'Name its issuer in the trust file, by the address of its profile, if you know it.',
  },
  PART_GONE: {
    means: 'A site says that it has taken back what a badge awards, or the profile of its issuer.',
    todo: 'Ask the issuer whether the badge still counts.',
  },
  PART_OTHER: {
    means: 'An address that a badge refers to gives out something else than the badge says.',
    todo: 'Do not trust it; ask for the original.',
  },
  PART_UNAVAILABLE: {
    means: 'What a badge awards, or the profile of its issuer, cannot be had at the moment.',
    todo: 'Ask again later.',
  },
  PDF_WITHOUT_CREDENTIAL: {
    means:
      'No credential is attached to a PDF, or more than one, or it is encrypted: what its page shows proves nothing.',
    todo: 'Ask for the credential itself, or for the certificate as its issuer hands it out.',
  },
  PRESENTATION_EMPTY: {
    means: 'There is no credential in a presentation.',
    todo: 'Ask for one with the credentials that you need.',
  },
  PRESENTATION_FORM: {
    means: 'A credential stands in a presentation in another way than the standards have it.',
    todo: 'Ask for a presentation by another wallet; verify the credentials one by one meanwhile.',
  },
  PRESENTATION_MISSING: {
    means: 'What was to be a presentation is none.',
    todo: 'Verify it as a credential, or ask for a verifiable presentation.',
  },
  PRESENTATION_UNSIGNED: {
    means: 'Nobody has signed a presentation, so it says nothing of who presents what is in it.',
    todo: 'Take it for a bundle of credentials, or ask for one that its holder has signed.',
  },
  PROFILE_INVALID: {
    means: 'The profile of an issuer does not say since when an account is its own, or not in a way that can be read.',
    todo: 'Ask the issuer to correct its profile, or name its accounts in the trust file.',
  },
  PROOF_BASE: {
    means: 'A credential with selective disclosure is the copy of its holder, not one that was made to be shown.',
    todo: 'Ask its holder for a copy that is made to be shown; do not pass this one on, it has secrets in it.',
  },
  PROOF_EXPIRED: {
    means: 'The signature on a credential was meant to be good until a time that has passed.',
    todo: 'Ask for a new one.',
  },
  PROOF_INVALID: {
    means: "A credential was changed after it was signed, or the signature is not its issuer's.",
    todo: 'Do not trust it; ask for the original.',
  },
  PROOF_MISSING: { means: 'A credential carries no signature.', todo: 'Do not trust it; ask for the signed one.' },
  PROOF_OPTIONS: {
    means: 'A proof says something about itself that does not fit the credential or its batch.',
    todo: 'Do not trust it; ask for the original.',
  },
  PROOF_ORDER: {
    means: 'The proofs of an anchored credential are not one signature followed by anchors.',
    todo: 'Do not trust it; ask for the original.',
  },
  PROOF_PREVIOUS: {
    means: 'An anchor, or a later signature, does not name a signature of the credential that carries it.',
    todo: 'Do not trust it; ask for the original.',
  },
  PROOF_SEVERAL: {
    means: 'A credential carries more signatures than are judged here, which are sixteen.',
    todo: 'Ask its issuer for one with fewer.',
  },
  PROOF_UNSUPPORTED: {
    means: 'A credential is signed in a way that this verifier does not know.',
    todo: 'Use another verifier, or ask for one signed with eddsa-rdfc-2022.',
  },
  RECIPIENT: { means: 'A credential was issued to the person who was asked about.', todo: 'Nothing.' },
  RECIPIENT_NOT_ASKED: { means: 'Nobody asked whose credential it is.', todo: 'Nothing.' },
  RECIPIENT_OTHER: {
    means: 'A credential was issued to somebody else than the person who was asked about.',
    todo: 'Do not take it for theirs. Ask them under which address or wallet it was issued.',
  },
  RECIPIENT_UNKNOWN: {
    means: 'A credential does not name its recipient in the way in which was asked.',
    todo: 'Ask by what it names: an e-mail address, a DID or a wallet.',
  },
  REFRESH_CURRENT: { means: 'The issuer of a credential has no newer version of it.', todo: 'Nothing.' },
  REFRESH_INVALID: {
    means: 'What a refresh service gives out as a newer version of a credential is not signed by its issuer.',
    todo: 'Do not rely on the newer one; ask the issuer for it.',
  },
  REFRESH_NEWER: {
    means: 'The issuer of a credential has a newer version of it.',
    todo: 'Go by the newer one, if it is good; it says what has changed.',
  },
  REFRESH_OTHER: {
    means: 'What a refresh service gives out has another issuer, number or recipient than the credential.',
    todo: 'Ask the issuer; its service is out of order.',
  },
  REFRESH_UNAVAILABLE: {
    means: 'The refresh service of a credential cannot be asked at the moment.',
    todo: 'Ask again later; the credential may have been superseded.',
  },
  REFRESH_UNSUPPORTED: {
    means: 'The refresh service of a credential is of a kind that is not asked here.',
    todo: 'Ask the issuer whether there is a newer version.',
  },
  REGISTRY_MISSING: {
    means: 'There is no registry at the address that the trust file names.',
    todo: 'Correct the registry or the chain in the trust file.',
  },
  REPORT_FONT: {
    means: 'A font for a report cannot be read.',
    todo: 'Name the file of a TrueType or OpenType font.',
  },
  REPORT_FORMAT: {
    means: 'A report is to be written in a format that there is not.',
    todo: 'End the name of its file in .csv, .json or .pdf; only the last is signed.',
  },
  REPORT_KEY: {
    means: 'The key that is to sign a report cannot be used.',
    todo: 'Name a PKCS#12 file with an RSA key and its certificate, and a file in which its passphrase stands.',
  },
  REPORT_PACKAGES: {
    means: 'What draws or signs a report in PDF is not installed; it does not come with the verifier.',
    todo: 'Install the packages that the message names.',
  },
  REPORT_UNWRITABLE: {
    means: 'A report cannot be written where it is to be.',
    todo: 'Name a file in a folder that exists and that you may write to.',
  },
  RESOURCE_DIGEST: {
    means: 'Something that a credential refers to has another digest than the credential says.',
    todo: 'Do not rely on what it refers to; ask its issuer which of the two was changed.',
  },
  RESOURCE_INVALID: {
    means: 'A credential refers to a related resource without a digest, or with one that is none.',
    todo: 'Ask its issuer for one that obeys the standard (VC Data Model 2.0 §5.3).',
  },
  RETIRED: {
    means: 'A key or an account spoke after its issuer had given it up.',
    todo: 'Do not trust it. Ask the issuer whether it has signed it.',
  },
  REVOKED: { means: 'The issuer has revoked a credential for good.', todo: 'Ask the issuer why.' },
  SCHEMAS_UNREADABLE: {
    means: 'The schemas that are to be gone by cannot be read.',
    todo: 'Name a folder of JSON files, each with its address as $id, or as id where it is a schema credential.',
  },
  SCHEMA_INVALID: {
    means: 'The copy of a schema is not JSON Schema of a dialect that is read here, or refers to what is not in it.',
    todo: 'Get the schema again from its author: one of 2020-12, 2019-09 or draft 7 that is whole.',
  },
  SCHEMA_MISMATCH: {
    means: 'A credential does not obey a schema that it is said to obey.',
    todo: 'Do not rely on it; ask its issuer for one that obeys its schema.',
  },
  SCHEMA_UNKNOWN: {
    means: 'A credential is said to obey a schema that is not at hand, so that nobody has checked whether it does.',
    todo: 'Get the schema from its author and name its folder: --schemas; or ask its issuer for a credential without.',
  },
  SENDER_UNKNOWN: {
    means: 'Who anchored a certificate cannot be told, so nobody vouches for it.',
    todo: 'See what is said of its anchor.',
  },
  SENT: {
    means: "The account of a certificate's issuer sent the transaction that anchors it.",
    todo: 'Nothing.',
  },
  SIGNED: {
    means: 'The issuer signed a credential, or its holder a presentation, and nothing was changed since.',
    todo: 'Nothing.',
  },
  STATUS_CHAIN_UNAVAILABLE: {
    means: 'The chain on which an issuer records its status lists cannot be asked, or its RPCs do not agree.',
    todo: 'Ask again later, or name another RPC in the trust file.',
  },
  STATUS_FUTURE: {
    means: 'A status list is dated in the future.',
    todo: 'Check the clock of this machine; if it is right, ask the issuer.',
  },
  STATUS_HISTORY_UNAVAILABLE: {
    means: 'Of what an issuer has recorded of a status list the chain has the head, and nobody has all that led to it.',
    todo: 'Name an RPC in the trust file that answers eth_getLogs for the whole chain.',
  },
  STATUS_INDEX: {
    means: 'The number of a status entry is not one of a list.',
    todo: 'Do not trust it; ask for the original.',
  },
  STATUS_LIST_INVALID: {
    means: 'The status list that can be had is not one that the issuer signed.',
    todo: 'Get it from the issuer; somebody has changed it on the way.',
  },
  STATUS_NONE: { means: 'The issuer has not reserved the right to revoke a credential.', todo: 'Nothing.' },
  STATUS_NOT_RECORDED: {
    means: 'No version of the status list of a credential stood on the chain at the time for which it was asked.',
    todo: 'Ask for a later time, or ask the issuer how it stood then.',
  },
  STATUS_NOT_SETTLED: {
    means: 'The newest final block of a chain is older than the time for which it was asked.',
    todo: 'Ask again after a few blocks, or for an earlier time.',
  },
  STATUS_RECORDERS_UNKNOWN: {
    means: 'The trust file names no account that records the status lists of an issuer on a chain that it trusts.',
    todo: 'Ask the issuer for the account, and add it with trust add --recorder, or under recorders in the trust file.',
  },
  STATUS_ROLLED_BACK: {
    means: 'A newer status list stands on the chain than any that can be had: somebody keeps it back.',
    todo: 'Ask again later, or name a gateway of IPFS in the trust file; whoever hands out the older one may be hiding something.',
  },
  STATUS_STALE: {
    means: 'The newest status list that can be had is older than the trust file allows, or has expired.',
    todo: 'Ask again where the list can be fetched, or allow more age: status.maximumAgeSeconds.',
  },
  STATUS_UNAVAILABLE: {
    means: 'The status list of a credential cannot be had.',
    todo: 'Ask again later, or put the list into a folder that the trust file names.',
  },
  STATUS_UNSUPPORTED: {
    means: 'The status of a credential is kept in a way, or for a purpose, that this verifier does not know.',
    todo: 'Use another verifier, or ask the issuer.',
  },
  STATUS_VERSION_UNAVAILABLE: {
    means: 'The chain has the digest of the status list of then, and nobody has the list.',
    todo: 'Put it into a folder, or name a gateway of IPFS, in the trust file; the issuer may still have it.',
  },
  SUSPENDED: {
    means: 'The issuer has suspended a credential for the time being.',
    todo: 'Ask the issuer, or ask again later.',
  },
  SUSPENDED_THEN: {
    means: 'A credential was suspended at the time for which it was asked.',
    todo: 'Ask the issuer, or ask for another time.',
  },
  TIMEOUT: {
    means: 'A server that somebody has named has not answered in time.',
    todo: 'Make it answer at once, and do afterwards what takes long.',
  },
  TRANSACTION_UNKNOWN: {
    means: 'No RPC of a chain knows the transaction that anchors a certificate; some forget what is older than a year.',
    todo: 'Name an RPC that remembers all transactions. If it does not know it either, do not trust the certificate.',
  },
  TRUST_INVALID: {
    means: 'A trust file is not JSON of the form that docs/trust.md describes.',
    todo: 'Correct every place that the message names.',
  },
  TRUST_UNREADABLE: {
    means: 'A trust file cannot be read.',
    todo: 'Name it with --trust, or run laurel once, which writes one.',
  },
  TRUST_UNWRITABLE: {
    means: 'A trust file cannot be written where it is to be.',
    todo: 'Name a place with --trust where you may write.',
  },
  TYPE_NOT_TERM: {
    means: 'A type in a document is named by an address instead of a term, which other readers would not see.',
    todo: 'Do not trust it. No honest issuer writes like this.',
  },
  TYPE_UNKNOWN: {
    means: 'A document is a kind of credential that this verifier does not read.',
    todo: 'Use a verifier for that kind.',
  },
  URL_BLOCKED: {
    means: 'Nothing is sent to an address: it is not of HTTPS, or leads to a network that is not public.',
    todo: 'Name a server that everybody can reach, by https: and without a user name.',
  },
  VERIFICATION_UNKNOWN: {
    means: 'A badge is to be verified in a way that this verifier does not know.',
    todo: 'Use a verifier that knows it.',
  },
  VERSION_UNSUPPORTED: {
    means: 'A credential is of a version of the standards that is not read here.',
    todo: 'Ask for one of Open Badges 3.0.',
  },
  VOCABULARY_OWN: {
    means: 'A certificate has a vocabulary of its own that gives other names to what has one, or more than names.',
    todo: 'Ask its issuer for a certificate in the standard vocabularies.',
  },
  ZIP_INVALID: {
    means: 'A ZIP file is damaged, encrypted, of a kind that is not read, or could be read in two ways.',
    todo: 'Unpack it yourself into a new folder, if you trust whoever made it, and verify that.',
  },
  ZIP_LIMIT: {
    means: 'A ZIP file has more in it than may be unpacked, or more than it declares.',
    todo: 'Do not unpack it; ask for several smaller ones.',
  },
} as const satisfies Record<string, { means: string; todo: string }>
