import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import * as tephra from "../src/index.js";
import { TOKEN, tokenAbi, url } from "./node.js";

let chain: tephra.Chain;
let names: tephra.Names;
let abi: tephra.Abi;
let alice: tephra.Sender;
let bob: tephra.Sender;
let token: string;

const resolve = (word: string) => names.resolve(word);
const from = (sender: tephra.Sender, gas: bigint | null = null) => ({
  from: sender,
  value: 0n,
  gas,
});
const encoded = async (name: string, words: string[]) => {
  const called = tephra.findFunction(name, abi, words.length);
  return { called, data: await tephra.encodeCall(called, words, resolve) };
};
const send = async (
  sender: tephra.Sender,
  name: string,
  words: string[],
  gas: bigint | null = null,
) => {
  const { called, data } = await encoded(name, words);
  return tephra.call(chain, token, data, from(sender, gas), called, () => abi);
};
const ask = async (name: string, words: string[]) => {
  const { called, data } = await encoded(name, words);
  return (await tephra.view(chain, token, data, from(alice), called, () => abi)).values;
};
const deployToken = async (words: string[], gas: bigint | null = null) => {
  const code = await readFile(TOKEN);
  const constructor = await tephra.encodeConstructor(tephra.constructorInputs(abi), words, resolve);
  return tephra.deploy(
    chain,
    tephra.withConstructorArguments(code, constructor),
    from(alice, gas),
    () => abi,
  );
};

before(async () => {
  chain = await tephra.Chain.connect(url());
  [names, abi, alice, bob] = await Promise.all([
    tephra.Names.of(chain),
    tokenAbi(),
    tephra.senderOf("//Alice"),
    tephra.senderOf("bob"),
  ]);
  const report = await deployToken(["Test Token", "TST", "0", "1000"]);
  assert.equal(report.failure, null, tephra.showFailure(report));
  assert(report.contract !== null && report.fee !== null && report.fee > 0n && report.deposit > 0n);
  token = report.contract;
});

after(() => chain.close());

test("addresses are the end of the Keccak-256 of the account, as in the old tutorial", async () => {
  assert.equal(
    (await names.resolve("alice")).toLowerCase(),
    "0x9621dde636de098b43efb0fa9b61facfe328f99d",
  );
  assert.equal(await names.resolve(bob.account), await names.resolve("bob"));
  assert.equal(await names.resolve("//Bob"), await names.resolve("bob"));
  await assert.rejects(names.resolve("nobody"), /nobody is called `nobody`/);
});

test("a deployed contract answers", async () => {
  assert.deepEqual(await ask("name", []), ["Test Token"]);
  assert.deepEqual(await ask("balanceOf", ["alice"]), ["1000"]);
  assert(await chain.pallet.isContract(token));
  const code = await chain.pallet.codeOf(token);
  assert.equal(tephra.toHex(code.slice(0, 4)), "0x0061736d");
});

test("a transfer moves tokens and logs an event, within the gas that was estimated", async () => {
  const report = await send(alice, "transfer", ["bob", "3"]);
  assert.equal(tephra.showFailure(report), "");
  assert.deepEqual(report.values, [true]);
  assert.deepEqual(await ask("balanceOf", ["alice"]), ["997"]);
  assert.deepEqual(await ask("balanceOf", ["bob"]), ["3"]);
  assert(report.gasUsed > 0n && report.gasUsed <= report.gasLimit);
  assert(report.weight.refTime > 0n);
  const [log] = report.logs;
  assert(log?.event && report.logs.length === 1);
  assert.equal(
    tephra.showEvent(log.event, abi, names.show),
    "Transfer(from: alice, to: bob, amount: 3)",
  );
  assert(report.block !== null);
  const inBlock = await tephra.logsOfBlock(chain, report.block);
  assert(inBlock.some((one) => one.address === token && one.data === log.data));
});

test("logs are reported block by block", async () => {
  const told: tephra.BlockLog[] = [];
  const problems: unknown[] = [];
  const arrived = new Promise<void>((done) => {
    tephra
      .watchLogs(
        chain,
        (_, logs) => {
          told.push(...logs);
          if (told.length > 0) done();
        },
        (error) => problems.push(error),
      )
      .then(
        (stop) => after(stop),
        (error: unknown) => problems.push(error),
      );
  });
  await send(alice, "approve", ["bob", "10"]);
  await arrived;
  assert.deepEqual(problems, []);
  assert.equal(told[0]?.address, token);
});

test("deposits cost no more than their limit, which a dry run finds", async () => {
  const { called, data } = await encoded("approve", ["charlie", "9"]);
  const limited = (depositLimit: tephra.DepositLimit, gas: bigint | null = null) =>
    tephra.call(chain, token, data, { ...from(alice, gas), depositLimit }, called, () => abi);
  const refused = await limited(1n);
  assert.equal(refused.block, null);
  assert.equal(refused.failure?.refusal?.name, "Ewasm.StorageDepositLimitExhausted");
  assert(refused.deposit > 1n, "it says what it would have taken");
  const failed = await limited(1n, 1_000_000n);
  assert(failed.block !== null && failed.fee !== null && failed.fee > 0n);
  assert.equal(failed.failure?.refusal?.name, "Ewasm.StorageDepositLimitExhausted");
  const enough = await limited(refused.deposit);
  assert.deepEqual([enough.failure, enough.deposit], [null, refused.deposit]);
  const again = await send(alice, "approve", ["charlie", "10"]);
  assert.deepEqual([again.failure, again.deposit, again.depositLimit], [null, 0n, 0n]);
  const first = await send(alice, "approve", ["dave", "10"]);
  assert.equal(first.depositLimit, tephra.depositLimitFor(first.deposit));
});

test("a transaction that fails in the dry run is not sent, and gives the reason", async () => {
  const before = await chain.balanceOf(bob.account);
  const report = await send(bob, "transfer", ["alice", "5000"]);
  assert.equal(report.status, "revert");
  assert.equal(report.block, null);
  assert.match(
    tephra.showFailure(report),
    /^the contract reverted: "ERC20: transfer amount exceeds balance" \(Ewasm\.Reverted\)$/,
  );
  assert.equal(await chain.balanceOf(bob.account), before);
});

test("with a gas limit a failing transaction is sent and costs a fee", async () => {
  const report = await send(bob, "transfer", ["alice", "5000"], 1_000_000n);
  assert(report.block !== null && report.fee !== null && report.fee > 0n);
  assert.equal(report.failure?.refusal?.name, "Ewasm.Reverted");
  assert.notEqual(report.failure.refusal.docs, "");
  assert.match(tephra.showFailure(report), /transfer amount exceeds balance/);
});

test("too little gas is an error of the pallet, with its documentation", async () => {
  const report = await send(alice, "transfer", ["bob", "1"], 30_000n);
  assert.match(tephra.showFailure(report), /gas limit.*\(Ewasm\.(OutOfGas|GasLimitTooLow)\)/);
  assert.deepEqual(await ask("balanceOf", ["bob"]), ["3"]);
});

test("code that is not a contract is refused", async () => {
  const module = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  const report = await tephra.deploy(chain, module, from(alice));
  assert.equal(report.status, "contract-validation-failure");
  assert.match(tephra.showFailure(report), /not a valid contract.*\(Ewasm\.InvalidContract\)/);
});

test("a constructor without its arguments reverts with a reason", async () => {
  const report = await tephra.deploy(chain, await readFile(TOKEN), from(alice), () => abi);
  assert.equal(report.status, "revert");
  assert.match(tephra.showFailure(report), /^the contract reverted: "/);
});

test("an account without funds is told that it cannot pay", async () => {
  const stranger = await tephra.senderOf("//Stranger");
  await assert.rejects(
    send(stranger, "approve", ["alice", "1"], 1_000_000n),
    /the node refuses the transaction: .*pay/i,
  );
});

test("a call of an address without a contract is refused", async () => {
  await assert.rejects(
    tephra.mustBeContract(chain, `0x${"11".repeat(20)}`, "token"),
    /there is no contract at 0x1111.*\(`token`\)/,
  );
});

test("a URL that is not valid, or where no node listens, is an error at once", async () => {
  await assert.rejects(
    tephra.Chain.connect("ws://127.0.0.1:1"),
    /no node can be reached at ws:\/\/127\.0\.0\.1:1 .*tephra-node --dev/,
  );
  await assert.rejects(tephra.Chain.connect("http://127.0.0.1"), /is not the URL of a node/);
});
