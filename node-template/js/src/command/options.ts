/** Parses the command line. */
import { parseArgs } from "node:util";
import { amount, wholeNumber } from "../abi/index.js";
import { messageOf, usage } from "../errors.js";
import { shorten } from "../text.js";
import type { DepositLimit } from "../transactions.js";
import { COMMANDS, type Command } from "./help.js";

/** The options of a command. */
export interface Options {
  /** The node's WebSocket. */
  url: string;
  /** The sender: a name, a derivation such as //Alice, or a secret phrase. */
  from: string;
  /** The value to send. */
  value: bigint;
  /** The gas limit; null: found by a dry run. */
  gas: bigint | null;
  /** The most that deposits may cost; null: found by a dry run. */
  depositLimit: DepositLimit;
  /** Whether to print JSON. */
  json: boolean;
  /** The file with the names and ABIs of contracts. */
  contracts: string;
  abi: string | null;
  name: string | null;
  constructorSignature: string | null;
  data: string | null;
  returns: string | null;
  output: string | null;
  blocks: number;
  follow: boolean;
  finalized: boolean;
  /** The block number that a contract sees; null: the next. */
  number: bigint | null;
  /** The block time that a contract sees, in seconds since 1970; null: now. */
  time: bigint | null;
}

/** A command with its words. */
export interface Invocation {
  command: Command;
  words: string[];
  options: Options;
}

/** The request of a command line: to run a command, or to print a text. */
export type Request = { run: Invocation } | { help: Command | "all" } | { version: true };

const OPTIONS = {
  url: { type: "string" },
  from: { type: "string" },
  value: { type: "string" },
  gas: { type: "string" },
  "deposit-limit": { type: "string" },
  json: { type: "boolean" },
  contracts: { type: "string" },
  abi: { type: "string" },
  name: { type: "string" },
  constructor: { type: "string" },
  data: { type: "string" },
  returns: { type: "string" },
  output: { type: "string", short: "o" },
  blocks: { type: "string" },
  follow: { type: "boolean", short: "f" },
  finalized: { type: "boolean" },
  number: { type: "string" },
  time: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

// A negative number is an argument of a contract, not an option. The mark hides it from the parser.
const MARK = "\0";

/** Reads the words of a command line. */
export function parse(argv: string[], env: Record<string, string | undefined>): Request {
  const { values, positionals } = divide(argv);
  const [first, ...words] = positionals.map((word) =>
    word.startsWith(MARK) ? word.slice(MARK.length) : word,
  );
  if (values.version === true) return { version: true };
  if (first === undefined || first === "help") {
    const topic = words[0];
    return { help: topic === undefined ? "all" : known(topic) };
  }
  const command = known(first);
  if (values.help === true) return { help: command };
  const allowed: readonly string[] = COMMANDS[command].options;
  for (const name of Object.keys(values)) {
    if (!allowed.includes(name))
      throw usage(
        `\`${command}\` has no option --${name}; ` +
          `\`tephra-chain help ${command}\` lists its options`,
      );
  }
  const { min, max } = COMMANDS[command].words;
  if (words.length < min)
    throw usage(
      `\`${command}\` needs ${COMMANDS[command].needs}; \`tephra-chain help ${command}\` shows how`,
    );
  if (words.length > max)
    throw usage(`\`${command}\` does not take \`${shorten(words[max] ?? "")}\``);
  return {
    run: {
      command,
      words,
      options: {
        url: values.url ?? env["TEPHRA_URL"] ?? "ws://127.0.0.1:9944",
        from: values.from ?? env["TEPHRA_FROM"] ?? "//Alice",
        value: amount(values.value ?? "0"),
        gas: values.gas === undefined ? null : count("gas", values.gas),
        depositLimit: depositLimit(values["deposit-limit"]),
        json: values.json ?? false,
        contracts: values.contracts ?? env["TEPHRA_CONTRACTS"] ?? "tephra-contracts.json",
        abi: values.abi ?? null,
        name: values.name ?? null,
        constructorSignature: values.constructor ?? null,
        data: values.data ?? null,
        returns: values.returns ?? null,
        output: values.output ?? null,
        blocks: Number(count("blocks", values.blocks ?? "10")),
        follow: values.follow ?? false,
        finalized: values.finalized ?? false,
        number: values.number === undefined ? null : count("number", values.number),
        time: values.time === undefined ? null : count("time", values.time),
      },
    },
  };
}

function divide(argv: string[]) {
  const words = argv.map((word, at) => {
    const value = at > 0 && /^--?[a-z]/.test(argv[at - 1] ?? "");
    return /^-\d/.test(word) && !value ? MARK + word : word;
  });
  try {
    // No prototype: `constructor` must be present only when the option was given.
    const { values, positionals } = parseArgs({
      args: words,
      options: OPTIONS,
      allowPositionals: true,
    });
    return {
      values: Object.assign(Object.create(null) as object, values) as typeof values,
      positionals,
    };
  } catch (error) {
    throw usage(
      `${messageOf(error).replace(/\. To specify.*$/, "")}; ` +
        "`tephra-chain help` lists all commands",
    );
  }
}

function known(word: string): Command {
  if (Object.hasOwn(COMMANDS, word)) return word as Command;
  throw usage(
    `there is no command \`${shorten(word)}\`; there are ${Object.keys(COMMANDS).join(", ")}`,
  );
}

function depositLimit(word: string | undefined): DepositLimit {
  if (word === undefined) return null;
  return word === "none" ? "none" : amount(word);
}

function count(what: string, word: string): bigint {
  const number = wholeNumber(word);
  if (number === null || number < 0n || number >= 1n << 64n) {
    throw usage(`--${what} \`${shorten(word)}\` is not a whole number from 0 to 2^64 − 1`);
  }
  return number;
}
