// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBadgeCollectionFactory } from "./interfaces/IBadgeCollectionFactory.sol";
import { Clone } from "./libraries/Clone.sol";

/// @title BadgeCollectionFactory
/// @notice See {IBadgeCollectionFactory}.
contract BadgeCollectionFactory is IBadgeCollectionFactory {
    address private immutable _IMPLEMENTATION;

    /// @dev Asks nothing of the implementation, so that the code does not depend on the chain.
    constructor(address implementation_) {
        _IMPLEMENTATION = implementation_;
    }

    /// @inheritdoc IBadgeCollectionFactory
    function deploy(
        bytes32 issuerId,
        bytes32 metadataDigest,
        string calldata name,
        string calldata symbol
    ) external returns (address collection) {
        (bytes memory initCode, bytes32 salt) = _creationOf(abi.encode(issuerId, metadataDigest, name, symbol));
        collection = _addressOf(initCode, salt);
        if (collection.code.length != 0) return collection;
        // Reads `initCode` only.
        assembly ("memory-safe") {
            collection := create2(0, add(initCode, 0x20), mload(initCode), salt)
        }
        // It never fails, but for want of gas.
        assert(collection != address(0));
        emit CollectionDeployed(issuerId, collection);
    }

    /// @inheritdoc IBadgeCollectionFactory
    function collectionOf(
        bytes32 issuerId,
        bytes32 metadataDigest,
        string calldata name,
        string calldata symbol
    ) external view returns (address collection) {
        (bytes memory initCode, bytes32 salt) = _creationOf(abi.encode(issuerId, metadataDigest, name, symbol));
        return _addressOf(initCode, salt);
    }

    /// @inheritdoc IBadgeCollectionFactory
    function implementation() external view returns (address) {
        return _IMPLEMENTATION;
    }

    function _creationOf(bytes memory arguments) private view returns (bytes memory initCode, bytes32 salt) {
        if (arguments.length > Clone.MAX_ARGUMENTS_LENGTH) {
            revert BadgeCollectionFactory_ArgumentsTooLong(arguments.length);
        }
        return (Clone.initCode(_IMPLEMENTATION, arguments), keccak256(arguments));
    }

    function _addressOf(bytes memory initCode, bytes32 salt) private view returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(this), salt, keccak256(initCode)));
        return address(uint160(uint256(hash)));
    }
}
