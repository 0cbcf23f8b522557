// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBadgeCollection } from "../interfaces/IBadgeCollection.sol";
import { IERC721 } from "../interfaces/IERC721.sol";
import { IERC721Metadata } from "../interfaces/IERC721Metadata.sol";
import { Cid } from "../libraries/Cid.sol";
import { Cohort } from "../libraries/Cohort.sol";
import { SeriesHead } from "../libraries/SeriesHead.sol";
import { TokenId } from "../libraries/TokenId.sol";
import { Soulbound } from "./Soulbound.sol";

/// @title BadgeLedger
/// @notice Who holds which token, and nothing of who may change that: the only functions that make tokens and take them
/// away, and all that reads them.
abstract contract BadgeLedger is Soulbound {
    /// @dev What a wallet has of a series: two bits. Only {_NEVER} becomes {_HELD}, and only {_HELD} becomes {_GONE}.
    uint256 private constant _NEVER = 0;
    uint256 private constant _HELD = 1;
    uint256 private constant _GONE = 2;

    /// @dev The lower bit of each pair: all that are {_HELD}.
    uint256 private constant _ALL_HELD = type(uint256).max / 3;

    uint96 private constant _LANES_PER_WORD = 128;

    /// @dev The lane of an award's series is this and its number. All lanes of batches' series are below.
    uint96 private constant _AWARD_LANES = 1 << 64;

    struct SeriesRecord {
        uint256 head; // + 0, see {SeriesHead}
        bytes32 achievement; // + 1
        address account; // + 2
        uint64 anchoredOn; // + 2
    }

    // The order of these variables, and of the members of what they hold, is part of the interface.

    uint64 private _laneCount; // slot 0
    uint64 internal _awardCount; // slot 0
    mapping(uint256 award => Award) internal _awards; // slot 1
    mapping(uint96 series => SeriesRecord) internal _series; // slot 2
    mapping(uint256 key => uint256 word) private _holdings; // slot 3
    mapping(uint256 award => mapping(uint256 word => uint256 bits)) private _gone; // slot 4
    mapping(bytes32 ticketRoot => mapping(uint256 word => uint256 bits)) internal _spent; // slot 5
    mapping(uint256 tokenId => Rebinding) internal _rebindings; // slot 6

    /// @inheritdoc IERC721
    function ownerOf(uint256 _tokenId) external view returns (address) {
        return _requireHolder(_tokenId);
    }

    /// @inheritdoc IERC721
    /// @dev Looks into every list of every award: for reading from outside, not for use by other contracts.
    function balanceOf(address _owner) external view returns (uint256) {
        if (_owner == address(0)) revert ERC721InvalidOwner(_owner);
        return
            _countAwarded(_owner) +
            _countHeld({ wallet: _owner, first: 0, last: _laneCount }) +
            _countHeld({ wallet: _owner, first: _AWARD_LANES, last: _AWARD_LANES + _awardCount });
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 _tokenId) external view returns (string memory) {
        _requireHolder(_tokenId);
        uint96 series = _seriesOf(_tokenId);
        return Cid.uri(TokenId.isOfBatch(series) ? _series[series].achievement : _awards[series].achievement);
    }

    /// @inheritdoc IBadgeCollection
    function awardCount() external view returns (uint256) {
        return _awardCount;
    }

    /// @inheritdoc IBadgeCollection
    function awardOf(uint256 number) external view returns (Award memory) {
        return _awards[number];
    }

    /// @inheritdoc IBadgeCollection
    function seriesOf(bytes32 ticketRoot, bytes32 achievement) external view returns (Series memory) {
        (uint96 series, uint160 seal) = TokenId.seriesOf(ticketRoot, achievement);
        SeriesRecord storage record = _series[series];
        uint256 head = record.head;
        if (SeriesHead.sealOf(head) != seal) return Series(series, false, 0, address(0), 0);
        return
            Series({
                series: series,
                isOpen: SeriesHead.isOpen(head),
                lane: SeriesHead.laneOf(head),
                account: record.account,
                anchoredOn: record.anchoredOn
            });
    }

    /// @inheritdoc IBadgeCollection
    function tokenIdOf(bytes32 ticketRoot, bytes32 achievement, address wallet) external pure returns (uint256) {
        (uint96 series, ) = TokenId.seriesOf(ticketRoot, achievement);
        return TokenId.ofWallet(series, wallet);
    }

    /// @inheritdoc IBadgeCollection
    function isSpent(bytes32 ticketRoot, uint32 index) external view returns (bool) {
        return (_spent[ticketRoot][index >> 8] >> (index & 0xff)) & 1 != 0;
    }

    /// @inheritdoc IBadgeCollection
    function rebindingOf(uint256 tokenId) external view returns (Rebinding memory) {
        return _rebindings[tokenId];
    }

    /// @dev Gives a wallet a token of a series.
    function _mint(address to, uint96 series, uint96 lane) internal returns (uint256 tokenId) {
        _requireReceiver(to);
        (uint256 key, uint256 shift) = _placeOf(to, lane);
        uint256 word = _holdings[key];
        if ((word >> shift) & 3 != _NEVER) revert BadgeCollection_AlreadyGiven(series, to);
        _holdings[key] = word | (_HELD << shift);
        tokenId = TokenId.ofWallet(series, to);
        emit Transfer(address(0), to, tokenId);
        emit Locked(tokenId);
    }

    /// @dev Gives each wallet of a list a token of an award. The list must be in ascending order, so that no wallet is
    /// on it twice.
    function _mintAll(uint256 number, bytes memory list) internal {
        uint256 tokenId = TokenId.ofAward(number, 0);
        bytes32 transferTopic = Transfer.selector;
        bytes32 lockedTopic = Locked.selector;
        uint256 width = list.length / Cohort.sizeOf(list);
        uint256 next;
        uint256 end;
        // Writes to scratch space only, and reads nothing behind the list but what is cut off. By the compiler's own
        // means a repeated award costs 6 per cent more for each token.
        assembly ("memory-safe") {
            next := add(list, 0x20)
            end := add(next, mload(list))
            let previous := 0
            for { } lt(next, end) { } {
                let wallet := shr(96, mload(next))
                if iszero(gt(wallet, previous)) { break }
                mstore(0x00, tokenId)
                log4(0x00, 0x00, transferTopic, 0, wallet, tokenId)
                log1(0x00, 0x20, lockedTopic)
                previous := wallet
                next := add(next, width)
                tokenId := add(tokenId, 1)
            }
        }
        (, uint256 index) = TokenId.awardOf(tokenId);
        if (next != end) revert BadgeCollection_CohortOrder(index);
    }

    /// @dev Takes a token away from the wallet that holds it.
    function _burn(uint256 tokenId, address holder) internal {
        if (TokenId.isAwarded(tokenId)) {
            (uint256 number, uint256 index) = TokenId.awardOf(tokenId);
            _gone[number][index >> 8] |= 1 << (index & 0xff);
        } else {
            (uint256 key, uint256 shift) = _placeOf(holder, _laneOf(_seriesOf(tokenId)));
            _holdings[key] ^= (_HELD | _GONE) << shift;
        }
        emit Transfer(holder, address(0), tokenId);
    }

    /// @dev Takes away those of 256 tokens of an award that are there.
    /// @return burnt Which those were.
    function _burnAll(uint256 number, uint256 word, uint256 bits) internal returns (uint256 burnt) {
        Award storage award_ = _awards[number];
        if (award_.cohort == address(0)) revert BadgeCollection_AwardUnknown(number);
        uint256 size = award_.size;
        uint256 first = word << 8;
        if (word > size >> 8 || bits >> (size - first > 255 ? 256 : size - first) != 0) {
            revert BadgeCollection_IndexOutOfRange(number, word, bits);
        }
        uint256 before = _gone[number][word];
        _gone[number][word] = before | bits;
        burnt = bits & ~before;
        bytes memory list = Cohort.load(award_.cohort, first, 256);
        uint256 i = 0;
        for (uint256 rest = burnt; rest != 0; rest >>= 1) {
            if (rest & 1 != 0) emit Transfer(Cohort.walletAt(list, i), address(0), TokenId.ofAward(number, first + i));
            ++i;
        }
    }

    /// @dev The lane of a batch's series that is to have its first token.
    function _nextLane() internal returns (uint64) {
        return ++_laneCount;
    }

    /// @dev Zero, in which nobody ever holds anything, where a batch's series has no token.
    function _laneOf(uint96 series) internal view returns (uint96) {
        return TokenId.isOfBatch(series) ? SeriesHead.laneOf(_series[series].head) : _AWARD_LANES + series;
    }

    /// @dev The wallet that a token is or was for, and whether it holds it now; zero if there never was such a token.
    function _holderOf(uint256 tokenId) internal view returns (address wallet, bool isHeld) {
        if (TokenId.isAwarded(tokenId)) {
            (uint256 number, uint256 index) = TokenId.awardOf(tokenId);
            Award storage award_ = _awards[number];
            if (index >= award_.size) return (address(0), false);
            return (Cohort.walletAt(award_.cohort, index), !_isGone(number, index));
        }
        uint96 series;
        (series, wallet) = TokenId.walletOf(tokenId);
        (uint256 key, uint256 shift) = _placeOf(wallet, _laneOf(series));
        uint256 state = (_holdings[key] >> shift) & 3;
        return (state == _NEVER ? address(0) : wallet, state == _HELD);
    }

    function _requireHolder(uint256 tokenId) internal view override returns (address holder) {
        bool isHeld;
        (holder, isHeld) = _holderOf(tokenId);
        if (!isHeld) revert ERC721NonexistentToken(tokenId);
    }

    /// @dev The zero address holds nothing, and what the collection held could never be burnt by its holder.
    function _requireReceiver(address to) internal view {
        if (to == address(0) || to == address(this)) revert ERC721InvalidReceiver(to);
    }

    function _seriesOf(uint256 tokenId) internal pure returns (uint96 series) {
        if (TokenId.isAwarded(tokenId)) {
            (uint256 number, ) = TokenId.awardOf(tokenId);
            return uint96(number);
        }
        (series, ) = TokenId.walletOf(tokenId);
    }

    function _isGone(uint256 number, uint256 index) private view returns (bool) {
        return (_gone[number][index >> 8] >> (index & 0xff)) & 1 != 0;
    }

    function _countAwarded(address wallet) private view returns (uint256 count) {
        for (uint256 number = _awardCount; number != 0; --number) {
            Award storage award_ = _awards[number];
            (bool found, uint256 index) = Cohort.find(award_.cohort, award_.size, wallet);
            if (found && !_isGone(number, index)) ++count;
        }
    }

    function _countHeld(address wallet, uint96 first, uint96 last) private view returns (uint256 count) {
        (uint256 key, ) = _placeOf(wallet, first);
        (uint256 lastKey, ) = _placeOf(wallet, last);
        for (; key <= lastKey; ++key) {
            for (uint256 held = _holdings[key] & _ALL_HELD; held != 0; held &= held - 1) ++count;
        }
    }

    /// @dev In which word a wallet's pair of bits is, and how far from its lowest bit.
    function _placeOf(address wallet, uint96 lane) private pure returns (uint256 key, uint256 shift) {
        key = (uint256(uint160(wallet)) << 96) | (lane / _LANES_PER_WORD);
        shift = 2 * (lane % _LANES_PER_WORD);
    }
}
