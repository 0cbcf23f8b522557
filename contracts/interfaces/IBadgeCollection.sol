// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IERC165 } from "./IERC165.sol";
import { IERC5192 } from "./IERC5192.sol";
import { IERC721 } from "./IERC721.sol";
import { IERC721Errors } from "./IERC721Errors.sol";
import { IERC721Metadata } from "./IERC721Metadata.sol";
import { IERC7572 } from "./IERC7572.sol";

/// @title IBadgeCollection
/// @notice The badge tokens of one issuer. A token is locked to the wallet that it was made for, and says nothing but
/// which achievement it stands for. Nobody owns a collection; nothing in it is paused, replaced or upgraded.
///
/// A token is made in one of two ways:
///
/// - The issuer *awards* an achievement to a list of wallets.
/// - A learner *redeems* a ticket of a batch that the issuer has anchored. Anybody may send it, the issuer need not
///   exist any more, and the ticket settles what is made and for which wallet.
///
/// The tokens of one achievement that come from one award, or from one batch, are a *series*. A wallet is given a token
/// of a series once at most, for ever: one that was burnt, revoked or bound to another wallet does not come back.
///
/// WARNING: A token alone is never proof of a credential. It says that a wallet was given a token.
///
/// @dev Who the issuer is, {IIssuerDirectory} says at the moment of the call: its *accounts* are those that have been
/// neither retired nor reported as compromised, and it has a *controller*. Only accounts make tokens, because they can
/// be reported. Both take tokens away, so that what a stolen account has made can be revoked without adding another.
///
/// Numbers do not depend on the order in which strangers' transactions land. `‖` joins, the lowest bits stand last:
///
/// ```
/// token that was awarded         0 (160) ‖ award (64) ‖ index on its list (32)
/// token that was redeemed        series (96) ‖ wallet (160)
/// token that was bound again     series (96) ‖ wallet (160)
/// series of an award             award (96), counted from 1
/// series of a batch              1 (1) ‖ bits 160 to 254 of seal = keccak256(abi.encode(ticketRoot, achievement))
/// ```
///
/// The storage layout is part of the interface, so that a reader may use `eth_getProof` instead of a call:
///
/// ```
/// slot 0   0 (128) ‖ awards (64) ‖ lanes of batches' series (64)
/// slot 1   mapping(uint256 award => two slots)
///          + 0   achievement (256)
///          + 1   0 (64) ‖ size (32) ‖ cohort (160)
/// slot 2   mapping(uint96 series of a batch => three slots)
///          + 0   0 (31) ‖ open (1) ‖ lane (64) ‖ lowest bits of seal (160)
///          + 1   achievement (256)
///          + 2   0 (32) ‖ time of the anchor (64) ‖ account (160)
/// slot 3   mapping(uint256 key => uint256), where key = wallet (160) ‖ floor(lane / 128) (96)
///          lane mod 128 counts pairs of bits from the lowest: 0 never, 1 a token that is there, 2 one that is gone;
///          the lane of an award's series is 2^64 + award
/// slot 4   mapping(uint256 award => mapping(uint256 word => uint256))
///          bit i of word w is set where the token with index 256 w + i is gone
/// slot 5   mapping(bytes32 ticketRoot => mapping(uint256 word => uint256))
///          bit i of word w is set where the ticket with index 256 w + i has been redeemed or revoked
/// slot 6   mapping(uint256 tokenId => 0 (32) ‖ ready on (64) ‖ wallet (160))
/// ```
///
/// The code of a collection is that of an ERC-1167 proxy, 45 bytes, and `abi.encode(issuerId, metadataDigest, name,
/// symbol)`. The code of a cohort is one zero byte, and 20 bytes for each wallet in ascending order.
interface IBadgeCollection is IERC165, IERC721, IERC721Metadata, IERC5192, IERC7572, IERC721Errors {
    /// @notice What the issuer has given to a list of wallets at once.
    /// @param achievement SHA-256 of the achievement's metadata.
    /// @param cohort The contract whose code is the list; zero if there is no such award.
    /// @param size How many wallets are on the list.
    struct Award {
        bytes32 achievement;
        address cohort;
        uint32 size;
    }

    /// @notice The tokens of one achievement that come from one batch.
    /// @param series The number of the series.
    /// @param isOpen Whether tickets can be redeemed.
    /// @param lane Where its bits are in the words of a wallet; zero as long as nothing has been redeemed.
    /// @param account The account by whose anchor it was opened; zero if it never was.
    /// @param anchoredOn The time of that anchor, in seconds since 1970.
    struct Series {
        uint96 series;
        bool isOpen;
        uint64 lane;
        address account;
        uint64 anchoredOn;
    }

    /// @notice A proposal of the issuer to bind a token to another wallet without a signature of its holder.
    /// @param to The other wallet; zero if there is no proposal.
    /// @param readyOn From which second on the issuer may carry it out, for thirty days.
    struct Rebinding {
        address to;
        uint64 readyOn;
    }

    /// @notice What an anchored root is made of, and who has anchored it.
    /// @param account The account that has anchored `SHA-256(SHA-256(treeRoot ‖ ticketRoot) ‖ manifestDigest)`.
    /// @param treeRoot The root of the batch's tree of credentials.
    /// @param ticketRoot The root of the batch's tree of tickets.
    /// @param manifestDigest SHA-256 of the batch's manifest.
    struct Batch {
        address account;
        bytes32 treeRoot;
        bytes32 ticketRoot;
        bytes32 manifestDigest;
    }

    /// @notice What a ticket commits to, besides its tag, the chain and the collection.
    /// @param index The ticket's position in the batch's tree of tickets, from 0.
    /// @param achievement SHA-256 of the achievement's metadata.
    /// @param addressee The wallet that the token is for, or the address of the claim key. Never zero.
    /// @param salt 32 random bytes.
    struct Ticket {
        uint32 index;
        bytes32 achievement;
        address addressee;
        bytes32 salt;
    }

    /// @notice Emitted when the issuer gives an achievement to a list of wallets. A {Transfer} and a {Locked} for each
    /// of them follow.
    event Awarded(uint256 indexed award, bytes32 indexed achievement, address cohort);

    /// @notice Emitted when tickets of a batch can be redeemed for an achievement from now on.
    event Opened(bytes32 indexed ticketRoot, bytes32 indexed achievement, address account, uint64 anchoredOn);

    /// @notice Emitted when they cannot any more, because the account is reported to have been compromised when it
    /// anchored the batch.
    event Closed(bytes32 indexed ticketRoot, bytes32 indexed achievement, address account, uint64 anchoredOn);

    /// @notice Emitted when the holder of a token has burnt it.
    event Burned(uint256 indexed tokenId);

    /// @notice Emitted when the issuer has revoked a token.
    event Revoked(uint256 indexed tokenId);

    /// @notice Emitted when the issuer has revoked tokens of an award.
    /// @param bits Those that this call has revoked: bit i of word w stands for index 256 w + i.
    event AwardRevoked(uint256 indexed award, uint256 indexed word, uint256 bits);

    /// @notice Emitted when the issuer has revoked tickets that had not been redeemed.
    /// @param bits Those that this call has revoked: bit i of word w stands for index 256 w + i.
    event TicketsRevoked(bytes32 indexed ticketRoot, uint256 indexed word, uint256 bits);

    /// @notice Emitted when the issuer proposes to bind a token to another wallet. A proposal before that is void.
    event RebindingProposed(uint256 indexed tokenId, address indexed to, uint64 readyOn);

    /// @notice Emitted when a proposal is void: the holder has vetoed it, or the issuer has withdrawn it.
    event RebindingCancelled(uint256 indexed tokenId, address indexed by);

    /// @notice Emitted when a token was burnt and another one made in its place, for another wallet.
    event Rebound(uint256 indexed tokenId, uint256 indexed newTokenId);

    /// @notice Thrown when somebody tries to move a token, or to let somebody else move it.
    error BadgeCollection_TokenLocked(uint256 tokenId);

    /// @notice Thrown when somebody tries to let an operator move tokens, or to keep one from it.
    error BadgeCollection_OperatorRefused(address operator);

    /// @notice Thrown when the caller is no account that speaks for the issuer at this moment.
    error BadgeCollection_NotSpeaking(bytes32 issuerId, address caller);

    /// @notice Thrown when the caller is neither such an account nor the issuer's controller.
    error BadgeCollection_NotIssuer(bytes32 issuerId, address caller);

    /// @notice Thrown when the caller does not hold the token.
    error BadgeCollection_NotHolder(uint256 tokenId, address caller);

    /// @notice Thrown when the next award has another number than the caller expects.
    error BadgeCollection_AwardNumber(uint256 expected, uint256 next);

    /// @notice Thrown when there is no such award.
    error BadgeCollection_AwardUnknown(uint256 award);

    /// @notice Thrown when the recipients are none, more than 1,228, or not 20 bytes each.
    error BadgeCollection_CohortLength(uint256 length);

    /// @notice Thrown when a recipient is not above the one before it, or the first is zero.
    error BadgeCollection_CohortOrder(uint256 index);

    /// @notice Thrown when bits stand for indices that are not on the award's list.
    error BadgeCollection_IndexOutOfRange(uint256 award, uint256 word, uint256 bits);

    /// @notice Thrown when the account has not anchored the root.
    error BadgeCollection_NotAnchored(address account, bytes32 root);

    /// @notice Thrown when the account did not speak for the issuer when it anchored the batch, as far as is known now.
    error BadgeCollection_NotSpokenFor(bytes32 issuerId, address account, uint64 anchoredOn);

    /// @notice Thrown when another seal has led to the same number. It takes about 2^95 attempts to find one for a
    /// series of somebody else's choice, and then that series cannot be opened; nothing else comes of it.
    error BadgeCollection_SeriesTaken(uint96 series);

    /// @notice Thrown when nothing is reported against the account by whose anchor the series was opened.
    error BadgeCollection_NotCompromised(address account, uint64 anchoredOn);

    /// @notice Thrown when the batch whose tickets have this root is not open for the achievement. Every wrong member
    /// of a ticket, and every wrong path, leads to some such root.
    error BadgeCollection_NotOpen(bytes32 ticketRoot, bytes32 achievement);

    /// @notice Thrown when the token is of a series that is closed, in which no token is made.
    error BadgeCollection_SeriesClosed(uint96 series);

    /// @notice Thrown when no tree has a path of this length at this index.
    error BadgeCollection_PathLength(uint256 index, uint256 length);

    /// @notice Thrown when the ticket at this index has been redeemed or revoked.
    error BadgeCollection_TicketSpent(bytes32 ticketRoot, uint256 index);

    /// @notice Thrown when the wallet has been given a token of the series before.
    error BadgeCollection_AlreadyGiven(uint96 series, address wallet);

    /// @notice Thrown when the deadline of a signature has passed, or is more than 30 days ahead.
    error BadgeCollection_Deadline(uint256 deadline);

    /// @notice Thrown when a signature is not the signer's, or not the only spelling of itself.
    error BadgeCollection_SignatureInvalid(address signer);

    /// @notice Thrown when there is no proposal to bind the token to another wallet.
    error BadgeCollection_RebindingUnknown(uint256 tokenId);

    /// @notice Thrown when a proposal is carried out before its time, or more than thirty days after.
    error BadgeCollection_RebindingNotReady(uint256 tokenId, uint64 readyOn);

    /// @notice Gives an achievement to a list of wallets.
    /// @dev Emits {Awarded}, and {Transfer} and {Locked} for each wallet. For an account of the issuer. Nothing of the
    /// recipients' is called.
    /// @param number The number that this award is expected to have: one more than {awardCount}. So no award is made
    /// twice, and none gets another's number after a reorganisation of the chain.
    /// @param achievement SHA-256 of the achievement's metadata.
    /// @param recipients 20 bytes for each wallet, in ascending order, each once: 1 to 1,228 of them.
    function award(uint256 number, bytes32 achievement, bytes calldata recipients) external;

    /// @notice Gives an achievement to the list of wallets that was given another one before.
    /// @dev Emits {Awarded}, and {Transfer} and {Locked} for each wallet. For an account of the issuer.
    /// @param number The number that this award is expected to have, as in {award}.
    /// @param achievement SHA-256 of the achievement's metadata.
    /// @param earlier The award whose list it is.
    function awardAgain(uint256 number, bytes32 achievement, uint256 earlier) external;

    /// @notice Opens a batch, so that its tickets can be redeemed for an achievement. Anybody may. A batch with several
    /// achievements is opened for each. Nothing happens if it is open already, by whichever account's anchor.
    ///
    /// The account must have anchored the root, and must have spoken for the issuer when it did, as far as is known
    /// now: added by then, not retired before, not compromised by then.
    /// @dev Emits {Opened}. That some ticket of the batch is for the achievement is not asked: if none is, nothing can
    /// be redeemed, and nobody pays for it but the caller.
    function open(Batch calldata batch, bytes32 achievement) external;

    /// @notice Closes a batch for an achievement if the account by whose anchor it was opened is now reported to have
    /// been compromised by then. Anybody may. That the account has been retired since does not matter.
    /// @dev Emits {Closed}. What has been redeemed stays, until the issuer revokes it. The batch can be opened again if
    /// another account of the issuer has anchored it.
    function recheck(bytes32 ticketRoot, bytes32 achievement) external;

    /// @notice Redeems the ticket of a named wallet, `SHA-256("laurel/holder/v1" ‖ chain id ‖ collection ‖ achievement
    /// ‖ index ‖ wallet ‖ salt)`. Anybody may: there is one wallet that can get the token.
    /// @dev Emits {Transfer} and {Locked}. Nothing of the wallet's is called.
    /// @param path The siblings from the ticket to the root of the batch's tickets. On which side each of them stands,
    /// and which levels have none, follows from the index and the number of siblings.
    function redeem(Ticket calldata ticket, bytes32[] calldata path) external;

    /// @notice Redeems the ticket of a claim key, `SHA-256("laurel/ticket/v1" ‖ chain id ‖ collection ‖ achievement ‖
    /// index ‖ address of the key ‖ salt)`. Anybody may: the key's signature says which wallet gets the token.
    ///
    /// The key signs EIP-712 typed data, `Redeem(bytes32 ticket,address to,uint256 deadline)`, in the domain
    /// `{chainId, verifyingContract: this contract}`, where `ticket` is the hash above.
    /// @dev Emits {Transfer} and {Locked}. Nothing of the wallet's is called. The chain id is the one of the moment.
    /// @param path As in {redeem}.
    /// @param to The wallet.
    /// @param deadline The last second in which the signature counts. No more than 30 days ahead.
    /// @param signature `r ‖ s ‖ v`, 65 bytes, `s` in the lower half of the order, `v` 27 or 28.
    function redeemByKey(
        Ticket calldata ticket,
        bytes32[] calldata path,
        address to,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Burns a token of the caller's, for good.
    /// @dev Emits {Transfer} and {Burned}.
    function burn(uint256 tokenId) external;

    /// @notice Revokes tokens, for good. Those that are gone already are left out, so that no holder can make the call
    /// fail by burning one of them first; one that never was makes it fail.
    /// @dev Emits {Transfer} and {Revoked} for each. For an account of the issuer, or its controller.
    function revoke(uint256[] calldata tokenIds) external;

    /// @notice Revokes up to 256 tokens of an award, for good. Those that are gone already are left out.
    ///
    /// A token that has been bound to another wallet is gone in this sense: the one in its place has an id of its own,
    /// which {Rebound} says, and is revoked by {revoke}.
    /// @dev Emits {Transfer} for each, and {AwardRevoked}. For an account of the issuer, or its controller.
    /// @param bits Bit i of word w stands for index 256 w + i.
    function revokeAwarded(uint256 number, uint256 word, uint256 bits) external;

    /// @notice Revokes up to 256 tickets of a batch, for good. Those that have been redeemed already are left out:
    /// their tokens are revoked by {revoke}.
    /// @dev Emits {TicketsRevoked}. For an account of the issuer, or its controller. The batch need not be open, nor
    /// anchored.
    /// @param bits Bit i of word w stands for index 256 w + i.
    function revokeTickets(bytes32 ticketRoot, uint256 word, uint256 bits) external;

    /// @notice Binds a token to another wallet: burns it, and makes one of the same series for that wallet. Needs the
    /// issuer, who calls, and the holder, who signs.
    ///
    /// The holder signs EIP-712 typed data, `Rebind(uint256 tokenId,address to,uint256 deadline)`, in the domain
    /// `{chainId, verifyingContract: this contract}`.
    /// @dev Emits {Transfer} for the old token, {Transfer} and {Locked} for the new one, and {Rebound}. For an account
    /// of the issuer. A holder with code may answer by ERC-1271, in a static call.
    /// @param deadline The last second in which the signature counts. No more than 30 days ahead.
    /// @param signature `r ‖ s ‖ v`, 65 bytes, `s` in the lower half of the order, `v` 27 or 28; or what the holder's
    /// `isValidSignature` takes.
    function rebind(uint256 tokenId, address to, uint256 deadline, bytes calldata signature) external;

    /// @notice Proposes to bind a token to another wallet without a signature of its holder, who has lost the wallet.
    /// The proposal is public for thirty days before it can be carried out, and the holder can veto it.
    /// @dev Emits {RebindingProposed}. For an account of the issuer.
    function proposeRebinding(uint256 tokenId, address to) external;

    /// @notice Makes a proposal void. For the holder, who vetoes, and for the issuer, be it an account or the
    /// controller.
    /// @dev Emits {RebindingCancelled}. The issuer may propose again, and wait again.
    function cancelRebinding(uint256 tokenId) external;

    /// @notice Carries a proposal out, once it has been public for thirty days and not more than thirty days later.
    /// @dev Emits what {rebind} emits. For an account of the issuer, be it another one than proposed it.
    function completeRebinding(uint256 tokenId) external;

    /// @notice The issuer, as {IIssuerDirectory} knows it.
    function issuerId() external view returns (bytes32);

    /// @notice Where anchors are looked up.
    function anchorRegistry() external view returns (address);

    /// @notice Where is looked up who speaks for the issuer.
    function issuerDirectory() external view returns (address);

    /// @notice How many awards there are.
    function awardCount() external view returns (uint256);

    /// @notice An award; zeros if there is none of this number.
    function awardOf(uint256 number) external view returns (Award memory);

    /// @notice The series of an achievement of a batch. Its number is there before it is opened.
    function seriesOf(bytes32 ticketRoot, bytes32 achievement) external view returns (Series memory);

    /// @notice The id of the token that a wallet has, or would have, of an achievement of a batch.
    function tokenIdOf(bytes32 ticketRoot, bytes32 achievement, address wallet) external pure returns (uint256);

    /// @notice Whether the ticket at an index has been redeemed or revoked.
    function isSpent(bytes32 ticketRoot, uint32 index) external view returns (bool);

    /// @notice The proposal to bind a token to another wallet; zeros if there is none.
    function rebindingOf(uint256 tokenId) external view returns (Rebinding memory);
}
