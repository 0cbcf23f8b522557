// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBadgeCollection } from "../interfaces/IBadgeCollection.sol";

/// @title Cohort
/// @notice Lists of wallets, kept as the code of a contract that does nothing: one zero byte (STOP), and 20 bytes for
/// each wallet, in ascending order. `core/src/Cohort.ts` makes them in TypeScript.
library Cohort {
    /// @dev The length of a wallet.
    uint256 private constant _WIDTH = 20;

    /// @dev A contract's code has 24,576 bytes at most (EIP-170).
    uint256 private constant _MAX_SIZE = (24_576 - 1) / _WIDTH;

    /// @dev The length of what stands before the wallets in the code that creates a list.
    uint256 private constant _HEADER_LENGTH = 11;

    /// @notice Keeps a list. Does not ask whether it is in order: {BadgeLedger-_mintAll} does, while it passes along
    /// it.
    /// @return cohort The contract whose code it is.
    /// @return list The list in memory.
    function create(bytes calldata wallets) internal returns (address cohort, bytes memory list) {
        uint256 length = wallets.length;
        if (length == 0 || length % _WIDTH != 0 || length / _WIDTH > _MAX_SIZE) {
            revert IBadgeCollection.BadgeCollection_CohortLength(length);
        }
        // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN; and the first byte of what is
        // returned, STOP.
        bytes memory code = abi.encodePacked(hex"61", uint16(1 + length), hex"80600a3d393df300", wallets);
        // What was the header is not read again: its last word becomes the list's length.
        assembly ("memory-safe") {
            cohort := create(0, add(code, 0x20), mload(code))
            list := add(code, _HEADER_LENGTH)
            mstore(list, length)
        }
        // It never fails, but for want of gas.
        assert(cohort != address(0));
    }

    /// @notice A part of a list in memory.
    /// @param first The index of the first wallet.
    /// @param count The number of wallets. Beyond the end of the list there are zeros.
    function load(address cohort, uint256 first, uint256 count) internal view returns (bytes memory list) {
        list = new bytes(_WIDTH * count);
        // Writes the bytes of `list`, no more.
        assembly ("memory-safe") {
            extcodecopy(cohort, add(list, 0x20), add(1, mul(_WIDTH, first)), mload(list))
        }
    }

    /// @notice The number of wallets of a list in memory.
    function sizeOf(bytes memory list) internal pure returns (uint256) {
        return list.length / _WIDTH;
    }

    /// @notice The wallet at an index of a list in memory. The index must be on it.
    function walletAt(bytes memory list, uint256 index) internal pure returns (address wallet) {
        // Reads only: what is behind the list's end is cut off.
        assembly ("memory-safe") {
            wallet := shr(96, mload(add(add(list, 0x20), mul(_WIDTH, index))))
        }
    }

    /// @notice The wallet at an index of a list. The index must be on it.
    function walletAt(address cohort, uint256 index) internal view returns (address wallet) {
        // Writes to scratch space only.
        assembly ("memory-safe") {
            extcodecopy(cohort, 0x00, add(1, mul(_WIDTH, index)), _WIDTH)
            wallet := shr(96, mload(0x00))
        }
    }

    /// @notice Whether a wallet is on a list of `size`, and at which index.
    function find(address cohort, uint256 size, address wallet) internal view returns (bool found, uint256 index) {
        uint256 end = size;
        while (index < end) {
            uint256 middle = (index + end) / 2;
            address candidate = walletAt(cohort, middle);
            if (candidate == wallet) return (true, middle);
            if (candidate < wallet) index = middle + 1;
            else end = middle;
        }
    }
}
