// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev What the peers have in common. The issuer is immutable, which is the least that it can cost to ask for it.
abstract contract Soulbound {
    address private immutable _ISSUER = msg.sender;

    /// @dev As ERC-5192 has it.
    event Locked(uint256 tokenId);

    error Refused();

    modifier onlyIssuer() {
        if (msg.sender != _ISSUER) revert Refused();
        _;
    }

    /// @dev Hashed twice, as OpenZeppelin's standard tree does it: no inner node can be read as a leaf.
    function leafOf(uint256 index, address to) internal view returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(block.chainid, address(this), index, to))));
    }
}
