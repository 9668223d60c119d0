// What the library promises to every contract, where the token does not show it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder } from "ethers";
import { compile } from "./compile.js";
import { Contract } from "./host.js";

const coder = AbiCoder.defaultAbiCoder();

/** A contract that answers with a number, an expression of the arguments that a call gives it. */
async function answering(imports, expression) {
  const contract = new Contract();
  contract.code = await compile(`
    import { answerU256, answerU64, Call } from "./abi";
    ${imports}
    export function main(): void {
      const data = Call.current().arguments();
      ${expression}
    }`);
  return (types, ...args) =>
    contract.call({
      data: "0x00000000" + coder.encode(types, args).slice(2),
      from: "0x" + "aa".repeat(20),
    });
}

const ADDRESSES = [
  "0x" + "00".repeat(20),
  "0x01" + "00".repeat(19),
  "0x" + "00".repeat(8) + "01" + "00".repeat(11),
  "0x" + "00".repeat(19) + "01",
];
const NUMBERS = [0n, 1n, 2n, 64n, 128n, 192n]
  .flatMap((bits) => [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n])
  .concat(2n ** 256n - 1n, 2n ** 255n);

test("numbers compare by value", async () => {
  const compare = await answering(
    'import { U256 } from "./u256";',
    `const a = data.u256(0), b = data.u256(1);
     answerU64(
       u64(a == b) | u64(a != b) << 1 | u64(a < b) << 2 | u64(a > b) << 3 | u64(a <= b) << 4 |
       u64(a >= b) << 5
     );`,
  );
  for (const a of NUMBERS) {
    for (const b of NUMBERS) {
      const expected = [a === b, a !== b, a < b, a > b, a <= b, a >= b].reduce(
        (bits, holds, i) => bits | (Number(holds) << i),
        0,
      );
      assert.equal(Number(compare(["uint256", "uint256"], a, b).output), expected, `${a} and ${b}`);
    }
  }
});

test("sums and differences that do not fit revert", async () => {
  const numbers = 'import { U256 } from "./u256";';
  const sum = await answering(numbers, "answerU256(data.u256(0) + data.u256(1));");
  const difference = await answering(numbers, "answerU256(data.u256(0) - data.u256(1));");
  const check = (result, expected) => {
    assert.equal(result.status, expected < 0n || expected >= 2n ** 256n ? "revert" : "success");
    if (result.status === "success") assert.equal(BigInt(result.output), expected);
  };
  for (const a of NUMBERS) {
    for (const b of NUMBERS) {
      check(sum(["uint256", "uint256"], a, b), a + b);
      check(difference(["uint256", "uint256"], a, b), a - b);
    }
  }
});

test("addresses compare by value", async () => {
  const compare = await answering(
    "",
    `const a = data.address(0), b = data.address(1);
     answerU64(u64(a == b) | u64(a != b) << 1 | u64(a.isZero()) << 2);`,
  );
  for (const a of ADDRESSES) {
    for (const b of ADDRESSES) {
      const expected = (a === b ? 1 : 2) | (a === ADDRESSES[0] ? 4 : 0);
      assert.equal(Number(compare(["address", "address"], a, b).output), expected, `${a} and ${b}`);
    }
  }
});

test("memory is zeroed, aligned, grows, and ends in a trap", async () => {
  const allocating = await answering(
    'import { allocate } from "./memory";',
    `const size = <usize>data.u256(0).low(), first = allocate(size), second = allocate(1);
     answerU64(u64(
       (first & 7) == 0 && (second & 7) == 0 && second >= first + size &&
       load<u8>(first + size - 1) == 0 && load<u8>(second) == 0
     ));`,
  );
  for (const size of [1, 7, 8, 9, 60_000, 65_536, 1_000_000, 50_000_000]) {
    assert.equal(Number(allocating(["uint256"], size).output), 1, `${size} bytes`);
  }
  for (const size of [2 ** 30 + 1, 2 ** 31, 2 ** 32 - 8, 2 ** 32 - 1]) {
    assert.equal(allocating(["uint256"], size).status, "trap", `${size} bytes`);
  }
});
