// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title IStatusRegistry
/// @notice Remembers which digest of which status list an account has published, in which order and when. Nobody owns
/// it, and it holds no other data: of each list one word, the head of a hash chain over all that was published.
///
/// A history from anybody, a list of (digest, time) pairs, is whole and in order if and only if it folds to the head:
/// starting with zero, `head' = keccak256(abi.encode(head, digest, uint64 time))` for each pair.
///
/// @dev The head of a list occupies the storage slot `keccak256(abi.encode(account, listId))`, and no other slot is
/// ever written. Verifiers may therefore read a head by `eth_getProof`, without calling this contract.
///
/// WARNING: Anybody may publish anything under any `listId`. A head says something only together with its account, and
/// the account only to those who know whose it is. An account can be late or silent; it cannot take back or reorder.
interface IStatusRegistry {
    /// @notice Emitted when an account publishes a digest. Its time is the block's.
    /// @param account The account that vouches for the list.
    /// @param listId SHA-256 of the list's URL.
    /// @param digest SHA-256 of the list credential's canonical bytes.
    event Published(address indexed account, bytes32 indexed listId, bytes32 digest);

    /// @notice Publishes the digest of the newest version of a list, for `msg.sender`.
    ///
    /// The same digest may be published again: that says that the list has not changed since.
    /// @dev Emits {Published}. Takes no value.
    /// @param listId SHA-256 of the list's URL.
    /// @param digest SHA-256 of the list credential's canonical bytes.
    function publish(bytes32 listId, bytes32 digest) external;

    /// @notice The head of the hash chain of a list; zero if the account has never published it.
    /// @param account The account that published the list.
    /// @param listId SHA-256 of the list's URL.
    /// @return head `keccak256(abi.encode(head before, digest, uint64 time))` of what was published last.
    function headOf(address account, bytes32 listId) external view returns (bytes32 head);
}
