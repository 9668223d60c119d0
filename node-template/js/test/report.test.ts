import assert from "node:assert/strict";
import { test } from "node:test";
import { Interface } from "ethers/abi";
import { makeReport, reportJson, showFailure, type Asked } from "../src/report.js";
import type { Effects, Outcome } from "../src/pallet.js";
import type { Inclusion } from "../src/chain.js";
import type { Refusal } from "../src/dispatch.js";

const TOKEN = "0x00000000000000000000000000000000000000AA";
const OTHER = "0x00000000000000000000000000000000000000bb";
const abi = new Interface([
  "function get() view returns (uint256)",
  "event Done(uint256 n)",
  "error Broke(uint256 n)",
]);
const done = abi.encodeEventLog("Done", [7]);
const word = (digits: string) => `0x${digits.padStart(64, "0")}`;

const dry: Outcome = {
  status: "success",
  message: null,
  refusal: null,
  output: word("2a"),
  gasUsed: 100n,
  weight: { refTime: 5n, proofSize: 6n },
  deposit: 3n,
  charged: 4n,
  logs: [{ address: TOKEN, ...done }],
  address: null,
};
const asked: Asked = {
  from: OTHER,
  to: TOKEN,
  gasLimit: 110n,
  depositLimit: 4n,
  called: abi.getFunction("get"),
  abiOf: (address) => (address === null ? abi : undefined),
};
const refusal = (name: string, docs: string): Refusal => ({ name, docs });
const inclusion = (why: Refusal | null): Inclusion => ({
  block: 9,
  blockHash: "0x1",
  extrinsicHash: "0x2",
  fee: 50n,
  weight: { refTime: 7n, proofSize: 8n },
  records: [],
  refusal: why,
});
const effects: Effects = { logs: dry.logs, created: null, gasUsed: 90n, deposit: 2n };

test("the report of a view is the decoded dry run", () => {
  const report = makeReport(asked, dry, null);
  assert.equal(report.status, "success");
  assert.deepEqual(report.values, ["42"]);
  assert.equal(report.logs[0]?.event?.signature, "Done(uint256)");
  assert.equal(report.block, null);
  assert.equal(report.fee, null);
});

test("the report of a sent transaction is what the chain says", () => {
  const report = makeReport(asked, dry, { inclusion: inclusion(null), effects });
  assert.deepEqual(
    [report.block, report.gasUsed, report.fee, report.deposit, report.weight.refTime],
    [9, 90n, 50n, 2n, 7n],
  );
  const failed = makeReport(asked, dry, {
    inclusion: inclusion(refusal("Ewasm.OutOfGas", "The gas limit did not suffice.")),
    effects: { ...effects, logs: [] },
  });
  assert.equal(failed.status, "failure");
  assert.deepEqual([failed.values, failed.logs, failed.deposit], [null, [], 0n]);
  assert.equal(
    showFailure(failed),
    "the transaction failed: The gas limit did not suffice (Ewasm.OutOfGas)",
  );
});

test("a failure shows the reason of a revert, the place of a trap, and the pallet's error", () => {
  const revert: Outcome = {
    ...dry,
    status: "revert",
    output: abi.encodeErrorResult("Broke", [7]),
    refusal: refusal("Ewasm.Reverted", "The contract reverted."),
  };
  assert.equal(
    showFailure(makeReport(asked, revert, null)),
    "the contract reverted: Broke(7) (Ewasm.Reverted)",
  );
  assert.equal(
    showFailure(makeReport(asked, { ...revert, output: "0x" }, null)),
    "the contract reverted without saying why (Ewasm.Reverted)",
  );
  const trap: Outcome = {
    ...dry,
    status: "trap",
    message: "out of bounds in function 3",
    refusal: refusal("Ewasm.Trapped", "The contract trapped. A dry run shows where."),
  };
  assert.equal(
    showFailure(makeReport(asked, trap, null)),
    "the transaction failed: The contract trapped: out of bounds in function 3 (Ewasm.Trapped)",
  );
});

test("a report names a new contract only when it was created", () => {
  const create = { ...asked, to: null, called: null };
  const made = { ...dry, address: TOKEN };
  assert.equal(makeReport(create, made, null).contract, TOKEN);
  assert.equal(
    makeReport(create, made, {
      inclusion: inclusion(null),
      effects: { ...effects, created: OTHER },
    }).contract,
    OTHER,
  );
  assert.equal(
    makeReport(create, made, { inclusion: inclusion(refusal("Ewasm.Reverted", "")), effects })
      .contract,
    null,
  );
});

test("a limit of deposits that is too low is reported, with the deposit it needs", () => {
  const docs =
    "Deposits would cost more. If that is intended, call with a higher limit: " +
    "a dry run shows one that suffices.";
  const over = refusal("Ewasm.StorageDepositLimitExhausted", docs);
  const asked0 = { ...asked, depositLimit: 0n };
  const tried = makeReport(asked0, { ...dry, refusal: over }, null);
  assert.deepEqual([tried.deposit, tried.depositLimit, tried.status], [3n, 0n, "failure"]);
  assert.match(
    showFailure(tried),
    /call with a higher limit.*\(Ewasm\.StorageDepositLimitExhausted\)$/,
  );
  const sent = makeReport(asked0, dry, {
    inclusion: inclusion(over),
    effects: { ...effects, deposit: null },
  });
  assert.deepEqual([sent.deposit, sent.depositLimit, sent.status], [0n, 0n, "failure"]);
  const json = reportJson(tried) as Record<string, unknown>;
  assert.deepEqual([json["deposit"], json["deposit_limit"]], ["3", "0"]);
  assert.equal(
    (
      reportJson(makeReport({ ...asked, depositLimit: null }, dry, null)) as Record<string, unknown>
    )["deposit_limit"],
    null,
  );
});

test("only the called contract's logs are decoded with its ABI", () => {
  const report = makeReport(asked, { ...dry, logs: [{ address: OTHER, ...done }] }, null);
  assert.equal(report.logs[0]?.event, null);
});

test("JSON loses no digits", () => {
  const json = JSON.parse(
    JSON.stringify(reportJson(makeReport(asked, { ...dry, deposit: 2n ** 70n }, null))),
  ) as Record<string, unknown>;
  assert.equal(json["deposit"], (2n ** 70n).toString());
  assert.equal(json["gas_used"], 100);
});
