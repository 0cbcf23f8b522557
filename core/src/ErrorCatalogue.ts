/** Every error code of this workspace: what it means, and what to do. Codes are stable for ever. */
export const catalogue = {
  ACCOUNT_INVALID: {
    means: 'A text is not an account on an EVM chain in CAIP-10 form.',
    todo: 'Write it as eip155:<chain id>:0x<40 digits>, in lower case.',
  },
  BAKED_INVALID: {
    means: 'The credential in an image is compressed, cut short, not UTF-8, or mixed with something else.',
    todo: 'Ask for the original file; some programs damage what is stored in an image.',
  },
  BAKED_MISSING: {
    means: 'An image holds no credential.',
    todo: 'Use the original file: many programs and sites drop the credential when they re-save a picture.',
  },
  BAKED_TWICE: {
    means: 'An image holds more than one credential, so that two readers could see two different ones.',
    todo: 'Do not trust it; ask its owner for the original.',
  },
  BLOCKCERTS_ENCODING: {
    means: 'The proof in a Blockcerts certificate is not encoded as that format has it.',
    todo: 'Do not trust it; ask for the original. Certificates that were made for tests on no chain read like this, too.',
  },
  CANON_LIMIT: {
    means: 'A document was made so that bringing it into its canonical form takes unreasonably long.',
    todo: 'Do not trust it. No honest credential looks like this.',
  },
  CBOR_INVALID: {
    means: 'A proof value is not the CBOR that a merkle-proof-2019 has.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  CID_INVALID: { means: 'A text is not the CID of a raw SHA-256 block.', todo: 'Copy the address again, whole.' },
  COHORT_INVALID: {
    means:
      'A list of wallets cannot be awarded a badge token in one go: it is empty or too long, or has a wallet twice.',
    todo: 'Name each wallet once, and no more than 1,228 of them.',
  },
  CONTEXT_DIGEST: {
    means: 'The installed copy of a JSON-LD context is not the one that Laurel pins.',
    todo: 'Install again with npm ci; find out who changed the file.',
  },
  CONTEXT_UNKNOWN: {
    means: 'A document names a JSON-LD context that is not bundled, and nothing is fetched while verifying.',
    todo: 'Ask for a credential in the standard contexts, or use a verifier that knows this one.',
  },
  DATE_FORMAT: {
    means: 'A date is not written as an XML Schema dateTimeStamp.',
    todo: 'Write it with a time zone, such as 2026-03-01T00:00:00Z.',
  },
  DATE_INVALID: { means: 'A date names a day that does not exist.', todo: 'Correct the day; it is never rolled over.' },
  DID_INVALID: {
    means: 'A text is not a DID of the method expected.',
    todo: 'Use did:key or did:jwk with a key that is read here, or did:web with a domain name in lower case.',
  },
  HEADER_INVALID: {
    means: 'What a node or a keepsake gives as the header of a block is none.',
    todo: 'Ask another node of the chain, or make the keepsake anew.',
  },
  HEX_INVALID: {
    means: 'A text is not 0x followed by an even number of hexadecimal digits, or has the wrong length.',
    todo: 'Copy the value again, whole.',
  },
  JSONLD_SAFE_MODE: {
    means: 'A part of the document has no meaning in its contexts, so no signature would cover it.',
    todo: 'Remove the part, or use a context that defines it. Never trust such a document.',
  },
  JSONLD_UNSUPPORTED: {
    means:
      'A document uses a part of JSON-LD that no credential needs, such as contexts of its own, and that is not read here.',
    todo: 'Ask for a credential in the standard contexts, without keywords; nothing is wrong with this one that we know of.',
  },
  JSON_DUPLICATE_KEY: {
    means: 'An object has the same member twice, so that two readers could see two different documents.',
    todo: 'Do not trust the file; ask its author for a well-formed one.',
  },
  JSON_NOT_UTF8: { means: 'A file is not Unicode text in UTF-8.', todo: 'Save it as UTF-8 and try again.' },
  JSON_NUMBER: {
    means: 'A number cannot be held without changing it.',
    todo: 'Write it with fewer digits, or as text.',
  },
  JSON_SYNTAX: { means: 'A text is not the JSON that is expected here.', todo: 'Check the file at the place named.' },
  JWT_FORMAT: {
    means: 'A text is not a JSON Web Signature in its compact form, or not in its only spelling.',
    todo: 'Use the three parts that the issuer gave out, without spaces, padding or line breaks.',
  },
  KEEPSAKE_INVALID: {
    means: 'A keepsake lacks a member, has one too many, or one that is not what it has to be.',
    todo: 'Use the file as it was handed out; nothing in it may be changed.',
  },
  KEEPSAKE_VERSION: {
    means: 'A file is no keepsake, or one of a later version.',
    todo: 'Check that it is the right file, or update this program.',
  },
  KEY_INVALID: {
    means: 'Something is not a public key, or one of a kind that is not read here.',
    todo: 'Use an Ed25519 key in the form z6Mk…; of others P-256, P-384 and RSA of at least 2,048 bits are read.',
  },
  MANIFEST_INVALID: {
    means: 'A batch manifest is not written exactly as the format demands.',
    todo: 'Get the manifest again from the issuer or from IPFS; its digest tells whether it is the right one.',
  },
  MANIFEST_VERSION: {
    means: 'A manifest is of a type or version that this program does not know.',
    todo: 'Use a newer version of the verifier.',
  },
  MERKLE_ENCODING: {
    means: 'The anchor proof is not in its one canonical spelling.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  MERKLE_INVALID: {
    means: 'The path in the anchor proof does not lead from this credential to a batch root.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  MERKLE_PROOF_LENGTH: {
    means: 'The path in the anchor proof is too short or too long.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  MULTIBASE_INVALID: {
    means: 'A text is not multibase in the base expected, or not the only spelling of its bytes.',
    todo: 'Copy the value again, whole.',
  },
  PERIOD_INVALID: {
    means: 'A period ends before it begins.',
    todo: 'Correct one of the two dates; they are never swapped.',
  },
  PNG_INVALID: { means: 'A file is not a whole PNG image.', todo: 'Download the image again.' },
  PROOF_OPTIONS: {
    means: 'The anchor proof has a member that is missing, wrong or too many.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  PROOF_PREVIOUS: {
    means: 'The anchor proof does not name exactly one signature of the credential.',
    todo: 'The credential was damaged or forged; ask for the original.',
  },
  RECIPIENT_UNKNOWN: {
    means: 'A credential does not say for whom it is.',
    todo: 'Give a DID, a name, an e-mail address or another identifier of the recipient.',
  },
  RESULT_UNKNOWN: {
    means: 'A result refers to something that the achievement does not describe.',
    todo: 'Add the result description to the achievement, or correct the reference.',
  },
  RLP_INVALID: {
    means: 'What a node or a keepsake says of a chain is not in the encoding that Ethereum has for it.',
    todo: 'Ask another node of the chain, or make the keepsake anew.',
  },
  SHAPE_CARDINALITY: {
    means: 'A list stands where one value belongs, or the other way round, or a list is empty.',
    todo: 'Write lists and single values as Open Badges 3.0 has them; leave out what is empty.',
  },
  SHAPE_ID_REPEATED: {
    means: 'The same identifier is described in two places of a document, and differently.',
    todo: 'Give each thing an identifier of its own, or describe it once.',
  },
  SHAPE_MEMBER_MISSING: {
    means: 'A member is missing that Open Badges 3.0 requires.',
    todo: 'Add the member at the place named.',
  },
  SHAPE_MEMBER_UNKNOWN: {
    means: 'A document has a member to which no standard gives a meaning at that place.',
    todo: 'Correct its spelling, or remove it; nobody could rely on it.',
  },
  SHAPE_REPEATED: {
    means: 'The same value stands twice in a list.',
    todo: 'Remove one of them; a signature cannot tell one from two.',
  },
  SHAPE_TYPE: {
    means: 'A value is of another kind than Open Badges 3.0 demands.',
    todo: 'Write text, numbers and objects as the standard has them.',
  },
  SHAPE_VALUE: {
    means: 'A text is not the identifier or date that Open Badges 3.0 demands at that place.',
    todo: 'Correct it at the place named.',
  },
  STANDING_INVALID: {
    means: 'What a node answers about an account or a key is nothing that a directory of issuers stores.',
    todo: 'Ask another node of the chain, and look whether the address of the directory is right.',
  },
  STATUS_INDEX: {
    means: 'A status index is not a whole number that lies in the list.',
    todo: 'Ask the issuer; the credential or its list is wrong.',
  },
  STATUS_LIST_ENCODING: {
    means: 'A status list cannot be unpacked.',
    todo: 'Try again later; if it stays, tell the issuer.',
  },
  STATUS_LIST_LENGTH: {
    means: 'A status list has fewer than 131,072 entries, or more than any honest one.',
    todo: 'Tell the issuer; such a list must not be relied on.',
  },
  STORAGE_PROOF_INVALID: {
    means: 'A storage proof is not one of a contract and its slot in the block that it names.',
    todo: 'Ask another node of the chain; whoever gave the proof lies, or is broken.',
  },
  SVG_DOCTYPE: {
    means: 'An SVG image has a document type of its own, through which two readers could see two different images.',
    todo: 'Do not trust a badge like this; save an image of your own as plain SVG.',
  },
  SVG_INVALID: {
    means: 'A file is not a well-formed SVG image in UTF-8, or larger or deeper than any badge.',
    todo: 'Download the image again; save an image of your own as plain SVG.',
  },
  TICKET_INVALID: {
    means: 'A ticket lacks a member, has one too many, or one that is not what it has to be.',
    todo: 'Use the file as the issuer has handed it out; nothing in it may be changed.',
  },
  TICKET_VERSION: {
    means: 'A file is no ticket, or one of a later version.',
    todo: 'Check that it is the right file, or update this program.',
  },
  TOO_LARGE: {
    means: 'An input is longer, deeper or of more values than the limit.',
    todo: 'Check that it is the right file; no credential is that large.',
  },
  TRIE_INVALID: {
    means: 'The nodes of a storage proof do not lead from the root of the state to what it says.',
    todo: 'Ask another node of the chain; whoever gave the proof lies, or is broken.',
  },
} as const satisfies Record<string, { means: string; todo: string }>
