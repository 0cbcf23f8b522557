// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IBadgeCollectionFactory
/// @notice Makes collections of badge tokens, as {IBadgeCollection} describes them. Nobody owns it, and it holds no
/// data.
///
/// What a collection is made with is a part of its code, and its address follows from it: so nobody can make another
/// collection at the address that an issuer's tickets name, and anybody can make that one, should the issuer not exist
/// any more. There is nothing to set up afterwards.
///
/// @dev The code that creates a collection is `0x61 ‖ uint16(45 + length of arguments) ‖ 0x3d81600a3d39f3 ‖
/// 0x363d3d373d3d3d363d73 ‖ implementation ‖ 0x5af43d82803e903d91602b57fd5bf3 ‖ arguments`, where `arguments =
/// abi.encode(issuerId, metadataDigest, name, symbol)`. It is sent to CREATE2 with the salt `keccak256(arguments)`.
///
/// WARNING: Anybody may make a collection with anybody's issuer id and any name. Only that issuer can award in it, or
/// anchor batches that can be redeemed in it; whether it has ever meant to, its tickets and awards say.
interface IBadgeCollectionFactory {
    /// @notice Emitted when a collection has been made.
    event CollectionDeployed(bytes32 indexed issuerId, address indexed collection);

    /// @notice Thrown when names are so long that they do not fit into a contract's code.
    error BadgeCollectionFactory_ArgumentsTooLong(uint256 length);

    /// @notice Makes a collection. If it has been made already, whoever did, nothing happens.
    /// @dev Emits {CollectionDeployed} if it has not.
    /// @param issuerId The issuer, as {IIssuerDirectory} knows it.
    /// @param metadataDigest SHA-256 of the collection's metadata (ERC-7572).
    /// @param name The collection's name.
    /// @param symbol An abbreviation of it.
    /// @return collection Where the collection is.
    function deploy(
        bytes32 issuerId,
        bytes32 metadataDigest,
        string calldata name,
        string calldata symbol
    ) external returns (address collection);

    /// @notice Where the collection is, or would be, that is made with these arguments.
    function collectionOf(
        bytes32 issuerId,
        bytes32 metadataDigest,
        string calldata name,
        string calldata symbol
    ) external view returns (address collection);

    /// @notice The contract whose code all collections run.
    function implementation() external view returns (address);
}
