// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BadgeLedger } from "./abstracts/BadgeLedger.sol";
import { IAnchorRegistry } from "./interfaces/IAnchorRegistry.sol";
import { IBadgeCollection } from "./interfaces/IBadgeCollection.sol";
import { IERC721Metadata } from "./interfaces/IERC721Metadata.sol";
import { IERC7572 } from "./interfaces/IERC7572.sol";
import { IIssuerDirectory } from "./interfaces/IIssuerDirectory.sol";
import { Cid } from "./libraries/Cid.sol";
import { Clone } from "./libraries/Clone.sol";
import { Cohort } from "./libraries/Cohort.sol";
import { SeriesHead } from "./libraries/SeriesHead.sol";
import { Signature } from "./libraries/Signature.sol";
import { TicketPath } from "./libraries/TicketPath.sol";
import { TokenId } from "./libraries/TokenId.sol";
import { TypedData } from "./libraries/TypedData.sol";

/// @title BadgeCollection
/// @notice See {IBadgeCollection}.
/// @dev What {BadgeCollectionFactory} makes are proxies of one such contract, which is no collection itself: what it
/// takes for the id of its issuer is a part of its own code, for which nobody can ever speak.
contract BadgeCollection is BadgeLedger {
    uint64 private constant _REBINDING_WAIT = 30 days;
    uint64 private constant _REBINDING_PERIOD = 30 days;
    uint256 private constant _MAX_SIGNATURE_PERIOD = 30 days;

    IAnchorRegistry private immutable _REGISTRY;
    IIssuerDirectory private immutable _DIRECTORY;

    /// @dev Asks nothing of either, so that the code does not depend on the chain.
    constructor(IAnchorRegistry registry, IIssuerDirectory directory) {
        _REGISTRY = registry;
        _DIRECTORY = directory;
    }

    modifier onlyAccount() {
        bytes32 issuer = Clone.firstArgument();
        if (!_speaks(issuer, msg.sender)) revert BadgeCollection_NotSpeaking(issuer, msg.sender);
        _;
    }

    modifier onlyIssuer() {
        _requireIssuer(msg.sender);
        _;
    }

    modifier onlyInTime(uint256 deadline) {
        if (deadline < block.timestamp || deadline > block.timestamp + _MAX_SIGNATURE_PERIOD) {
            revert BadgeCollection_Deadline(deadline);
        }
        _;
    }

    /// @inheritdoc IBadgeCollection
    function award(uint256 number, bytes32 achievement, bytes calldata recipients) external onlyAccount {
        (address cohort, bytes memory list) = Cohort.create(recipients);
        (bool found, ) = Cohort.find(cohort, Cohort.sizeOf(list), address(this));
        if (found) revert ERC721InvalidReceiver(address(this));
        _award({ number: number, achievement: achievement, cohort: cohort, list: list });
    }

    /// @inheritdoc IBadgeCollection
    function awardAgain(uint256 number, bytes32 achievement, uint256 earlier) external onlyAccount {
        address cohort = _awards[earlier].cohort;
        if (cohort == address(0)) revert BadgeCollection_AwardUnknown(earlier);
        bytes memory list = Cohort.load(cohort, 0, _awards[earlier].size);
        _award({ number: number, achievement: achievement, cohort: cohort, list: list });
    }

    /// @inheritdoc IBadgeCollection
    function open(Batch calldata batch, bytes32 achievement) external {
        (address account, bytes32 ticketRoot) = (batch.account, batch.ticketRoot);
        bytes32 roots = sha256(abi.encode(batch.treeRoot, ticketRoot));
        bytes32 root = sha256(abi.encode(roots, batch.manifestDigest));
        (uint64 anchoredOn, ) = _REGISTRY.anchoredAt(account, root);
        if (anchoredOn == 0) revert BadgeCollection_NotAnchored(account, root);
        if (!_spokeFor(account, anchoredOn)) {
            revert BadgeCollection_NotSpokenFor(Clone.firstArgument(), account, anchoredOn);
        }
        (uint96 series, uint160 seal) = TokenId.seriesOf(ticketRoot, achievement);
        uint256 head = _series[series].head;
        if (head != 0 && SeriesHead.sealOf(head) != seal) revert BadgeCollection_SeriesTaken(series);
        if (SeriesHead.isOpen(head)) return;
        _series[series] = SeriesRecord({
            head: SeriesHead.pack({ seal: seal, lane: SeriesHead.laneOf(head), isOpen_: true }),
            achievement: achievement,
            account: account,
            anchoredOn: anchoredOn
        });
        emit Opened(ticketRoot, achievement, account, anchoredOn);
    }

    /// @inheritdoc IBadgeCollection
    function recheck(bytes32 ticketRoot, bytes32 achievement) external {
        (uint96 series, uint64 lane) = _requireOpen(ticketRoot, achievement);
        (address account, uint64 anchoredOn) = (_series[series].account, _series[series].anchoredOn);
        // It did when the series was opened. Only a report makes it otherwise.
        if (_spokeFor(account, anchoredOn)) revert BadgeCollection_NotCompromised(account, anchoredOn);
        (, uint160 seal) = TokenId.seriesOf(ticketRoot, achievement);
        _series[series].head = SeriesHead.pack({ seal: seal, lane: lane, isOpen_: false });
        emit Closed(ticketRoot, achievement, account, anchoredOn);
    }

    /// @inheritdoc IBadgeCollection
    function redeem(Ticket calldata ticket, bytes32[] calldata path) external {
        _redeem({
            ticket: TicketPath.ticketOf(TicketPath.NAMED_WALLET, ticket),
            index: ticket.index,
            achievement: ticket.achievement,
            path: path,
            to: ticket.addressee
        });
    }

    /// @inheritdoc IBadgeCollection
    function redeemByKey(
        Ticket calldata ticket,
        bytes32[] calldata path,
        address to,
        uint256 deadline,
        bytes calldata signature
    ) external onlyInTime(deadline) {
        bytes32 hash = TicketPath.ticketOf(TicketPath.CLAIM_KEY, ticket);
        bytes32 digest = TypedData.redeem({ ticket: hash, to: to, deadline: deadline });
        if (!Signature.isByKey({ account: ticket.addressee, digest: digest, signature: signature })) {
            revert BadgeCollection_SignatureInvalid(ticket.addressee);
        }
        _redeem({ ticket: hash, index: ticket.index, achievement: ticket.achievement, path: path, to: to });
    }

    /// @inheritdoc IBadgeCollection
    function burn(uint256 tokenId) external {
        if (_requireHolder(tokenId) != msg.sender) revert BadgeCollection_NotHolder(tokenId, msg.sender);
        _burn({ tokenId: tokenId, holder: msg.sender });
        emit Burned(tokenId);
    }

    /// @inheritdoc IBadgeCollection
    function revoke(uint256[] calldata tokenIds) external onlyIssuer {
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            (address wallet, bool isHeld) = _holderOf(tokenIds[i]);
            if (wallet == address(0)) revert ERC721NonexistentToken(tokenIds[i]);
            if (!isHeld) continue;
            _burn({ tokenId: tokenIds[i], holder: wallet });
            emit Revoked(tokenIds[i]);
        }
    }

    /// @inheritdoc IBadgeCollection
    function revokeAwarded(uint256 number, uint256 word, uint256 bits) external onlyIssuer {
        uint256 revoked = _burnAll({ number: number, word: word, bits: bits });
        emit AwardRevoked(number, word, revoked);
    }

    /// @inheritdoc IBadgeCollection
    function revokeTickets(bytes32 ticketRoot, uint256 word, uint256 bits) external onlyIssuer {
        uint256 before = _spent[ticketRoot][word];
        _spent[ticketRoot][word] = before | bits;
        emit TicketsRevoked(ticketRoot, word, bits & ~before);
    }

    /// @inheritdoc IBadgeCollection
    function rebind(
        uint256 tokenId,
        address to,
        uint256 deadline,
        bytes calldata signature
    ) external onlyAccount onlyInTime(deadline) {
        address holder = _requireHolder(tokenId);
        bytes32 digest = TypedData.rebind({ tokenId: tokenId, to: to, deadline: deadline });
        if (!Signature.isBy({ account: holder, digest: digest, signature: signature })) {
            revert BadgeCollection_SignatureInvalid(holder);
        }
        _rebind({ tokenId: tokenId, holder: holder, to: to });
    }

    /// @inheritdoc IBadgeCollection
    function proposeRebinding(uint256 tokenId, address to) external onlyAccount {
        _requireHolder(tokenId);
        _requireReceiver(to);
        uint64 readyOn = uint64(block.timestamp) + _REBINDING_WAIT;
        _rebindings[tokenId] = Rebinding({ to: to, readyOn: readyOn });
        emit RebindingProposed(tokenId, to, readyOn);
    }

    /// @inheritdoc IBadgeCollection
    function cancelRebinding(uint256 tokenId) external {
        if (_requireHolder(tokenId) != msg.sender) _requireIssuer(msg.sender);
        _takeRebinding(tokenId);
        emit RebindingCancelled(tokenId, msg.sender);
    }

    /// @inheritdoc IBadgeCollection
    function completeRebinding(uint256 tokenId) external onlyAccount {
        address holder = _requireHolder(tokenId);
        Rebinding memory rebinding = _takeRebinding(tokenId);
        uint64 readyOn = rebinding.readyOn;
        if (block.timestamp < readyOn || block.timestamp > readyOn + _REBINDING_PERIOD) {
            revert BadgeCollection_RebindingNotReady(tokenId, readyOn);
        }
        _rebind({ tokenId: tokenId, holder: holder, to: rebinding.to });
    }

    /// @inheritdoc IERC721Metadata
    function name() external view returns (string memory _name) {
        (, , _name, ) = abi.decode(Clone.arguments(), (bytes32, bytes32, string, string));
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external view returns (string memory _symbol) {
        (, , , _symbol) = abi.decode(Clone.arguments(), (bytes32, bytes32, string, string));
    }

    /// @inheritdoc IERC7572
    function contractURI() external view returns (string memory) {
        (, bytes32 metadataDigest, , ) = abi.decode(Clone.arguments(), (bytes32, bytes32, string, string));
        return Cid.uri(metadataDigest);
    }

    /// @inheritdoc IBadgeCollection
    function issuerId() external view returns (bytes32) {
        return Clone.firstArgument();
    }

    /// @inheritdoc IBadgeCollection
    function anchorRegistry() external view returns (address) {
        return address(_REGISTRY);
    }

    /// @inheritdoc IBadgeCollection
    function issuerDirectory() external view returns (address) {
        return address(_DIRECTORY);
    }

    function _award(uint256 number, bytes32 achievement, address cohort, bytes memory list) private {
        uint64 next = ++_awardCount;
        if (number != next) revert BadgeCollection_AwardNumber(number, next);
        _awards[number] = Award({ achievement: achievement, cohort: cohort, size: uint32(Cohort.sizeOf(list)) });
        emit Awarded(number, achievement, cohort);
        _mintAll(number, list);
    }

    function _redeem(
        bytes32 ticket,
        uint32 index,
        bytes32 achievement,
        bytes32[] calldata path,
        address to
    ) private {
        bytes32 ticketRoot = TicketPath.rootOf({ ticket: ticket, index: index, path: path });
        (uint96 series, uint64 lane) = _requireOpen(ticketRoot, achievement);
        mapping(uint256 word => uint256) storage words = _spent[ticketRoot];
        uint256 before = words[index >> 8];
        uint256 spent = before | (1 << (index & 0xff));
        if (spent == before) revert BadgeCollection_TicketSpent(ticketRoot, index);
        words[index >> 8] = spent;
        if (lane == 0) {
            lane = _nextLane();
            (, uint160 seal) = TokenId.seriesOf(ticketRoot, achievement);
            _series[series].head = SeriesHead.pack({ seal: seal, lane: lane, isOpen_: true });
        }
        _mint({ to: to, series: series, lane: lane });
    }

    function _rebind(uint256 tokenId, address holder, address to) private {
        uint96 series = _seriesOf(tokenId);
        if (TokenId.isOfBatch(series)) {
            if (!SeriesHead.isOpen(_series[series].head)) revert BadgeCollection_SeriesClosed(series);
        } else {
            (bool found, ) = Cohort.find(_awards[series].cohort, _awards[series].size, to);
            if (found) revert BadgeCollection_AlreadyGiven(series, to);
        }
        _burn({ tokenId: tokenId, holder: holder });
        uint256 newTokenId = _mint({ to: to, series: series, lane: _laneOf(series) });
        emit Rebound(tokenId, newTokenId);
    }

    function _takeRebinding(uint256 tokenId) private returns (Rebinding memory rebinding) {
        rebinding = _rebindings[tokenId];
        if (rebinding.to == address(0)) revert BadgeCollection_RebindingUnknown(tokenId);
        delete _rebindings[tokenId];
    }

    function _requireOpen(bytes32 ticketRoot, bytes32 achievement) private view returns (uint96 series, uint64 lane) {
        uint160 seal;
        (series, seal) = TokenId.seriesOf(ticketRoot, achievement);
        uint256 head = _series[series].head;
        if (!SeriesHead.isOpen(head) || SeriesHead.sealOf(head) != seal) {
            revert BadgeCollection_NotOpen(ticketRoot, achievement);
        }
        lane = SeriesHead.laneOf(head);
    }

    function _requireIssuer(address caller) private view {
        bytes32 issuer = Clone.firstArgument();
        if (_speaks(issuer, caller)) return;
        // Zero is the controller of an issuer that is none.
        if (caller == address(0) || caller != _DIRECTORY.controllerOf(issuer)) {
            revert BadgeCollection_NotIssuer(issuer, caller);
        }
    }

    /// @dev Whether an account speaks for an issuer now: not even in the second in which it was retired or reported.
    function _speaks(bytes32 issuer, address account) private view returns (bool) {
        IIssuerDirectory.Standing memory standing = _DIRECTORY.standingOf(issuer, account);
        return standing.validFrom != 0 && standing.retiredOn == 0 && standing.reportedOn == 0;
    }

    /// @dev Whether an account spoke for the issuer at a time, as far as is known now.
    function _spokeFor(address account, uint64 time) private view returns (bool spoke) {
        (spoke, ) = _DIRECTORY.spokeFor(Clone.firstArgument(), account, time);
    }
}
