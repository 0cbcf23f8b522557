// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { ERC721 } from "solady/src/tokens/ERC721.sol";
import { LibBitmap } from "solady/src/utils/LibBitmap.sol";
import { MerkleProofLib } from "solady/src/utils/MerkleProofLib.sol";
import { Soulbound } from "./Soulbound.sol";

contract SoladyERC721 is ERC721, Soulbound {
    using LibBitmap for LibBitmap.Bitmap;

    uint256 private _next = 1 << 128;
    bytes32 private _root;
    LibBitmap.Bitmap private _redeemed;

    function award(address[] calldata recipients) external onlyIssuer {
        uint256 tokenId = _next;
        for (uint256 i = 0; i < recipients.length; ++i) {
            _mint(recipients[i], tokenId);
            emit Locked(tokenId++);
        }
        _next = tokenId;
    }

    function open(bytes32 root) external onlyIssuer {
        _root = root;
    }

    function redeem(uint256 index, address to, bytes32[] calldata proof) external {
        if (!MerkleProofLib.verifyCalldata(proof, _root, leafOf(index, to))) revert Refused();
        // `toggle` answers with the new value: false means that it had been redeemed.
        if (!_redeemed.toggle(index)) revert Refused();
        _mint(to, index);
        emit Locked(index);
    }

    function burn(uint256[] calldata tokenIds) external onlyIssuer {
        for (uint256 i = 0; i < tokenIds.length; ++i) _burn(tokenIds[i]);
    }

    function name() public pure override returns (string memory) {
        return "Badges";
    }

    function symbol() public pure override returns (string memory) {
        return "BADGE";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function _beforeTokenTransfer(address from, address to, uint256) internal pure override {
        if (from != address(0) && to != address(0)) revert Refused();
    }
}
