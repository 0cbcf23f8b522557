// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IStatusRegistry } from "./interfaces/IStatusRegistry.sol";

/// @title StatusRegistry
/// @notice See {IStatusRegistry}.
contract StatusRegistry is IStatusRegistry {
    /// @inheritdoc IStatusRegistry
    function publish(bytes32 listId, bytes32 digest) external {
        bytes32 slot = _slot(msg.sender, listId);
        _store(slot, keccak256(abi.encode(_load(slot), digest, uint64(block.timestamp))));
        emit Published(msg.sender, listId, digest);
    }

    /// @inheritdoc IStatusRegistry
    function headOf(address account, bytes32 listId) external view returns (bytes32 head) {
        return _load(_slot(account, listId));
    }

    /// @dev The slot is part of the interface: it has to be what a mapping would not make it.
    function _slot(address account, bytes32 listId) private pure returns (bytes32) {
        return keccak256(abi.encode(account, listId));
    }

    function _load(bytes32 slot) private view returns (bytes32 value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    /// @dev Safe because every slot comes from {_slot}: the contract has no state variable that one could collide with.
    function _store(bytes32 slot, bytes32 value) private {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}
