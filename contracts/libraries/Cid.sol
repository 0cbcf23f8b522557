// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Cid
/// @notice The addresses of raw blocks on IPFS; `core/src/Cid.ts` in Solidity.
library Cid {
    /// @dev The digits of base32 (RFC 4648, in lower case).
    bytes32 private constant _DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    /// @dev CIDv1, codec raw, multihash sha2-256 of 32 bytes.
    bytes4 private constant _PREFIX = 0x01551220;

    /// @dev 36 bytes are 57 digits of five bits, and one of three bits and two zeros.
    uint256 private constant _LENGTH = 58;

    /// @notice `ipfs://` and the CID of the raw block that has this SHA-256.
    function uri(bytes32 digest) internal pure returns (string memory) {
        // The 36 bytes, from the highest bit of `high` on.
        uint256 high = uint256(bytes32(_PREFIX)) | (uint256(digest) >> 32);
        uint256 low = uint256(digest) << 224;
        bytes memory cid = new bytes(_LENGTH);
        for (uint256 i = 0; i < _LENGTH; ++i) {
            cid[i] = _DIGITS[high >> 251];
            high = (high << 5) | (low >> 251);
            low <<= 5;
        }
        return string.concat("ipfs://b", string(cid));
    }
}
