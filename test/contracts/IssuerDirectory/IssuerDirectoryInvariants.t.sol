// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IIssuerDirectory } from "../../../contracts/interfaces/IIssuerDirectory.sol";
import { IssuerDirectory } from "../../../contracts/IssuerDirectory.sol";
import { check, vm } from "../cheats.sol";
import { accountSlot, consentDigest, issuerOfSlot, issuerSlot, keySlot, signatureOf, wordOf } from "./IssuerDirectory.t.sol";

/// @dev Calls a directory as a few actors about a few issuers, accounts and keys, mostly as somebody who may, and keeps
/// a model of what must have come of it. Every call has to succeed exactly if the model says so.
contract DirectoryHandler {
    struct Issuer {
        bytes32 id;
        address controller;
        address candidate;
        bytes32 head;
        bytes32 did;
        bytes32 profileDigest;
    }

    struct Answer {
        uint256 issuer;
        bool isKey;
        uint256 index;
        uint64 time;
        bool spoke;
    }

    uint256 public constant ISSUERS = 3;
    uint256 public constant ACCOUNTS = 5;
    uint256 public constant KEYS = 4;

    IssuerDirectory public immutable DIRECTORY;

    /// @dev What the last call was about.
    uint256 public issuer;
    uint256 public account;
    uint256 public key;

    Issuer[3] private _issuers;
    mapping(uint256 issuer => mapping(uint256 account => IIssuerDirectory.Standing)) private _accounts;
    mapping(uint256 issuer => mapping(uint256 key => IIssuerDirectory.Standing)) private _keys;
    mapping(uint256 account => bytes32) private _issuerOf;
    mapping(uint256 account => bytes32) private _consentOf;
    mapping(uint256 account => uint256) private _nonceOf;
    Answer[] private _answers;

    constructor(IssuerDirectory directory) {
        DIRECTORY = directory;
        for (uint256 i = 0; i < ISSUERS; ++i) {
            _issuers[i].id = keccak256(abi.encode(block.chainid, actorOf(i), bytes32("salt")));
        }
    }

    modifier about(uint256 i, uint256 a, uint256 k) {
        (issuer, account, key) = (i % ISSUERS, a % ACCOUNTS, k % KEYS);
        _;
    }

    /// @dev About an account and, three times in four, the issuer that it belongs to.
    modifier aboutMember(uint256 i, uint256 a) {
        (issuer, account, key) = (i % ISSUERS, a % ACCOUNTS, 0);
        if (i % 4 != 0 && _issuerOf[account] != 0) {
            issuer = 0;
            while (_issuers[issuer].id != _issuerOf[account]) ++issuer;
        }
        _;
    }

    function register(uint256 i, bytes32 did, bytes32 digest) external about(i, 0, 0) {
        bool expected = _issuers[issuer].head == 0;
        bytes memory data = abi.encodeCall(DIRECTORY.register, ("salt", _text(did), digest));
        address controller = actorOf(issuer);
        if (!_calls(controller, data, expected)) return;
        _issuers[issuer].controller = controller;
        bytes32 id = _issuers[issuer].id;
        _fold(abi.encodePacked(keccak256("IssuerRegistered(bytes32,address,bytes32)"), id, _word(controller), bytes32("salt")));
        _described(did, digest);
    }

    function describe(uint256 who, uint256 i, bytes32 did, bytes32 digest) external about(i, 0, 0) {
        bytes memory data = abi.encodeCall(DIRECTORY.describe, (_issuers[issuer].id, _text(did), digest));
        if (_controls(who, data, true)) _described(did, digest);
    }

    function offer(uint256 who, uint256 i, uint256 candidate) external about(i, 0, 0) {
        address to = candidate % 8 == 0 ? address(0) : actorOf(candidate % 6);
        bytes memory data = abi.encodeCall(DIRECTORY.offerController, (_issuers[issuer].id, to));
        if (!_controls(who, data, to != address(0))) return;
        _issuers[issuer].candidate = to;
        _fold(abi.encodePacked(keccak256("ControllerOffered(bytes32,address)"), _issuers[issuer].id, _word(to)));
    }

    function cancel(uint256 who, uint256 i) external about(i, 0, 0) {
        address candidate = _issuers[issuer].candidate;
        bytes memory data = abi.encodeCall(DIRECTORY.cancelControllerOffer, (_issuers[issuer].id));
        if (!_controls(who, data, candidate != address(0))) return;
        _issuers[issuer].candidate = address(0);
        _fold(abi.encodePacked(keccak256("ControllerOfferCancelled(bytes32,address)"), _issuers[issuer].id, _word(candidate)));
    }

    function accept(uint256 who, uint256 i) external about(i, 0, 0) {
        address candidate = _issuers[issuer].candidate;
        address caller = who % 2 == 0 ? candidate : actorOf(who % 6);
        bool expected = candidate != address(0) && caller == candidate;
        if (!_calls(caller, abi.encodeCall(DIRECTORY.acceptController, (_issuers[issuer].id)), expected)) return;
        _issuers[issuer].controller = candidate;
        _issuers[issuer].candidate = address(0);
        _fold(abi.encodePacked(keccak256("ControllerChanged(bytes32,address)"), _issuers[issuer].id, _word(candidate)));
    }

    function consent(uint256 a, uint256 i) external about(i, a, 0) {
        bytes32 id = _issuers[issuer].id;
        bool expected = _issuers[issuer].head != 0;
        if (_calls(accountOf(account), abi.encodeCall(DIRECTORY.consent, (id)), expected)) _consentOf[account] = id;
    }

    function withdrawConsents(uint256 a) external about(issuer, a, key) {
        // Seldom, or hardly any consent would live long enough.
        if (a % 4 != 0) return;
        _calls(accountOf(account), abi.encodeCall(DIRECTORY.withdrawConsents, ()), true);
        _consentOf[account] = 0;
        ++_nonceOf[account];
    }

    function addAccount(uint256 who, uint256 i, uint256 a) external about(i, a, 0) {
        bytes32 id = _issuers[issuer].id;
        bool expected = _consentOf[account] == id && _issuerOf[account] == 0;
        if (_controls(who, abi.encodeCall(DIRECTORY.addAccount, (id, accountOf(account))), expected)) _added();
    }

    function addAccountBySignature(uint256 who, uint256 i, uint256 a, uint32 ahead, uint8 flaw) external about(i, a, 0) {
        bytes32 id = _issuers[issuer].id;
        uint256 deadline = block.timestamp + (ahead % 31 days);
        if (flaw == 1) deadline = block.timestamp - 1;
        bytes32 digest = consentDigest(
            address(DIRECTORY),
            flaw == 2 ? _issuers[(issuer + 1) % ISSUERS].id : id,
            accountOf(account),
            _nonceOf[account] + (flaw == 3 ? 1 : 0),
            deadline
        );
        bytes memory signature = signatureOf(0xacc0 + ((account + (flaw == 4 ? 1 : 0)) % ACCOUNTS), digest);
        bool expected = (flaw == 0 || flaw > 4) && deadline <= block.timestamp + 30 days && _issuerOf[account] == 0;
        bytes memory data = abi.encodeCall(
            DIRECTORY.addAccountBySignature,
            (id, accountOf(account), deadline, signature)
        );
        if (_controls(who, data, expected)) _added();
    }

    function retireAccount(uint256 who, uint256 i, uint256 a) external aboutMember(i, a) {
        bytes memory data = abi.encodeCall(DIRECTORY.retireAccount, (_issuers[issuer].id, accountOf(account)));
        if (!_retires(who, data, _accounts[issuer][account])) return;
        _fold(abi.encodePacked(keccak256("AccountRetired(bytes32,address)"), _issuers[issuer].id, _word(accountOf(account))));
    }

    function reportAccount(uint256 who, uint256 i, uint256 a, uint64 seed) external aboutMember(i, a) {
        IIssuerDirectory.Standing storage standing = _accounts[issuer][account];
        uint64 from = _around(standing, seed);
        bytes memory data = abi.encodeCall(DIRECTORY.reportAccount, (_issuers[issuer].id, accountOf(account), from));
        if (!_reports(who, data, standing, from)) return;
        bytes32 topic = keccak256("AccountReported(bytes32,address,uint64)");
        _fold(abi.encodePacked(topic, _issuers[issuer].id, _word(accountOf(account)), uint256(from)));
    }

    function addKey(uint256 who, uint256 i, uint256 k) external about(i, 0, k) {
        bytes memory data = abi.encodeCall(DIRECTORY.addKey, (_issuers[issuer].id, keyOf(key)));
        if (!_controls(who, data, _keys[issuer][key].validFrom == 0)) return;
        _keys[issuer][key].validFrom = uint64(block.timestamp);
        _fold(abi.encodePacked(keccak256("KeyAdded(bytes32,bytes32)"), _issuers[issuer].id, keyOf(key)));
    }

    function retireKey(uint256 who, uint256 i, uint256 k) external about(i, 0, k) {
        bytes memory data = abi.encodeCall(DIRECTORY.retireKey, (_issuers[issuer].id, keyOf(key)));
        if (!_retires(who, data, _keys[issuer][key])) return;
        _fold(abi.encodePacked(keccak256("KeyRetired(bytes32,bytes32)"), _issuers[issuer].id, keyOf(key)));
    }

    function reportKey(uint256 who, uint256 i, uint256 k, uint64 seed) external about(i, 0, k) {
        IIssuerDirectory.Standing storage standing = _keys[issuer][key];
        uint64 from = _around(standing, seed);
        bytes memory data = abi.encodeCall(DIRECTORY.reportKey, (_issuers[issuer].id, keyOf(key), from));
        if (!_reports(who, data, standing, from)) return;
        bytes32 topic = keccak256("KeyReported(bytes32,bytes32,uint64)");
        _fold(abi.encodePacked(topic, _issuers[issuer].id, keyOf(key), uint256(from)));
    }

    /// @dev Asks about the past, and remembers the answer.
    function ask(uint256 i, uint256 index, bool isKey, uint32 ago) external about(i, index, index) {
        uint64 time = uint64(block.timestamp - (ago % block.timestamp));
        _answers.push(
            Answer({
                issuer: issuer,
                isKey: isKey,
                index: isKey ? key : account,
                time: time,
                spoke: spokeNow(issuer, isKey, isKey ? key : account, time)
            })
        );
    }

    function passTime(uint24 seconds_) external {
        vm.warp(block.timestamp + seconds_);
    }

    function sendGarbage(uint256 who, bytes calldata data, uint96 value) external {
        // The first four bytes are no function's, or the value is not zero.
        bytes memory garbage = abi.encodePacked(bytes4(0xffffffff), data);
        vm.deal(actorOf(who % 6), value);
        vm.prank(actorOf(who % 6));
        (bool success, ) = address(DIRECTORY).call{ value: value }(who % 2 == 0 ? garbage : bytes(""));
        check(!success, "a call that is none of the interface fails");
    }

    function issuerAt(uint256 i) external view returns (Issuer memory) {
        return _issuers[i];
    }

    function standingOfAccount(uint256 i, uint256 a) external view returns (IIssuerDirectory.Standing memory) {
        return _accounts[i][a];
    }

    function standingOfKey(uint256 i, uint256 k) external view returns (IIssuerDirectory.Standing memory) {
        return _keys[i][k];
    }

    function membershipOf(uint256 a) external view returns (bytes32 issuerId, bytes32 consentTo, uint256 nonce) {
        return (_issuerOf[a], _consentOf[a], _nonceOf[a]);
    }

    function answers() external view returns (uint256) {
        return _answers.length;
    }

    function answerAt(uint256 index) external view returns (Answer memory) {
        return _answers[index];
    }

    function spokeNow(uint256 i, bool isKey, uint256 index, uint64 time) public view returns (bool spoke) {
        bytes32 id = _issuers[i].id;
        if (isKey) (spoke, ) = DIRECTORY.keySpokeFor(id, keyOf(index), time);
        else (spoke, ) = DIRECTORY.spokeFor(id, accountOf(index), time);
    }

    /// @dev Three that register, and three more.
    function actorOf(uint256 index) public pure returns (address) {
        return address(uint160(0xac70 + index));
    }

    function accountOf(uint256 index) public pure returns (address) {
        return vm.addr(0xacc0 + index);
    }

    function keyOf(uint256 index) public pure returns (bytes32) {
        return keccak256(abi.encode("key", index));
    }

    function _added() private {
        _issuerOf[account] = _issuers[issuer].id;
        _accounts[issuer][account].validFrom = uint64(block.timestamp);
        _fold(abi.encodePacked(keccak256("AccountAdded(bytes32,address)"), _issuers[issuer].id, _word(accountOf(account))));
    }

    function _described(bytes32 did, bytes32 digest) private {
        (_issuers[issuer].did, _issuers[issuer].profileDigest) = (keccak256(bytes(_text(did))), digest);
        bytes32 topic = keccak256("IssuerDescribed(bytes32,string,bytes32)");
        _fold(abi.encodePacked(topic, _issuers[issuer].id, abi.encode(_text(did), digest)));
    }

    function _retires(
        uint256 who,
        bytes memory data,
        IIssuerDirectory.Standing storage standing
    ) private returns (bool success) {
        success = _controls(who, data, standing.validFrom != 0 && standing.retiredOn == 0);
        if (success) standing.retiredOn = uint64(block.timestamp);
    }

    function _reports(
        uint256 who,
        bytes memory data,
        IIssuerDirectory.Standing storage standing,
        uint64 from
    ) private returns (bool success) {
        bool inRange = standing.validFrom <= from && from <= block.timestamp;
        bool isEarlier = standing.compromisedFrom == 0 || from < standing.compromisedFrom;
        success = _controls(who, data, standing.validFrom != 0 && inRange && isEarlier);
        if (success) (standing.compromisedFrom, standing.reportedOn) = (from, uint64(block.timestamp));
    }

    /// @dev A time between just before the addition and just after now.
    function _around(IIssuerDirectory.Standing storage standing, uint64 seed) private view returns (uint64) {
        if (standing.validFrom == 0) return uint64(block.timestamp);
        uint64 start = standing.validFrom - 1;
        return start + (seed % (uint64(block.timestamp) - start + 2));
    }

    /// @dev Calls as the controller, or one time in four as anybody.
    function _controls(uint256 who, bytes memory data, bool expected) private returns (bool) {
        address controller = _issuers[issuer].controller;
        address caller = who % 4 == 0 ? actorOf((who / 4) % 6) : controller;
        return _calls(caller, data, expected && controller != address(0) && caller == controller);
    }

    function _calls(address caller, bytes memory data, bool expected) private returns (bool success) {
        vm.prank(caller);
        (success, ) = address(DIRECTORY).call(data);
        check(success == expected, "a call goes through exactly if the rules say so");
    }

    function _fold(bytes memory entry) private {
        Issuer storage folded = _issuers[issuer];
        folded.head = keccak256(abi.encodePacked(folded.head, keccak256(entry), uint256(uint64(block.timestamp))));
    }

    function _word(address somebody) private pure returns (bytes32) {
        return bytes32(uint256(uint160(somebody)));
    }

    /// @dev A DID of 9 to 40 bytes, some of which fit into one slot.
    function _text(bytes32 seed) private pure returns (string memory) {
        bytes memory tail = new bytes(1 + (uint256(seed) % 32));
        for (uint256 i = 0; i < tail.length; ++i) tail[i] = bytes1(uint8(97 + (uint8(seed[i]) % 26)));
        return string.concat("did:web:", string(tail));
    }
}

/// @notice Whatever anybody calls, in any order and at any time:
///
/// 1. An account or key is valid from the block's time in which its issuer's controller added it: for ever, and once.
/// 2. It is retired at most once, in the block in which the controller said so.
/// 3. Its compromise is reported by the controller only; the time moves to the past only, never before its addition,
///    never into the future; it is dated by the block in which it was said.
/// 4. An account joins by its own consent only, and belongs to one issuer for ever.
/// 5. The controller changes by an offer and its acceptance only.
/// 6. The head of an issuer is what its whole history folds to, and nothing else.
/// 7. DID and digest of the profile are those that the controller has said last.
/// 8. No call about one issuer changes anything of another.
/// 9. An answer about the past never becomes yes, and becomes no by a report only.
/// 10. Nobody can keep a controller from what it may do.
/// 11. The directory holds no value.
///
/// Forbidden: added → not added, retired → not retired, reported → not reported, reported → reported from later on,
/// one issuer's account → another's.
///
/// After every call this is checked of what it was about, at the end of a run of everything.
///
/// That a signature is used once, under whatever encoding, and that TypeScript and Solidity compute the same, is not of
/// a kind that random calls find: {IssuerDirectoryTest} and differential.ts see to it. No loop runs over what issuers
/// have added, so no call can be made dearer by calls before it.
contract IssuerDirectoryInvariants {
    DirectoryHandler private _handler;
    IssuerDirectory private _directory;

    function setUp() public {
        vm.warp(1_780_000_000);
        _directory = new IssuerDirectory();
        _handler = new DirectoryHandler(_directory);
        // The third is for the run to register, or not.
        _handler.register(0, "first", "profile");
        _handler.register(1, "second", "profile");
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_HoldsAfterEveryCall() public view {
        uint256 issuer = _handler.issuer();
        _checkIssuer(issuer);
        _checkAccount(issuer, _handler.account());
        _checkKey(issuer, _handler.key());
        check(address(_directory).balance == 0, "11. the directory holds value");
    }

    function afterInvariant() public {
        for (uint256 i = 0; i < _handler.ISSUERS(); ++i) {
            _checkIssuer(i);
            for (uint256 j = 0; j < _handler.ACCOUNTS(); ++j) _checkAccount(i, j);
            for (uint256 j = 0; j < _handler.KEYS(); ++j) _checkKey(i, j);
        }
        for (uint256 i = 0; i < _handler.answers(); ++i) _checkAnswer(_handler.answerAt(i));
        for (uint256 i = 0; i < _handler.ISSUERS(); ++i) _checkPower(_handler.issuerAt(i));
    }

    function _checkIssuer(uint256 i) private view {
        DirectoryHandler.Issuer memory issuer = _handler.issuerAt(i);
        address directory = address(_directory);
        bytes32 controller = vm.load(directory, issuerSlot(issuer.id, 0));
        bytes32 candidate = vm.load(directory, issuerSlot(issuer.id, 1));
        check(controller == bytes32(uint256(uint160(issuer.controller))), "5. a controller has not accepted an offer");
        check(candidate == bytes32(uint256(uint160(issuer.candidate))), "5. a candidate was not offered the place");
        check(vm.load(directory, issuerSlot(issuer.id, 2)) == issuer.head, "6. a head is not the history");
        (string memory did, bytes32 profileDigest) = _directory.descriptionOf(issuer.id);
        check(profileDigest == issuer.profileDigest, "7. a profile is not what was said last");
        check(keccak256(bytes(did)) == issuer.did || issuer.head == 0, "7. a DID is not what was said last");
    }

    function _checkAccount(uint256 i, uint256 j) private view {
        (bytes32 id, address account) = (_handler.issuerAt(i).id, _handler.accountOf(j));
        (bytes32 issuerId, bytes32 consentTo, uint256 nonce) = _handler.membershipOf(j);
        bytes32 word = vm.load(address(_directory), accountSlot(id, account));
        check(word == wordOf(_handler.standingOfAccount(i, j)), "1-3. an account's standing is not what was said");
        check(vm.load(address(_directory), issuerOfSlot(account)) == issuerId, "4. an account has not joined so");
        check(word == 0 || issuerId == id, "4. an account has a standing with an issuer that it does not belong to");
        check(_directory.consentOf(account) == consentTo, "4. an account has not agreed so");
        check(_directory.nonceOf(account) == nonce, "4. an account has not withdrawn its consents so often");
    }

    function _checkKey(uint256 i, uint256 j) private view {
        bytes32 word = vm.load(address(_directory), keySlot(_handler.issuerAt(i).id, _handler.keyOf(j)));
        check(word == wordOf(_handler.standingOfKey(i, j)), "1-3. a key's standing is not what was said");
    }

    function _checkAnswer(DirectoryHandler.Answer memory answer) private view {
        bool spoke = _handler.spokeNow(answer.issuer, answer.isKey, answer.index, answer.time);
        if (spoke == answer.spoke) return;
        IIssuerDirectory.Standing memory standing = answer.isKey
            ? _handler.standingOfKey(answer.issuer, answer.index)
            : _handler.standingOfAccount(answer.issuer, answer.index);
        if (spoke) check(standing.validFrom == answer.time, "9. an answer about the past has become yes");
        else check(standing.compromisedFrom <= answer.time, "9. an answer has become no without a report");
        check(spoke || standing.reportedOn != 0, "9. an answer has become no without a report");
    }

    function _checkPower(DirectoryHandler.Issuer memory issuer) private {
        if (issuer.head == 0) return;
        vm.prank(issuer.controller);
        _directory.addKey(issuer.id, keccak256("a last key"));
        (bool spoke, ) = _directory.keySpokeFor(issuer.id, keccak256("a last key"), uint64(block.timestamp));
        check(spoke, "10. a controller was kept from adding a key");
    }
}
