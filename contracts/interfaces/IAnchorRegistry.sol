// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IAnchorRegistry
/// @notice Remembers which account anchored which root, and since when. Nobody owns it, nothing in it is ever changed
/// or deleted, and it holds no other data.
///
/// Anchoring has no function: a call whose calldata is exactly n × 32 bytes (n ≥ 1) anchors n roots for `msg.sender`,
/// and returns nothing. With n = 1 the calldata is the root itself, which is also what a Blockcerts verifier looks for.
/// Either every root of a call is anchored or none is.
///
/// @dev The calldata's length alone decides what a call means, so no root can be taken for a function's selector: 68 is
/// no multiple of 32. For the same reason {AnchorRegistry} does not inherit from this interface, whose function would
/// make the compiler look for selectors first.
///
/// An anchor occupies the storage slot `keccak256(abi.encode(account, root))`: the block's time in the lowest 64 bits,
/// its number in the next 64, zeros above. No other slot is ever written. Verifiers may therefore read an anchor by
/// `eth_getProof`, without calling this contract.
///
/// WARNING: Anybody may anchor any root. An anchor says something only together with its account, and the account
/// only to those who know whose it is.
interface IAnchorRegistry {
    /// @notice Emitted when an account anchors a root.
    /// @param account The account that vouches for everything under `root`.
    /// @param root The 32 bytes that were anchored.
    event Anchored(address indexed account, bytes32 indexed root);

    /// @notice Thrown when the account has already anchored `root`, be it earlier in the same call.
    /// @dev Not a silent no-op: a second anchor would leave verifiers two times to choose from.
    error AnchorRegistry_RootAlreadyAnchored(address account, bytes32 root, uint64 time);

    /// @notice Thrown when the calldata is empty, or neither whole roots nor as long as a call of {anchoredAt}.
    error AnchorRegistry_CalldataLength(uint256 length);

    /// @notice Thrown when the calldata is as long as a call of {anchoredAt} but has another selector.
    error AnchorRegistry_SelectorUnknown(bytes4 selector);

    /// @notice Thrown when the first argument of {anchoredAt} does not fit into an address.
    error AnchorRegistry_AccountOutOfRange(uint256 account);

    /// @notice Since when an account has a root anchored; zeros if it has not.
    /// @param account The account that sent the root.
    /// @param root The 32 bytes that were anchored.
    /// @return time The time of the anchor's block, in seconds since 1970. This is what counts.
    /// @return blockNumber The number of that block, as the chain's EVM reports it. A hint: some rollups report an
    /// estimate of their parent chain's number.
    function anchoredAt(address account, bytes32 root) external view returns (uint64 time, uint64 blockNumber);
}
