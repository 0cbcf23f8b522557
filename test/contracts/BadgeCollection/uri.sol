// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev `ipfs://b` and base32 of the CID's 36 bytes, bit by bit.
function uriOf(bytes32 digest) pure returns (bytes memory uri) {
    bytes memory cid = abi.encodePacked(hex"01551220", digest);
    uri = "ipfs://b";
    for (uint256 i = 0; i < 288; i += 5) {
        uint256 value = 0;
        for (uint256 bit = i; bit < i + 5; ++bit) {
            value *= 2;
            if (bit < 288) value += (uint8(cid[bit / 8]) >> (7 - (bit % 8))) & 1;
        }
        uri = abi.encodePacked(uri, bytes1(uint8(value < 26 ? 97 + value : 24 + value)));
    }
}
