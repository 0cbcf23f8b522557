// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Clone
/// @notice Minimal proxies as in ERC-1167, whose code is followed by arguments: they are there from the beginning, cost
/// no storage, and never change. A call of a proxy runs the implementation's code on the proxy's state.
library Clone {
    /// @dev A contract's code has 24,576 bytes at most (EIP-170).
    uint256 internal constant MAX_ARGUMENTS_LENGTH = 24_576 - _PROXY_LENGTH;

    uint256 private constant _PROXY_LENGTH = 45;

    /// @notice The code that creates a proxy.
    /// @param argument What follows the proxy's code: {MAX_ARGUMENTS_LENGTH} bytes at most.
    function initCode(address implementation, bytes memory argument) internal pure returns (bytes memory) {
        return
            abi.encodePacked(
                // PUSH2 length, RETURNDATASIZE, DUP2, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURN
                hex"61",
                uint16(_PROXY_LENGTH + argument.length),
                hex"3d81600a3d39f3",
                // ERC-1167
                hex"363d3d373d3d3d363d73",
                implementation,
                hex"5af43d82803e903d91602b57fd5bf3",
                argument
            );
    }

    /// @notice The arguments of the proxy that this code runs for.
    function arguments() internal view returns (bytes memory argument) {
        bytes memory code = address(this).code;
        uint256 length = code.length - _PROXY_LENGTH;
        // What was the proxy's own code is not read again: its last word becomes the arguments' length.
        assembly ("memory-safe") {
            argument := add(code, _PROXY_LENGTH)
            mstore(argument, length)
        }
    }

    /// @notice The first word of the arguments of the proxy that this code runs for.
    function firstArgument() internal view returns (bytes32 argument) {
        // Writes to scratch space only. Where the code is too short, zeros are read.
        assembly ("memory-safe") {
            extcodecopy(address(), 0x00, _PROXY_LENGTH, 0x20)
            argument := mload(0x00)
        }
    }
}
