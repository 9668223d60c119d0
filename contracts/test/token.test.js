import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Interface } from "ethers";
import { Contract, withConstructorArguments } from "./host.js";

const read = (name) => readFileSync(new URL(`../token/${name}`, import.meta.url));
const initCode = read("token.wasm");
const abi = new Interface(read("token.abi.json").toString());

const address = (digit) => "0x" + digit.repeat(40);
const [alice, bob, carol] = ["a", "b", "c"].map(address);
const nobody = address("0");
const MAX = 2n ** 256n - 1n;
const SUPPLY = 1_000_000n;

function deploy({
  name = "Tephra Token",
  symbol = "TEPH",
  decimals = 18,
  supply = SUPPLY,
  value,
} = {}) {
  const contract = new Contract();
  const code = withConstructorArguments(
    initCode,
    abi.encodeDeploy([name, symbol, decimals, supply]),
  );
  return { contract, result: contract.create(code, { from: alice, value }) };
}

/** A deployed token with helpers that speak in values instead of bytes. */
function token(options) {
  const { contract, result } = deploy(options);
  assert.equal(result.status, "success");
  return {
    contract,
    view(method, ...args) {
      const result = contract.call({
        data: abi.encodeFunctionData(method, args),
        from: carol,
        isStatic: true,
      });
      assert.equal(result.status, "success", reason(result));
      return abi.decodeFunctionResult(method, result.output)[0];
    },
    send(from, method, ...args) {
      return contract.call({ data: abi.encodeFunctionData(method, args), from });
    },
  };
}

function reason({ status, output }) {
  return status === "revert" ? abi.parseError(output).args[0] : undefined;
}

function reverts(result, expected) {
  assert.equal(result.status, "revert");
  assert.equal(reason(result), expected);
}

function succeeds(result, ...events) {
  assert.equal(result.status, "success", reason(result));
  assert.equal(BigInt(result.output), 1n);
  assert.equal(result.output.length, 2 + 64);
  emits(result, ...events);
}

function emits({ logs }, ...events) {
  const parsed = logs.map((log) => abi.parseLog(log)).map((event) => [event.name, ...event.args]);
  assert.deepEqual(
    parsed,
    events.map(([name, from, to, amount]) => [name, from, to, amount].map(checksummed)),
  );
}

const checksummed = (value) =>
  /^0x[0-9a-f]{40}$/.test(value)
    ? abi.decodeFunctionData("balanceOf", abi.encodeFunctionData("balanceOf", [value]))[0]
    : value;

describe("the constructor", () => {
  test("gives the whole supply to the creator", () => {
    const { contract, result } = deploy();
    emits(result, ["Transfer", nobody, alice, SUPPLY]);
    assert.ok(contract.code.length > 0);
    const { view } = token();
    assert.equal(view("totalSupply"), SUPPLY);
    assert.equal(view("balanceOf", alice), SUPPLY);
    assert.equal(view("balanceOf", bob), 0n);
  });

  test("keeps name, symbol and decimals", () => {
    const { view } = token({ decimals: 6 });
    assert.deepEqual(
      ["name", "symbol", "decimals"].map((method) => view(method)),
      ["Tephra Token", "TEPH", 6n],
    );
  });

  test("keeps texts of any length up to 255 bytes", () => {
    for (const length of [0, 1, 7, 8, 30, 31, 32, 33, 62, 63, 64, 95, 96, 128, 254, 255]) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode(33 + (i % 90))).join("");
      const { view } = token({ name: text, symbol: text, supply: 0n });
      assert.equal(view("name"), text);
      assert.equal(view("symbol"), text);
    }
    assert.equal(token({ name: "Ἥφαιστος 🌋" }).view("name"), "Ἥφαιστος 🌋");
  });

  test("refuses a longer text", () => {
    reverts(deploy({ name: "x".repeat(256) }).result, "ABI: text is too long");
    reverts(deploy({ symbol: "x".repeat(1000) }).result, "ABI: text is too long");
  });

  test("takes any supply", () => {
    for (const supply of [0n, 1n, 2n ** 64n, 2n ** 128n + 5n, MAX]) {
      const { view } = token({ supply });
      assert.equal(view("totalSupply"), supply);
      assert.equal(view("balanceOf", alice), supply);
    }
  });

  test("refuses a value", () => {
    for (const value of [1n, 2n ** 64n, 2n ** 127n])
      reverts(deploy({ value }).result, "ABI: function is not payable");
  });

  test("wants arguments", () => {
    reverts(
      new Contract().create(initCode, { from: alice }),
      "constructor: no arguments were given",
    );
    const other = Buffer.from([0, 4, 3, 0x61, 0x62, 0x63]);
    reverts(
      new Contract().create(Buffer.concat([initCode, other]), { from: alice }),
      "constructor: no arguments were given",
    );
    const created = (encoded) =>
      new Contract().create(withConstructorArguments(initCode, encoded), { from: alice });
    reverts(created("0x"), "ABI: arguments are too short");
  });

  test("refuses arguments that do not fit their types", () => {
    const good = abi.encodeDeploy(["Tephra Token", "TEPH", 18, SUPPLY]);
    const created = (encoded) =>
      new Contract().create(withConstructorArguments(initCode, encoded), { from: alice });
    const word = (value) => value.toString(16).padStart(64, "0");
    const replaced = (index, value) =>
      good.slice(0, 2 + 64 * index) + word(value) + good.slice(2 + 64 * (index + 1));

    assert.equal(created(good).status, "success");
    reverts(created(replaced(2, 256n)), "ABI: not a uint8");
    reverts(created(replaced(2, 2n ** 64n)), "ABI: not a uint8");
    for (const offset of [
      0x101n,
      2n ** 32n,
      2n ** 32n + 0x80n,
      2n ** 64n + 0x80n,
      MAX,
      2n ** 32n - 32n,
    ]) {
      reverts(created(replaced(0, offset)), "ABI: offset outside the arguments");
    }
    for (const length of [0x61n, 2n ** 32n, 2n ** 64n, MAX]) {
      reverts(created(replaced(4, length)), "ABI: length outside the arguments");
    }
  });

  test("reverts on arguments cut anywhere", () => {
    // The padding after the last text may be missing, its content may not.
    const good = abi.encodeDeploy(["Tephra Token", "TEPH", 18, SUPPLY]);
    const needed = 2 + 2 * (7 * 32 + 4);
    for (let end = 2; end < needed; end += 2) {
      const result = new Contract().create(withConstructorArguments(initCode, good.slice(0, end)), {
        from: alice,
      });
      assert.equal(result.status, "revert", `cut to ${end / 2 - 1} bytes`);
      assert.match(reason(result), /^ABI: /);
    }
    assert.equal(
      new Contract().create(withConstructorArguments(initCode, good.slice(0, needed)), {
        from: alice,
      }).status,
      "success",
    );
  });

  test("finds its arguments behind other custom sections, with a size of the least width", () => {
    const encoded = Buffer.from(abi.encodeDeploy(["A", "B", 0, 7n]).slice(2), "hex");
    const name = Buffer.from("constructor");
    const payload = Buffer.concat([Buffer.from([name.length]), name, encoded]);
    const other = Buffer.from([0, 0x80, 0x01, 3, ...Buffer.from("abc"), ...Buffer.alloc(124)]);
    const section = Buffer.concat([
      Buffer.from([0, (payload.length & 0x7f) | 0x80, payload.length >> 7]),
      payload,
    ]);
    const contract = new Contract();
    emits(contract.create(Buffer.concat([initCode, other, section, other]), { from: alice }), [
      "Transfer",
      nobody,
      alice,
      7n,
    ]);
  });
});

describe("transfer", () => {
  test("moves an amount and logs it", () => {
    const { send, view } = token();
    succeeds(send(alice, "transfer", bob, 300n), ["Transfer", alice, bob, 300n]);
    assert.deepEqual(
      [alice, bob].map((owner) => view("balanceOf", owner)),
      [SUPPLY - 300n, 300n],
    );
    assert.equal(view("totalSupply"), SUPPLY);
  });

  test("moves nothing, and everything", () => {
    const { send, view } = token();
    succeeds(send(bob, "transfer", carol, 0n), ["Transfer", bob, carol, 0n]);
    succeeds(send(alice, "transfer", bob, SUPPLY), ["Transfer", alice, bob, SUPPLY]);
    assert.deepEqual(
      [alice, bob].map((owner) => view("balanceOf", owner)),
      [0n, SUPPLY],
    );
  });

  test("to oneself changes nothing", () => {
    const { send, view } = token({ supply: MAX });
    succeeds(send(alice, "transfer", alice, MAX), ["Transfer", alice, alice, MAX]);
    assert.equal(view("balanceOf", alice), MAX);
  });

  test("of more than the balance reverts and changes nothing", () => {
    const { send, view } = token();
    for (const amount of [SUPPLY + 1n, 2n ** 64n, 2n ** 192n, MAX]) {
      reverts(send(alice, "transfer", bob, amount), "ERC20: transfer amount exceeds balance");
    }
    reverts(send(bob, "transfer", alice, 1n), "ERC20: transfer amount exceeds balance");
    assert.deepEqual(
      [alice, bob].map((owner) => view("balanceOf", owner)),
      [SUPPLY, 0n],
    );
  });

  test("to or from the zero address reverts", () => {
    const { send } = token();
    reverts(send(alice, "transfer", nobody, 1n), "ERC20: transfer to the zero address");
    reverts(send(nobody, "transfer", bob, 0n), "ERC20: transfer from the zero address");
  });
});

describe("allowances", () => {
  test("approve sets one, of this owner for this spender alone", () => {
    const { send, view } = token();
    succeeds(send(alice, "approve", bob, 50n), ["Approval", alice, bob, 50n]);
    assert.equal(view("allowance", alice, bob), 50n);
    assert.equal(view("allowance", bob, alice), 0n);
    assert.equal(view("allowance", alice, carol), 0n);
    succeeds(send(alice, "approve", bob, 7n), ["Approval", alice, bob, 7n]);
    assert.equal(view("allowance", alice, bob), 7n);
  });

  test("transferFrom moves an amount and uses the allowance up", () => {
    const { send, view } = token();
    send(alice, "approve", bob, 50n);
    succeeds(send(bob, "transferFrom", alice, carol, 20n), ["Transfer", alice, carol, 20n]);
    assert.deepEqual(
      [alice, bob, carol].map((owner) => view("balanceOf", owner)),
      [SUPPLY - 20n, 0n, 20n],
    );
    assert.equal(view("allowance", alice, bob), 30n);
    reverts(send(bob, "transferFrom", alice, carol, 31n), "ERC20: insufficient allowance");
    reverts(send(carol, "transferFrom", alice, carol, 1n), "ERC20: insufficient allowance");
    assert.equal(view("allowance", alice, bob), 30n);
  });

  test("transferFrom of more than the balance reverts and leaves the allowance", () => {
    const { send, view } = token();
    send(alice, "approve", bob, SUPPLY + 5n);
    reverts(
      send(bob, "transferFrom", alice, carol, SUPPLY + 1n),
      "ERC20: transfer amount exceeds balance",
    );
    assert.equal(view("allowance", alice, bob), SUPPLY + 5n);
  });

  test("the largest allowance is not used up", () => {
    const { send, view } = token();
    send(alice, "approve", bob, MAX);
    succeeds(send(bob, "transferFrom", alice, carol, 20n), ["Transfer", alice, carol, 20n]);
    assert.equal(view("allowance", alice, bob), MAX);
    send(alice, "approve", bob, MAX - 1n);
    send(bob, "transferFrom", alice, carol, 20n);
    assert.equal(view("allowance", alice, bob), MAX - 21n);
  });

  test("of or for the zero address revert", () => {
    const { send } = token();
    reverts(send(alice, "approve", nobody, 1n), "ERC20: approve to the zero address");
    reverts(send(nobody, "approve", bob, 1n), "ERC20: approve from the zero address");
  });

  test("increase and decrease with exact 256-bit arithmetic", () => {
    const edges = [64n, 128n, 192n, 256n].flatMap((bits) => [2n ** bits - 1n, 2n ** (bits - 1n)]);
    const numbers = [0n, 1n, 2n ** 64n, 2n ** 128n, 2n ** 192n, 2n ** 192n - 2n ** 64n, ...edges];
    const { send, view } = token();
    for (const first of numbers) {
      for (const second of numbers) {
        send(alice, "approve", bob, first);
        const increased = send(alice, "increaseAllowance", bob, second);
        if (first + second > MAX) reverts(increased, "U256: addition overflow");
        else succeeds(increased, ["Approval", alice, bob, first + second]);

        send(alice, "approve", bob, first);
        const decreased = send(alice, "decreaseAllowance", bob, second);
        if (first < second) reverts(decreased, "ERC20: decreased allowance below zero");
        else succeeds(decreased, ["Approval", alice, bob, first - second]);
        assert.equal(view("allowance", alice, bob), first < second ? first : first - second);
      }
    }
  });

  test("revert when the host has no SHA-256 precompile", () => {
    const { contract, send } = token();
    contract.precompiles = {};
    reverts(send(alice, "approve", bob, 1n), "SHA-256: precompile failed");
  });
});

describe("a call", () => {
  test("of an unknown function reverts", () => {
    const { contract } = token();
    for (const data of ["0xdeadbeef", "0x00000000", "0xa9059cba" + "00".repeat(64)]) {
      reverts(contract.call({ data, from: alice }), "ERC20: unknown function");
    }
  });

  test("without a whole selector reverts", () => {
    const { contract } = token();
    for (const data of ["0x", "0xa9", "0xa9059c"])
      reverts(contract.call({ data, from: alice }), "ABI: no function selector");
  });

  test("with arguments cut anywhere reverts", () => {
    const { contract } = token();
    for (const [method, ...args] of [
      ["transfer", bob, 1n],
      ["balanceOf", bob],
      ["transferFrom", alice, bob, 1n],
      ["allowance", alice, bob],
    ]) {
      const data = abi.encodeFunctionData(method, args);
      for (let end = 10; end < data.length; end += 2) {
        reverts(
          contract.call({ data: data.slice(0, end), from: alice }),
          "ABI: arguments are too short",
        );
      }
      assert.equal(
        contract.call({ data: data + "00".repeat(70000), from: alice }).status,
        method === "transferFrom" ? "revert" : "success",
      );
    }
  });

  test("with an address of more than 20 bytes reverts", () => {
    const { contract } = token();
    const data = abi.encodeFunctionData("balanceOf", [bob]);
    for (let at = 10; at < 10 + 24; at += 2) {
      reverts(
        contract.call({ data: data.slice(0, at) + "01" + data.slice(at + 2), from: alice }),
        "ABI: not an address",
      );
    }
  });

  test("of any function with a value reverts", () => {
    const { contract } = token();
    abi.forEachFunction(({ selector }) => {
      reverts(
        contract.call({ data: selector, from: alice, value: 1n }),
        "ABI: function is not payable",
      );
    });
  });

  test("finds every function of the ABI", () => {
    const { contract } = token();
    abi.forEachFunction(({ selector }) => {
      assert.notEqual(
        reason(contract.call({ data: selector + "00".repeat(96), from: alice })),
        "ERC20: unknown function",
      );
    });
  });
});

test("state variables have the keys that the storage library documents", () => {
  const { contract, send } = token({ name: "n".repeat(40), symbol: "TEPH", decimals: 18 });
  send(alice, "approve", bob, 9n);
  const word = (value) => "0x" + value.toString(16).padStart(64, "0");
  const tagged = (tag, rest) => "0x" + tag.toString(16).padStart(2, "0") + rest.padStart(62, "0");
  const bytes = (owner) => Buffer.from(owner.slice(2), "hex");
  const pair = createHash("sha256").update(bytes(alice)).update(bytes(bob)).digest("hex");
  const letters = (count) => "6e".repeat(count);
  assert.deepEqual(Object.fromEntries(contract.storage), {
    [tagged(0, "00")]: "0x" + letters(31) + "28",
    [tagged(0, "01")]: "0x" + letters(9) + "00".repeat(23),
    [tagged(1, "00")]: "0x" + Buffer.from("TEPH").toString("hex") + "00".repeat(27) + "04",
    [tagged(2, "00")]: word(18n),
    [tagged(3, "00")]: word(SUPPLY),
    [tagged(4, alice.slice(2))]: word(SUPPLY),
    [tagged(5, pair.slice(2))]: word(9n),
  });
});
