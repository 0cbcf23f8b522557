// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IERC165
/// @notice Standard interface detection, as in ERC-165.
interface IERC165 {
    /// @notice Whether the contract implements an interface.
    /// @param interfaceID The interface's identifier: the XOR of its functions' selectors.
    function supportsInterface(bytes4 interfaceID) external view returns (bool);
}
