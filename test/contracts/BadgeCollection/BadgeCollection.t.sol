// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IBadgeCollection } from "../../../contracts/interfaces/IBadgeCollection.sol";
import { IBadgeCollectionFactory } from "../../../contracts/interfaces/IBadgeCollectionFactory.sol";
import { IERC1271 } from "../../../contracts/interfaces/IERC1271.sol";
import { IERC721Errors } from "../../../contracts/interfaces/IERC721Errors.sol";
import { check, checkSame, vm } from "../cheats.sol";
import { Tickets } from "./tickets.sol";
import { uriOf } from "./uri.sol";
import { Signed, World } from "./world.sol";

uint256 constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

/// @dev A holder of code, which agrees to whatever it is asked, and tries to change the collection meanwhile.
contract ReenteringHolder {
    IBadgeCollection private immutable _COLLECTION;
    bytes private _reentry;

    constructor(IBadgeCollection collection) {
        _COLLECTION = collection;
    }

    function plan(bytes calldata reentry) external {
        _reentry = reentry;
    }

    function isValidSignature(bytes32, bytes memory) external returns (bytes4) {
        (bool success, ) = address(_COLLECTION).call{ gas: 200_000 }(_reentry);
        check(!success, "nothing changes while a holder is asked");
        return IERC1271.isValidSignature.selector;
    }
}

contract BadgeCollectionTest is World {
    bytes32 private constant _ACHIEVEMENT = "achievement";

    function setUp() public {
        build();
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_CommitsToWhatATicketSays(uint64 chain, bool isNamed, IBadgeCollection.Ticket memory ticket) public {
        vm.chainId(chain);
        ticket.index = 0;
        bytes32 root = Tickets.commitment(isNamed ? NAMED : KEY, chain, address(collection), ticket);
        bytes memory data = abi.encodeCall(collection.redeem, (ticket, new bytes32[](0)));
        bytes memory closed = _notOpen(root, ticket.achievement);
        if (isNamed) _fails(address(this), data, closed);
        else {
            (, bytes memory answer) = address(collection).call(data);
            check(keccak256(answer) != keccak256(closed), "a claim key's ticket is no named wallet's");
        }
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_FollowsPaths(uint8 size, uint256 index, bytes32 seed) public {
        bytes32[] memory leaves = new bytes32[](1 + (size % 40));
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = keccak256(abi.encode(seed, i));
        index %= leaves.length;
        IBadgeCollection.Ticket memory ticket = _ticket(uint32(index), seed);
        leaves[index] = Tickets.commitment(NAMED, block.chainid, address(collection), ticket);
        bytes32[] memory path = Tickets.pathOf(leaves, index);
        _fails(
            address(this),
            abi.encodeCall(collection.redeem, (ticket, path)),
            _notOpen(Tickets.rootOf(leaves), ticket.achievement)
        );
    }

    function testFuzz_TakesTheTicketsOfATreeAndNothingElse(uint8 size, uint256 index, bytes32 seed, uint256 other) public {
        bytes32[] memory leaves = new bytes32[](1 + (size % 40));
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = keccak256(abi.encode(seed, i));
        index %= leaves.length;
        IBadgeCollection.Ticket memory ticket = _ticket(uint32(index), seed);
        leaves[index] = Tickets.commitment(NAMED, block.chainid, address(collection), ticket);
        bytes32[] memory path = Tickets.pathOf(leaves, index);
        open(Tickets.rootOf(leaves), _ACHIEVEMENT);

        _refuses(_ticket(uint32(other), seed), path, ticket.index != uint32(other));
        _refuses(_ticket(uint32(index), keccak256(abi.encode(seed))), path, true);
        uint256 length = path.length;
        if (length != 0) {
            bytes32[] memory changed = Tickets.firstOf(path, length);
            changed[other % length] ^= bytes32(1 << (other % 256));
            _refuses(ticket, changed, true);
            _refuses(ticket, Tickets.firstOf(path, other % length), true);
        }
        if (length < 39) {
            bytes32[] memory longer = new bytes32[](length + 1);
            for (uint256 i = 0; i < length; ++i) longer[i] = path[i];
            longer[length] = bytes32(other);
            _refuses(ticket, longer, true);
        }
        collection.redeem(ticket, path);
        check(collection.isSpent(Tickets.rootOf(leaves), ticket.index), "a ticket that is redeemed is spent");
        check(collection.balanceOf(ticket.addressee) == 1, "a ticket is worth one token");
        _refuses(ticket, path, true);
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_RefusesIndicesWithoutPath(uint32 index, uint8 length, bytes32 seed) public {
        uint256 ones = 0;
        for (uint256 rest = index; rest != 0; rest /= 2) ones += rest % 2;
        length %= 40;
        bytes32[] memory path = new bytes32[](length);
        (bool success, bytes memory answer) = address(collection).call(
            abi.encodeCall(collection.redeem, (_ticket(index, seed), path))
        );
        bool hasPath = length >= ones && length <= 32;
        bytes4 expected = hasPath
            ? IBadgeCollection.BadgeCollection_NotOpen.selector
            : IBadgeCollection.BadgeCollection_PathLength.selector;
        check(!success && bytes4(answer) == expected, "an index has a path of at least its ones, and at most 32");
    }

    function testFuzz_RedeemsForWhomTheKeyNames(uint256 seed, uint64 chain, address to, uint32 period) public {
        vm.chainId(chain);
        (uint256 privateKey, IBadgeCollection.Ticket memory ticket) = _keyed(seed);
        bytes32 root = Tickets.commitment(KEY, chain, address(collection), ticket);
        open(root, _ACHIEVEMENT);
        uint256 deadline = START + (period % (30 days + 1));
        bytes memory signature = Signed.by(privateKey, Signed.redeem(address(collection), root, to, deadline));
        bytes memory data = abi.encodeCall(
            collection.redeemByKey,
            (ticket, new bytes32[](0), to, deadline, signature)
        );
        if (to == address(0) || to == address(collection)) {
            _fails(address(this), data, abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, to));
            return;
        }
        (bool success, ) = address(collection).call(data);
        check(success, "a claim key's signature counts");
        uint256 tokenId = collection.tokenIdOf(root, _ACHIEVEMENT, to);
        check(collection.ownerOf(tokenId) == to && collection.balanceOf(to) == 1, "the key's wallet has the token");
    }

    function testFuzz_RefusesEveryOtherSpelling(uint256 seed, uint16 bit, bytes calldata tail) public {
        (uint256 privateKey, IBadgeCollection.Ticket memory ticket) = _keyed(seed);
        bytes32 root = Tickets.commitment(KEY, block.chainid, address(collection), ticket);
        open(root, _ACHIEVEMENT);
        bytes32 digest = Signed.redeem(address(collection), root, address(0xb0b), START);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(privateKey, digest);
        bytes[5] memory spellings;
        spellings[0] = abi.encodePacked(r, s, v);
        spellings[0][(bit / 8) % 65] ^= bytes1(uint8(1 << (bit % 8)));
        spellings[1] = abi.encodePacked(r, bytes32(ORDER - uint256(s)), 55 - v);
        spellings[2] = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        spellings[3] = abi.encodePacked(r, s, v, bytes1(0), tail);
        spellings[4] = tail;
        for (uint256 i = 0; i < spellings.length; ++i) {
            _fails(
                address(this),
                abi.encodeCall(
                    collection.redeemByKey,
                    (ticket, new bytes32[](0), address(0xb0b), START, spellings[i])
                ),
                abi.encodeWithSelector(
                    IBadgeCollection.BadgeCollection_SignatureInvalid.selector,
                    ticket.addressee
                )
            );
        }
    }

    function testFuzz_TakesDeadlinesWithinThirtyDaysOnly(uint256 deadline, bytes calldata signature) public {
        bool isInTime = deadline >= START && deadline <= START + 30 days;
        IBadgeCollection.Ticket memory ticket = _ticket(0, "salt");
        (, bytes memory answer) = address(collection).call(
            abi.encodeCall(collection.redeemByKey, (ticket, new bytes32[](0), address(1), deadline, signature))
        );
        bytes memory late = abi.encodeWithSelector(IBadgeCollection.BadgeCollection_Deadline.selector, deadline);
        check((keccak256(answer) == keccak256(late)) != isInTime, "a signature lasts for 30 days at most");
    }

    function testFuzz_OpensByAccountsThatSpoke(uint32 added, uint32 anchored, uint32 retired, uint32 from, uint8 which) public {
        address account = address(0xacc1);
        vm.warp(START + uint256(added));
        add(account);
        uint256 anchoredOn = START + uint256(anchored);
        vm.warp(anchoredOn);
        IBadgeCollection.Batch memory batch = anchor(account, "tickets");
        bool expected = anchored >= added;
        uint256 latest = START + uint256(added > anchored ? added : anchored);
        if (which & 1 != 0) {
            latest += retired;
            vm.warp(latest);
            vm.prank(CONTROLLER);
            directory.retireAccount(issuerId, account);
            if (latest < anchoredOn) expected = false;
        }
        if (which & 2 != 0) {
            uint256 compromised = START + uint256(added) + from;
            if (compromised > latest) latest = compromised;
            vm.warp(latest);
            vm.prank(CONTROLLER);
            directory.reportAccount(issuerId, account, uint64(compromised));
            if (anchoredOn >= compromised) expected = false;
        }
        vm.warp(latest);
        (bool success, ) = address(collection).call(abi.encodeCall(collection.open, (batch, _ACHIEVEMENT)));
        check(success == expected, "a batch is opened if its account spoke when it anchored");
        check(collection.seriesOf("tickets", _ACHIEVEMENT).isOpen == expected, "and is not if not");
    }

    function testFuzz_AwardsInAscendingOrderOnly(uint160[8] memory numbers, uint8 count, bool isSorted) public {
        uint256 size = 1 + (count % 8);
        if (isSorted) for (uint256 i = 0; i < size; ++i) numbers[i] = uint160((numbers[i] >> 4) + i * (2 ** 156));
        bytes memory list;
        uint256 firstOutOfOrder = size;
        for (uint256 i = 0; i < size; ++i) {
            // It is refused elsewhere, and found in a list by a search that takes the order for granted.
            if (numbers[i] == uint160(address(collection))) return;
            list = abi.encodePacked(list, numbers[i]);
            if (firstOutOfOrder == size && numbers[i] <= (i == 0 ? 0 : numbers[i - 1])) firstOutOfOrder = i;
        }
        bytes memory data = abi.encodeCall(collection.award, (1, _ACHIEVEMENT, list));
        if (firstOutOfOrder != size) {
            _fails(
                ACCOUNT,
                data,
                abi.encodeWithSelector(IBadgeCollection.BadgeCollection_CohortOrder.selector, firstOutOfOrder)
            );
            return;
        }
        vm.prank(ACCOUNT);
        (bool success, ) = address(collection).call(data);
        check(success, "a list in ascending order is awarded");
        for (uint256 i = 0; i < size; ++i) {
            check(collection.ownerOf((1 << 32) | i) == address(numbers[i]), "each wallet of a list has its token");
            check(collection.balanceOf(address(numbers[i])) == 1, "each wallet of a list has one token");
        }
        checkSame(collection.awardOf(1).cohort.code, abi.encodePacked(bytes1(0), list), "the list is kept as it was");
    }

    function testFuzz_TakesListsOfTheirLengthsOnly(uint16 length) public {
        bytes memory list = new bytes(length % 25_000);
        if (list.length != 0 && list.length % 20 == 0 && list.length / 20 <= 1_228) return;
        _fails(
            ACCOUNT,
            abi.encodeCall(collection.award, (1, _ACHIEVEMENT, list)),
            abi.encodeWithSelector(IBadgeCollection.BadgeCollection_CohortLength.selector, list.length)
        );
    }

    function testFuzz_RevokesWhatIsThere(uint8 size, uint256 first, uint256 second) public {
        uint256 count = 1 + (uint256(size) % 200);
        bytes memory list;
        for (uint256 i = 1; i <= count; ++i) list = abi.encodePacked(list, address(uint160(i * 1_000)));
        vm.prank(ACCOUNT);
        collection.award(1, _ACHIEVEMENT, list);
        uint256 gone = 0;
        uint256[2] memory calls = [first, second];
        for (uint256 round = 0; round < 2; ++round) {
            uint256 bits = calls[round] & ((1 << count) - 1);
            vm.prank(round == 0 ? ACCOUNT : CONTROLLER);
            collection.revokeAwarded(1, 0, bits);
            gone |= bits;
            for (uint256 i = 0; i < count; i += 1 + (count / 20)) {
                bool isThere = (gone >> i) & 1 == 0;
                check(collection.balanceOf(address(uint160((i + 1) * 1_000))) == (isThere ? 1 : 0), "bits are tokens");
            }
        }
        if (first >> count != 0) {
            _fails(
                ACCOUNT,
                abi.encodeCall(collection.revokeAwarded, (1, 0, first)),
                abi.encodeWithSelector(IBadgeCollection.BadgeCollection_IndexOutOfRange.selector, 1, 0, first)
            );
        }
    }

    function testFuzz_KeepsLanesApart(uint64 lane, uint8 more, address wallet) public {
        if (wallet == address(0) || wallet == address(collection)) return;
        lane = lane % 1_000;
        vm.store(address(collection), 0, bytes32(uint256(lane)));
        uint256 count = 1 + (more % 5);
        for (uint256 i = 0; i < count; ++i) {
            IBadgeCollection.Ticket memory ticket = _ticket(0, bytes32(i));
            ticket.addressee = wallet;
            bytes32 root = Tickets.commitment(NAMED, block.chainid, address(collection), ticket);
            open(root, _ACHIEVEMENT);
            collection.redeem(ticket, new bytes32[](0));
            check(collection.seriesOf(root, _ACHIEVEMENT).lane == lane + i + 1, "series have lanes one after the other");
            check(collection.balanceOf(wallet) == i + 1, "a wallet's tokens are counted in every lane");
        }
        bytes32 key = bytes32((uint256(uint160(wallet)) << 96) | ((lane + 1) / 128));
        uint256 word = uint256(vm.load(address(collection), keccak256(abi.encode(key, 3))));
        check((word >> (2 * ((lane + 1) % 128))) & 3 == 1, "two bits of a word say that a token is there");
    }

    function testFuzz_WritesAddressesOfIpfs(bytes32 digest, string calldata name, string calldata symbol) public {
        address other = factory.deploy(issuerId, digest, name, symbol);
        checkSame(bytes(IBadgeCollection(other).contractURI()), uriOf(digest), "metadata are found by their digest");
        checkSame(bytes(IBadgeCollection(other).name()), bytes(name), "a name is kept as it was");
        checkSame(bytes(IBadgeCollection(other).symbol()), bytes(symbol), "a symbol is kept as it was");
        check(IBadgeCollection(other).issuerId() == issuerId, "an issuer is kept as it was");
        check(factory.collectionOf(issuerId, digest, name, symbol) == other, "an address follows from the arguments");
    }

    function test_RefusesNamesThatFitIntoNoCode() public {
        string memory name = string(new bytes(24_576));
        (bool success, bytes memory answer) = address(factory).call(
            abi.encodeCall(factory.deploy, (issuerId, METADATA, name, ""))
        );
        check(!success, "a name fits into the code of a contract");
        bytes4 expected = IBadgeCollectionFactory.BadgeCollectionFactory_ArgumentsTooLong.selector;
        checkSame(answer, abi.encodeWithSelector(expected, 24_576 + 6 * 32), "the error says how long it is");
        check(factory.implementation() == address(implementation), "the factory knows what it makes");
        check(factory.deploy(issuerId, METADATA, "Badges", "BDG") == address(collection), "it makes nothing twice");
    }

    function testFuzz_BindsWhatTheHolderHasSigned(uint256 seed, uint32 period, address to) public {
        uint256 privateKey = 1 + (seed % (ORDER - 1));
        address holder = vm.addr(privateKey);
        uint256[2] memory tokens = _give(holder);
        uint256 deadline = START + (period % (30 days + 1));
        bool expected = to != address(0) && to != address(collection) && to != holder;
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 uri = keccak256(bytes(collection.tokenURI(tokens[i])));
            bytes32 digest = Signed.rebind(address(collection), tokens[i], to, deadline);
            bytes memory data = abi.encodeCall(
                collection.rebind,
                (tokens[i], to, deadline, Signed.by(privateKey, digest))
            );
            vm.prank(ACCOUNT);
            (bool success, ) = address(collection).call(data);
            check(success == expected, "a token is bound to any wallet that can have it");
            check(collection.balanceOf(holder) == (expected ? 1 - i : 2), "it leaves the holder");
            if (expected) _checkBound(tokens[i], to, uri);
        }
    }

    function _checkBound(uint256 tokenId, address to, bytes32 uri) private view {
        uint256 series = tokenId >> 160 == 0 ? tokenId >> 32 : tokenId >> 160;
        uint256 bound = (series << 160) | uint160(to);
        check(collection.ownerOf(bound) == to, "it has come to the wallet");
        check(keccak256(bytes(collection.tokenURI(bound))) == uri, "it stands for the same achievement");
    }

    function testFuzz_WaitsThirtyDaysForAVeto(uint32 later, bool isVetoed, address to) public {
        if (to == address(0) || to == address(collection)) return;
        address holder = address(0xb0b);
        if (to == holder) return;
        uint256 tokenId = _give(holder)[1];
        vm.prank(ACCOUNT);
        collection.proposeRebinding(tokenId, to);
        check(collection.rebindingOf(tokenId).to == to, "a proposal is public");
        check(collection.rebindingOf(tokenId).readyOn == START + 30 days, "a proposal says when it is ready");
        vm.warp(START + uint256(later % 100 days));
        if (isVetoed) {
            vm.prank(holder);
            collection.cancelRebinding(tokenId);
        }
        bool expected = !isVetoed && later % 100 days >= 30 days && later % 100 days <= 60 days;
        vm.prank(ACCOUNT);
        (bool success, ) = address(collection).call(abi.encodeCall(collection.completeRebinding, (tokenId)));
        check(success == expected, "a proposal is carried out in its time, unless it is void");
        check(collection.balanceOf(holder) == (expected ? 1 : 2), "until then the holder has the token");
    }

    function testFuzz_LetsOnlyTheIssuerActForIt(address caller, bytes32 salt) public {
        if (caller == CONTROLLER || caller == ACCOUNT) return;
        // Who is the controller of another issuer is none of this one; nor is who controls nothing.
        if (uint256(salt) % 2 == 0 && caller != address(0)) {
            vm.prank(caller);
            directory.register(salt, "did:web:a.example", 0);
        }
        uint256 tokenId = _give(address(0xb0b))[0];
        uint256[] memory tokens = new uint256[](1);
        tokens[0] = tokenId;
        bytes memory list = abi.encodePacked(caller);
        bytes memory notSpeaking = abi.encodeWithSelector(
            IBadgeCollection.BadgeCollection_NotSpeaking.selector,
            issuerId,
            caller
        );
        _fails(caller, abi.encodeCall(collection.award, (3, _ACHIEVEMENT, list)), notSpeaking);
        _fails(caller, abi.encodeCall(collection.awardAgain, (3, _ACHIEVEMENT, 1)), notSpeaking);
        _fails(caller, abi.encodeCall(collection.rebind, (tokenId, caller, START, "")), notSpeaking);
        _fails(caller, abi.encodeCall(collection.proposeRebinding, (tokenId, caller)), notSpeaking);
        _fails(caller, abi.encodeCall(collection.completeRebinding, (tokenId)), notSpeaking);
        bytes memory notIssuer = abi.encodeWithSelector(
            IBadgeCollection.BadgeCollection_NotIssuer.selector,
            issuerId,
            caller
        );
        _fails(caller, abi.encodeCall(collection.revoke, (tokens)), notIssuer);
        _fails(caller, abi.encodeCall(collection.revokeAwarded, (1, 0, 1)), notIssuer);
        _fails(caller, abi.encodeCall(collection.revokeTickets, ("tickets", 0, 1)), notIssuer);
        if (caller == address(0xb0b)) return;
        _fails(caller, abi.encodeCall(collection.cancelRebinding, (tokenId)), notIssuer);
        _fails(
            caller,
            abi.encodeCall(collection.burn, (tokenId)),
            abi.encodeWithSelector(IBadgeCollection.BadgeCollection_NotHolder.selector, tokenId, caller)
        );
    }

    /// @dev Nobody can be the controller of an issuer that is none, be it in a call that only asks.
    function test_LetsNobodyActForAnIssuerThatIsNone() public {
        collection = IBadgeCollection(factory.deploy("nobody", METADATA, "Badges", "BDG"));
        _fails(
            address(0),
            abi.encodeCall(collection.revokeTickets, ("tickets", 0, 1)),
            abi.encodeWithSelector(
                IBadgeCollection.BadgeCollection_NotIssuer.selector,
                bytes32("nobody"),
                address(0)
            )
        );
    }

    function testFuzz_MovesNothing(address caller, address from, address to, uint256 which, bytes calldata data) public {
        uint256[2] memory tokens = _give(address(0xb0b));
        uint256 tokenId = which % 3 == 2 ? which : tokens[which % 3];
        if (which % 4 == 0) caller = address(0xb0b);
        if (which % 8 == 0) from = address(0xb0b);
        bytes memory locked = abi.encodeWithSelector(IBadgeCollection.BadgeCollection_TokenLocked.selector, tokenId);
        _fails(caller, abi.encodeCall(collection.transferFrom, (from, to, tokenId)), locked);
        _fails(caller, abi.encodeCall(collection.approve, (to, tokenId)), locked);
        _fails(
            caller,
            abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", from, to, tokenId),
            locked
        );
        _fails(
            caller,
            abi.encodeWithSignature("safeTransferFrom(address,address,uint256,bytes)", from, to, tokenId, data),
            locked
        );
        _fails(
            caller,
            abi.encodeCall(collection.setApprovalForAll, (to, which % 2 == 0)),
            abi.encodeWithSelector(IBadgeCollection.BadgeCollection_OperatorRefused.selector, to)
        );
        check(collection.balanceOf(address(0xb0b)) == 2, "nothing has moved");
        for (uint256 i = 0; i < 2; ++i) {
            check(collection.getApproved(tokens[i]) == address(0), "nobody may move a token");
            check(collection.locked(tokens[i]), "a token is locked");
        }
        check(!collection.isApprovedForAll(address(0xb0b), to), "nobody may move a wallet's tokens");
    }

    /// hardhat-config: fuzz.runs = 10000
    function testFuzz_SupportsFourInterfaces(bytes4 interfaceId) public view {
        bool expected = interfaceId == 0x01ffc9a7 ||
            interfaceId == 0x80ac58cd ||
            interfaceId == 0x5b5e139f ||
            interfaceId == 0xb45a3c0e;
        check(collection.supportsInterface(interfaceId) == expected, "a collection claims what it has");
        check(collection.supportsInterface(0x80ac58cd), "a collection claims what it has");
    }

    function testFuzz_RefusesValue(uint96 value, bytes32 word) public {
        if (value == 0) return;
        vm.deal(address(this), value);
        bytes[4] memory calls = [
            bytes(""),
            abi.encodeCall(collection.burn, (uint256(word))),
            abi.encodeCall(collection.transferFrom, (address(1), address(2), uint256(word))),
            abi.encodeCall(collection.approve, (address(1), uint256(word)))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, ) = address(collection).call{ value: value }(calls[i]);
            check(!success && address(collection).balance == 0, "a collection takes no value");
        }
        (bool deployed, ) = address(factory).call{ value: value }(
            abi.encodeCall(factory.deploy, (issuerId, word, "", ""))
        );
        check(!deployed && address(factory).balance == 0, "a factory takes no value");
    }

    function testFuzz_KnowsOfNoTokenThatIsNone(uint256 tokenId) public {
        _give(address(0xb0b));
        (bool success, bytes memory answer) = address(collection).staticcall(
            abi.encodeCall(collection.ownerOf, (tokenId))
        );
        check(!success, "no token is there but those that were made");
        checkSame(
            answer,
            abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, tokenId),
            "the error names the token"
        );
    }

    function test_LetsNoHolderChangeAnythingWhileItIsAsked() public {
        ReenteringHolder holder = new ReenteringHolder(collection);
        uint256[2] memory tokens = _give(address(holder));
        IBadgeCollection.Ticket memory ticket = _ticket(0, "another");
        bytes32 root = Tickets.commitment(NAMED, block.chainid, address(collection), ticket);
        open(root, _ACHIEVEMENT);
        // Each of them would go through, were the call not static.
        bytes[2] memory reentries = [
            abi.encodeCall(collection.burn, (tokens[1])),
            abi.encodeCall(collection.redeem, (ticket, new bytes32[](0)))
        ];
        for (uint256 i = 0; i < 2; ++i) {
            holder.plan(reentries[i]);
            vm.prank(ACCOUNT);
            collection.rebind(tokens[i], address(0xcafe), START, "");
        }
        check(collection.balanceOf(address(0xcafe)) == 2, "both tokens were bound to the wallet");
        check(collection.balanceOf(address(holder)) == 0, "and have left the holder");
    }

    function test_KnowsTheSeriesAndTokensOfTheVectors() public view {
        string memory json = _vectors();
        uint256 i = 0;
        for (; vm.keyExistsJson(json, _path(".series", i, "")); ++i) {
            bytes32 root = vm.parseJsonBytes32(json, _path(".series", i, ".ticketRoot"));
            bytes32 achievement = vm.parseJsonBytes32(json, _path(".series", i, ".achievement"));
            address wallet = vm.parseJsonAddress(json, _path(".series", i, ".wallet"));
            bytes32 tokenId = vm.parseJsonBytes32(json, _path(".series", i, ".tokenId"));
            check(bytes32(collection.tokenIdOf(root, achievement, wallet)) == tokenId, "an id is that of the vectors");
            check(collection.seriesOf(root, achievement).series == uint256(tokenId) >> 160, "so is a series");
        }
        check(i == 12, "there are 12 series");
    }

    function test_FollowsThePathsOfTheVectors() public {
        string memory json = _vectors();
        vm.chainId(vm.parseJsonUint(json, ".trees.chainId"));
        address place = vm.parseJsonAddress(json, ".trees.collection");
        vm.etch(place, address(collection).code);
        collection = IBadgeCollection(place);
        vm.warp(1_772_323_200);
        uint256 count = 0;
        for (uint256 i = 0; vm.keyExistsJson(json, _path(".trees.trees", i, "")); ++i) {
            bytes32 root = vm.parseJsonBytes32(json, _path(".trees.trees", i, ".ticketRoot"));
            string memory tickets = _path(".trees.trees", i, ".tickets");
            for (uint256 j = 0; vm.keyExistsJson(json, _path(tickets, j, "")); ++j) {
                _follow(json, _path(tickets, j, ""), root);
                ++count;
            }
        }
        check(count == 75, "there are 75 tickets");
    }

    function _follow(string memory json, string memory place, bytes32 root) private {
        IBadgeCollection.Ticket memory ticket = IBadgeCollection.Ticket({
            index: uint32(vm.parseJsonUint(json, string.concat(place, ".index"))),
            achievement: vm.parseJsonBytes32(json, string.concat(place, ".achievement")),
            addressee: vm.parseJsonAddress(json, string.concat(place, ".address")),
            salt: vm.parseJsonBytes32(json, string.concat(place, ".salt"))
        });
        bytes32[] memory path = vm.parseJsonBytes32Array(json, string.concat(place, ".siblings"));
        bytes memory data = abi.encodeCall(collection.redeem, (ticket, path));
        string memory signed = string.concat(place, ".redeem");
        if (vm.keyExistsJson(json, signed)) {
            data = abi.encodeCall(
                collection.redeemByKey,
                (
                    ticket,
                    path,
                    vm.parseJsonAddress(json, string.concat(signed, ".to")),
                    vm.parseJsonUint(json, string.concat(signed, ".deadline")),
                    vm.parseJsonBytes(json, string.concat(signed, ".signature"))
                )
            );
        }
        _fails(address(this), data, _notOpen(root, ticket.achievement));
    }

    /// @dev A token that the holder was awarded, and one that it has redeemed.
    function _give(address holder) private returns (uint256[2] memory tokens) {
        uint256 number = collection.awardCount() + 1;
        vm.prank(ACCOUNT);
        collection.award(number, _ACHIEVEMENT, abi.encodePacked(holder));
        IBadgeCollection.Ticket memory ticket = _ticket(0, "given");
        ticket.addressee = holder;
        bytes32 root = Tickets.commitment(NAMED, block.chainid, address(collection), ticket);
        open(root, _ACHIEVEMENT);
        collection.redeem(ticket, new bytes32[](0));
        return [number << 32, collection.tokenIdOf(root, _ACHIEVEMENT, holder)];
    }

    function _ticket(uint32 index, bytes32 salt) private pure returns (IBadgeCollection.Ticket memory) {
        return
            IBadgeCollection.Ticket({
                index: index,
                achievement: _ACHIEVEMENT,
                addressee: address(uint160(uint256(keccak256(abi.encode(salt))))),
                salt: salt
            });
    }

    function _keyed(uint256 seed) private pure returns (uint256 privateKey, IBadgeCollection.Ticket memory ticket) {
        privateKey = 1 + (seed % (ORDER - 1));
        ticket = _ticket(0, bytes32(seed));
        ticket.addressee = vm.addr(privateKey);
    }

    function _refuses(IBadgeCollection.Ticket memory ticket, bytes32[] memory path, bool isOther) private {
        if (!isOther) return;
        (bool success, ) = address(collection).call(abi.encodeCall(collection.redeem, (ticket, path)));
        check(!success, "nothing but a ticket of the tree is redeemed, and that once");
    }

    function _fails(address caller, bytes memory data, bytes memory expected) private {
        vm.prank(caller);
        (bool success, bytes memory answer) = address(collection).call(data);
        check(!success, "what cannot be done fails");
        checkSame(answer, expected, "the error says why");
    }

    function _notOpen(bytes32 root, bytes32 achievement) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IBadgeCollection.BadgeCollection_NotOpen.selector, root, achievement);
    }

    function _vectors() private view returns (string memory) {
        return vm.readFile("test/vectors/badge-collection-v1.json");
    }

    function _path(string memory list, uint256 index, string memory member) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]", member);
    }
}
