// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { Tickets } from "./BadgeCollection/tickets.sol";

/// @notice What a batch commits to, in Solidity: the leaves of credentials and the tree over them are in no contract,
/// because no contract is ever shown a credential.
contract Commitments {
    function leafOf(bytes32 documentDigest, bytes32 blind) public pure returns (bytes32) {
        return sha256(abi.encodePacked(documentDigest, blind));
    }

    /// @notice The root that is anchored of credentials with these digests and blinds.
    function rootOf(
        bytes32[] calldata documentDigests,
        bytes32[] calldata blinds,
        bytes32 ticketRoot,
        bytes32 manifestDigest
    ) external pure returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](documentDigests.length);
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = leafOf(documentDigests[i], blinds[i]);
        bytes32 roots = sha256(abi.encodePacked(Tickets.rootOf(leaves), ticketRoot));
        return sha256(abi.encodePacked(roots, manifestDigest));
    }
}
