/** The commands. */
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { FunctionFragment } from "ethers/abi";
import * as abi from "../abi/index.js";
import { developmentAccounts, senderOf } from "../accounts.js";
import { fromHex, toHex } from "../bytes.js";
import { Chain } from "../chain.js";
import { EXIT_CODE, input, messageOf, TephraError, usage } from "../errors.js";
import { logsOfBlock, newestBlock, watchLogs, type BlockLog } from "../events.js";
import { withConstructorArguments } from "../module.js";
import { Names } from "../names.js";
import type { Report } from "../report.js";
import { plain, shorten } from "../text.js";
import { call, deploy, mustBeContract, view, type Sending } from "../transactions.js";
import { Book } from "./book.js";
import { abiBeside, abiFile, moduleFile } from "./files.js";
import type { Command } from "./help.js";
import type { Invocation, Options } from "./options.js";
import { Output } from "./output.js";

/** The context of a command. */
interface Context {
  chain: Chain;
  names: Names;
  book: Book;
  options: Options;
  words: string[];
  out: Output;
  /** Ends a command that would run forever. */
  signal: AbortSignal;
}

const RUN: Record<Command, (context: Context) => Promise<number>> = {
  accounts,
  deploy: deployFile,
  call: (context) => callContract(context, true),
  view: (context) => callContract(context, false),
  events,
  code,
};

/** Runs a command. Returns its exit code. */
export async function run(
  { command, words, options }: Invocation,
  signal: AbortSignal,
): Promise<number> {
  // Errors in files can be found without a node.
  if (command === "deploy") await moduleFile(words[0] ?? "");
  if (options.abi !== null) await abiFile(options.abi);
  const chain = await Chain.connect(options.url);
  const close = (): void => void chain.close();
  signal.addEventListener("abort", close);
  try {
    const [names, book] = await Promise.all([
      Names.of(chain),
      Book.open(options.contracts, chain.genesis),
    ]);
    book.introduce(names);
    return await RUN[command]({
      chain,
      names,
      book,
      options,
      words,
      out: new Output(options.json),
      signal,
    });
  } finally {
    signal.removeEventListener("abort", close);
    await chain.close();
  }
}

async function accounts({ chain, names, book, out }: Context): Promise<number> {
  const people = await Promise.all(
    (await developmentAccounts(chain.ss58Format)).map(async ({ name, account }) => {
      const [address, balance] = await Promise.all([names.resolve(name), chain.balanceOf(account)]);
      return { name, account, address, balance, nonce: await chain.pallet.nonceOf(address) };
    }),
  );
  const contracts = await Promise.all(
    book.contracts.map(async ({ address, name }) => {
      const [balance, nonce, isContract] = await Promise.all([
        chain.pallet.balanceOf(address),
        chain.pallet.nonceOf(address),
        chain.pallet.isContract(address),
      ]);
      return { name, address, balance, nonce, exists: isContract };
    }),
  );
  if (out.json) {
    const text = <T extends { balance: bigint; nonce: bigint }>(one: T) => ({
      ...one,
      balance: one.balance.toString(),
      nonce: Number(one.nonce),
    });
    out.object({ accounts: people.map(text), contracts: contracts.map(text) });
    return 0;
  }
  for (const { name, account, address, balance, nonce } of people) {
    out.line(
      `${name.padEnd(9)} ${address}  ${account}  ${chain.showAmount(balance)}, nonce ${nonce}`,
    );
  }
  for (const { name, address, balance, exists } of contracts) {
    const state = exists ? `contract  ${chain.showAmount(balance)}` : "not on this chain any more";
    out.line(`${plain(name ?? "").padEnd(9)} ${address}  ${state}`);
  }
  return 0;
}

async function sending({ options, chain }: Context): Promise<Sending> {
  const from = await senderOf(options.from, chain.ss58Format);
  const given = {
    number: options.number,
    timestamp: options.time === null ? null : options.time * 1000n,
  };
  return {
    from,
    value: options.value,
    gas: options.gas,
    depositLimit: options.depositLimit,
    finalized: options.finalized,
    given,
  };
}

async function deployFile(context: Context): Promise<number> {
  const { words, options, chain, names, book } = context;
  const [file = "", ...rest] = words;
  const module = await moduleFile(file);
  if (options.name !== null) book.checkName(options.name);
  const known = options.abi === null ? await abiBeside(file) : await abiFile(options.abi);
  const inputs =
    options.constructorSignature !== null
      ? abi.parseConstructor(options.constructorSignature)
      : known === null
        ? null
        : abi.constructorInputs(known.abi);
  if (inputs === null && rest.length > 0) {
    throw usage(
      "the types of the constructor's arguments are not known; give its signature, as in " +
        "--constructor 'constructor(string,uint256)', or --abi FILE",
    );
  }
  const encoded = await abi.encodeConstructor(inputs ?? [], rest, (word) => names.resolve(word));
  const abiOf = (address: string | null) => (address === null ? known?.abi : book.abi(address));
  const report = await deploy(
    chain,
    withConstructorArguments(module, encoded),
    await sending(context),
    abiOf,
  );
  if (report.contract !== null) {
    await book.add(report.contract, options.name, known?.text ?? null);
    if (options.name !== null) names.add(options.name, report.contract);
  }
  const text = `${shorten(basename(file))}(${rest.map(shorten).join(", ")})`;
  return ended({ label: "deploy", text }, report, null, context);
}

async function callContract(context: Context, send: boolean): Promise<number> {
  const { words, options, chain, names, book } = context;
  const [target = "", signature, ...rest] = words;
  const to = await names.resolve(target);
  const known = options.abi === null ? book.abi(to) : (await abiFile(options.abi)).abi;
  let called: FunctionFragment | null = null;
  let data: Uint8Array;
  if (options.data !== null) {
    if (signature !== undefined) throw usage("give either --data or a function, not both");
    data = fromHex("--data", options.data);
  } else {
    if (signature === undefined)
      throw usage(
        `a function of \`${shorten(target)}\` is missing; give its name, or call data with --data`,
      );
    called = abi.findFunction(signature, known, rest.length);
    data = await abi.encodeCall(called, rest, (word) => names.resolve(word));
  }
  if (options.returns !== null) called = abi.withReturns(called, options.returns);
  await mustBeContract(chain, to, target);
  const abiOf = (address: string | null) => (address === null ? known : book.abi(address));
  const report = await (send ? call : view)(chain, to, data, await sending(context), called, abiOf);
  if (!send && !options.json && report.failure === null) {
    answer(context, report, called);
    return 0;
  }
  const hex = toHex(data);
  const shown = called === null ? shorten(hex) : abi.showCall(called, hex, names.show);
  const text = `${names.show(to)} ${shown}`;
  return ended({ label: send ? "call" : "view", text }, report, called, context, known);
}

/** Prints nothing but the answer to a question. */
function answer({ out, names }: Context, report: Report, called: FunctionFragment | null): void {
  if (report.values === null) {
    out.line(report.output);
    return;
  }
  report.values.forEach((value, at) => {
    const type = called?.outputs[at];
    out.line(type === undefined ? String(value) : abi.showValue(type, value, names.show));
  });
}

function ended(
  title: { label: string; text: string },
  report: Report,
  called: FunctionFragment | null,
  { chain, names, book, out }: Context,
  known?: abi.Abi,
): number {
  const abiOf = (address: string) =>
    address === (report.to ?? report.contract) ? (known ?? book.abi(address)) : book.abi(address);
  out.report(title, report, called, { chain, names, abiOf });
  return report.failure === null ? 0 : EXIT_CODE.contract;
}

async function events(context: Context): Promise<number> {
  const { words, options, chain, names, book, out, signal } = context;
  const [target] = words;
  const only = target === undefined ? null : await names.resolve(target);
  const given = options.abi === null ? undefined : (await abiFile(options.abi)).abi;
  const tell = (logs: BlockLog[]): void => {
    for (const log of logs) {
      if (only !== null && log.address !== only) continue;
      const known = given ?? book.abi(log.address);
      const decoded = { ...log, event: abi.decodeEvent(log, known) };
      if (out.json) out.object(decoded);
      else out.log(decoded, known, names, log.block);
    }
  };
  const newest = await newestBlock(chain);
  for (
    let block = Math.max(1, newest - options.blocks + 1);
    block <= newest && !signal.aborted;
    block++
  )
    tell(await logsOfBlock(chain, block));
  if (!options.follow) return 0;
  return new Promise((resolve, reject) => {
    const lost = (): void =>
      reject(new TephraError("node", `the connection to ${chain.url} was lost`));
    signal.addEventListener("abort", () => resolve(0));
    if (signal.aborted) resolve(0);
    chain.api.once("disconnected", () => (signal.aborted ? resolve(0) : lost()));
    watchLogs(chain, (_, logs) => tell(logs), reject).catch(reject);
  });
}

async function code({ words, options, chain, names, out }: Context): Promise<number> {
  const [target = ""] = words;
  const address = await names.resolve(target);
  await mustBeContract(chain, address, target);
  const [stored, hash] = await Promise.all([
    chain.pallet.codeOf(address),
    chain.pallet.codeHashOf(address),
  ]);
  if (options.output !== null) {
    await writeFile(options.output, stored).catch((error: unknown) => {
      throw input(options.output ?? "", `cannot be written: ${messageOf(error)}`);
    });
  }
  if (out.json) {
    out.object({ address, code_hash: hash, code_size: stored.length });
    return 0;
  }
  out.field(
    "contract",
    `${address}${names.name(address) === undefined ? "" : ` (${names.show(address)})`}`,
  );
  out.field("size", `${stored.length} bytes`);
  out.field("hash", hash);
  if (options.output !== null) out.field("file", options.output);
  return 0;
}
