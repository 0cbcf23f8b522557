// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IIssuerDirectory
/// @notice Remembers which accounts and which assertion keys speak for an issuer, since when, and what has been said
/// against them. Nobody owns it, anybody may register an issuer in it, and nothing in it is ever deleted.
///
/// An issuer is known by an id, `keccak256(abi.encode(chainId, first controller, salt))`, that no other account can
/// register. Its controller, a cold account, adds accounts and keys, retires them and reports them as compromised.
/// Dates are those of the blocks in which something is said; only a report names an earlier one. So whoever has the
/// controller, rightly or not, can add from now on and can discredit, but cannot make anything true of the past.
///
/// An account (which anchors, publishes status lists and awards) joins with its own consent only, and belongs to one
/// issuer for ever. A key (which signs credentials) cannot be asked on chain: that an issuer lists a key says that the
/// issuer claims it, under its own id, and takes nothing from others who list it too.
///
/// @dev Standings have one slot each, and so can be had by one read, or by `eth_getProof` without calling this
/// contract. The layout is part of the interface (`‖` joins, the lowest bits stand last):
///
/// ```
/// standing of an account   keccak256(abi.encode(account, keccak256(abi.encode(issuerId, 0))))
/// standing of a key        keccak256(abi.encode(keyId,   keccak256(abi.encode(issuerId, 1))))
///                          reportedOn ‖ compromisedFrom ‖ retiredOn ‖ validFrom, 64 bits each
/// issuer of an account     keccak256(abi.encode(account, 2))
/// an issuer                keccak256(abi.encode(issuerId, 3)), and the slots after it:
///                          + 0 controller   + 1 candidate   + 2 head   + 3 profile digest   + 4 DID (a `string`)
/// consents of an account   keccak256(abi.encode(account, 4)), and the slot after it:
///                          + 0 issuer       + 1 nonce
/// ```
///
/// The head of an issuer is the head of a hash chain over everything that its events say. A log from anybody, with the
/// time of each block, is whole and in order if and only if it folds to the head: starting with zero,
/// `head' = keccak256(abi.encode(head, keccak256(topics ‖ data), uint64 time))` for each event whose first argument is
/// the issuer. So nobody who has the head can be shown a list of accounts, keys or DIDs that leaves one out.
///
/// WARNING: A DID in the directory is its author's claim. Anybody may register an issuer under anybody's DID; whether
/// the entry is that DID's, only the DID's own document, or somebody trusted, can say.
interface IIssuerDirectory {
    /// @notice What the directory knows about an account or a key of an issuer. Times are seconds since 1970.
    /// @param validFrom When it was added; zero if it never was.
    /// @param retiredOn When it was retired, the last second in which it spoke; zero if it was not. Distrust is no part
    /// of it: what was said until then stands.
    /// @param compromisedFrom From which second on nothing that it says counts; zero if that was never reported.
    /// @param reportedOn When the issuer said so. If the issuer has moved `compromisedFrom`, which is possible towards
    /// the past only, when it said so last: a late report may be a thief's, and should not look older than it is.
    struct Standing {
        uint64 validFrom;
        uint64 retiredOn;
        uint64 compromisedFrom;
        uint64 reportedOn;
    }

    /// @notice Emitted when an issuer is registered, and followed by {IssuerDescribed}.
    /// @param issuerId What the issuer is known by from now on.
    /// @param controller Who has registered it, and controls it.
    /// @param salt What its id follows from, beside chain and controller.
    event IssuerRegistered(bytes32 indexed issuerId, address indexed controller, bytes32 salt);

    /// @notice Emitted when an issuer says what its DID and its profile are from now on.
    /// @param issuerId The issuer.
    /// @param did What it says its DID is.
    /// @param profileDigest SHA-256 of the profile's bytes.
    event IssuerDescribed(bytes32 indexed issuerId, string did, bytes32 profileDigest);

    /// @notice Emitted when the controller offers its place to `candidate`. An offer before that is void.
    /// @param issuerId The issuer.
    /// @param candidate Who may accept.
    event ControllerOffered(bytes32 indexed issuerId, address indexed candidate);

    /// @notice Emitted when the controller takes back what it has offered to `candidate`.
    /// @param issuerId The issuer.
    /// @param candidate Who may not accept any more.
    event ControllerOfferCancelled(bytes32 indexed issuerId, address indexed candidate);

    /// @notice Emitted when the candidate has become the controller.
    /// @param issuerId The issuer.
    /// @param controller Who controls it from now on.
    event ControllerChanged(bytes32 indexed issuerId, address indexed controller);

    /// @notice Emitted when an account speaks for the issuer from now on.
    /// @param issuerId The issuer.
    /// @param account The account.
    event AccountAdded(bytes32 indexed issuerId, address indexed account);

    /// @notice Emitted when an account has spoken for the issuer for the last time.
    /// @param issuerId The issuer.
    /// @param account The account.
    event AccountRetired(bytes32 indexed issuerId, address indexed account);

    /// @notice Emitted when nothing counts that an account has said since `compromisedFrom`.
    /// @param issuerId The issuer.
    /// @param account The account.
    /// @param compromisedFrom Seconds since 1970.
    event AccountReported(bytes32 indexed issuerId, address indexed account, uint64 indexed compromisedFrom);

    /// @notice Emitted when a key speaks for the issuer from now on.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    event KeyAdded(bytes32 indexed issuerId, bytes32 indexed keyId);

    /// @notice Emitted when a key has spoken for the issuer for the last time.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    event KeyRetired(bytes32 indexed issuerId, bytes32 indexed keyId);

    /// @notice Emitted when nothing counts that a key has said since `compromisedFrom`.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    /// @param compromisedFrom Seconds since 1970.
    event KeyReported(bytes32 indexed issuerId, bytes32 indexed keyId, uint64 indexed compromisedFrom);

    /// @notice Emitted when an account agrees to join an issuer, by its own call. No part of the issuer's history.
    /// @param account The account.
    /// @param issuerId The issuer that may add it.
    event ConsentGiven(address indexed account, bytes32 indexed issuerId);

    /// @notice Emitted when an account takes back every consent that it has not been added by.
    /// @param account The account.
    /// @param nonce What it has to sign a new one with.
    event ConsentsWithdrawn(address indexed account, uint256 indexed nonce);

    /// @notice Thrown when the caller has already registered an issuer under this salt.
    error IssuerDirectory_IssuerAlreadyRegistered(bytes32 issuerId);

    /// @notice Thrown when there is no such issuer.
    error IssuerDirectory_IssuerUnknown(bytes32 issuerId);

    /// @notice Thrown when a DID is empty or longer than 1,024 bytes.
    error IssuerDirectory_DidLength(uint256 length);

    /// @notice Thrown when the caller is not the issuer's controller, or there is no such issuer.
    error IssuerDirectory_NotController(bytes32 issuerId, address caller);

    /// @notice Thrown when the caller has not been offered to become the issuer's controller.
    error IssuerDirectory_NotCandidate(bytes32 issuerId, address caller);

    /// @notice Thrown when the zero address is offered to become the controller: an issuer always has one.
    error IssuerDirectory_CandidateZero(bytes32 issuerId);

    /// @notice Thrown when there is no offer that could be cancelled.
    error IssuerDirectory_OfferUnknown(bytes32 issuerId);

    /// @notice Thrown when the account belongs to an issuer, be it this one and be it retired.
    error IssuerDirectory_AccountTaken(address account, bytes32 issuerId);

    /// @notice Thrown when the account has not agreed to join the issuer, or its signature does not say so.
    error IssuerDirectory_ConsentMissing(bytes32 issuerId, address account);

    /// @notice Thrown when the deadline of a signed consent has passed, or is more than 30 days ahead.
    error IssuerDirectory_ConsentDeadline(uint256 deadline);

    /// @notice Thrown when the account was never added to the issuer.
    error IssuerDirectory_AccountUnknown(bytes32 issuerId, address account);

    /// @notice Thrown when the key was never added to the issuer.
    error IssuerDirectory_KeyUnknown(bytes32 issuerId, bytes32 keyId);

    /// @notice Thrown when the key has been added to the issuer before, be it retired since.
    error IssuerDirectory_KeyAlreadyAdded(bytes32 issuerId, bytes32 keyId, uint64 validFrom);

    /// @notice Thrown when the account or key has been retired before.
    error IssuerDirectory_AlreadyRetired(uint64 retiredOn);

    /// @notice Thrown when a report names a second outside of what it may name. Where `latest` is below `earliest`, no
    /// further report is possible.
    /// @param earliest When the account or key was added.
    /// @param latest Now; after a report, the second before what that one named.
    error IssuerDirectory_CompromisedFromOutOfRange(uint64 compromisedFrom, uint64 earliest, uint64 latest);

    /// @notice Thrown when somebody asks about the future, of which nobody knows.
    error IssuerDirectory_TimeInFuture(uint64 time);

    /// @notice Registers an issuer, whose controller the caller is.
    /// @dev Emits {IssuerRegistered} and {IssuerDescribed}. Nobody can register an id before its controller does.
    /// @param salt Anything that the caller has not used before.
    /// @param did The issuer's DID, 1 to 1,024 bytes. Nobody checks that it is one.
    /// @param profileDigest SHA-256 of the bytes of the issuer's profile.
    /// @return issuerId `keccak256(abi.encode(block.chainid, msg.sender, salt))`.
    function register(bytes32 salt, string calldata did, bytes32 profileDigest) external returns (bytes32 issuerId);

    /// @notice Says what the issuer's DID and its profile are from now on.
    /// @dev Emits {IssuerDescribed}. For the controller.
    /// @param issuerId The issuer.
    /// @param did The issuer's DID, 1 to 1,024 bytes. Nobody checks that it is one.
    /// @param profileDigest SHA-256 of the bytes of the issuer's profile.
    function describe(bytes32 issuerId, string calldata did, bytes32 profileDigest) external;

    /// @notice Offers the controller's place to `candidate`, instead of whomever it was offered to before. Nothing else
    /// changes until the candidate accepts.
    /// @dev Emits {ControllerOffered}. For the controller.
    /// @param issuerId The issuer.
    /// @param candidate Who may accept; not the zero address.
    function offerController(bytes32 issuerId, address candidate) external;

    /// @notice Takes an offer back.
    /// @dev Emits {ControllerOfferCancelled}. For the controller.
    /// @param issuerId The issuer.
    function cancelControllerOffer(bytes32 issuerId) external;

    /// @notice Makes the caller the issuer's controller.
    /// @dev Emits {ControllerChanged}. For the candidate.
    /// @param issuerId The issuer.
    function acceptController(bytes32 issuerId) external;

    /// @notice Agrees that the caller joins an issuer, for ever, instead of whichever it agreed to before. The issuer's
    /// controller has yet to add it, whenever it likes.
    /// @dev Emits {ConsentGiven}.
    /// @param issuerId The issuer that may add the caller.
    function consent(bytes32 issuerId) external;

    /// @notice Takes back every consent of the caller, be it by call or signed until now, by which it has not been
    /// added yet.
    /// @dev Emits {ConsentsWithdrawn}.
    function withdrawConsents() external;

    /// @notice Adds an account that has agreed by a call of {consent}, or that is the caller itself. It speaks for the
    /// issuer from this block's time on.
    /// @dev Emits {AccountAdded}. For the controller.
    /// @param issuerId The issuer.
    /// @param account The account.
    function addAccount(bytes32 issuerId, address account) external;

    /// @notice Adds an account that has agreed by a signature. It speaks for the issuer from this block's time on.
    ///
    /// The account signs EIP-712 typed data, `Join(bytes32 issuerId,address account,uint256 nonce,uint256 deadline)`,
    /// in the domain `{name: "Laurel IssuerDirectory", version: "1", chainId, verifyingContract: this contract}`.
    /// @dev Emits {AccountAdded}. For the controller. The chain id is the one of the moment, so that after a fork of
    /// the chain no consent counts on both sides. An account with code may answer by ERC-1271, in a static call.
    /// @param issuerId The issuer.
    /// @param account The account.
    /// @param deadline The last second in which the consent counts. No more than 30 days ahead: a consent that is good
    /// for ever is a mistake.
    /// @param signature `r ‖ s ‖ v`, 65 bytes, `s` in the lower half of the order, `v` 27 or 28; or what the
    /// account's `isValidSignature` takes.
    function addAccountBySignature(
        bytes32 issuerId,
        address account,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Retires an account, for good: after this block's time it no longer speaks for the issuer. It cannot be
    /// added again, to this issuer or any other.
    /// @dev Emits {AccountRetired}. For the controller.
    /// @param issuerId The issuer.
    /// @param account The account.
    function retireAccount(bytes32 issuerId, address account) external;

    /// @notice Reports an account as compromised: nothing counts that it has said since `compromisedFrom`. This can
    /// never be taken back.
    ///
    /// A second report can only name an earlier second: an issuer learns of what happened bit by bit, and nobody who
    /// has relied on a report finds it weakened.
    /// @dev Emits {AccountReported}. For the controller. Whether the account is retired does not matter.
    /// @param issuerId The issuer.
    /// @param account The account.
    /// @param compromisedFrom Seconds since 1970. Not in the future, because that would promise that the account is
    /// good until then; not before the account was added, because there is nothing to take back.
    function reportAccount(bytes32 issuerId, address account, uint64 compromisedFrom) external;

    /// @notice Adds an assertion key. It speaks for the issuer from this block's time on.
    /// @dev Emits {KeyAdded}. For the controller.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes: the multicodec prefix, then the public key.
    function addKey(bytes32 issuerId, bytes32 keyId) external;

    /// @notice Retires a key, for good: after this block's time it no longer speaks for the issuer. The issuer cannot
    /// add it again.
    /// @dev Emits {KeyRetired}. For the controller.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    function retireKey(bytes32 issuerId, bytes32 keyId) external;

    /// @notice Reports a key as compromised, by the rules of {reportAccount}.
    /// @dev Emits {KeyReported}. For the controller.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    /// @param compromisedFrom Seconds since 1970, by the rules of {reportAccount}.
    function reportKey(bytes32 issuerId, bytes32 keyId, uint64 compromisedFrom) external;

    /// @notice Whether an account spoke for an issuer at a time, as far as is known now, and all that is known.
    ///
    /// No answer goes from yes to no but by a report, and from no to yes only for the very second in which the account
    /// is added.
    /// @param issuerId The issuer.
    /// @param account The account.
    /// @param time Seconds since 1970, not in the future.
    /// @return spoke Whether the account was added by then, was not retired before, and is not known to have been
    /// compromised by then.
    /// @return standing All that the directory knows about the account.
    function spokeFor(
        bytes32 issuerId,
        address account,
        uint64 time
    ) external view returns (bool spoke, Standing memory standing);

    /// @notice Whether a key spoke for an issuer at a time, as far as is known now, and all that is known. See
    /// {spokeFor}.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    /// @param time Seconds since 1970, not in the future.
    /// @return spoke Whether the key spoke.
    /// @return standing All that the directory knows about the key.
    function keySpokeFor(
        bytes32 issuerId,
        bytes32 keyId,
        uint64 time
    ) external view returns (bool spoke, Standing memory standing);

    /// @notice What the directory knows about an account of an issuer; zeros if it is none.
    /// @param issuerId The issuer.
    /// @param account The account.
    /// @return standing What is known.
    function standingOf(bytes32 issuerId, address account) external view returns (Standing memory standing);

    /// @notice What the directory knows about a key of an issuer; zeros if it is none.
    /// @param issuerId The issuer.
    /// @param keyId SHA-256 of the key as a Multikey's bytes.
    /// @return standing What is known.
    function standingOfKey(bytes32 issuerId, bytes32 keyId) external view returns (Standing memory standing);

    /// @notice The issuer that an account belongs to, once and for ever; zero if it belongs to none.
    /// @param account The account.
    /// @return issuerId Its issuer.
    function issuerOf(address account) external view returns (bytes32 issuerId);

    /// @notice The controller of an issuer; zero if there is no such issuer.
    /// @param issuerId The issuer.
    /// @return controller Its controller.
    function controllerOf(bytes32 issuerId) external view returns (address controller);

    /// @notice Whom the controller has offered its place to; zero if nobody.
    /// @param issuerId The issuer.
    /// @return candidate Who may accept.
    function candidateOf(bytes32 issuerId) external view returns (address candidate);

    /// @notice What the issuer has said last about itself; nothing if there is no such issuer.
    /// @param issuerId The issuer.
    /// @return did Its DID, as it says.
    /// @return profileDigest SHA-256 of the bytes of its profile.
    function descriptionOf(bytes32 issuerId) external view returns (string memory did, bytes32 profileDigest);

    /// @notice The head of the hash chain over the issuer's history; zero if there is no such issuer.
    /// @param issuerId The issuer.
    /// @return head The head.
    function headOf(bytes32 issuerId) external view returns (bytes32 head);

    /// @notice The issuer that an account has agreed by call to join, unless it has withdrawn that; zero if none.
    /// @param account The account.
    /// @return issuerId The issuer that may add it.
    function consentOf(address account) external view returns (bytes32 issuerId);

    /// @notice The nonce that a signed consent of an account has to carry: how often it has withdrawn its consents.
    /// @param account The account.
    /// @return nonce The nonce.
    function nonceOf(address account) external view returns (uint256 nonce);
}
