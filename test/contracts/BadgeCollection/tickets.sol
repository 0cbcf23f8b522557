// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IBadgeCollection } from "../../../contracts/interfaces/IBadgeCollection.sol";

/// @dev Tickets and their trees, written down once more, in the plainest way.
library Tickets {
    /// @param kind 16 bytes: which of the two kinds.
    function commitment(
        bytes16 kind,
        uint256 chainId,
        address collection,
        IBadgeCollection.Ticket memory ticket
    ) internal pure returns (bytes32) {
        bytes memory rest = abi.encodePacked(ticket.achievement, ticket.index, ticket.addressee, ticket.salt);
        return sha256(abi.encodePacked(kind, chainId, collection, rest));
    }

    /// @dev Level by level: an odd last node is promoted unchanged.
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        while (level.length > 1) level = _above(level);
        return level[0];
    }

    function pathOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory level = leaves;
        path = new bytes32[](40);
        uint256 length = 0;
        for (; level.length > 1; index /= 2) {
            uint256 sibling = index % 2 == 0 ? index + 1 : index - 1;
            if (sibling < level.length) path[length++] = level[sibling];
            level = _above(level);
        }
        return firstOf(path, length);
    }

    function firstOf(bytes32[] memory path, uint256 length) internal pure returns (bytes32[] memory cut) {
        cut = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) cut[i] = path[i];
    }

    function _above(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            bool isAlone = 2 * i + 1 == level.length;
            above[i] = isAlone ? level[2 * i] : sha256(abi.encodePacked(level[2 * i], level[2 * i + 1]));
        }
    }
}
