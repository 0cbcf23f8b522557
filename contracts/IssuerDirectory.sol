// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC1271 } from "./interfaces/IERC1271.sol";
import { IIssuerDirectory } from "./interfaces/IIssuerDirectory.sol";

/// @title IssuerDirectory
/// @notice See {IIssuerDirectory}.
contract IssuerDirectory is IIssuerDirectory {
    /// @dev `head` is zero exactly if the issuer is not registered, and so is `controller`.
    struct Issuer {
        address controller; // + 0
        address candidate; // + 1
        bytes32 head; // + 2
        bytes32 profileDigest; // + 3
        string did; // + 4
    }

    struct Consents {
        bytes32 issuerId; // + 0
        uint256 nonce; // + 1
    }

    uint256 private constant _DID_MAX_LENGTH = 1024;

    uint256 private constant _CONSENT_MAX_PERIOD = 30 days;

    bytes32 private constant _DOMAIN_TYPE_HASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    bytes32 private constant _NAME_HASH = keccak256("Laurel IssuerDirectory");

    bytes32 private constant _VERSION_HASH = keccak256("1");

    bytes32 private constant _JOIN_TYPE_HASH =
        keccak256("Join(bytes32 issuerId,address account,uint256 nonce,uint256 deadline)");

    /// @dev Half of the order of secp256k1, rounded down: of the two `s` with which a signature holds, one is above.
    uint256 private constant _S_MAX = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    // The order of these variables, and of the members of what they hold, is part of the interface. Accounts and keys
    // are kept apart: who adds a key needs nobody's consent, and any 32 bytes can be a key's id.

    mapping(bytes32 issuerId => mapping(address account => Standing standing)) private _accounts; // slot 0
    mapping(bytes32 issuerId => mapping(bytes32 keyId => Standing standing)) private _keys; // slot 1
    mapping(address account => bytes32 issuerId) private _issuerOf; // slot 2
    mapping(bytes32 issuerId => Issuer issuer) private _issuers; // slot 3
    mapping(address account => Consents consents) private _consents; // slot 4

    modifier onlyController(bytes32 issuerId) {
        _requireController({ issuerId: issuerId, caller: msg.sender });
        _;
    }

    /// @inheritdoc IIssuerDirectory
    function register(bytes32 salt, string calldata did, bytes32 profileDigest) external returns (bytes32 issuerId) {
        issuerId = keccak256(abi.encode(block.chainid, msg.sender, salt));
        Issuer storage issuer = _issuers[issuerId];
        if (issuer.head != 0) revert IssuerDirectory_IssuerAlreadyRegistered(issuerId);
        issuer.controller = msg.sender;
        emit IssuerRegistered(issuerId, msg.sender, salt);
        _fold(issuerId, abi.encode(IssuerRegistered.selector, issuerId, msg.sender, salt));
        _describe({ issuerId: issuerId, did: did, profileDigest: profileDigest });
    }

    /// @inheritdoc IIssuerDirectory
    function describe(
        bytes32 issuerId,
        string calldata did,
        bytes32 profileDigest
    ) external onlyController(issuerId) {
        _describe({ issuerId: issuerId, did: did, profileDigest: profileDigest });
    }

    /// @inheritdoc IIssuerDirectory
    function offerController(bytes32 issuerId, address candidate) external onlyController(issuerId) {
        if (candidate == address(0)) revert IssuerDirectory_CandidateZero(issuerId);
        _issuers[issuerId].candidate = candidate;
        emit ControllerOffered(issuerId, candidate);
        _fold(issuerId, abi.encode(ControllerOffered.selector, issuerId, candidate));
    }

    /// @inheritdoc IIssuerDirectory
    function cancelControllerOffer(bytes32 issuerId) external onlyController(issuerId) {
        Issuer storage issuer = _issuers[issuerId];
        address candidate = issuer.candidate;
        if (candidate == address(0)) revert IssuerDirectory_OfferUnknown(issuerId);
        issuer.candidate = address(0);
        emit ControllerOfferCancelled(issuerId, candidate);
        _fold(issuerId, abi.encode(ControllerOfferCancelled.selector, issuerId, candidate));
    }

    /// @inheritdoc IIssuerDirectory
    function acceptController(bytes32 issuerId) external {
        Issuer storage issuer = _issuers[issuerId];
        if (!_is(msg.sender, issuer.candidate)) revert IssuerDirectory_NotCandidate(issuerId, msg.sender);
        issuer.controller = msg.sender;
        issuer.candidate = address(0);
        emit ControllerChanged(issuerId, msg.sender);
        _fold(issuerId, abi.encode(ControllerChanged.selector, issuerId, msg.sender));
    }

    /// @inheritdoc IIssuerDirectory
    function consent(bytes32 issuerId) external {
        if (_issuers[issuerId].head == 0) revert IssuerDirectory_IssuerUnknown(issuerId);
        _consents[msg.sender].issuerId = issuerId;
        emit ConsentGiven(msg.sender, issuerId);
    }

    /// @inheritdoc IIssuerDirectory
    function withdrawConsents() external {
        Consents storage consents = _consents[msg.sender];
        consents.issuerId = 0;
        emit ConsentsWithdrawn(msg.sender, ++consents.nonce);
    }

    /// @inheritdoc IIssuerDirectory
    function addAccount(bytes32 issuerId, address account) external onlyController(issuerId) {
        if (account != msg.sender && _consents[account].issuerId != issuerId) {
            revert IssuerDirectory_ConsentMissing(issuerId, account);
        }
        _addAccount(issuerId, account);
    }

    /// @inheritdoc IIssuerDirectory
    function addAccountBySignature(
        bytes32 issuerId,
        address account,
        uint256 deadline,
        bytes calldata signature
    ) external onlyController(issuerId) {
        if (deadline < block.timestamp || deadline > block.timestamp + _CONSENT_MAX_PERIOD) {
            revert IssuerDirectory_ConsentDeadline(deadline);
        }
        bytes32 digest = _consentDigest({ issuerId: issuerId, account: account, deadline: deadline });
        if (!_isSignedBy({ account: account, digest: digest, signature: signature })) {
            revert IssuerDirectory_ConsentMissing(issuerId, account);
        }
        _addAccount(issuerId, account);
    }

    /// @inheritdoc IIssuerDirectory
    function retireAccount(bytes32 issuerId, address account) external onlyController(issuerId) {
        Standing storage standing = _accounts[issuerId][account];
        if (standing.validFrom == 0) revert IssuerDirectory_AccountUnknown(issuerId, account);
        _retire(standing);
        emit AccountRetired(issuerId, account);
        _fold(issuerId, abi.encode(AccountRetired.selector, issuerId, account));
    }

    /// @inheritdoc IIssuerDirectory
    function reportAccount(
        bytes32 issuerId,
        address account,
        uint64 compromisedFrom
    ) external onlyController(issuerId) {
        Standing storage standing = _accounts[issuerId][account];
        if (standing.validFrom == 0) revert IssuerDirectory_AccountUnknown(issuerId, account);
        _report(standing, compromisedFrom);
        emit AccountReported(issuerId, account, compromisedFrom);
        _fold(issuerId, abi.encode(AccountReported.selector, issuerId, account, compromisedFrom));
    }

    /// @inheritdoc IIssuerDirectory
    function addKey(bytes32 issuerId, bytes32 keyId) external onlyController(issuerId) {
        Standing storage standing = _keys[issuerId][keyId];
        if (standing.validFrom != 0) revert IssuerDirectory_KeyAlreadyAdded(issuerId, keyId, standing.validFrom);
        standing.validFrom = _now();
        emit KeyAdded(issuerId, keyId);
        _fold(issuerId, abi.encode(KeyAdded.selector, issuerId, keyId));
    }

    /// @inheritdoc IIssuerDirectory
    function retireKey(bytes32 issuerId, bytes32 keyId) external onlyController(issuerId) {
        Standing storage standing = _keys[issuerId][keyId];
        if (standing.validFrom == 0) revert IssuerDirectory_KeyUnknown(issuerId, keyId);
        _retire(standing);
        emit KeyRetired(issuerId, keyId);
        _fold(issuerId, abi.encode(KeyRetired.selector, issuerId, keyId));
    }

    /// @inheritdoc IIssuerDirectory
    function reportKey(bytes32 issuerId, bytes32 keyId, uint64 compromisedFrom) external onlyController(issuerId) {
        Standing storage standing = _keys[issuerId][keyId];
        if (standing.validFrom == 0) revert IssuerDirectory_KeyUnknown(issuerId, keyId);
        _report(standing, compromisedFrom);
        emit KeyReported(issuerId, keyId, compromisedFrom);
        _fold(issuerId, abi.encode(KeyReported.selector, issuerId, keyId, compromisedFrom));
    }

    /// @inheritdoc IIssuerDirectory
    function spokeFor(
        bytes32 issuerId,
        address account,
        uint64 time
    ) external view returns (bool spoke, Standing memory standing) {
        standing = _accounts[issuerId][account];
        spoke = _spoke(standing, time);
    }

    /// @inheritdoc IIssuerDirectory
    function keySpokeFor(
        bytes32 issuerId,
        bytes32 keyId,
        uint64 time
    ) external view returns (bool spoke, Standing memory standing) {
        standing = _keys[issuerId][keyId];
        spoke = _spoke(standing, time);
    }

    /// @inheritdoc IIssuerDirectory
    function standingOf(bytes32 issuerId, address account) external view returns (Standing memory standing) {
        return _accounts[issuerId][account];
    }

    /// @inheritdoc IIssuerDirectory
    function standingOfKey(bytes32 issuerId, bytes32 keyId) external view returns (Standing memory standing) {
        return _keys[issuerId][keyId];
    }

    /// @inheritdoc IIssuerDirectory
    function issuerOf(address account) external view returns (bytes32 issuerId) {
        return _issuerOf[account];
    }

    /// @inheritdoc IIssuerDirectory
    function controllerOf(bytes32 issuerId) external view returns (address controller) {
        return _issuers[issuerId].controller;
    }

    /// @inheritdoc IIssuerDirectory
    function candidateOf(bytes32 issuerId) external view returns (address candidate) {
        return _issuers[issuerId].candidate;
    }

    /// @inheritdoc IIssuerDirectory
    function descriptionOf(bytes32 issuerId) external view returns (string memory did, bytes32 profileDigest) {
        Issuer storage issuer = _issuers[issuerId];
        return (issuer.did, issuer.profileDigest);
    }

    /// @inheritdoc IIssuerDirectory
    function headOf(bytes32 issuerId) external view returns (bytes32 head) {
        return _issuers[issuerId].head;
    }

    /// @inheritdoc IIssuerDirectory
    function consentOf(address account) external view returns (bytes32 issuerId) {
        return _consents[account].issuerId;
    }

    /// @inheritdoc IIssuerDirectory
    function nonceOf(address account) external view returns (uint256 nonce) {
        return _consents[account].nonce;
    }

    function _describe(bytes32 issuerId, string calldata did, bytes32 profileDigest) private {
        uint256 length = bytes(did).length;
        if (length == 0 || length > _DID_MAX_LENGTH) revert IssuerDirectory_DidLength(length);
        Issuer storage issuer = _issuers[issuerId];
        issuer.did = did;
        issuer.profileDigest = profileDigest;
        emit IssuerDescribed(issuerId, did, profileDigest);
        // The topics, then the data, whose own offsets count from its beginning.
        bytes memory data = abi.encode(did, profileDigest);
        _fold(issuerId, bytes.concat(IssuerDescribed.selector, issuerId, data));
    }

    function _addAccount(bytes32 issuerId, address account) private {
        bytes32 taken = _issuerOf[account];
        if (taken != 0) revert IssuerDirectory_AccountTaken(account, taken);
        _issuerOf[account] = issuerId;
        _accounts[issuerId][account].validFrom = _now();
        emit AccountAdded(issuerId, account);
        _fold(issuerId, abi.encode(AccountAdded.selector, issuerId, account));
    }

    function _retire(Standing storage standing) private {
        if (standing.retiredOn != 0) revert IssuerDirectory_AlreadyRetired(standing.retiredOn);
        standing.retiredOn = _now();
    }

    function _report(Standing storage standing, uint64 compromisedFrom) private {
        uint64 earliest = standing.validFrom;
        uint64 latest = standing.compromisedFrom == 0 ? _now() : standing.compromisedFrom - 1;
        if (compromisedFrom < earliest || compromisedFrom > latest) {
            revert IssuerDirectory_CompromisedFromOutOfRange(compromisedFrom, earliest, latest);
        }
        standing.compromisedFrom = compromisedFrom;
        standing.reportedOn = _now();
    }

    /// @param entry What the event's log holds: its topics, then its data.
    function _fold(bytes32 issuerId, bytes memory entry) private {
        Issuer storage issuer = _issuers[issuerId];
        issuer.head = keccak256(abi.encode(issuer.head, keccak256(entry), _now()));
    }

    function _requireController(bytes32 issuerId, address caller) private view {
        if (!_is(caller, _issuers[issuerId].controller)) revert IssuerDirectory_NotController(issuerId, caller);
    }

    function _spoke(Standing memory standing, uint64 time) private view returns (bool) {
        if (time > _now()) revert IssuerDirectory_TimeInFuture(time);
        if (standing.validFrom == 0 || time < standing.validFrom) return false;
        if (standing.retiredOn != 0 && time > standing.retiredOn) return false;
        return standing.compromisedFrom == 0 || time < standing.compromisedFrom;
    }

    function _consentDigest(bytes32 issuerId, address account, uint256 deadline) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(_DOMAIN_TYPE_HASH, _NAME_HASH, _VERSION_HASH, block.chainid, address(this))
        );
        bytes32 message = keccak256(
            abi.encode(_JOIN_TYPE_HASH, issuerId, account, _consents[account].nonce, deadline)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    /// @dev The key of an account counts before its code, because the owner of an account that has code by EIP-7702
    /// has not given it up. No contract has an address that a signature leads to.
    ///
    /// Hostile code can waste the caller's gas, by an answer of any length too, and nothing else: it cannot change
    /// anything in a static call, and the transaction fails either way.
    function _isSignedBy(address account, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (_is(_signerOf(digest, signature), account)) return true;
        if (account.code.length == 0) return false;
        (bool success, bytes memory answer) = account.staticcall(
            abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && answer.length == 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }

    /// @dev Zero where the signature is none, or not the only spelling of itself.
    function _signerOf(bytes32 digest, bytes calldata signature) private pure returns (address) {
        if (signature.length != 65) return address(0);
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > _S_MAX) return address(0);
        return ecrecover(digest, uint8(signature[64]), bytes32(signature[:32]), s);
    }

    /// @dev Nobody is the zero address, which stands for nobody: not even on a chain where a call could come from it.
    function _is(address somebody, address expected) private pure returns (bool) {
        return somebody == expected && expected != address(0);
    }

    /// @dev No block is dated near 2^64.
    function _now() private view returns (uint64) {
        return uint64(block.timestamp);
    }
}
