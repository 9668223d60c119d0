// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;

/// Keeps amounts by account, for the tests of the compiler.
contract Ledger {
    uint256 public total;
    uint256 public immutable limit;
    string public name;
    mapping(address => uint256) public amounts;

    event Added(address indexed account, uint256 amount, string note);

    error AboveLimit(uint256 total, uint256 limit);

    constructor(uint256 limit_, string memory name_) {
        limit = limit_;
        name = name_;
    }

    function add(uint256 amount, string calldata note) external returns (uint256) {
        require(amount > 3, note);
        total += amount;
        if (total > limit) revert AboveLimit(total, limit);
        amounts[msg.sender] += amount;
        emit Added(msg.sender, amount, note);
        return total;
    }

    function squares(uint256 count) external pure returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i = 0; i < count; i++) list[i] = i * i;
    }
}
