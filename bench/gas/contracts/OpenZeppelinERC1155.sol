// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { ERC1155 } from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import { Soulbound } from "./Soulbound.sol";

/// @dev One id for each achievement, one unit for each recipient. ERC-1155 knows no `Locked`, so none is emitted.
contract OpenZeppelinERC1155 is ERC1155, Soulbound {
    constructor() ERC1155("") {}

    function award(uint256 achievement, address[] calldata recipients) external onlyIssuer {
        for (uint256 i = 0; i < recipients.length; ++i) _mint(recipients[i], achievement, 1, "");
    }

    function burn(uint256 achievement, address[] calldata holders) external onlyIssuer {
        for (uint256 i = 0; i < holders.length; ++i) _burn(holders[i], achievement, 1);
    }

    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        if (from != address(0) && to != address(0)) revert Refused();
        super._update(from, to, ids, values);
    }
}
