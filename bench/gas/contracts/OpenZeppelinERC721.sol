// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import { BitMaps } from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import { MerkleProof } from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import { Soulbound } from "./Soulbound.sol";

/// @dev Soulbound badges as one writes them with OpenZeppelin: the guard in the one override point.
contract OpenZeppelinERC721 is ERC721, Soulbound {
    using BitMaps for BitMaps.BitMap;

    uint256 private _next = 1 << 128;
    bytes32 private _root;
    BitMaps.BitMap private _redeemed;

    constructor() ERC721("Badges", "BADGE") {}

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
        if (_redeemed.get(index)) revert Refused();
        if (!MerkleProof.verifyCalldata(proof, _root, leafOf(index, to))) revert Refused();
        _redeemed.set(index);
        _mint(to, index);
        emit Locked(index);
    }

    function burn(uint256[] calldata tokenIds) external onlyIssuer {
        for (uint256 i = 0; i < tokenIds.length; ++i) _burn(tokenIds[i]);
    }

    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0) && to != address(0)) revert Refused();
    }
}
