// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { Cid } from "../../../contracts/libraries/Cid.sol";
import { SeriesHead } from "../../../contracts/libraries/SeriesHead.sol";
import { Signature } from "../../../contracts/libraries/Signature.sol";
import { TokenId } from "../../../contracts/libraries/TokenId.sol";
import { check, checkSame, vm } from "../cheats.sol";
import { uriOf } from "./uri.sol";

/// @dev What of a collection is a function of its arguments alone, by itself: cheap enough for many random cases.
contract LibrariesTest {
    uint256 private constant _ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_WritesTheAddressOfADigest(bytes32 digest) public pure {
        checkSame(bytes(Cid.uri(digest)), uriOf(digest), "metadata are found by their digest");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_PacksTheHeadOfASeries(uint160 seal, uint64 lane, bool isOpen) public pure {
        uint256 head = SeriesHead.pack({ seal: seal, lane: lane, isOpen_: isOpen });
        check(head == uint256(bytes32(abi.encodePacked(uint24(0), uint8(isOpen ? 1 : 0), lane, seal))), "as published");
        check(SeriesHead.sealOf(head) == seal, "a seal is read back");
        check(SeriesHead.laneOf(head) == lane, "a lane is read back");
        check(SeriesHead.isOpen(head) == isOpen, "whether it is open is read back");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_NumbersTheSeriesOfABatch(bytes32 ticketRoot, bytes32 achievement, address wallet) public pure {
        (uint96 series, uint160 seal) = TokenId.seriesOf(ticketRoot, achievement);
        bytes32 whole = keccak256(abi.encodePacked(ticketRoot, achievement));
        check(bytes12(whole) | bytes12(uint96(1) << 95) == bytes12(series), "the highest bits are the series");
        check(uint160(uint256(whole)) == seal, "the others are the seal");
        check(TokenId.isOfBatch(series), "it is a batch's");
        uint256 tokenId = TokenId.ofWallet(series, wallet);
        check(tokenId == uint256(bytes32(abi.encodePacked(series, wallet))), "a token is a series and a wallet");
        check(!TokenId.isAwarded(tokenId), "it was not awarded");
        (uint96 series_, address wallet_) = TokenId.walletOf(tokenId);
        check(series_ == series && wallet_ == wallet, "both are read back");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_NumbersWhatWasAwarded(uint64 award, uint32 index, address wallet) public pure {
        uint256 tokenId = TokenId.ofAward(award, index);
        check(tokenId == uint96(bytes12(abi.encodePacked(award, index))), "a token is an award and an index");
        check(TokenId.isAwarded(tokenId), "it was awarded");
        (uint256 award_, uint256 index_) = TokenId.awardOf(tokenId);
        check(award_ == award && index_ == index, "both are read back");
        check(!TokenId.isOfBatch(award), "an award's series is no batch's");
        bool isBound = award != 0;
        check(TokenId.isAwarded(TokenId.ofWallet(award, wallet)) != isBound, "bound to a wallet it is another token");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_KnowsWhoseASignatureIs(uint256 seed, bytes32 digest, uint16 bit, address other) public view {
        uint256 privateKey = 1 + (seed % (_ORDER - 1));
        address account = vm.addr(privateKey);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        bytes memory signature = abi.encodePacked(r, s, v);
        check(this.isByKey(account, digest, signature), "a key's signature is its own");
        check(other == account || !this.isByKey(other, digest, signature), "and nobody else's");
        check(!this.isByKey(address(0), digest, signature), "and not nobody's");
        check(!this.isByKey(account, keccak256(abi.encode(digest)), signature), "and of this digest only");
        signature[(bit / 8) % 65] ^= bytes1(uint8(1 << (bit % 8)));
        check(!this.isByKey(account, digest, signature), "with any bit another one it is none");
        signature = abi.encodePacked(r, bytes32(_ORDER - uint256(s)), 55 - v);
        check(!this.isByKey(account, digest, signature), "with the other s it is none");
    }

    function isByKey(address account, bytes32 digest, bytes calldata signature) external pure returns (bool) {
        return Signature.isByKey({ account: account, digest: digest, signature: signature });
    }
}
