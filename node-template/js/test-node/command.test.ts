import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command, ROOT, TOKEN, url } from "./node.js";

let folder: string;
let env: Record<string, string>;
const run = (...words: string[]) => command(words, env);

before(async () => {
  url();
  folder = await mkdtemp(join(tmpdir(), "tephra-chain-"));
  env = { TEPHRA_CONTRACTS: join(folder, "contracts.json"), NO_COLOR: "1" };
  const deployed = await run("deploy", TOKEN, "Token", "TOK", "0", "1000", "--name", "token");
  assert.equal(deployed.code, 0, deployed.stderr);
  assert.match(deployed.stdout, /^contract {2}0x[0-9a-fA-F]{40} \(token\)$/m);
  assert.match(deployed.stdout, /^status {4}success$/m);
});

after(() => rm(folder, { recursive: true }));

test("a contract is used by its name, with the stored ABI", async () => {
  const before = await run("view", "token", "balanceOf", "alice");
  assert.deepEqual(before, { code: 0, stdout: "1000\n", stderr: "" });
  const sent = await run("call", "token", "transfer", "bob", "3");
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stdout, /^call {6}token transfer\(bob, 3\)$/m);
  assert.match(sent.stdout, /^result {4}true$/m);
  assert.match(sent.stdout, /^event {5}token Transfer\(from: alice, to: bob, amount: 3\)$/m);
  assert.equal((await run("view", "token", "balanceOf(address)(uint256)", "//Bob")).stdout, "3\n");
  const events = await run("events", "token", "--blocks", "50");
  assert.match(events.stdout, /block \d+ token Transfer\(from: alice, to: bob, amount: 3\)/);
});

test("JSON is one line with the fields of the command tephra", async () => {
  const { code, stdout } = await run("call", "token", "approve", "bob", "7", "--json");
  assert.equal(code, 0);
  assert.equal(stdout.trim().split("\n").length, 1);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  for (const field of [
    "status",
    "block",
    "from",
    "to",
    "contract",
    "gas_used",
    "gas_limit",
    "output",
    "values",
    "logs",
    "failure",
  ])
    assert(field in report, field);
  assert.equal(report["status"], "success");
  assert.deepEqual(report["values"], [true]);
});

test("the limit of deposits is shown and can be set", async () => {
  const refused = await run("call", "token", "approve", "eve", "1", "--deposit-limit", "1");
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /^block {5}none: it was not sent$/m);
  assert.match(refused.stdout, /^deposit {3}0\.\d+ TPH of 0\.0+1 TPH$/m);
  assert.match(refused.stderr, /\(Ewasm\.StorageDepositLimitExhausted\)\n$/);
  const sent = await run("call", "token", "approve", "eve", "1", "--deposit-limit", "1ether");
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stdout, /^deposit {3}0\.\d+ TPH of 1 TPH$/m);
  const report = JSON.parse(
    (await run("call", "token", "approve", "eve", "2", "--json")).stdout,
  ) as Record<string, unknown>;
  assert.deepEqual([report["deposit"], report["deposit_limit"]], ["0", "0"]);
});

test("a revert is one line on standard error, and exit code 1", async () => {
  const { code, stdout, stderr } = await run("call", "token", "transfer", "bob", "9999");
  assert.equal(code, 1);
  assert.equal(
    stderr,
    'error: the contract reverted: "ERC20: transfer amount exceeds balance" (Ewasm.Reverted)\n',
  );
  assert.match(stdout, /^block {5}none: it was not sent$/m);
});

test("accounts and code are shown", async () => {
  const accounts = await run("accounts");
  assert.match(accounts.stdout, /^alice {5}0x9621ddE636dE098b43Efb0fA9b61FaCFE328F99d {2}5Grwva/im);
  assert.match(accounts.stdout, /^token {5}0x[0-9a-fA-F]{40} {2}contract/m);
  const stored = join(folder, "stored.wasm");
  const code = await run("code", "token", "-o", stored);
  assert.match(code.stdout, /^hash {6}0x[0-9a-f]{64}$/m);
  assert.equal((await readFile(stored)).subarray(0, 4).toString("latin1"), "\0asm");
});

test("invalid input is an error with the remedy", async () => {
  const text = join(folder, "text.wasm");
  const folderAsFile = folder;
  await writeFile(text, "hello");
  const cases: [string[], number, RegExp][] = [
    [["view", "token", "fly"], 2, /has no function `fly`; it has name\(\)/],
    [["view", "token", "balanceOf"], 2, /takes 1 argument, and 0 are given/],
    [["view", "token", "balanceOf", "nobody"], 2, /nobody is called `nobody`; known are alice, /],
    [
      ["view", "token", "balanceOf", "0x9621dde636de098b43efb0fa9b61facfe328f9"],
      2,
      /nobody is called/,
    ],
    [
      ["view", "token", "balanceOf", "0x9621DDe636de098b43efb0fa9b61facfe328f99d"],
      2,
      /wrong checksum/,
    ],
    [
      ["call", "token", "transfer", "bob", "many"],
      2,
      /argument 2 \(\w+\) of transfer\(address,uint256\): `many` is not a value of type uint256/,
    ],
    [["call", `0x${"22".repeat(20)}`, "f()"], 2, /there is no contract at 0x2222/],
    [
      ["call", "token", "transfer", "bob", "1", "--from", "not a phrase"],
      2,
      /the sender is none of alice/,
    ],
    [
      ["deploy", TOKEN, "Token"],
      2,
      /constructor\(string,string,uint8,uint256\) takes 4 arguments, and 1 is given/,
    ],
    [["deploy", TOKEN, "Token", "TOK", "256", "1"], 2, /`256` is not a value of type uint8/],
    [["deploy", TOKEN, "T", "T", "0", "1", "--name", "alice"], 2, /belongs to an account/],
    [["deploy", join(folder, "missing.wasm")], 3, /missing\.wasm: there is no such file/],
    [["deploy", folderAsFile], 3, /this is a folder/],
    [["deploy", text], 3, /not a WebAssembly binary/],
    [["view", "token", "name", "--abi", text], 3, /not JSON/],
    [
      ["accounts", "--url", "ws://127.0.0.1:1"],
      4,
      /no node can be reached at ws:\/\/127\.0\.0\.1:1/,
    ],
    [["accounts", "--url", "127.0.0.1"], 2, /is not the URL of a node/],
  ];
  for (const [words, code, message] of cases) {
    const ran = await run(...words);
    assert.equal(ran.code, code, `${words.join(" ")}: ${ran.stderr}`);
    assert.match(ran.stderr, message);
    assert.match(ran.stderr, /^error: [^\n]*\n$/, "one line");
    assert.equal(ran.stdout, "");
  }
});

test("following events ends cleanly on Ctrl-C", async () => {
  const ran = await command(["events", "token", "--blocks", "50", "--follow"], env, {
    after: /Transfer/,
    name: "SIGINT",
  });
  assert.equal(ran.code, 0);
  assert.equal(ran.stderr, "");
});

test("it is no error when the reader closes the pipe", async () => {
  const { execFile } = await import("node:child_process");
  const command = `"${process.execPath}" "${ROOT}node-template/js/bin/tephra-chain.js"`;
  const script = `${command} accounts --json | head -c 1; exit "\${PIPESTATUS[0]}"`;
  const code = await new Promise((done) => {
    const child = execFile("bash", ["-c", script], { env: { ...process.env, ...env } }, () =>
      done(child.exitCode),
    );
  });
  assert.equal(code, 0);
});
