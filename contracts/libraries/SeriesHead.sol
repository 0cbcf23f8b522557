// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title SeriesHead
/// @notice What redeeming reads of a batch's series, in one word: `0 (31) ‖ open (1) ‖ lane (64) ‖ lowest bits of seal
/// (160)`. Packed by hand, because the compiler writes each member of a struct by itself.
library SeriesHead {
    uint256 private constant _LANE_SHIFT = 160;
    uint256 private constant _OPEN = 1 << 224;

    function pack(uint160 seal, uint64 lane, bool isOpen_) internal pure returns (uint256 head) {
        return (isOpen_ ? _OPEN : 0) | (uint256(lane) << _LANE_SHIFT) | seal;
    }

    function sealOf(uint256 head) internal pure returns (uint160) {
        return uint160(head);
    }

    /// @dev Zero as long as the series has no token.
    function laneOf(uint256 head) internal pure returns (uint64) {
        return uint64(head >> _LANE_SHIFT);
    }

    function isOpen(uint256 head) internal pure returns (bool) {
        return head & _OPEN != 0;
    }
}
