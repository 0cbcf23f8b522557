// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBadgeCollection } from "../interfaces/IBadgeCollection.sol";
import { IERC165 } from "../interfaces/IERC165.sol";
import { IERC5192 } from "../interfaces/IERC5192.sol";
import { IERC721 } from "../interfaces/IERC721.sol";
import { IERC721Metadata } from "../interfaces/IERC721Metadata.sol";

/// @title Soulbound
/// @notice What ERC-721 has for moving tokens, all of which fails, and what ERC-5192 has to say so.
abstract contract Soulbound is IBadgeCollection {
    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256 _tokenId, bytes calldata) external payable {
        revert BadgeCollection_TokenLocked(_tokenId);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address, address, uint256 _tokenId) external payable {
        revert BadgeCollection_TokenLocked(_tokenId);
    }

    /// @inheritdoc IERC721
    function transferFrom(address, address, uint256 _tokenId) external payable {
        revert BadgeCollection_TokenLocked(_tokenId);
    }

    /// @inheritdoc IERC721
    function approve(address, uint256 _tokenId) external payable {
        revert BadgeCollection_TokenLocked(_tokenId);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address _operator, bool) external pure {
        revert BadgeCollection_OperatorRefused(_operator);
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 _tokenId) external view returns (address) {
        _requireHolder(_tokenId);
        return address(0);
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address, address) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireHolder(tokenId);
        return true;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceID) external pure returns (bool) {
        return
            interfaceID == type(IERC165).interfaceId ||
            interfaceID == type(IERC721).interfaceId ||
            interfaceID == type(IERC721Metadata).interfaceId ||
            interfaceID == type(IERC5192).interfaceId;
    }

    /// @dev The wallet that holds a token. Reverts if nobody does.
    function _requireHolder(uint256 tokenId) internal view virtual returns (address holder);
}
