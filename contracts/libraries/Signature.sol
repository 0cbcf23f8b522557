// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IERC1271 } from "../interfaces/IERC1271.sol";

/// @title Signature
/// @notice Whose a signature is.
library Signature {
    /// @dev Half of the order of secp256k1, rounded down: of the two `s` with which a signature holds, one is above.
    uint256 private constant _S_MAX = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice Whether the key of an account has signed a digest, in the one spelling that a signature has.
    function isByKey(address account, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        if (signature.length != 65) return false;
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > _S_MAX) return false;
        address signer = ecrecover(digest, uint8(signature[64]), bytes32(signature[:32]), s);
        // Zero is what comes out of a signature that is none.
        return signer != address(0) && signer == account;
    }

    /// @notice Whether an account has signed a digest, by its key or, if it has code, as that says (ERC-1271).
    /// @dev The key counts first: the owner of an account that has code by EIP-7702 has not given it up, and no
    /// contract has an address that a signature leads to.
    ///
    /// Hostile code can waste the caller's gas, with an answer of any length too, and nothing else: in a static call it
    /// changes nothing, and the transaction fails either way.
    function isBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (isByKey(account, digest, signature)) return true;
        if (account.code.length == 0) return false;
        (bool success, bytes memory answer) = account.staticcall(
            abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && answer.length == 32 && bytes32(answer) == bytes32(IERC1271.isValidSignature.selector);
    }
}
