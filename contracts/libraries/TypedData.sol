// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title TypedData
/// @notice What is signed for a collection, by EIP-712; `core/src/BadgeCollection.ts` has it in TypeScript. The domain
/// is the chain's id of the moment, so that after a fork no signature counts on both sides, and the collection.
library TypedData {
    bytes32 private constant _DOMAIN = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant _REDEEM = keccak256("Redeem(bytes32 ticket,address to,uint256 deadline)");
    bytes32 private constant _REBIND = keccak256("Rebind(uint256 tokenId,address to,uint256 deadline)");

    /// @notice What a claim key signs, for the one wallet that its ticket is to be redeemed for.
    function redeem(bytes32 ticket, address to, uint256 deadline) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(_REDEEM, ticket, to, deadline)));
    }

    /// @notice What the holder of a token signs, for the wallet that it is to be bound to.
    function rebind(uint256 tokenId, address to, uint256 deadline) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(_REBIND, tokenId, to, deadline)));
    }

    function _digest(bytes32 message) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(_DOMAIN, block.chainid, address(this)));
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }
}
