/** Dry runs take place in the block to come, also where none comes without a transaction. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as tephra from "../src/index.js";
import { command, url } from "./node.js";

/**
 * A timelock. With call data it locks for three seconds. Without, it reverts until they have
 * passed, and then returns the block's number and time, of eight bytes each.
 *
 *     (if (call $getCallDataSize)
 *       (then
 *         (i64.store (i32.const 32) (i64.add (call $getBlockTimestamp) (i64.const 3)))
 *         (call $storageStore (i32.const 0) (i32.const 32)))
 *       (else
 *         (call $storageLoad (i32.const 0) (i32.const 32))
 *         (if (i64.lt_u (call $getBlockTimestamp) (i64.load (i32.const 32)))
 *           (then (call $revert (i32.const 0) (i32.const 0))))
 *         (i64.store (i32.const 64) (call $getBlockNumber))
 *         (i64.store (i32.const 72) (call $getBlockTimestamp))
 *         (call $finish (i32.const 64) (i32.const 16))))
 */
const TIMELOCK =
  "0061736d010000000111046000017e6000017f60027f7f0060000002a6010708657468657265756d11676574" +
  "426c6f636b54696d657374616d70000008657468657265756d0e676574426c6f636b4e756d62657200000865" +
  "7468657265756d0f67657443616c6c4461746153697a65000108657468657265756d0b73746f726167654c6f" +
  "6164000208657468657265756d0c73746f7261676553746f7265000208657468657265756d06726576657274" +
  "000208657468657265756d0666696e6973680002030201030503010001071102066d656d6f72790200046d61" +
  "696e00070a48014600100204404120100042037c370300410041201004054100412010031000412029030054" +
  "04404100410010050b41c000100137030041c800100037030041c000411010060b0b";

let chain: tephra.Chain;
let alice: tephra.Sender;
let lock: string;
let folder: string;

/** A number as WebAssembly's `i32.const` has it, whose sixth bit of the last byte is a sign. */
const signed = (value: number): number[] =>
  value < 64 ? [value] : [(value & 127) | 128, ...signed(value >> 7)];
const unsigned = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
const section = (id: number, ...bytes: number[]): number[] => [
  id,
  ...unsigned(bytes.length),
  ...bytes,
];
const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];

/** Init code that gives a module as it is: `(call $finish (i32.const 0) (i32.const LENGTH))`. */
function initCode(code: Uint8Array): Uint8Array {
  const main = [0, 0x41, 0, 0x41, ...signed(code.length), 0x10, 0, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 2, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 0, 0),
    ...section(2, 1, ...text("ethereum"), ...text("finish"), 0, 0),
    ...section(3, 1, 1),
    ...section(5, 1, 0, 1),
    ...section(7, 2, ...text("memory"), 2, 0, ...text("main"), 0, 1),
    ...section(10, 1, ...unsigned(main.length), ...main),
    ...section(11, 1, 0, 0x41, 0, 0x0b, ...unsigned(code.length), ...code),
  ]);
}

before(async () => {
  chain = await tephra.Chain.connect(url());
  folder = await mkdtemp(join(tmpdir(), "tephra-chain-"));
  alice = await tephra.senderOf("//Alice");
  const report = await tephra.deploy(chain, initCode(tephra.fromHex("code", `0x${TIMELOCK}`)), {
    from: alice,
    value: 0n,
    gas: null,
  });
  assert.equal(tephra.showFailure(report), "");
  assert(report.contract !== null);
  lock = report.contract;
});

after(async () => {
  await chain.close();
  await rm(folder, { recursive: true });
});

const NOTHING = new Uint8Array();
const close = () =>
  tephra.call(chain, lock, Uint8Array.of(1), { from: alice, value: 0n, gas: null });
const open = (given: tephra.Given | null = null) =>
  tephra.view(chain, lock, NOTHING, { from: alice, value: 0n, gas: null, given });

/** The block's number, and its time in seconds. */
function told(report: tephra.Report): [bigint, bigint] {
  const view = new DataView(tephra.fromHex("output", report.output).buffer);
  return [view.getBigUint64(0, true), view.getBigUint64(8, true)];
}

test("a timelock opens at its time, even without a new block", async () => {
  const { block } = await close();
  assert(block !== null);
  const deadline = Date.now() + 60_000;
  let report = await open();
  while (report.status === "revert" && Date.now() < deadline) {
    await sleep(200);
    report = await open();
  }
  assert.equal(report.status, "success");
  assert.equal(told(report)[0], BigInt(block) + 1n, "there is no newer block");
  // What is sent finds what the dry run has found.
  const sent = await tephra.call(chain, lock, NOTHING, { from: alice, value: 0n, gas: null });
  assert.equal(tephra.showFailure(sent), "");
  assert.equal(sent.block, block + 1);
});

test("number, time and state can be overridden", async () => {
  await close();
  const later = BigInt(Date.now()) + 1_000_000_000n;
  const report = await open({ timestamp: later, number: 12345n });
  assert.equal(report.status, "success");
  assert.deepEqual(told(report), [12345n, later / 1000n]);
  const storage = [{ key: `0x${"00".repeat(32)}`, value: `0x${"ff".repeat(8)}${"00".repeat(24)}` }];
  assert.equal(
    (await open({ timestamp: later, accounts: [{ address: lock, storage }] })).status,
    "revert",
  );
  const noContract = "0x0061736d01000000";
  assert.equal(
    (await open({ accounts: [{ address: lock, code: noContract }] })).status,
    "contract-validation-failure",
  );
});

test("the command takes number and time", async () => {
  const env = { TEPHRA_CONTRACTS: join(folder, "contracts.json"), NO_COLOR: "1" };
  await close();
  const later = BigInt(Math.floor(Date.now() / 1000)) + 1_000_000n;
  const ran = await command(
    ["view", lock, "--data", "0x", "--number", "777", "--time", String(later)],
    env,
  );
  assert.equal(ran.stderr, "");
  const bytes = Buffer.from(ran.stdout.trim().slice(2), "hex");
  assert.deepEqual([bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)], [777n, later]);
});
