import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder, Interface, ParamType } from "ethers/abi";
import { getAddress } from "ethers/address";
import * as abi from "../src/abi/index.js";
import { fromHex, toHex } from "../src/bytes.js";

const ALICE = getAddress("0x9621dde636de098b43efb0fa9b61facfe328f99d");
const BOB = getAddress("0x41dccbd49b26c50d34355ed86ff0fa9e489d1e01");

const names: abi.Resolver = (word) => {
  const found = { alice: ALICE, bob: BOB }[word];
  if (found === undefined) throw new Error(`nobody is called \`${word}\``);
  return found;
};

const token = new Interface([
  "constructor(string name, uint8 decimals)",
  "function balanceOf(address owner) view returns (uint256)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function over(uint256 a)",
  "function over(address a)",
  "event Transfer(address indexed from, address indexed to, uint256 amount)",
  "event Named(string indexed name, string text)",
  "error Broke(uint256 needed, address who)",
]);

const read = (type: string, word: string) => abi.readArgument(ParamType.from(type), word, names);

test("call data is the selector and the encoded arguments", async () => {
  const data = await abi.encodeCall(abi.findFunction("transfer", token, 2), ["bob", "3"], names);
  const word = (digits: string) => digits.padStart(64, "0");
  assert.equal(toHex(data), `0xa9059cbb${word(BOB.slice(2).toLowerCase())}${word("3")}`);
});

test("a function is found by its name or its signature, with or without result types", () => {
  assert.equal(
    abi.findFunction("balanceOf(address)(uint256)", undefined, 1).outputs[0]?.type,
    "uint256",
  );
  assert.equal(abi.findFunction("balanceOf(address)", token, 1).outputs[0]?.type, "uint256");
  assert.equal(abi.findFunction("balanceOf", token, 1).selector, "0x70a08231");
  assert.equal(abi.findFunction("f((uint256,bool)[2],address)", undefined, 2).inputs.length, 2);
});

test("an unknown function is refused, and the known ones are listed", () => {
  const refused = (signature: string, message: RegExp, of: abi.Abi | null = token) =>
    assert.throws(() => abi.findFunction(signature, of ?? undefined, 1), message);
  refused("mint", /has no function `mint`; it has balanceOf\(address\), transfer/);
  refused("over", /several functions `over`.*over\(uint256\), over\(address\)/);
  refused("transfer", /ABI of this contract is not known/, null);
  for (const wrong of [
    "f(",
    "f(uint))",
    "f(nothing)",
    "(uint256)",
    `f${"(".repeat(99)}${")".repeat(99)}`,
  ]) {
    refused(wrong, /is not a function signature/);
  }
});

test("the wrong number of arguments is refused", async () => {
  const transfer = abi.findFunction("transfer", token, 1);
  await assert.rejects(
    abi.encodeCall(transfer, ["bob"], names),
    /transfer\(address,uint256\) takes 2 arguments, and 1 is given/,
  );
  await assert.rejects(
    abi.encodeCall(transfer, ["eve", "1"], names),
    /argument 1 \(to\) of transfer.*nobody is called `eve`/,
  );
  await assert.rejects(
    abi.encodeCall(transfer, ["bob", "x"], names),
    /argument 2 \(amount\).*`x` is not a value of type uint256/,
  );
});

test("names stand for addresses at any depth, and quotes protect commas and brackets", async () => {
  assert.deepEqual(await read("address[]", "[alice, bob]"), [ALICE, BOB]);
  assert.deepEqual(await read("tuple(string,address)[1]", `[("alice",alice)]`), [["alice", ALICE]]);
  assert.deepEqual(await read("string[]", "['a,b]', c]"), ["a,b]", "c"]);
  assert.equal(await read("string", ""), "");
});

test("values out of range are refused with the type named", async () => {
  const wrong: [string, string][] = [
    ["uint8", "256"],
    ["uint8", "-1"],
    ["int8", "128"],
    ["uint256", "1.5"],
    ["uint256", ""],
    ["uint256", "1e99"],
    ["bool", "yes"],
    ["bytes2", "0xabc"],
    ["bytes2", "0xabcdef"],
    ["bytes", "0xz"],
    ["uint256[2]", "[1]"],
    ["uint256[]", "1,2"],
    ["uint256[]", "[1,,2]"],
    ["uint256[]", "[]]"],
    ["tuple(bool,bool)", "(true)"],
  ];
  for (const [type, word] of wrong)
    await assert.rejects(read(type, word), /is not a value of type/, `${type} ${word}`);
  assert.equal(await read("int8", "-128"), -128n);
  assert.equal(await read("uint256", `${2n ** 256n - 1n}`), 2n ** 256n - 1n);
});

test("amounts have units", () => {
  assert.equal(abi.amount("1ether"), 10n ** 18n);
  assert.equal(abi.amount("1.5 gwei"), 1_500_000_000n);
  assert.equal(abi.amount("1e12"), 10n ** 12n);
  assert.equal(abi.amount("0x10"), 16n);
  for (const wrong of ["", "-1", "1foo", "0.1wei", "１", "1e999999999"])
    assert.throws(() => abi.amount(wrong), /not an amount/, wrong);
});

test("results are JSON values, and are shown as one would type them", () => {
  const type = ParamType.from("tuple(uint256 a, string b, address c, int8[] d)");
  const coded = AbiCoder.defaultAbiCoder().encode([type], [[2n ** 64n, 'a"\u001b', ALICE, [-1n]]]);
  const value = abi.toValue(type, AbiCoder.defaultAbiCoder().decode([type], coded)[0]);
  assert.deepEqual(value, ["18446744073709551616", 'a"\u001b', ALICE, ["-1"]]);
  assert.equal(
    abi.showValue(type, value, () => "alice"),
    '(18446744073709551616, "a\\"\\u{1b}", alice, [-1])',
  );
});

test("output that does not fit has no values", () => {
  const balance = abi.findFunction("balanceOf", token, 1);
  assert.deepEqual(abi.decodeOutput(balance, `0x${"7".padStart(64, "0")}`), ["7"]);
  assert.equal(abi.decodeOutput(balance, "0x07"), null);
});

test("the reason of a revert is a text, a panic, an error of the ABI, or bare text", () => {
  const shown = (output: string) => abi.showReason(abi.decodeRevert(output, token), output);
  const solidity = new Interface(["error Error(string)", "error Panic(uint256)"]);
  assert.equal(shown(solidity.encodeErrorResult("Error", ["too much"])), '"too much"');
  assert.equal(
    shown(solidity.encodeErrorResult("Panic", [0x11])),
    "Panic(0x11): arithmetic overflow or underflow",
  );
  assert.equal(shown(token.encodeErrorResult("Broke", [7, ALICE])), `Broke(7, ${ALICE})`);
  assert.equal(
    shown(toHex(new TextEncoder().encode("SafeMath: subtraction overflow"))),
    '"SafeMath: subtraction overflow"',
  );
  assert.equal(shown("0x"), null);
  assert.equal(shown("0x08c379a0ff"), "0x08c379a0ff");
  assert.equal(shown("0x0001"), "0x0001");
});

test("a log is an event when the ABI has one that fits", () => {
  const event = token.getEvent("Transfer");
  assert(event !== null);
  const log = { address: BOB, ...token.encodeEventLog(event, [ALICE, BOB, 3]) };
  const decoded = abi.decodeEvent(log, token);
  assert(decoded !== null);
  const name = (address: string) => ({ [ALICE]: "alice", [BOB]: "bob" })[address] ?? address;
  assert.equal(abi.showEvent(decoded, token, name), "Transfer(from: alice, to: bob, amount: 3)");
  assert.equal(abi.decodeEvent({ ...log, topics: log.topics.slice(0, 2) }, token), null);
  assert.equal(abi.decodeEvent({ ...log, data: "0x" }, token), null);
  assert.equal(abi.decodeEvent({ ...log, topics: [] }, token), null);
});

test("the value of an indexed text is its hash", () => {
  const event = token.getEvent("Named");
  assert(event !== null);
  const decoded = abi.decodeEvent(
    { address: BOB, ...token.encodeEventLog(event, ["a", "b"]) },
    token,
  );
  assert(decoded !== null);
  assert.match(abi.showEvent(decoded, token), /^Named\(name: 0x[0-9a-f]{64}, text: "b"\)$/);
});

test("a file that is not an ABI is refused by name", () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => abi.parseAbi("x.json", text), message);
  refused("{", /^TephraError: x\.json: not JSON/);
  refused("{}", /expected a JSON array/);
  refused('[{"type":"function","name":"f","inputs":[{"type":"nothing"}]}]', /not an ABI/);
  refused("[1]", /not an ABI/);
  refused(`${"[".repeat(5000)}${"]".repeat(5000)}`, /not an ABI/);
  assert.equal(
    abi.functions(
      abi.parseAbi("x", '{"abi":[{"type":"function","name":"f","inputs":[],"outputs":[]}]}'),
    ).length,
    1,
  );
});

test("hexadecimal digits are checked", () => {
  assert.deepEqual(fromHex("data", "0xc0ff"), Uint8Array.of(0xc0, 0xff));
  assert.throws(() => fromHex("data", "0xc"), /data `0xc` is not an even number/);
  assert.throws(() => fromHex("data", "0xzz"), /not an even number/);
});
