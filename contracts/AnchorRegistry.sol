// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IAnchorRegistry } from "./interfaces/IAnchorRegistry.sol";

/// @title AnchorRegistry
/// @notice See {IAnchorRegistry}, which says why this contract answers its calls without inheriting from it.
contract AnchorRegistry {
    /// @dev The length of a call of {IAnchorRegistry-anchoredAt}: a selector and two words.
    uint256 private constant _ANCHORED_AT_LENGTH = 4 + 2 * 32;

    /// @dev Not payable: a call that carries value reverts.
    fallback() external {
        uint256 length = msg.data.length;
        if (length % 32 != 0) _anchoredAt(length);
        if (length == 0) revert IAnchorRegistry.AnchorRegistry_CalldataLength(length);
        // Meets the length exactly, since it is a multiple of 32 here, and long before 2^256.
        unchecked {
            for (uint256 offset = 0; offset != length; offset += 32) {
                _anchor({ account: msg.sender, root: _word(offset) });
            }
        }
    }

    function _anchor(address account, bytes32 root) private {
        bytes32 slot = _slot(account, root);
        uint256 anchor = _load(slot);
        if (anchor != 0) {
            revert IAnchorRegistry.AnchorRegistry_RootAlreadyAnchored(account, root, _time(anchor));
        }
        // Neither the time in seconds nor the number of a block comes near 2^64.
        _store(slot, block.timestamp | (block.number << 64));
        emit IAnchorRegistry.Anchored(account, root);
    }

    /// @dev Ends the call, by an answer or by an error.
    function _anchoredAt(uint256 length) private view {
        if (length != _ANCHORED_AT_LENGTH) revert IAnchorRegistry.AnchorRegistry_CalldataLength(length);
        if (msg.sig != IAnchorRegistry.anchoredAt.selector) {
            revert IAnchorRegistry.AnchorRegistry_SelectorUnknown(msg.sig);
        }
        uint256 account = uint256(_word(4));
        if (account > type(uint160).max) revert IAnchorRegistry.AnchorRegistry_AccountOutOfRange(account);
        uint256 anchor = _load(_slot(address(uint160(account)), _word(36)));
        bytes memory answer = abi.encode(_time(anchor), uint64(anchor >> 64));
        assembly ("memory-safe") {
            return(add(answer, 0x20), mload(answer))
        }
    }

    function _time(uint256 anchor) private pure returns (uint64) {
        return uint64(anchor);
    }

    /// @dev keccak256(abi.encode(account, root))
    function _slot(address account, bytes32 root) private pure returns (bytes32 slot) {
        // Writes to the two scratch words only. The shifts clear what the compiler may have left above an address.
        assembly ("memory-safe") {
            mstore(0x00, shr(96, shl(96, account)))
            mstore(0x20, root)
            slot := keccak256(0x00, 0x40)
        }
    }

    function _word(uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(offset)
        }
    }

    function _load(bytes32 slot) private view returns (uint256 value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    /// @dev Safe because every slot comes from {_slot}: the contract has no state variable that one could collide with.
    function _store(bytes32 slot, uint256 value) private {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}
