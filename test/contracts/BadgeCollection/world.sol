// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { AnchorRegistry } from "../../../contracts/AnchorRegistry.sol";
import { BadgeCollection } from "../../../contracts/BadgeCollection.sol";
import { BadgeCollectionFactory } from "../../../contracts/BadgeCollectionFactory.sol";
import { IAnchorRegistry } from "../../../contracts/interfaces/IAnchorRegistry.sol";
import { IBadgeCollection } from "../../../contracts/interfaces/IBadgeCollection.sol";
import { IIssuerDirectory } from "../../../contracts/interfaces/IIssuerDirectory.sol";
import { IssuerDirectory } from "../../../contracts/IssuerDirectory.sol";
import { check, vm } from "../cheats.sol";

/// @dev What is signed, written down once more.
library Signed {
    function redeem(address collection, bytes32 ticket, address to, uint256 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256("Redeem(bytes32 ticket,address to,uint256 deadline)");
        return _digest(collection, keccak256(abi.encode(kind, ticket, to, deadline)));
    }

    function rebind(address collection, uint256 tokenId, address to, uint256 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256("Rebind(uint256 tokenId,address to,uint256 deadline)");
        return _digest(collection, keccak256(abi.encode(kind, tokenId, to, deadline)));
    }

    function by(uint256 privateKey, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        return abi.encodePacked(r, s, v);
    }

    function _digest(address collection, bytes32 message) private view returns (bytes32) {
        bytes32 kind = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
        bytes32 domain = keccak256(abi.encode(kind, block.chainid, collection));
        return keccak256(abi.encodePacked(bytes2(0x1901), domain, message));
    }
}

/// @dev A collection of an issuer that has one account.
abstract contract World {
    bytes16 internal constant NAMED = "laurel/holder/v1";
    bytes16 internal constant KEY = "laurel/ticket/v1";

    address internal constant CONTROLLER = address(0xc01d);
    address internal constant ACCOUNT = address(0xacc0);
    bytes32 internal constant METADATA = "metadata of the collection";

    /// @dev Not read from the block: the optimizer of the production profile would read it again after a warp.
    uint64 internal constant START = 1_780_000_000;

    address internal registry;
    IssuerDirectory internal directory;
    BadgeCollectionFactory internal factory;
    BadgeCollection internal implementation;
    IBadgeCollection internal collection;
    bytes32 internal issuerId;

    function build() internal {
        vm.warp(START);
        registry = address(new AnchorRegistry());
        directory = new IssuerDirectory();
        implementation = new BadgeCollection(IAnchorRegistry(registry), IIssuerDirectory(address(directory)));
        factory = new BadgeCollectionFactory(address(implementation));
        vm.prank(CONTROLLER);
        issuerId = directory.register("salt", "did:web:badges.example.org", "profile");
        add(ACCOUNT);
        collection = IBadgeCollection(factory.deploy(issuerId, METADATA, "Badges", "BDG"));
    }

    function add(address account) internal {
        vm.prank(account);
        directory.consent(issuerId);
        vm.prank(CONTROLLER);
        directory.addAccount(issuerId, account);
    }

    /// @dev Anchors a batch whose tickets have this root.
    function anchor(address account, bytes32 ticketRoot) internal returns (IBadgeCollection.Batch memory batch) {
        batch = IBadgeCollection.Batch(account, sha256(abi.encode(ticketRoot)), ticketRoot, "manifest");
        bytes32 root = sha256(
            abi.encodePacked(sha256(abi.encodePacked(batch.treeRoot, ticketRoot)), batch.manifestDigest)
        );
        vm.prank(account);
        (bool success, ) = registry.call(abi.encode(root));
        check(success, "an account may anchor");
    }

    function open(bytes32 ticketRoot, bytes32 achievement) internal {
        collection.open(anchor(ACCOUNT, ticketRoot), achievement);
    }
}
