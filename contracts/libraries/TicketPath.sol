// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBadgeCollection } from "../interfaces/IBadgeCollection.sol";

/// @title TicketPath
/// @notice Tickets, and the way from one to the root of its tree; `core/src/Ticket.ts` and `core/src/TicketPath.ts` in
/// Solidity.
library TicketPath {
    bytes16 internal constant NAMED_WALLET = "laurel/holder/v1";
    bytes16 internal constant CLAIM_KEY = "laurel/ticket/v1";

    /// @dev A tree of 2^32 tickets has 32 levels, and an index has four bytes.
    uint256 private constant _MAX_LENGTH = 32;

    /// @notice The 32 bytes of a ticket of the contract that this code runs for.
    /// @dev Its preimage has 156 bytes, and that of a node 64: neither can be read as the other.
    /// @param tag What kind of ticket it is.
    function ticketOf(bytes16 tag, IBadgeCollection.Ticket calldata opening) internal view returns (bytes32) {
        return
            sha256(
                abi.encodePacked(
                    tag,
                    block.chainid,
                    address(this),
                    opening.achievement,
                    opening.index,
                    opening.addressee,
                    opening.salt
                )
            );
    }

    /// @notice The root to which a path leads from the ticket at an index.
    ///
    /// Bit by bit from the lowest, the index says for each level on which side the sibling stands: left of a 1, right
    /// of a 0. Only a level on which the node is the last, and alone, has no sibling; there the bit is 0, and so it is
    /// where each level above has none. So with fewer siblings than the index has bits, some of its highest zeros are
    /// the levels that were skipped, and how many there are says which: for an index and a length there is one pattern
    /// at most. Nothing of the index is left over.
    function rootOf(bytes32 ticket, uint256 index, bytes32[] calldata path) internal view returns (bytes32 node) {
        uint256 length = path.length;
        if (length > _MAX_LENGTH) revert IBadgeCollection.BadgeCollection_PathLength(index, length);
        uint256 pattern = index >> length == 0 ? index : _withoutSkipped(index, length);
        bool success = true;
        // Writes to scratch space only, the left node to its first word and the right one to its second. SHA-256 is the
        // contract at 2. By the compiler's own means redeeming costs 10 per cent more at depth 10, and 14 at 20.
        assembly ("memory-safe") {
            node := ticket
            for { let next := path.offset } length { length := sub(length, 1) } {
                let place := shl(5, and(pattern, 1))
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(next))
                success := and(success, staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20))
                node := mload(0x00)
                pattern := shr(1, pattern)
                next := add(next, 0x20)
            }
        }
        // It never fails, but for want of gas.
        assert(success);
    }

    /// @dev The bits of an index without its highest zeros, so that as many are left as the path is long.
    function _withoutSkipped(uint256 index, uint256 length) private pure returns (uint256 pattern) {
        uint256 ones = 0;
        for (uint256 rest = index; rest != 0; rest &= rest - 1) ++ones;
        if (length < ones) revert IBadgeCollection.BadgeCollection_PathLength(index, length);
        uint256 zeros = length - ones;
        uint256 place = 0;
        for (uint256 rest = index; rest != 0; rest >>= 1) {
            if (rest & 1 == 0) {
                if (zeros == 0) continue;
                --zeros;
            }
            pattern |= (rest & 1) << place;
            ++place;
        }
    }
}
