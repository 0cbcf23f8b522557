// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IERC1271 } from "../../../contracts/interfaces/IERC1271.sol";
import { IIssuerDirectory } from "../../../contracts/interfaces/IIssuerDirectory.sol";
import { IssuerDirectory } from "../../../contracts/IssuerDirectory.sol";
import { check, checkSame, vm } from "../cheats.sol";

uint256 constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

function accountSlot(bytes32 issuerId, address account) pure returns (bytes32) {
    return keccak256(abi.encode(account, keccak256(abi.encode(issuerId, 0))));
}

function keySlot(bytes32 issuerId, bytes32 keyId) pure returns (bytes32) {
    return keccak256(abi.encode(keyId, keccak256(abi.encode(issuerId, 1))));
}

function issuerOfSlot(address account) pure returns (bytes32) {
    return keccak256(abi.encode(account, 2));
}

function issuerSlot(bytes32 issuerId, uint256 offset) pure returns (bytes32) {
    return bytes32(uint256(keccak256(abi.encode(issuerId, 3))) + offset);
}

function consentDigest(
    address directory,
    bytes32 issuerId,
    address account,
    uint256 nonce,
    uint256 deadline
) view returns (bytes32) {
    bytes32 domain = keccak256(
        abi.encode(
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            keccak256("Laurel IssuerDirectory"),
            keccak256("1"),
            block.chainid,
            directory
        )
    );
    bytes32 message = keccak256(
        abi.encode(
            keccak256("Join(bytes32 issuerId,address account,uint256 nonce,uint256 deadline)"),
            issuerId,
            account,
            nonce,
            deadline
        )
    );
    return keccak256(abi.encodePacked(bytes2(0x1901), domain, message));
}

function signatureOf(uint256 privateKey, bytes32 digest) pure returns (bytes memory) {
    (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
    return abi.encodePacked(r, s, v);
}

function wordOf(IIssuerDirectory.Standing memory standing) pure returns (bytes32) {
    return
        bytes32(
            uint256(standing.validFrom) |
                (uint256(standing.retiredOn) << 64) |
                (uint256(standing.compromisedFrom) << 128) |
                (uint256(standing.reportedOn) << 192)
        );
}

/// @dev A controller of code, whose account agrees to whatever it is asked, and tries to change the directory meanwhile.
contract ReenteringWallet {
    IssuerDirectory private immutable _DIRECTORY;
    bytes private _reentry;

    constructor(IssuerDirectory directory) {
        _DIRECTORY = directory;
    }

    function register(bytes32 salt) external returns (bytes32 issuerId) {
        return _DIRECTORY.register(salt, "did:web:wallet.example", 0);
    }

    function join(bytes32 issuerId, bytes calldata reentry) external {
        _reentry = reentry;
        _DIRECTORY.addAccountBySignature(issuerId, address(this), block.timestamp, "");
    }

    function isValidSignature(bytes32, bytes memory) external returns (bytes4) {
        (bool success, ) = address(_DIRECTORY).call{ gas: 200_000 }(_reentry);
        check(!success, "nothing changes while an account is asked");
        return IERC1271.isValidSignature.selector;
    }
}

contract IssuerDirectoryTest {
    address private constant _CONTROLLER = address(0xc01d);

    /// @dev Not read from the block: the optimizer of the production profile would read it again after a warp.
    uint64 private constant _START = 1_780_000_000;

    IssuerDirectory private _directory;
    bytes32 private _issuerId;

    function setUp() public {
        vm.warp(_START);
        _directory = new IssuerDirectory();
        vm.prank(_CONTROLLER);
        _issuerId = _directory.register("salt", "did:web:badges.example.org", "profile");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_KnowsAnIssuerByItsFirstController(uint64 chain, address controller, bytes32 salt) public {
        vm.chainId(chain);
        bytes32 expected = keccak256(abi.encodePacked(uint256(chain), uint256(uint160(controller)), salt));
        vm.prank(controller);
        bytes32 issuerId = _directory.register(salt, "did:web:a.example", 0);
        check(issuerId == expected, "an id is the digest of chain id, controller and salt");
        check(_directory.controllerOf(issuerId) == controller, "who registers controls");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_AnswersByTheRule(IIssuerDirectory.Standing calldata life, uint64 time, bytes32 id) public {
        uint64 end = type(uint64).max - 1;
        uint64 now_ = time > end ? end : time;
        vm.warp(now_);
        address account = address(uint160(uint256(id)));
        vm.store(address(_directory), accountSlot(_issuerId, account), wordOf(life));
        vm.store(address(_directory), keySlot(_issuerId, id), wordOf(life));
        // Where something changes, and around it.
        uint64[5] memory times = [now_, life.validFrom, life.retiredOn, life.compromisedFrom, now_ / 2];
        for (uint256 i = 0; i < 15; ++i) {
            uint64 asked = times[i / 3];
            if (i % 3 == 1) asked = asked == 0 ? 0 : asked - 1;
            if (i % 3 == 2) asked = asked > end ? end : asked + 1;
            _checkAnswer(account, id, life, asked, now_);
        }
    }

    function _checkAnswer(
        address account,
        bytes32 keyId,
        IIssuerDirectory.Standing calldata life,
        uint64 time,
        uint64 now_
    ) private view {
        bytes memory ofAccount = abi.encodeCall(_directory.spokeFor, (_issuerId, account, time));
        bytes memory ofKey = abi.encodeCall(_directory.keySpokeFor, (_issuerId, keyId, time));
        (bool success, bytes memory answer) = address(_directory).staticcall(ofAccount);
        (bool keySuccess, bytes memory keyAnswer) = address(_directory).staticcall(ofKey);
        check(success == keySuccess && success == (time <= now_), "the future, and it alone, has no answer");
        checkSame(answer, keyAnswer, "accounts and keys are judged alike");
        if (!success) return;
        bool spoke = life.validFrom != 0 &&
            life.validFrom <= time &&
            (life.retiredOn == 0 || time <= life.retiredOn) &&
            (life.compromisedFrom == 0 || time < life.compromisedFrom);
        checkSame(answer, abi.encode(spoke, life), "an answer follows from the standing, and shows it");
    }

    function testFuzz_TakesWhatTheAccountHasSigned(uint256 seed, uint64 chain, uint32 period, uint8 nonce) public {
        uint256 privateKey = 1 + (seed % (ORDER - 1));
        address account = vm.addr(privateKey);
        vm.chainId(chain);
        uint256 deadline = block.timestamp + (period % (30 days + 1));
        vm.store(address(_directory), bytes32(uint256(keccak256(abi.encode(account, 4))) + 1), bytes32(uint256(nonce)));
        bytes32 digest = consentDigest(address(_directory), _issuerId, account, nonce, deadline);
        vm.prank(_CONTROLLER);
        _directory.addAccountBySignature(_issuerId, account, deadline, signatureOf(privateKey, digest));
        check(_directory.issuerOf(account) == _issuerId, "a signed consent counts");
        check(
            vm.load(address(_directory), accountSlot(_issuerId, account)) == bytes32(block.timestamp),
            "an account is valid from its addition on, with nothing against it"
        );
        check(vm.load(address(_directory), issuerOfSlot(account)) == _issuerId, "an account's issuer is in its slot");
    }

    function testFuzz_RefusesEveryOtherSpelling(uint256 seed, uint16 bit, bytes calldata tail) public {
        uint256 privateKey = 1 + (seed % (ORDER - 1));
        address account = vm.addr(privateKey);
        bytes32 digest = consentDigest(address(_directory), _issuerId, account, 0, block.timestamp);
        bytes[4] memory spellings = _spell(privateKey, digest, bit, tail);
        for (uint256 i = 0; i < 4; ++i) _checkRefused(account, block.timestamp, spellings[i]);
    }

    /// @dev With a bit that is another one, with the other `s`, in 64 bytes, and with a tail.
    function _spell(
        uint256 privateKey,
        bytes32 digest,
        uint16 bit,
        bytes calldata tail
    ) private pure returns (bytes[4] memory spellings) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        spellings[0] = abi.encodePacked(r, s, v);
        spellings[0][(bit / 8) % 65] ^= bytes1(uint8(1 << (bit % 8)));
        spellings[1] = abi.encodePacked(r, bytes32(ORDER - uint256(s)), 55 - v);
        spellings[2] = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        spellings[3] = abi.encodePacked(r, s, v, bytes1(0), tail);
    }

    function testFuzz_RefusesWhatNobodySigned(address account, uint32 period, bytes calldata signature) public {
        if (account.code.length != 0 || account == _CONTROLLER) return;
        _checkRefused(account, block.timestamp + (period % (30 days + 1)), signature);
    }

    function _checkRefused(address account, uint256 deadline, bytes memory signature) private {
        bytes32 head = _directory.headOf(_issuerId);
        vm.prank(_CONTROLLER);
        (bool success, bytes memory answer) = address(_directory).call(
            abi.encodeCall(_directory.addAccountBySignature, (_issuerId, account, deadline, signature))
        );
        check(!success, "nothing but the account's own signature is a consent");
        checkSame(
            answer,
            abi.encodeWithSelector(
                IIssuerDirectory.IssuerDirectory_ConsentMissing.selector,
                _issuerId,
                account
            ),
            "the error names issuer and account"
        );
        check(_directory.issuerOf(account) == 0 && _directory.headOf(_issuerId) == head, "a refused consent changes nothing");
    }

    function testFuzz_RefusesDeadlinesOutOfRange(address account, uint256 deadline) public {
        if (deadline >= block.timestamp && deadline <= block.timestamp + 30 days) return;
        vm.prank(_CONTROLLER);
        (bool success, bytes memory answer) = address(_directory).call(
            abi.encodeCall(_directory.addAccountBySignature, (_issuerId, account, deadline, ""))
        );
        check(!success, "a consent lasts for 30 days at most");
        checkSame(
            answer,
            abi.encodeWithSelector(IIssuerDirectory.IssuerDirectory_ConsentDeadline.selector, deadline),
            "the error names the deadline"
        );
    }

    function testFuzz_TakesReportsInTheirRangeOnly(uint32 age, uint64 first, uint64 second, bytes32 keyId) public {
        vm.prank(_CONTROLLER);
        _directory.addKey(_issuerId, keyId);
        vm.warp(_START + uint256(age));
        uint64 end = _START + age;
        // Half of the times in the range, half anywhere.
        if (first % 2 == 0) first = _START + (first % (age + uint64(1)));
        bool expected = first >= _START && first <= end;
        check(_report(keyId, first) == expected, "a report names a time between the addition and now");
        if (!expected) {
            check(vm.load(address(_directory), keySlot(_issuerId, keyId)) == bytes32(uint256(_START)), "nothing changed");
            return;
        }
        if (second % 2 == 0) second = _START + (second % (age + uint64(1)));
        expected = second >= _START && second < first;
        vm.warp(uint256(end) + 1);
        check(_report(keyId, second) == expected, "a second report names an earlier time than the first");
        IIssuerDirectory.Standing memory standing = _directory.standingOfKey(_issuerId, keyId);
        check(standing.compromisedFrom == (expected ? second : first), "the earliest report counts");
        check(standing.reportedOn == (expected ? end + 1 : end), "a report is dated by the block in which it counts");
    }

    function _report(bytes32 keyId, uint64 compromisedFrom) private returns (bool success) {
        vm.prank(_CONTROLLER);
        (success, ) = address(_directory).call(
            abi.encodeCall(_directory.reportKey, (_issuerId, keyId, compromisedFrom))
        );
    }

    function testFuzz_AddsAndRetiresOnce(bytes32 keyId, uint32 later, uint32 evenLater) public {
        vm.prank(_CONTROLLER);
        _directory.addKey(_issuerId, keyId);
        vm.warp(_START + uint256(later));
        vm.prank(_CONTROLLER);
        _directory.retireKey(_issuerId, keyId);
        vm.warp(_START + uint256(later) + evenLater);
        bytes32 word = bytes32(uint256(_START) | ((uint256(_START) + later) << 64));
        _checkFails(
            abi.encodeCall(_directory.addKey, (_issuerId, keyId)),
            abi.encodeWithSelector(
                IIssuerDirectory.IssuerDirectory_KeyAlreadyAdded.selector,
                _issuerId,
                keyId,
                _START
            )
        );
        _checkFails(
            abi.encodeCall(_directory.retireKey, (_issuerId, keyId)),
            abi.encodeWithSelector(IIssuerDirectory.IssuerDirectory_AlreadyRetired.selector, _START + uint64(later))
        );
        check(vm.load(address(_directory), keySlot(_issuerId, keyId)) == word, "a key has one life");
    }

    function testFuzz_TakesDidsOfTheirLengthsOnly(uint16 length, bytes32 digest) public {
        bytes memory did = new bytes(length % 3_000);
        for (uint256 i = 0; i < did.length; ++i) did[i] = bytes1(uint8(97 + (i % 26)));
        bytes memory data = abi.encodeCall(_directory.describe, (_issuerId, string(did), digest));
        if (did.length == 0 || did.length > 1_024) {
            _checkFails(data, abi.encodeWithSelector(IIssuerDirectory.IssuerDirectory_DidLength.selector, did.length));
            return;
        }
        vm.prank(_CONTROLLER);
        _directory.describe(_issuerId, string(did), digest);
        (string memory said, bytes32 profileDigest) = _directory.descriptionOf(_issuerId);
        checkSame(bytes(said), did, "a DID is kept as it was said");
        check(profileDigest == digest, "a profile's digest is kept as it was said");
    }

    function _checkFails(bytes memory data, bytes memory expected) private {
        bytes32 head = _directory.headOf(_issuerId);
        vm.prank(_CONTROLLER);
        (bool success, bytes memory answer) = address(_directory).call(data);
        check(!success && _directory.headOf(_issuerId) == head, "what cannot be done changes nothing");
        checkSame(answer, expected, "the error says why");
    }

    function testFuzz_LetsOnlyTheControllerChangeAnIssuer(address caller, address account, bytes32 id, uint64 time) public {
        if (caller == _CONTROLLER) return;
        bytes32 head = _directory.headOf(_issuerId);
        bytes[10] memory calls = [
            abi.encodeCall(_directory.describe, (_issuerId, "did:web:a.example", id)),
            abi.encodeCall(_directory.offerController, (_issuerId, account)),
            abi.encodeCall(_directory.cancelControllerOffer, (_issuerId)),
            abi.encodeCall(_directory.addAccount, (_issuerId, account)),
            abi.encodeCall(_directory.addAccountBySignature, (_issuerId, account, time, "")),
            abi.encodeCall(_directory.retireAccount, (_issuerId, account)),
            abi.encodeCall(_directory.reportAccount, (_issuerId, account, time)),
            abi.encodeCall(_directory.addKey, (_issuerId, id)),
            abi.encodeCall(_directory.retireKey, (_issuerId, id)),
            abi.encodeCall(_directory.reportKey, (_issuerId, id, time))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(caller);
            (bool success, bytes memory answer) = address(_directory).call(calls[i]);
            check(!success, "only the controller changes an issuer");
            checkSame(
                answer,
                abi.encodeWithSelector(IIssuerDirectory.IssuerDirectory_NotController.selector, _issuerId, caller),
                "the error names issuer and caller"
            );
        }
        vm.prank(caller);
        (bool accepted, ) = address(_directory).call(abi.encodeCall(_directory.acceptController, (_issuerId)));
        check(!accepted && _directory.headOf(_issuerId) == head, "nobody takes what was not offered");
    }

    function testFuzz_LetsNobodyChangeAnIssuerThatIsNone(address caller, bytes32 issuerId, bytes32 keyId) public {
        if (issuerId == _issuerId) return;
        vm.prank(caller);
        (bool success, ) = address(_directory).call(abi.encodeCall(_directory.addKey, (issuerId, keyId)));
        check(!success && _directory.headOf(issuerId) == 0, "an issuer that is none has no controller");
    }

    function testFuzz_RefusesValue(bytes32 salt, uint96 value) public {
        if (value == 0) return;
        vm.deal(address(this), value);
        (bool success, ) = address(_directory).call{ value: value }(
            abi.encodeCall(_directory.register, (salt, "did:web:a.example", 0))
        );
        check(!success && address(_directory).balance == 0, "the directory takes no value");
        (success, ) = address(_directory).call{ value: value }("");
        check(!success && address(_directory).balance == 0, "the directory takes no value");
    }

    function test_LetsNoWalletChangeAnythingWhileItIsAsked() public {
        for (uint256 i = 0; i < 6; ++i) {
            ReenteringWallet wallet = new ReenteringWallet(_directory);
            bytes32 issuerId = wallet.register("salt");
            // Each of them would go through, were the call not static.
            bytes[6] memory reentries = [
                abi.encodeCall(_directory.addAccount, (issuerId, address(wallet))),
                abi.encodeCall(_directory.addKey, (issuerId, "key")),
                abi.encodeCall(_directory.describe, (issuerId, "did:web:b.example", 0)),
                abi.encodeCall(_directory.consent, (issuerId)),
                abi.encodeCall(_directory.withdrawConsents, ()),
                abi.encodeCall(_directory.register, ("other", "did:web:b.example", 0))
            ];
            wallet.join(issuerId, reentries[i]);
            check(_directory.issuerOf(address(wallet)) == issuerId, "a wallet joins by what it answers");
        }
    }

    function test_KnowsTheIssuersOfTheVectors() public {
        string memory json = _vectors();
        uint256 i = 0;
        for (; vm.keyExistsJson(json, _path(".issuers", i, "")); ++i) _register(json, _path(".issuers", i, ""));
        check(i == 12, "there are 12 issuers");
    }

    function test_TakesTheConsentsOfTheVectors() public {
        string memory json = _vectors();
        uint256 i = 0;
        for (; vm.keyExistsJson(json, _path(".consents", i, "")); ++i) _join(json, _path(".consents", i, ""));
        check(i == 8, "there are 8 consents");
    }

    function test_ReadsTheSlotsOfTheVectors() public {
        string memory json = _vectors();
        uint256 i = 0;
        for (; vm.keyExistsJson(json, _path(".slots", i, "")); ++i) _readSlots(json, _path(".slots", i, ""));
        check(i == 8, "there are 8 rows of slots");
    }

    function _register(string memory json, string memory place) private returns (bytes32 issuerId) {
        vm.chainId(vm.parseJsonUint(json, string.concat(place, ".chainId")));
        address controller = vm.parseJsonAddress(json, string.concat(place, ".controller"));
        vm.prank(controller);
        issuerId = _directory.register(vm.parseJsonBytes32(json, string.concat(place, ".salt")), "did:web:a.example", 0);
        check(issuerId == vm.parseJsonBytes32(json, string.concat(place, ".issuerId")), "an id is that of the vectors");
    }

    function _join(string memory json, string memory place) private {
        address directory = vm.parseJsonAddress(json, string.concat(place, ".directory"));
        vm.etch(directory, address(_directory).code);
        _directory = IssuerDirectory(directory);
        bytes32 issuerId = _register(json, place);
        address account = vm.parseJsonAddress(json, string.concat(place, ".account"));
        uint256 nonce = vm.parseJsonUint(json, string.concat(place, ".nonce"));
        uint256 deadline = vm.parseJsonUint(json, string.concat(place, ".deadline"));
        check(
            consentDigest(directory, issuerId, account, nonce, deadline) ==
                vm.parseJsonBytes32(json, string.concat(place, ".digest")),
            "a digest is that of the vectors"
        );
        for (uint256 i = 0; i < nonce; ++i) {
            vm.prank(account);
            _directory.withdrawConsents();
        }
        vm.warp(deadline);
        vm.prank(_directory.controllerOf(issuerId));
        _directory.addAccountBySignature(
            issuerId,
            account,
            deadline,
            vm.parseJsonBytes(json, string.concat(place, ".signature"))
        );
        check(_directory.issuerOf(account) == issuerId, "a consent of the vectors counts");
    }

    function _readSlots(string memory json, string memory place) private {
        bytes32 issuerId = vm.parseJsonBytes32(json, string.concat(place, ".issuerId"));
        address account = vm.parseJsonAddress(json, string.concat(place, ".account"));
        bytes32 keyId = vm.parseJsonBytes32(json, string.concat(place, ".keyId"));
        _store(json, string.concat(place, ".accountSlot"), bytes32(uint256(1)));
        _store(json, string.concat(place, ".keySlot"), bytes32(uint256(2)));
        _store(json, string.concat(place, ".issuerOfSlot"), bytes32(uint256(3)));
        _store(json, string.concat(place, ".controllerSlot"), bytes32(uint256(4)));
        _store(json, string.concat(place, ".candidateSlot"), bytes32(uint256(5)));
        _store(json, string.concat(place, ".headSlot"), bytes32(uint256(6)));
        _store(json, string.concat(place, ".profileDigestSlot"), bytes32(uint256(7)));
        _store(json, string.concat(place, ".didSlot"), bytes32(abi.encodePacked(bytes31("did:web:c.example"), uint8(34))));
        check(_directory.standingOf(issuerId, account).validFrom == 1, "an account's standing is in its slot");
        check(_directory.standingOfKey(issuerId, keyId).validFrom == 2, "a key's standing is in its slot");
        check(_directory.issuerOf(account) == bytes32(uint256(3)), "an account's issuer is in its slot");
        check(_directory.controllerOf(issuerId) == address(4), "a controller is in its slot");
        check(_directory.candidateOf(issuerId) == address(5), "a candidate is in its slot");
        check(_directory.headOf(issuerId) == bytes32(uint256(6)), "a head is in its slot");
        (string memory did, bytes32 profileDigest) = _directory.descriptionOf(issuerId);
        check(profileDigest == bytes32(uint256(7)), "a profile's digest is in its slot");
        checkSame(bytes(did), "did:web:c.example", "a DID is in its slot");
    }

    function _store(string memory json, string memory place, bytes32 value) private {
        vm.store(address(_directory), vm.parseJsonBytes32(json, place), value);
    }

    function _vectors() private view returns (string memory) {
        return vm.readFile("test/vectors/issuer-directory-v1.json");
    }

    function _path(string memory list, uint256 index, string memory member) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]", member);
    }
}
