// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { AnchorRegistry } from "../../contracts/AnchorRegistry.sol";
import { IAnchorRegistry } from "../../contracts/interfaces/IAnchorRegistry.sol";
import { check, checkSame, slotOf, vm, Vm } from "./cheats.sol";

contract AnchorRegistryTest {
    address private _registry;

    function setUp() public {
        _registry = address(new AnchorRegistry());
    }

    function testFuzz_AnchorsOneRoot(address account, bytes32 root, uint64 time, uint64 number) public {
        _setBlock(time, number);
        vm.record();
        (bool success, bytes memory answer) = _send(account, abi.encode(root));
        (, bytes32[] memory writes) = vm.accesses(_registry);
        check(success, "an account may anchor any root");
        check(answer.length == 0, "anchoring returns nothing");
        check(writes.length == 1 && writes[0] == slotOf(account, root), "an anchor writes its slot and no other");
        _checkAnchor(account, root, time, number);
    }

    function testFuzz_AnchorsManyRoots(address account, bytes32 seed, uint8 count, uint64 time, uint64 number) public {
        uint256 n = 1 + (uint256(count) % 40);
        _setBlock(time, number);
        vm.record();
        (bool success, ) = _send(account, abi.encodePacked(_roots(seed, n)));
        (, bytes32[] memory writes) = vm.accesses(_registry);
        check(success, "an account may anchor any number of roots");
        check(writes.length == n, "each root writes one slot");
        bytes32[] memory roots = _roots(seed, n);
        for (uint256 i = 0; i < n; ++i) _checkAnchor(account, roots[i], time, number);
    }

    function testFuzz_AnchorsAllRootsOrNone(address account, bytes32 seed, uint8 count, uint8 from, uint8 to) public {
        bytes32[] memory roots = _roots(seed, 2 + (uint256(count) % 20));
        uint256 i = uint256(from) % roots.length;
        uint256 j = (i + 1 + (uint256(to) % (roots.length - 1))) % roots.length;
        roots[j] = roots[i];
        (bool success, bytes memory answer) = _send(account, abi.encodePacked(roots));
        check(!success, "a root may not occur twice in one call");
        checkSame(answer, _repeatError(account, roots[i], uint64(block.timestamp)), "the error names the root");
        _checkNoneAnchored(account, roots);
    }

    function testFuzz_RefusesARepeat(address account, bytes32 root, uint64 time, uint64 number, uint32 later) public {
        _setBlock(time, number);
        _send(account, abi.encode(root));
        vm.warp(block.timestamp + later);
        vm.roll(block.number + later);
        (bool success, bytes memory answer) = _send(account, abi.encode(root));
        check(!success, "an account may not anchor a root twice");
        checkSame(answer, _repeatError(account, root, _time(time)), "the error names the time of the first anchor");
        _checkAnchor(account, root, time, number);
    }

    function testFuzz_KeepsAccountsApart(address account, address other, bytes32 root, uint64 time) public {
        if (account == other) return;
        _setBlock(time, 1);
        _send(account, abi.encode(root));
        (uint64 otherTime, uint64 otherNumber) = IAnchorRegistry(_registry).anchoredAt(other, root);
        check(otherTime == 0 && otherNumber == 0, "an anchor is nobody else's");
        _setBlock(uint64(_time(time) / 2), 2);
        (bool success, ) = _send(other, abi.encode(root));
        check(success, "nobody can keep another account from anchoring a root");
        _checkAnchor(account, root, time, 1);
        _checkAnchor(other, root, uint64(_time(time) / 2), 2);
    }

    function testFuzz_RefusesOtherLengths(address account, bytes calldata data) public {
        if ((data.length != 0 && data.length % 32 == 0) || data.length == 68) return;
        (bool success, bytes memory answer) = _send(account, data);
        check(!success, "calldata of any other length is refused");
        checkSame(
            answer,
            abi.encodeWithSelector(IAnchorRegistry.AnchorRegistry_CalldataLength.selector, data.length),
            "the error names the length"
        );
    }

    function test_RefusesEmptyCalldata() public {
        (bool success, bytes memory answer) = _send(address(this), "");
        check(!success, "no roots are no call");
        checkSame(
            answer,
            abi.encodeWithSelector(IAnchorRegistry.AnchorRegistry_CalldataLength.selector, 0),
            "the error names the length"
        );
    }

    function testFuzz_RefusesOtherSelectors(address account, bytes4 selector, uint256 word, bytes32 root) public {
        if (selector == IAnchorRegistry.anchoredAt.selector) return;
        (bool success, bytes memory answer) = _send(account, abi.encodeWithSelector(selector, word, root));
        check(!success, "any other selector is refused");
        checkSame(
            answer,
            abi.encodeWithSelector(IAnchorRegistry.AnchorRegistry_SelectorUnknown.selector, selector),
            "the error names the selector"
        );
    }

    function testFuzz_RefusesAccountsOutOfRange(address account, uint96 above, bytes32 root) public {
        if (above == 0) return;
        _send(account, abi.encode(root));
        uint256 word = (uint256(above) << 160) | uint160(account);
        bytes memory data = abi.encodeWithSelector(IAnchorRegistry.anchoredAt.selector, word, root);
        (bool success, bytes memory answer) = _send(account, data);
        check(!success, "a word that is no address is refused");
        checkSame(
            answer,
            abi.encodeWithSelector(IAnchorRegistry.AnchorRegistry_AccountOutOfRange.selector, word),
            "the error names the word"
        );
    }

    function testFuzz_RefusesValue(bytes32 root, uint96 value, uint8 kind) public {
        if (value == 0) return;
        bytes memory data = kind % 3 == 0 ? bytes("") : abi.encode(root);
        if (kind % 3 == 1) data = abi.encodeCall(IAnchorRegistry.anchoredAt, (address(this), root));
        vm.deal(address(this), value);
        (bool success, ) = _registry.call{ value: value }(data);
        check(!success && _registry.balance == 0, "the registry takes no value");
        check(vm.load(_registry, slotOf(address(this), root)) == 0, "a refused call anchors nothing");
    }

    function testFuzz_AnchorsRootsThatLookLikeCalls(address account, uint224 rest) public {
        bytes32 root = bytes32(IAnchorRegistry.anchoredAt.selector) | bytes32(uint256(rest));
        (bool success, ) = _send(account, abi.encode(root));
        check(success, "no root is taken for a call");
        check(vm.load(_registry, slotOf(account, root)) != 0, "no root is taken for a call");
    }

    function test_AnchorsForTheContractThatCalls() public {
        bytes32 root = keccak256("root");
        (bool success, ) = _registry.call(abi.encode(root));
        check(success, "a contract may anchor");
        check(vm.load(_registry, slotOf(address(this), root)) != 0, "the caller's account counts");
        // solhint-disable-next-line avoid-tx-origin
        check(vm.load(_registry, slotOf(tx.origin, root)) == 0, "who signed the transaction does not count");
    }

    function test_AnchorsNothingInAStaticCall() public view {
        bytes32 root = keccak256("root");
        (bool success, ) = _registry.staticcall{ gas: 100_000 }(abi.encode(root));
        check(!success, "a static call cannot anchor");
        (uint64 time, ) = IAnchorRegistry(_registry).anchoredAt(address(this), root);
        check(time == 0, "a static call cannot anchor");
    }

    function _send(address account, bytes memory data) private returns (bool, bytes memory) {
        vm.prank(account);
        return _registry.call(data);
    }

    function _setBlock(uint64 time, uint64 number) private {
        vm.warp(_time(time));
        vm.roll(number);
    }

    /// @dev No block but the first is dated 0. Leaves room for later ones.
    function _time(uint64 time) private pure returns (uint64) {
        return uint64(2 + (uint256(time) % (type(uint64).max - type(uint32).max - 2)));
    }

    function _checkAnchor(address account, bytes32 root, uint64 seed, uint64 number) private view {
        uint64 time = _time(seed);
        bytes32 value = bytes32(uint256(time) | (uint256(number) << 64));
        check(vm.load(_registry, slotOf(account, root)) == value, "the slot holds time and number, and nothing else");
        (uint64 viewTime, uint64 viewNumber) = IAnchorRegistry(_registry).anchoredAt(account, root);
        check(viewTime == time && viewNumber == number, "the view reads the slot");
    }

    function _checkNoneAnchored(address account, bytes32[] memory roots) private view {
        for (uint256 i = 0; i < roots.length; ++i) {
            check(vm.load(_registry, slotOf(account, roots[i])) == 0, "a refused call anchors nothing");
        }
    }

    function _repeatError(address account, bytes32 root, uint64 time) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IAnchorRegistry.AnchorRegistry_RootAlreadyAnchored.selector,
                account,
                root,
                time
            );
    }

    function _roots(bytes32 seed, uint256 n) private pure returns (bytes32[] memory roots) {
        roots = new bytes32[](n);
        for (uint256 i = 0; i < n; ++i) roots[i] = keccak256(abi.encode(seed, i));
    }
}

/// @dev Calls the registry as a few accounts with roots from a small set, so that repeats are frequent, and keeps a
/// model of what must have come of it.
contract Handler {
    struct Anchor {
        address account;
        bytes32 root;
        uint64 time;
        uint64 number;
    }

    uint256 public constant ACCOUNTS = 4;
    uint256 public constant ROOTS = 48;

    address public immutable REGISTRY;

    /// @dev How many anchors there were before the last call.
    uint256 public before;

    Anchor[] private _anchors;
    mapping(address account => mapping(bytes32 root => bool)) private _isAnchored;

    constructor(address registry) {
        REGISTRY = registry;
    }

    function anchor(uint256 who, uint256 seed, uint256 size) external {
        before = _anchors.length;
        address account = accountOf(who % ACCOUNTS);
        uint256 n = 1 + (size % 4);
        bytes32[] memory roots = new bytes32[](n);
        bool expected = true;
        for (uint256 i = 0; i < n; ++i) {
            roots[i] = rootOf(uint256(keccak256(abi.encode(seed, i))) % ROOTS);
            if (_isAnchored[account][roots[i]]) expected = false;
            for (uint256 j = 0; j < i; ++j) if (roots[j] == roots[i]) expected = false;
        }
        vm.recordLogs();
        vm.prank(account);
        (bool success, ) = REGISTRY.call(abi.encodePacked(roots));
        check(success == expected, "6. a call succeeds exactly if all its roots are new to its account");
        // What a call has logged before it failed is recorded too, and was never said.
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!success) return;
        check(logs.length == n, "5. an anchor is one event");
        for (uint256 i = 0; i < n; ++i) {
            check(logs[i].topics[0] == IAnchorRegistry.Anchored.selector, "5. an anchor is one event");
            check(logs[i].topics[1] == bytes32(uint256(uint160(account))), "5. an event names the account");
            check(logs[i].topics[2] == roots[i], "5. an event names the root");
            _isAnchored[account][roots[i]] = true;
            _anchors.push(
                Anchor({
                    account: account,
                    root: roots[i],
                    time: uint64(block.timestamp),
                    number: uint64(block.number)
                })
            );
        }
    }

    function sendGarbage(uint256 who, bytes calldata data, uint96 value) external {
        bool known = value == 0 && data.length != 0 && data.length % 32 == 0;
        if (known) return;
        bool isView = value == 0 && data.length == 68 && bytes4(data) == IAnchorRegistry.anchoredAt.selector;
        if (isView) return;
        address account = accountOf(who % ACCOUNTS);
        vm.deal(account, value);
        vm.prank(account);
        (bool success, ) = REGISTRY.call{ value: value }(data);
        check(!success, "a call that is neither whole roots nor the view fails");
    }

    function passTime(uint32 seconds_, uint16 blocks) external {
        vm.warp(block.timestamp + seconds_);
        vm.roll(block.number + blocks);
    }

    function length() external view returns (uint256) {
        return _anchors.length;
    }

    function anchorAt(uint256 index) external view returns (Anchor memory) {
        return _anchors[index];
    }

    function isAnchored(address account, bytes32 root) external view returns (bool) {
        return _isAnchored[account][root];
    }

    function accountOf(uint256 index) public pure returns (address) {
        return address(uint160(0xacc0 + index));
    }

    function rootOf(uint256 index) public pure returns (bytes32) {
        return keccak256(abi.encode("root", index));
    }
}

/// @notice Whatever anybody calls, in any order and at any time:
///
/// 1. An anchor stays for ever as it was made: for all anchors ever made, slot = time | number << 64 of their block.
/// 2. There are no other anchors: for every account and root, slot ≠ 0 if and only if that account sent that root.
/// 3. The view says what the slot holds.
/// 4. The registry holds no value.
/// 5. An anchor is one event, which names its account and its root, in the order of the call; a call that fails is none.
/// 6. Nobody can keep an account from anchoring what is new to it.
///
/// Forbidden: anchored → not anchored, anchored → anchored at another time.
///
/// After every call this is checked of the anchors that it made and of an older one, at the end of a run of all. Numbers
/// 5 and 6 are held by the handler.
contract AnchorRegistryInvariants {
    Handler private _handler;
    address private _registry;

    function setUp() public {
        _registry = address(new AnchorRegistry());
        _handler = new Handler(_registry);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_HoldsAfterEveryCall() public view {
        uint256 length = _handler.length();
        for (uint256 i = _handler.before(); i < length; ++i) _checkAnchor(i);
        if (length != 0) _checkAnchor(uint256(keccak256(abi.encode(block.timestamp, length))) % length);
        check(_registry.balance == 0, "4. the registry holds value");
    }

    function afterInvariant() public view {
        for (uint256 i = 0; i < _handler.length(); ++i) _checkAnchor(i);
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            for (uint256 j = 0; j < _handler.ROOTS(); ++j) {
                (address account, bytes32 root) = (_handler.accountOf(i), _handler.rootOf(j));
                bool isAnchored = vm.load(_registry, slotOf(account, root)) != 0;
                check(isAnchored == _handler.isAnchored(account, root), "2. an anchor is not its account's");
            }
        }
    }

    function _checkAnchor(uint256 index) private view {
        Handler.Anchor memory anchor = _handler.anchorAt(index);
        check(
            vm.load(_registry, slotOf(anchor.account, anchor.root)) ==
                bytes32(uint256(anchor.time) | (uint256(anchor.number) << 64)),
            "1. an anchor has changed"
        );
        (uint64 time, uint64 number) = IAnchorRegistry(_registry).anchoredAt(anchor.account, anchor.root);
        check(time == anchor.time && number == anchor.number, "3. the view says something else than the slot");
    }
}
