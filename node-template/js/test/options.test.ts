import assert from "node:assert/strict";
import { test } from "node:test";
import { help, COMMANDS, type Command } from "../src/command/help.js";
import { parse } from "../src/command/options.js";

const invocation = (...argv: string[]) => {
  const request = parse(argv, {});
  assert("run" in request);
  return request.run;
};
const refused = (argv: string[], message: RegExp) =>
  assert.throws(() => parse(argv, {}), message, argv.join(" "));

test("words and options may come in any order", () => {
  const { command, words, options } = invocation(
    "call",
    "--from",
    "//Bob",
    "token",
    "transfer",
    "--json",
    "alice",
    "3",
    "--value",
    "2gwei",
  );
  assert.equal(command, "call");
  assert.deepEqual(words, ["token", "transfer", "alice", "3"]);
  assert.equal(options.from, "//Bob");
  assert.equal(options.value, 2_000_000_000n);
  assert.equal(options.gas, null);
  assert(options.json);
});

test("the limit of deposits is an amount, `none`, or found by a dry run", () => {
  const limit = (...words: string[]) => invocation("call", "c", "f", ...words).options.depositLimit;
  assert.equal(limit(), null);
  assert.equal(limit("--deposit-limit", "0"), 0n);
  assert.equal(limit("--deposit-limit", "2gwei"), 2_000_000_000n);
  assert.equal(limit("--deposit-limit", "none"), "none");
  refused(["call", "c", "f", "--deposit-limit", "some"], /`some` is not an amount/);
  refused(["code", "c", "--deposit-limit", "1"], /`code` has no option --deposit-limit/);
});

test("negative numbers are arguments", () => {
  assert.deepEqual(invocation("call", "c", "add(int256)", "-5").words, ["c", "add(int256)", "-5"]);
});

test("the constructor's signature is present only when it is given", () => {
  assert.equal(invocation("deploy", "a.wasm").options.constructorSignature, null);
  assert.equal(
    invocation("deploy", "a.wasm", "--constructor", "(uint256)").options.constructorSignature,
    "(uint256)",
  );
});

test("the environment sets the defaults", () => {
  const request = parse(["accounts"], { TEPHRA_URL: "ws://a:1" });
  assert("run" in request && request.run.options.url === "ws://a:1");
});

test("invalid command lines are refused, with the remedy", () => {
  refused(["fly"], /there is no command `fly`; there are accounts, deploy/);
  refused(["call"], /needs a contract and a function/);
  refused(["code", "a", "b"], /does not take `b`/);
  refused(["view", "a", "b", "--name", "x"], /`view` has no option --name/);
  refused(["call", "a", "b", "--speed", "9"], /Unknown option '--speed'/);
  refused(["call", "a", "b", "--gas", "much"], /--gas `much` is not a whole number/);
  refused(["call", "a", "b", "--value", "-1"], /ambiguous|not an amount/);
  refused(["call", "a", "b", "--url"], /argument missing/);
});

test("every command has a help text with all its options", () => {
  assert.deepEqual(parse([], {}), { help: "all" });
  assert.deepEqual(parse(["help", "deploy"], {}), { help: "deploy" });
  for (const command of Object.keys(COMMANDS) as Command[]) {
    for (const option of COMMANDS[command].options)
      assert.match(help(command), new RegExp(`--${option}`));
    assert.match(help("all"), new RegExp(`^  ${command} `, "m"));
  }
});
