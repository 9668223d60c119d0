// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The token of contracts/token once more, for machines that run what Solidity compiles to: the same functions, events, rules and messages.
contract Token {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public name;
    string public symbol;
    uint8 public decimals;
    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    /// Makes the token and gives all of it to its creator.
    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 supply) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    /// Moves `amount` from the caller to `to`.
    function transfer(address to, uint256 amount) external returns (bool) {
        move(msg.sender, to, amount);
        return true;
    }

    /// Moves `amount` from `from` to `to`, out of what `from` allowed the caller.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        // The largest allowance has no limit, and is not used up.
        if (allowed != type(uint256).max) {
            require(allowed >= amount, "ERC20: insufficient allowance");
            allowance[from][msg.sender] = allowed - amount;
        }
        move(from, to, amount);
        return true;
    }

    /// Allows `spender` to move up to `amount` out of the caller's balance.
    function approve(address spender, uint256 amount) external returns (bool) {
        allow(msg.sender, spender, amount);
        return true;
    }

    /// Allows `spender` to move `added` more than before.
    function increaseAllowance(address spender, uint256 added) external returns (bool) {
        allow(msg.sender, spender, allowance[msg.sender][spender] + added);
        return true;
    }

    /// Allows `spender` to move `subtracted` less than before.
    function decreaseAllowance(address spender, uint256 subtracted) external returns (bool) {
        uint256 allowed = allowance[msg.sender][spender];
        require(allowed >= subtracted, "ERC20: decreased allowance below zero");
        allow(msg.sender, spender, allowed - subtracted);
        return true;
    }

    function move(address from, address to, uint256 amount) private {
        require(from != address(0), "ERC20: transfer from the zero address");
        require(to != address(0), "ERC20: transfer to the zero address");
        uint256 balance = balanceOf[from];
        require(balance >= amount, "ERC20: transfer amount exceeds balance");
        balanceOf[from] = balance - amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    function allow(address owner, address spender, uint256 amount) private {
        require(owner != address(0), "ERC20: approve from the zero address");
        require(spender != address(0), "ERC20: approve to the zero address");
        allowance[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }
}
