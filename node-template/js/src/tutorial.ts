/**
 * The tutorial as a program: Alice has 1000 pieces of a token and gives Bob 3. It prints its steps,
 * and fails when the chain gives another result.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as abi from "./abi/index.js";
import { senderOf, type Sender } from "./accounts.js";
import { Chain } from "./chain.js";
import { moduleFile } from "./command/files.js";
import { EXIT_CODE, messageOf, TephraError } from "./errors.js";
import { withConstructorArguments } from "./module.js";
import { Names } from "./names.js";
import { showFailure, type Report } from "./report.js";
import { call, deploy, view } from "./transactions.js";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

interface Token {
  about: string;
  file: string;
  /** The signature and the arguments of the constructor. */
  constructor: [string, string[]];
}

/**
 * The token that the compiler SOLL made from Solidity in 2020, if it is available; else that of
 * this project.
 */
function token(): Token {
  const shared = process.env["TEPHRA_SHARED"] ?? join(ROOT, "..", "shared");
  const historic = join(shared, "fixtures/soll/node-erc20.wasm");
  if (existsSync(historic))
    return {
      about: "the token of the historic tutorial, compiled by SOLL",
      file: historic,
      constructor: ["constructor()", []],
    };
  const own = join(ROOT, "contracts/token/token.wasm");
  return {
    about: "the token in contracts/token",
    file: own,
    constructor: ["constructor(string,string,uint8,uint256)", ["Demo Token", "DEMO", "0", "1000"]],
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function tutorial(url: string): Promise<void> {
  say(`1. Connect to ${url}.`);
  const chain = await Chain.connect(url);
  try {
    say(`   The chain is called ${chain.name}.`);
    await walk(chain);
  } finally {
    await chain.close();
  }
}

async function walk(chain: Chain): Promise<void> {
  const names = await Names.of(chain);
  const [alice, resolve] = [
    await senderOf("//Alice", chain.ss58Format),
    (word: string) => names.resolve(word),
  ];
  const sending = (from: Sender, gas: bigint | null = null) => ({ from, value: 0n, gas });
  const succeeded = (report: Report): Report => {
    assert.equal(report.failure, null, showFailure(report));
    return report;
  };

  const { about, file, constructor } = token();
  say(`2. Deploy ${about}, as Alice.`);
  const encoded = await abi.encodeConstructor(
    abi.parseConstructor(constructor[0]),
    constructor[1],
    resolve,
  );
  const made = succeeded(
    await deploy(chain, withConstructorArguments(await moduleFile(file), encoded), sending(alice)),
  );
  const contract = made.contract;
  assert(contract !== null);
  say(
    `   It is at ${contract}: block ${made.block}, ${made.gasUsed} gas, ` +
      `fee ${chain.showAmount(made.fee ?? 0n)}.`,
  );

  const balanceOf = abi.findFunction("balanceOf(address)(uint256)", undefined, 1);
  const expect = async (who: string, balance: string): Promise<void> => {
    const asked = await view(
      chain,
      contract,
      await abi.encodeCall(balanceOf, [who], resolve),
      sending(alice),
      balanceOf,
    );
    assert.deepEqual(succeeded(asked).values, [balance], `the balance of ${who}`);
    say(`   ${who} has ${balance}.`);
  };
  const transfer = abi.findFunction("transfer(address,uint256)(bool)", undefined, 2);
  const give = async (amount: string, gas: bigint | null = null): Promise<Report> =>
    call(
      chain,
      contract,
      await abi.encodeCall(transfer, ["bob", amount], resolve),
      sending(alice, gas),
      transfer,
    );

  say("3. Ask for balances.");
  await expect("alice", "1000");
  await expect("bob", "0");

  say("4. Alice gives Bob 3.");
  const given = succeeded(await give("3"));
  assert.deepEqual(given.values, [true]);
  say(
    `   Done in block ${given.block}: ${given.gasUsed} gas, ` +
      `fee ${chain.showAmount(given.fee ?? 0n)}.`,
  );
  await expect("alice", "997");
  await expect("bob", "3");

  say("5. Alice tries to give Bob 5000.");
  const refused = await give("5000");
  assert.equal(refused.status, "revert");
  assert.equal(refused.block, null);
  say(`   The dry run fails, so nothing is sent: ${showFailure(refused)}.`);
  const failed = await give("5000", 1_000_000n);
  assert.equal(failed.failure?.refusal?.name, "Ewasm.Reverted");
  say(
    `   Sent nevertheless, it fails in block ${failed.block}, ` +
      `and costs ${chain.showAmount(failed.fee ?? 0n)}.`,
  );
  await expect("alice", "997");
  say("All as it should be.");
}

try {
  // The libraries print to these what the tutorial reports.
  console.error = console.warn = console.info = console.log = () => undefined;
  await tutorial(process.env["TEPHRA_URL"] ?? "ws://127.0.0.1:9944");
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = error instanceof TephraError ? EXIT_CODE[error.fault] : EXIT_CODE.contract;
}
process.exit();
