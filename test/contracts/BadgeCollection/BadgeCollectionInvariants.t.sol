// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import { IBadgeCollection } from "../../../contracts/interfaces/IBadgeCollection.sol";
import { IIssuerDirectory } from "../../../contracts/interfaces/IIssuerDirectory.sol";
import { check, vm, Vm } from "../cheats.sol";
import { Tickets } from "./tickets.sol";
import { Signed, World } from "./world.sol";

/// @dev Calls a collection as its issuer's accounts and controller, as holders and as strangers, mostly as somebody who
/// may, and keeps a model of what must have come of it: every call has to succeed exactly if the model says so. Who
/// holds which token is kept by the logs alone.
contract BadgeHandler is World {
    struct Token {
        uint256 id;
        address holder;
        bool isHeld;
        bytes32 uri;
    }

    struct Opening {
        bool isOpen;
        address account;
        uint64 anchoredOn;
    }

    /// @dev A batch of five tickets, of which the second and fourth are claim keys'.
    struct Made {
        bytes32 root;
        uint256 spent;
        bytes32[5] leaves;
        IBadgeCollection.Ticket[5] tickets;
        mapping(uint256 account => uint64) anchoredOn;
        mapping(uint256 achievement => Opening) openings;
    }

    struct Proposal {
        address to;
        uint64 readyOn;
    }

    uint256 public constant WALLETS = 12;
    uint256 public constant ACCOUNTS = 8;
    uint256 private constant _AWARDS = 8;
    uint256 private constant _BATCHES = 12;

    IBadgeCollection public foreign;

    Token[] private _tokens;
    mapping(uint256 tokenId => uint256) private _places;
    mapping(uint96 series => mapping(address wallet => bool)) private _given;
    mapping(address wallet => uint256) private _balances;
    mapping(uint256 tokenId => Proposal) private _proposals;
    uint256[] private _proposed;
    Made[12] private _batches;
    uint256 private _batchCount;
    bytes32[] private _cohorts;
    address[12] private _wallets;
    uint64 private _now;
    uint256 private _lastMinted;

    /// @dev What the last call was about, and how many there were.
    uint256 public touched;
    uint256 public calls;

    constructor() {
        build();
        _now = START;
        foreign = IBadgeCollection(factory.deploy("another issuer", METADATA, "Badges", "BDG"));
        // In ascending order, as lists have to be.
        for (uint256 i = 0; i < WALLETS; ++i) {
            _wallets[i] = vm.addr(_keyOf(i));
            for (uint256 j = i; j != 0 && _wallets[j] < _wallets[j - 1]; --j) {
                (_wallets[j], _wallets[j - 1]) = (_wallets[j - 1], _wallets[j]);
            }
        }
    }

    function target() external view returns (IBadgeCollection) {
        return collection;
    }

    // What an issuer does.

    function award(uint256 who, uint256 subset, uint8 flaw) external {
        if (_cohorts.length == _AWARDS) return;
        bytes memory list;
        for (uint256 i = 0; i < WALLETS; ++i) if ((subset >> (2 * i)) & 3 == 3) list = abi.encodePacked(list, _wallets[i]);
        if (flaw == 1 && list.length != 0) list = abi.encodePacked(list, _wallets[0]);
        address caller = _caller(who);
        uint256 number = _cohorts.length + (flaw == 2 ? 2 : 1);
        bool expected = _speaks(caller) && list.length != 0 && flaw != 1 && flaw != 2;
        if (!_calls(caller, abi.encodeCall(collection.award, (number, _achievement(subset >> 30), list)), expected)) return;
        _cohorts.push(keccak256(abi.encodePacked(bytes1(0), list)));
    }

    function awardAgain(uint256 who, uint256 earlier, uint256 achievement) external {
        if (_cohorts.length == _AWARDS) return;
        earlier %= _AWARDS + 1;
        address caller = _caller(who);
        bool expected = _speaks(caller) && earlier != 0 && earlier <= _cohorts.length;
        bytes memory data = abi.encodeCall(
            collection.awardAgain,
            (_cohorts.length + 1, _achievement(achievement), earlier)
        );
        if (_calls(caller, data, expected)) _cohorts.push(_cohorts[earlier - 1]);
    }

    function anchorBatch(uint256 which, uint256 account, uint256 seed) external {
        if (_batchCount < _BATCHES) _make(seed);
        Made storage made = which % 2 == 0 ? _batches[_batchCount - 1] : _batch(which);
        account %= ACCOUNTS;
        // Mostly by somebody who speaks.
        for (uint256 i = 0; i < ACCOUNTS && seed % 8 != 0 && !_speaks(_accountOf(account)); ++i) {
            account = (account + 1) % ACCOUNTS;
        }
        if (made.anchoredOn[account] != 0) return;
        anchor(_accountOf(account), made.root);
        made.anchoredOn[account] = _now;
    }

    function revoke(uint256 who, uint256 first, uint256 second) external {
        // Seldom, or hardly any token would be left.
        if (second % 4 != 0) return;
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (_someToken(first), _someToken(second));
        address caller = _caller(who);
        bool expected = _rules(caller) && _places[ids[0]] != 0 && _places[ids[1]] != 0;
        _calls(caller, abi.encodeCall(collection.revoke, (ids)), expected);
    }

    function revokeAwarded(uint256 who, uint256 number, uint256 bits) external {
        number %= _AWARDS + 1;
        bits %= 2 ** WALLETS;
        address caller = _caller(who);
        bool expected = _rules(caller) && number != 0 && number <= _cohorts.length;
        if (expected) expected = bits >> collection.awardOf(number).size == 0;
        _calls(caller, abi.encodeCall(collection.revokeAwarded, (number, 0, bits)), expected);
    }

    function revokeTickets(uint256 who, uint256 which, uint256 bits) external {
        if (_batchCount == 0) return;
        // Seldom, or hardly any ticket would be left.
        if (bits % 4 != 0) return;
        Made storage made = _batch(which);
        bits = (bits / 4) % 2 ** 5;
        address caller = _caller(who);
        bytes memory data = abi.encodeCall(collection.revokeTickets, (made.root, 0, bits));
        if (_calls(caller, data, _rules(caller))) made.spent |= bits;
    }

    // What anybody does.

    function open(uint256 which, uint256 account, uint256 achievement) external {
        if (_batchCount == 0) return;
        Made storage made = _batch(which);
        account %= ACCOUNTS;
        // Mostly by somebody who has anchored.
        for (uint256 i = 0; i < ACCOUNTS && which % 8 != 0 && made.anchoredOn[account] == 0; ++i) {
            account = (account + 1) % ACCOUNTS;
        }
        achievement %= 2;
        uint64 anchoredOn = made.anchoredOn[account];
        bool expected = anchoredOn != 0 && _spoke(_accountOf(account), anchoredOn);
        IBadgeCollection.Batch memory batch = IBadgeCollection.Batch(
            _accountOf(account),
            sha256(abi.encode(made.root)),
            made.root,
            "manifest"
        );
        bytes memory data = abi.encodeCall(collection.open, (batch, _achievement(achievement)));
        if (!_calls(address(0xe7e), data, expected) || made.openings[achievement].isOpen) return;
        made.openings[achievement] = Opening(true, _accountOf(account), anchoredOn);
    }

    function recheck(uint256 which, uint256 achievement) external {
        if (_batchCount == 0) return;
        Made storage made = _batch(which);
        // Mostly one that has to be closed.
        for (uint256 i = 0; i < 2 * _batchCount && achievement % 8 != 0; ++i) {
            Opening storage each = _batches[i / 2].openings[i % 2];
            if (!each.isOpen || _spoke(each.account, each.anchoredOn)) continue;
            made = _batches[i / 2];
            achievement = 8 + (i % 2) + 2;
            break;
        }
        Opening storage opening = made.openings[achievement % 2];
        bool expected = opening.isOpen && !_spoke(opening.account, opening.anchoredOn);
        bytes memory data = abi.encodeCall(collection.recheck, (made.root, _achievement(achievement)));
        if (_calls(address(0xe7e), data, expected)) opening.isOpen = false;
    }

    function redeem(uint256 which, uint256 index, uint8 flaw) external {
        if (_batchCount == 0) return;
        Made storage made;
        (made, index) = _someTicket(which, index, 0);
        (IBadgeCollection.Ticket memory ticket, bytes32[] memory path) = _ticketOf(made, index, flaw);
        bool expected = flaw > 5 && index % 2 == 0 && _isRedeemable(made, index, ticket.addressee);
        if (_calls(address(0xe7e), abi.encodeCall(collection.redeem, (ticket, path)), expected)) made.spent |= 1 << index;
    }

    function redeemByKey(uint256 which, uint256 index, uint256 wallet, uint8 flaw) external {
        if (_batchCount == 0) return;
        Made storage made;
        (made, index) = _someTicket(which, index, 1);
        (IBadgeCollection.Ticket memory ticket, bytes32[] memory path) = _ticketOf(made, index, flaw);
        address to = _wallets[wallet % WALLETS];
        bytes memory signature = Signed.by(
            flaw == 6 ? 1 : _claimKeyOf(made.tickets[index].salt),
            Signed.redeem(address(collection), made.leaves[index], flaw == 7 ? address(0xbad) : to, _now + 1 days)
        );
        bool expected = flaw > 7 && index % 2 == 1 && _isRedeemable(made, index, to);
        bytes memory data = abi.encodeCall(collection.redeemByKey, (ticket, path, to, _now + 1 days, signature));
        if (_calls(address(0xe7e), data, expected)) made.spent |= 1 << index;
    }

    function intrude(uint256 who, uint256 which, uint256 to, uint8 kind, uint96 value) external {
        uint256 tokenId = _someToken(which);
        address holder = _places[tokenId] == 0 ? _wallets[0] : _tokens[_places[tokenId] - 1].holder;
        address caller = who % 2 == 0 ? holder : _caller(who);
        address other = _wallets[to % WALLETS];
        bytes memory data = abi.encodeCall(collection.transferFrom, (holder, other, tokenId));
        if (kind % 5 == 1) data = abi.encodeCall(collection.approve, (other, tokenId));
        if (kind % 5 == 2) data = abi.encodeCall(collection.setApprovalForAll, (other, true));
        if (kind % 5 == 3) {
            data = abi.encodeWithSignature("safeTransferFrom(address,address,uint256)", holder, other, tokenId);
        }
        if (kind % 5 == 4) data = abi.encode(which);
        vm.deal(caller, value);
        vm.prank(caller);
        (bool success, ) = address(collection).call{ value: kind % 2 == 0 ? value : 0 }(data);
        check(!success, "nobody moves a token, or has it moved");
    }

    // What holders do.

    function burn(uint256 who, uint256 which) external {
        uint256 tokenId = _someToken(which);
        bool isHeld = _isHeld(tokenId);
        address holder = isHeld ? _tokens[_places[tokenId] - 1].holder : _wallets[0];
        address caller = who % 4 == 0 ? _caller(who) : holder;
        _calls(caller, abi.encodeCall(collection.burn, (tokenId)), isHeld && caller == holder);
    }

    function rebind(uint256 who, uint256 which, uint256 wallet, uint8 flaw) external {
        uint256 tokenId = _someToken(which);
        address to = _someWallet(tokenId, wallet);
        address caller = _caller(who);
        bool expected = flaw > 2 && _speaks(caller) && _isBindable(tokenId, to);
        bytes memory signature;
        if (_isHeld(tokenId)) {
            signature = Signed.by(
                flaw == 0 ? 1 : _keyOf(_tokens[_places[tokenId] - 1].holder),
                Signed.rebind(address(collection), tokenId, flaw == 1 ? address(0xbad) : to, _now + 1 days)
            );
        }
        uint256 deadline = _now + (flaw == 2 ? 2 days : 1 days);
        _calls(caller, abi.encodeCall(collection.rebind, (tokenId, to, deadline, signature)), expected);
    }

    function propose(uint256 who, uint256 which, uint256 wallet) external {
        uint256 tokenId = _someToken(which);
        address to = _someWallet(tokenId, wallet);
        address caller = _caller(who);
        bytes memory data = abi.encodeCall(collection.proposeRebinding, (tokenId, to));
        if (!_calls(caller, data, _speaks(caller) && _isHeld(tokenId))) return;
        _proposed.push(tokenId);
        _proposals[tokenId] = Proposal(to, _now + 30 days);
    }

    function cancel(uint256 who, uint256 which) external {
        // Seldom, or hardly any proposal would be left.
        if (which % 4 != 0) return;
        uint256 tokenId = _someProposed(which / 4);
        bool isHeld = _isHeld(tokenId);
        address holder = isHeld ? _tokens[_places[tokenId] - 1].holder : _wallets[0];
        address caller = who % 4 == 0 ? holder : _caller(who);
        bool expected = isHeld && (caller == holder || _rules(caller)) && _proposals[tokenId].to != address(0);
        if (_calls(caller, abi.encodeCall(collection.cancelRebinding, (tokenId)), expected)) delete _proposals[tokenId];
    }

    function complete(uint256 who, uint256 which) external {
        uint256 tokenId = _someProposed(which);
        Proposal memory proposal = _proposals[tokenId];
        address caller = _caller(who);
        bool expected = _speaks(caller) &&
            proposal.to != address(0) &&
            _now >= proposal.readyOn &&
            _now <= proposal.readyOn + 30 days &&
            _isBindable(tokenId, proposal.to);
        if (_calls(caller, abi.encodeCall(collection.completeRebinding, (tokenId)), expected)) delete _proposals[tokenId];
    }

    // What happens meanwhile.

    function pass(uint32 seconds_) external {
        _now += seconds_ % 4 == 0 ? 30 days : seconds_ % 4 days;
        vm.warp(_now);
    }

    function addAccount(uint256 account) external {
        address who = _accountOf(account % ACCOUNTS);
        if (directory.issuerOf(who) == 0) add(who);
    }

    function retire(uint256 account) external {
        address who = _accountOf((account / 8) % ACCOUNTS);
        // Seldom, or hardly anybody would be left.
        if (account % 8 != 0 || !_speaks(who)) return;
        vm.prank(CONTROLLER);
        directory.retireAccount(issuerId, who);
    }

    function report(uint256 account, uint32 ago) external {
        address who = _accountOf((account / 8) % ACCOUNTS);
        IIssuerDirectory.Standing memory standing = directory.standingOf(issuerId, who);
        if (account % 8 != 0 || standing.validFrom == 0 || standing.reportedOn != 0) return;
        // Half of the time it was never good.
        uint64 age = _now - standing.validFrom;
        vm.prank(CONTROLLER);
        directory.reportAccount(issuerId, who, ago % 2 == 0 ? standing.validFrom : _now - (ago % (age + 1)));
    }

    // What the model says.

    function tokenCount() external view returns (uint256) {
        return _tokens.length;
    }

    function tokenAt(uint256 index) external view returns (Token memory) {
        return _tokens[index];
    }

    function walletAt(uint256 index) external view returns (address) {
        return _wallets[index % WALLETS];
    }

    function balanceOf(address wallet) external view returns (uint256) {
        return _balances[wallet];
    }

    function cohortCount() external view returns (uint256) {
        return _cohorts.length;
    }

    function cohortAt(uint256 index) external view returns (bytes32) {
        return _cohorts[index];
    }

    function batchCount() external view returns (uint256) {
        return _batchCount;
    }

    function batchAt(uint256 index) external view returns (bytes32 root, uint256 spent, bool[2] memory isOpen) {
        Made storage made = _batches[index];
        return (made.root, made.spent, [made.openings[0].isOpen, made.openings[1].isOpen]);
    }

    function achievementAt(uint256 index) external pure returns (bytes32) {
        return _achievement(index);
    }

    function _make(uint256 seed) private {
        Made storage made = _batches[_batchCount++];
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            bytes32 salt = keccak256(abi.encode(_batchCount, i));
            // The first and the last ticket are for one wallet and one achievement: one of them only can be redeemed.
            made.tickets[i] = IBadgeCollection.Ticket({
                index: uint32(i),
                achievement: _achievement(i % 4 == 0 ? 0 : seed >> i),
                addressee: i % 2 == 0 ? _wallets[((seed % WALLETS) + (i % 4)) % WALLETS] : vm.addr(_claimKeyOf(salt)),
                salt: salt
            });
            leaves[i] = Tickets.commitment(
                i % 2 == 0 ? NAMED : KEY,
                block.chainid,
                address(collection),
                made.tickets[i]
            );
            made.leaves[i] = leaves[i];
        }
        made.root = Tickets.rootOf(leaves);
    }

    /// @dev Mostly a ticket of a kind that is open and not spent.
    function _someTicket(uint256 which, uint256 index, uint256 kind) private view returns (Made storage, uint256) {
        for (uint256 i = 0; i < 5 * _batchCount && which % 8 != 0; ++i) {
            Made storage made = _batch(which / 8 + i / 5);
            uint256 place = ((index % 5) + i) % 5;
            bool isOpen = made.openings[made.tickets[place].achievement == _achievement(0) ? 0 : 1].isOpen;
            if (place % 2 == kind && isOpen && (made.spent >> place) & 1 == 0) return (made, place);
        }
        return (_batch(which / 8), index % 5);
    }

    /// @dev A ticket of a batch and its path, with one of five flaws.
    function _ticketOf(
        Made storage made,
        uint256 index,
        uint8 flaw
    ) private view returns (IBadgeCollection.Ticket memory ticket, bytes32[] memory path) {
        bytes32[] memory leaves = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) leaves[i] = made.leaves[i];
        ticket = made.tickets[index];
        path = Tickets.pathOf(leaves, index);
        if (flaw == 1) ticket.index = uint32((index + 1) % 5);
        if (flaw == 2) ticket.achievement = "another";
        if (flaw == 3) ticket.addressee = _wallets[(uint160(ticket.addressee) % 1_000) % WALLETS];
        if (flaw == 3 && ticket.addressee == made.tickets[index].addressee) ticket.salt = 0;
        if (flaw == 4) path = Tickets.firstOf(path, path.length - 1);
        if (flaw == 5) path[0] = ~path[0];
        if (flaw == 0) ticket.salt = ~ticket.salt;
    }

    function _isRedeemable(Made storage made, uint256 index, address to) private view returns (bool) {
        bytes32 achievement = made.tickets[index].achievement;
        return
            made.openings[achievement == _achievement(0) ? 0 : 1].isOpen &&
            (made.spent >> index) & 1 == 0 &&
            !_given[_seriesOfBatch(made.root, achievement)][to];
    }

    function _isBindable(uint256 tokenId, address to) private view returns (bool) {
        if (!_isHeld(tokenId)) return false;
        uint96 series = _seriesOf(tokenId);
        if (_given[series][to]) return false;
        if (series < 2 ** 95) return true;
        for (uint256 i = 0; i < _batchCount; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                if (_seriesOfBatch(_batches[i].root, _achievement(j)) == series) return _batches[i].openings[j].isOpen;
            }
        }
        return false;
    }

    /// @dev Calls the collection, and enters what it has logged.
    function _calls(address caller, bytes memory data, bool expected) private returns (bool success) {
        ++calls;
        vm.recordLogs();
        vm.prank(caller);
        (success, ) = address(collection).call(data);
        check(success == expected, expected ? "somebody was kept from what they may do" : "somebody did what they may not");
        // What a call has logged before it failed is recorded too, and was never said.
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (!success) return false;
        for (uint256 i = 0; i < logs.length; ++i) {
            check(logs[i].emitter == address(collection), "nobody else is called that says anything");
            if (logs[i].topics[0] == keccak256("Transfer(address,address,uint256)")) _enter(logs[i].topics);
            else if (logs[i].topics[0] == keccak256("Locked(uint256)")) {
                check(abi.decode(logs[i].data, (uint256)) == _lastMinted, "a token is locked when it is made");
                _lastMinted = 0;
            }
            check(i + 1 < logs.length || _lastMinted == 0, "every token that is made is locked");
        }
    }

    function _enter(bytes32[] memory topics) private {
        address from = address(uint160(uint256(topics[1])));
        address to = address(uint160(uint256(topics[2])));
        uint256 id = uint256(topics[3]);
        check((from == address(0)) != (to == address(0)), "a token is made or taken away, and never moved");
        if (from == address(0)) {
            check(_places[id] == 0, "a token is made once");
            check(_lastMinted == 0, "every token that is made is locked");
            check(!_given[_seriesOf(id)][to], "a wallet is given a token of a series once");
            _given[_seriesOf(id)][to] = true;
            _lastMinted = id;
            _tokens.push(Token(id, to, true, keccak256(bytes(collection.tokenURI(id)))));
            _places[id] = _tokens.length;
            ++_balances[to];
        } else {
            Token storage token = _tokens[_places[id] - 1];
            check(token.isHeld && token.holder == from, "a token is taken from its holder");
            token.isHeld = false;
            --_balances[from];
        }
        touched = _places[id] - 1;
    }

    function _someToken(uint256 seed) private view returns (uint256) {
        // Sometimes one that is none, or is gone; mostly one that is there.
        if (_tokens.length == 0 || seed % 16 == 0) return seed;
        for (uint256 i = 0; i < _tokens.length && seed % 16 > 3; ++i) {
            Token storage token = _tokens[(seed / 16 + i) % _tokens.length];
            if (token.isHeld) return token.id;
        }
        return _tokens[(seed / 16) % _tokens.length].id;
    }

    function _someProposed(uint256 seed) private view returns (uint256) {
        if (_proposed.length == 0 || seed % 8 == 0) return _someToken(seed / 8);
        return _proposed[seed % _proposed.length];
    }

    /// @dev Mostly a wallet that the token can be bound to.
    function _someWallet(uint256 tokenId, uint256 seed) private view returns (address) {
        for (uint256 i = 0; i < WALLETS && seed % 8 != 0; ++i) {
            address wallet = _wallets[(seed / 8 + i) % WALLETS];
            if (!_given[_seriesOf(tokenId)][wallet]) return wallet;
        }
        return _wallets[(seed / 8) % WALLETS];
    }

    function _isHeld(uint256 tokenId) private view returns (bool) {
        return _places[tokenId] != 0 && _tokens[_places[tokenId] - 1].isHeld;
    }

    function _speaks(address account) private view returns (bool) {
        IIssuerDirectory.Standing memory standing = directory.standingOf(issuerId, account);
        return standing.validFrom != 0 && standing.retiredOn == 0 && standing.reportedOn == 0;
    }

    function _rules(address account) private view returns (bool) {
        return account == CONTROLLER || _speaks(account);
    }

    function _spoke(address account, uint64 time) private view returns (bool spoke) {
        (spoke, ) = directory.spokeFor(issuerId, account, time);
    }

    /// @dev Mostly somebody who speaks for the issuer.
    function _caller(uint256 who) private view returns (address) {
        if (who % 8 == 0) return CONTROLLER;
        if (who % 8 == 1) return _wallets[who % WALLETS];
        uint256 account = (who / 8) % ACCOUNTS;
        for (uint256 i = 0; i < ACCOUNTS && who % 8 != 2 && !_speaks(_accountOf(account)); ++i) {
            account = (account + 1) % ACCOUNTS;
        }
        return _accountOf(account);
    }

    function _batch(uint256 which) private view returns (Made storage) {
        return _batches[which % _batchCount];
    }

    function _keyOf(address wallet) private pure returns (uint256) {
        for (uint256 i = 0; i < WALLETS; ++i) if (vm.addr(_keyOf(i)) == wallet) return _keyOf(i);
        revert("a holder whose key is not at hand");
    }

    function _keyOf(uint256 wallet) private pure returns (uint256) {
        return 0xb0b + wallet;
    }

    function _claimKeyOf(bytes32 salt) private pure returns (uint256) {
        return uint256(keccak256(abi.encode("claim key", salt))) >> 8;
    }

    function _accountOf(uint256 index) private pure returns (address) {
        return address(uint160(uint160(ACCOUNT) + index));
    }

    function _achievement(uint256 index) private pure returns (bytes32) {
        return index % 2 == 0 ? bytes32("achievement") : bytes32("another achievement");
    }

    function _seriesOf(uint256 tokenId) private pure returns (uint96) {
        return tokenId >> 160 == 0 ? uint96(tokenId >> 32) : uint96(tokenId >> 160);
    }

    function _seriesOfBatch(bytes32 root, bytes32 achievement) private pure returns (uint96) {
        return uint96(uint256(keccak256(abi.encodePacked(root, achievement))) >> 160) | (1 << 95);
    }
}

/// @notice Whatever anybody calls, in any order and at any time:
///
/// 1. A token has one holder from when it is made until it is taken away, for good: `ownerOf` goes from nobody to one
///    wallet and back to nobody, and never anywhere else.
/// 2. Each id is made at most once in history, and so is each (root of tickets, index), by whatever ticket.
/// 3. A wallet is given a token of a series at most once: the tokens of one award, or of one achievement of one batch.
/// 4. A wallet's balance is the number of tokens that it holds; the sum of all is made minus taken away.
/// 5. Every token is locked, from the call in which it is made; nobody is approved, and nothing moves it.
/// 6. A token stands for the same achievement for ever.
/// 7. Tokens are awarded by accounts that speak for the issuer, in the order of their numbers; a list never changes.
/// 8. Tickets are redeemed of batches that an account has anchored while it spoke, for whom the ticket says, or its key.
/// 9. A batch that is closed makes no token, by redeeming or by binding one to another wallet.
/// 10. A token is bound to another wallet by the issuer and its holder's signature, or by the issuer after thirty days
///     without a veto, and not more than thirty days later.
/// 11. Holders burn, accounts and the controller revoke, and nobody else takes a token away; a ticket that was revoked is
///     not redeemed.
/// 12. Nobody can keep anybody from what they may do.
/// 13. No call changes anything of another issuer's collection.
/// 14. The collection holds no value.
///
/// Forbidden: held → held by another, gone → held, spent → not spent, closed → makes a token.
///
/// Numbers 7 to 12 are held by the handler at every call, and so are 2, 3 and the first half of 5, by the logs alone.
/// `docs/contracts.md` says which of these, in which contract, answers which of the questions that contracts like these
/// are asked.
contract BadgeCollectionInvariants {
    BadgeHandler private _handler;
    IBadgeCollection private _collection;

    function setUp() public {
        _handler = new BadgeHandler();
        _collection = _handler.target();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_HoldsAfterEveryCall() public view {
        uint256 calls = _handler.calls();
        if (_handler.tokenCount() != 0) {
            _checkToken(_handler.touched());
            _checkToken(calls % _handler.tokenCount());
        }
        address wallet = _handler.walletAt(calls);
        check(_collection.balanceOf(wallet) == _handler.balanceOf(wallet), "a balance is what the wallet holds");
        check(_handler.foreign().balanceOf(wallet) == 0, "no other collection changes");
        check(_collection.awardCount() == _handler.cohortCount(), "an award has the number that was expected");
        check(_handler.foreign().awardCount() == 0, "no other collection changes");
        if (_handler.cohortCount() != 0) _checkCohort(calls % _handler.cohortCount());
        if (_handler.batchCount() != 0) _checkBatch(calls % _handler.batchCount());
        check(address(_collection).balance == 0, "a collection holds no value");
    }

    function _checkToken(uint256 index) private view {
        BadgeHandler.Token memory token = _handler.tokenAt(index);
        (bool success, bytes memory answer) = address(_collection).staticcall(
            abi.encodeCall(_collection.ownerOf, (token.id))
        );
        check(success == token.isHeld, "a token is there until it is taken away, and never again");
        if (!success) return;
        check(abi.decode(answer, (address)) == token.holder, "a token has one holder");
        check(_collection.locked(token.id), "a token is locked");
        check(_collection.getApproved(token.id) == address(0), "nobody may move a token");
        check(!_collection.isApprovedForAll(token.holder, address(_handler)), "nobody may move a wallet's tokens");
        check(keccak256(bytes(_collection.tokenURI(token.id))) == token.uri, "a token stands for what it stood for");
    }

    function _checkCohort(uint256 index) private view {
        IBadgeCollection.Award memory award = _collection.awardOf(index + 1);
        check(award.cohort.codehash == _handler.cohortAt(index), "a list never changes");
    }

    function _checkBatch(uint256 index) private view {
        (bytes32 root, uint256 spent, bool[2] memory isOpen) = _handler.batchAt(index);
        for (uint32 i = 0; i < 5; ++i) {
            check(_collection.isSpent(root, i) == ((spent >> i) & 1 != 0), "a ticket is spent from then on");
        }
        for (uint256 i = 0; i < 2; ++i) {
            IBadgeCollection.Series memory series = _collection.seriesOf(root, _handler.achievementAt(i));
            check(series.isOpen == isOpen[i], "a batch is open from its opening to its closing");
        }
    }
}
