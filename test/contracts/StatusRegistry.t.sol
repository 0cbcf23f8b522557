// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IStatusRegistry } from "../../contracts/interfaces/IStatusRegistry.sol";
import { StatusRegistry } from "../../contracts/StatusRegistry.sol";
import { check, slotOf, vm, Vm } from "./cheats.sol";

function folded(bytes32 head, bytes32 digest, uint256 time) pure returns (bytes32) {
    return keccak256(abi.encodePacked(head, digest, uint256(uint64(time))));
}

contract StatusRegistryTest {
    StatusRegistry private _registry;

    function setUp() public {
        _registry = new StatusRegistry();
    }

    function testFuzz_FoldsEveryVersion(address account, bytes32 listId, bytes32[] memory digests, uint32 step) public {
        bytes32 head;
        for (uint256 i = 0; i < digests.length && i < 20; ++i) {
            vm.warp(block.timestamp + step);
            vm.record();
            vm.prank(account);
            _registry.publish(listId, digests[i]);
            (, bytes32[] memory writes) = vm.accesses(address(_registry));
            check(writes.length == 1 && writes[0] == slotOf(account, listId), "a version writes its slot and no other");
            head = folded(head, digests[i], block.timestamp);
            check(vm.load(address(_registry), slotOf(account, listId)) == head, "the slot holds the head");
            check(_registry.headOf(account, listId) == head, "the view reads the slot");
        }
    }

    function testFuzz_KeepsAccountsAndListsApart(address account, address other, bytes32 listId, bytes32 digest) public {
        if (account == other) return;
        vm.prank(account);
        _registry.publish(listId, digest);
        bytes32 head = folded(0, digest, block.timestamp);
        check(_registry.headOf(other, listId) == 0, "a head is nobody else's");
        check(_registry.headOf(account, ~listId) == 0, "a head is no other list's");
        vm.prank(other);
        _registry.publish(listId, ~digest);
        check(_registry.headOf(account, listId) == head, "nobody can change another account's head");
    }

    function testFuzz_TellsHistoriesApart(bytes32 first, bytes32 second, uint32 between) public {
        if (first == second) return;
        // Not the block's time: the optimizer of the production profile would read it again after the warp.
        uint256 start = 1_780_000_000;
        vm.warp(start);
        _registry.publish(0, first);
        vm.warp(start + between);
        _registry.publish(0, second);
        bytes32 head = _registry.headOf(address(this), 0);
        check(head == folded(folded(0, first, start), second, start + between), "the whole history folds to the head");
        check(head != folded(folded(0, second, start), first, start + between), "another order does not");
        check(head != folded(0, second, start + between), "a history with a gap does not");
    }

    function testFuzz_FoldsSixtyFourBitsOfTheTime(bytes32 digest, uint256 time) public {
        vm.warp(time);
        _registry.publish(0, digest);
        check(_registry.headOf(address(this), 0) == folded(0, digest, time), "the time is 64 bits of the block's");
    }

    function test_PublishesForTheContractThatCalls() public {
        (bytes32 listId, bytes32 digest) = (keccak256("list"), keccak256("digest"));
        vm.recordLogs();
        _registry.publish(listId, digest);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        check(logs.length == 1 && logs[0].emitter == address(_registry), "a version is one event");
        check(logs[0].topics[0] == IStatusRegistry.Published.selector, "a version is one event");
        check(logs[0].topics[1] == bytes32(uint256(uint160(address(this)))), "the caller's account counts");
        check(logs[0].topics[2] == listId && bytes32(logs[0].data) == digest, "the event says what was published");
        // solhint-disable-next-line avoid-tx-origin
        check(_registry.headOf(tx.origin, listId) == 0, "who signed the transaction does not count");
    }

    function testFuzz_RefusesValue(bytes32 listId, bytes32 digest, uint96 value) public {
        if (value == 0) return;
        vm.deal(address(this), value);
        bytes memory data = abi.encodeCall(IStatusRegistry.publish, (listId, digest));
        (bool success, ) = address(_registry).call{ value: value }(data);
        check(!success && address(_registry).balance == 0, "the registry takes no value");
        check(_registry.headOf(address(this), listId) == 0, "a refused call publishes nothing");
    }

    function testFuzz_RefusesOtherCalls(bytes calldata data) public {
        bytes4 selector = bytes4(data);
        if (selector == IStatusRegistry.publish.selector || selector == IStatusRegistry.headOf.selector) return;
        (bool success, ) = address(_registry).call(data);
        check(!success, "the registry knows two functions");
    }
}

/// @dev Publishes as a few accounts under a few lists, and keeps the histories.
contract StatusHandler {
    struct Version {
        bytes32 digest;
        uint256 time;
    }

    uint256 public constant ACCOUNTS = 3;
    uint256 public constant LISTS = 3;

    StatusRegistry public immutable REGISTRY;

    /// @dev Whose list the last call was about.
    address public account;
    bytes32 public listId;

    mapping(address account => mapping(bytes32 listId => Version[])) private _histories;
    mapping(address account => mapping(bytes32 listId => bytes32)) private _heads;

    constructor(StatusRegistry registry) {
        REGISTRY = registry;
    }

    function publish(uint256 who, uint256 which, bytes32 digest) external {
        (account, listId) = (accountOf(who % ACCOUNTS), bytes32(which % LISTS));
        vm.prank(account);
        REGISTRY.publish(listId, digest);
        _histories[account][listId].push(Version({ digest: digest, time: block.timestamp }));
        _heads[account][listId] = folded(_heads[account][listId], digest, block.timestamp);
    }

    function passTime(uint32 seconds_) external {
        vm.warp(block.timestamp + seconds_);
    }

    function sendValue(uint256 who, uint256 which, bytes32 digest, uint96 value) external {
        if (value == 0) return;
        address sender = accountOf(who % ACCOUNTS);
        bytes memory data = abi.encodeCall(IStatusRegistry.publish, (bytes32(which % LISTS), digest));
        vm.deal(sender, value);
        vm.prank(sender);
        (bool success, ) = address(REGISTRY).call{ value: value }(which % 2 == 0 ? bytes("") : data);
        check(!success, "2. a call that carries value fails");
    }

    /// @dev The head as it came about.
    function headOf(address of_, bytes32 list) external view returns (bytes32) {
        return _heads[of_][list];
    }

    /// @dev The head as a stranger computes it, from the whole history.
    function foldOf(address of_, bytes32 list) external view returns (bytes32 head) {
        Version[] storage history = _histories[of_][list];
        for (uint256 i = 0; i < history.length; ++i) head = folded(head, history[i].digest, history[i].time);
    }

    function accountOf(uint256 index) public pure returns (address) {
        return address(uint160(0xacc0 + index));
    }
}

/// @notice Whatever anybody publishes, in any order and at any time:
///
/// 1. The head of each list of each account is what its own history folds to, and nothing else.
/// 2. The registry holds no value.
///
/// Forbidden: a history → the same without one of its versions, or in another order.
///
/// After every call this is checked of the list that was published, at the end of a run of all.
contract StatusRegistryInvariants {
    StatusHandler private _handler;
    StatusRegistry private _registry;

    function setUp() public {
        _registry = new StatusRegistry();
        _handler = new StatusHandler(_registry);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_HoldsAfterEveryCall() public view {
        (address account, bytes32 listId) = (_handler.account(), _handler.listId());
        check(_registry.headOf(account, listId) == _handler.headOf(account, listId), "1. a head is not its history");
        check(address(_registry).balance == 0, "2. the registry holds value");
    }

    function afterInvariant() public view {
        for (uint256 i = 0; i < _handler.ACCOUNTS(); ++i) {
            for (uint256 j = 0; j < _handler.LISTS(); ++j) {
                (address account, bytes32 listId) = (_handler.accountOf(i), bytes32(j));
                check(
                    _registry.headOf(account, listId) == _handler.foldOf(account, listId),
                    "1. a head is not its history"
                );
            }
        }
    }
}
