import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chain } from "../src/chain.js";
import type { Outcome } from "../src/pallet.js";
import { call, deploy, depositLimitFor, type DepositLimit, view } from "../src/transactions.js";

const CONTRACT = "0x00000000000000000000000000000000000000AA";

/**
 * A chain that answers dry runs with these deposits, and remembers the limits that it was given.
 */
function chain(
  charged: bigint,
  refused = false,
): { chain: Chain; dry: (bigint | null)[]; sent: (bigint | null)[] } {
  const [dry, sent]: [(bigint | null)[], (bigint | null)[]] = [[], []];
  const refusal = refused ? { name: "Ewasm.StorageDepositLimitExhausted", docs: "" } : null;
  const outcome: Outcome = {
    status: "success",
    message: null,
    refusal,
    output: "0x",
    gasUsed: 100n,
    weight: { refTime: 1n, proofSize: 1n },
    deposit: charged,
    charged,
    logs: [],
    address: null,
  };
  const run = (limit: bigint | null): Outcome => {
    dry.push(limit);
    return outcome;
  };
  const extrinsic = (limit: bigint | null): object => {
    sent.push(limit);
    return {};
  };
  const pallet = {
    mostGas: 1_000n,
    addressOf: async () => CONTRACT,
    estimate: async () => 100n,
    call: async (
      ...[, , , , , limit]: [string, string, Uint8Array, bigint, bigint | null, bigint | null]
    ) => run(limit),
    create: async (
      ...[, , , , limit]: [string, Uint8Array, bigint, bigint | null, bigint | null]
    ) => run(limit),
    callExtrinsic: (...[, , , , limit]: [string, Uint8Array, bigint, bigint, bigint | null]) =>
      extrinsic(limit),
    createExtrinsic: (...[, , , limit]: [Uint8Array, bigint, bigint, bigint | null]) =>
      extrinsic(limit),
    effects: () => ({ logs: [], created: CONTRACT, gasUsed: 90n, deposit: charged }),
  };
  const submit = async () => ({
    block: 1,
    blockHash: "0x1",
    extrinsicHash: "0x2",
    fee: 1n,
    weight: { refTime: 1n, proofSize: 1n },
    records: [],
    refusal: null,
  });
  return { chain: { pallet, submit } as unknown as Chain, dry, sent };
}

const sending = (depositLimit?: DepositLimit) => ({
  from: { account: "5", name: "alice" } as never,
  value: 0n,
  gas: null,
  ...(depositLimit !== undefined && { depositLimit }),
});
const data = new Uint8Array();

test("where the dry run pays no deposit, the block may take none", async () => {
  const { chain: quiet, dry, sent } = chain(0n);
  const report = await call(quiet, CONTRACT, data, sending());
  assert.deepEqual([dry, sent, report.depositLimit], [[null], [0n], 0n]);
});

test("the limit of deposits is a tenth more than a dry run pays", async () => {
  assert.equal(depositLimitFor(1_000n), 1_100n);
  const found = chain(1_000n);
  assert.equal((await call(found.chain, CONTRACT, data, sending(null))).depositLimit, 1_100n);
  assert.equal((await deploy(found.chain, data, sending())).depositLimit, 1_100n);
  assert.deepEqual(found.sent, [1_100n, 1_100n]);
});

test("a given limit holds in the dry run and in the block, and `none` is no limit", async () => {
  const found = chain(1_000n);
  await call(found.chain, CONTRACT, data, sending(5_000n));
  await deploy(found.chain, data, sending(0n));
  await view(found.chain, CONTRACT, data, sending(7n));
  assert.equal((await call(found.chain, CONTRACT, data, sending("none"))).depositLimit, null);
  assert.deepEqual(found.dry, [5_000n, 0n, 7n, null]);
  assert.deepEqual(found.sent, [5_000n, 0n, null]);
});

test("a transaction beyond the limit in the dry run is not sent", async () => {
  const found = chain(1_000n, true);
  const report = await call(found.chain, CONTRACT, data, sending(10n));
  assert.deepEqual(
    [found.sent, report.block, report.deposit, report.depositLimit],
    [[], null, 1_000n, 10n],
  );
});
