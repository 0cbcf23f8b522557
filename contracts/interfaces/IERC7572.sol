// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IERC7572
/// @notice Contract-level metadata, as in ERC-7572.
interface IERC7572 {
    function contractURI() external view returns (string memory);

    event ContractURIUpdated();
}
