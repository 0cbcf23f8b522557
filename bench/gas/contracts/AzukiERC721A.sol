// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { ERC721A } from "erc721a/contracts/ERC721A.sol";
import { Soulbound } from "./Soulbound.sol";

/// @dev ERC721A saves where one owner gets many tokens. Here each has an owner of its own.
contract AzukiERC721A is ERC721A, Soulbound {
    constructor() ERC721A("Badges", "BADGE") {}

    function award(address[] calldata recipients) external onlyIssuer {
        uint256 tokenId = _nextTokenId();
        for (uint256 i = 0; i < recipients.length; ++i) {
            _mint(recipients[i], 1);
            emit Locked(tokenId++);
        }
    }

    function burn(uint256[] calldata tokenIds) external onlyIssuer {
        for (uint256 i = 0; i < tokenIds.length; ++i) _burn(tokenIds[i]);
    }

    function _beforeTokenTransfers(address from, address to, uint256, uint256) internal pure override {
        if (from != address(0) && to != address(0)) revert Refused();
    }
}
