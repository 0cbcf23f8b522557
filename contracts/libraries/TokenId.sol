// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title TokenId
/// @notice The numbers of series and tokens; `core/src/TokenId.ts` in Solidity. {IBadgeCollection} has the table.
library TokenId {
    /// @dev Set in the numbers of batches' series, and far above the numbers of awards.
    uint96 private constant _OF_BATCH = 1 << 95;

    /// @notice The series of an achievement of a batch, and the bits of its seal that its number leaves out, but for
    /// one.
    function seriesOf(bytes32 ticketRoot, bytes32 achievement) internal pure returns (uint96 series, uint160 seal) {
        uint256 whole = uint256(keccak256(abi.encode(ticketRoot, achievement)));
        return (uint96(whole >> 160) | _OF_BATCH, uint160(whole));
    }

    /// @notice Whether a series is that of a batch. It is an award's otherwise.
    function isOfBatch(uint96 series) internal pure returns (bool) {
        return series & _OF_BATCH != 0;
    }

    /// @notice The id of the token that was awarded to the wallet at an index of a list.
    function ofAward(uint256 award, uint256 index) internal pure returns (uint256 tokenId) {
        return (award << 32) | index;
    }

    /// @notice The id of the token of a series that a wallet has by redeeming, or by being bound again.
    function ofWallet(uint96 series, address wallet) internal pure returns (uint256 tokenId) {
        return (uint256(series) << 160) | uint160(wallet);
    }

    /// @notice Whether a token was awarded, and not bound to another wallet since.
    function isAwarded(uint256 tokenId) internal pure returns (bool) {
        return tokenId >> 160 == 0;
    }

    /// @notice The award and the index of a token that was awarded.
    function awardOf(uint256 tokenId) internal pure returns (uint256 award, uint256 index) {
        return (tokenId >> 32, uint32(tokenId));
    }

    /// @notice The series and the wallet of any other token.
    function walletOf(uint256 tokenId) internal pure returns (uint96 series, address wallet) {
        return (uint96(tokenId >> 160), address(uint160(tokenId)));
    }
}
