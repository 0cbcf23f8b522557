// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IERC1271
/// @notice ERC-1271, standard signature validation for contracts: https://eips.ethereum.org/EIPS/eip-1271.
interface IERC1271 {
    /// @notice Whether a signature is the contract's.
    /// @param hash What is said to be signed.
    /// @param signature Bytes of whichever form the contract knows.
    /// @return magicValue `0x1626ba7e` if it is, anything else if not.
    function isValidSignature(bytes32 hash, bytes memory signature) external view returns (bytes4 magicValue);
}
