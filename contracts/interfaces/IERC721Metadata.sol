// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IERC721Metadata
/// @notice The metadata extension of ERC-721.
interface IERC721Metadata {
    function name() external view returns (string memory _name);

    function symbol() external view returns (string memory _symbol);

    function tokenURI(uint256 _tokenId) external view returns (string memory);
}
