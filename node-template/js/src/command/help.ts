/** The texts of `tephra-chain help`, and the words and options of each command. */

/** The usage of a command. */
interface Usage {
  /** The description, in one line. */
  about: string;
  /** The command line. */
  line: string;
  /** The least and the greatest number of words after the command. */
  words: { min: number; max: number };
  /** The words that are missing when there are too few. */
  needs: string;
  /** The names of the options. */
  options: readonly string[];
  examples: readonly string[];
}

const EVERYWHERE = ["url", "json", "contracts", "help"] as const;
const SEND = ["from", "value", "gas", "deposit-limit", "finalized"] as const;
const CALLED = ["abi", "data", "returns"] as const;

/** The commands. */
export const COMMANDS = {
  accounts: {
    about: "List development accounts and named contracts: addresses, balances, nonces",
    line: "accounts",
    words: { min: 0, max: 0 },
    needs: "",
    options: EVERYWHERE,
    examples: ["tephra-chain accounts"],
  },
  deploy: {
    about: "Deploy a contract",
    line: "deploy FILE [ARGUMENTS…]",
    words: { min: 1, max: Infinity },
    needs: "the file of a contract",
    options: [...EVERYWHERE, ...SEND, "abi", "name", "constructor"],
    examples: [
      "tephra-chain deploy token.wasm Token TOK 18 1000 --name token",
      "tephra-chain deploy token.wasm Token TOK 18 1e21 --from bob --gas 20000000",
    ],
  },
  call: {
    about: "Send a transaction to a contract",
    line: "call CONTRACT FUNCTION [ARGUMENTS…]",
    words: { min: 1, max: Infinity },
    needs: "a contract and a function",
    options: [...EVERYWHERE, ...SEND, ...CALLED],
    examples: [
      "tephra-chain call token transfer bob 3",
      "tephra-chain call 0x… 'transfer(address,uint256)(bool)' bob 3 --from //Bob",
      "tephra-chain call 0x… --data 0xc0ffee --value 1ether",
      "tephra-chain call token transfer bob 3 --deposit-limit 0.2ether",
    ],
  },
  view: {
    about: "Ask a contract, without a change or a fee",
    line: "view CONTRACT FUNCTION [ARGUMENTS…]",
    words: { min: 1, max: Infinity },
    needs: "a contract and a function",
    options: [...EVERYWHERE, "from", "value", "gas", "deposit-limit", "number", "time", ...CALLED],
    examples: [
      "tephra-chain view token balanceOf alice",
      "tephra-chain view 0x… 'balanceOf(address)(uint256)' bob",
    ],
  },
  events: {
    about: "Show the logs of the newest blocks, and follow new ones",
    line: "events [CONTRACT]",
    words: { min: 0, max: 1 },
    needs: "",
    options: [...EVERYWHERE, "abi", "blocks", "follow"],
    examples: ["tephra-chain events token --blocks 100", "tephra-chain events --follow --json"],
  },
  code: {
    about: "Show the code of a contract: size, hash, and the module itself",
    line: "code CONTRACT",
    words: { min: 1, max: 1 },
    needs: "a contract",
    options: [...EVERYWHERE, "output"],
    examples: ["tephra-chain code token", "tephra-chain code token -o stored.wasm"],
  },
} as const satisfies Record<string, Usage>;

/** The name of a command. */
export type Command = keyof typeof COMMANDS;

/** The description of each option. */
const OPTIONS = new Map<string, readonly [string, string]>([
  [
    "from",
    ["--from ACCOUNT", "the sender: alice, //Alice, or a secret phrase [TEPHRA_FROM, //Alice]"],
  ],
  [
    "value",
    ["--value AMOUNT", "value to send, in the chain's smallest unit or as in 1ether, 10gwei [0]"],
  ],
  ["gas", ["--gas GAS", "gas limit; by default what a dry run needs, and a margin"]],
  [
    "deposit-limit",
    [
      "--deposit-limit AMOUNT",
      "most that deposits may cost, or `none`; by default what a dry run pays, and a tenth",
    ],
  ],
  ["finalized", ["--finalized", "wait until the block is final, not only until it is made"]],
  ["number", ["--number NUMBER", "block number that the contract sees [that of the next block]"]],
  [
    "time",
    [
      "--time SECONDS",
      "block time that the contract sees, since 1970, if a block can have it [now]",
    ],
  ],
  [
    "abi",
    ["--abi FILE", "ABI of the contract, if it is not the stored one or the one beside the file"],
  ],
  ["data", ["--data HEX", "call data instead of a function and arguments"]],
  [
    "returns",
    ["--returns TYPES", "types of the results without an ABI, as in 'uint256' or '(address,bool)'"],
  ],
  ["name", ["--name NAME", "name of the contract, to use in place of its address"]],
  [
    "constructor",
    [
      "--constructor SIGNATURE",
      "the constructor without an ABI, as in 'constructor(string,uint256)'",
    ],
  ],
  ["blocks", ["--blocks NUMBER", "number of newest blocks to search [10]"]],
  ["follow", ["-f, --follow", "follow new blocks until Ctrl-C"]],
  ["output", ["-o, --output FILE", "write the module to a file"]],
  ["url", ["--url URL", "the node [TEPHRA_URL, ws://127.0.0.1:9944]"]],
  ["json", ["--json", "print JSON on standard output, for programs"]],
  [
    "contracts",
    ["--contracts FILE", "names and ABIs of contracts [TEPHRA_CONTRACTS, tephra-contracts.json]"],
  ],
  ["help", ["-h, --help", "this text"]],
]);

/** The help on a command, or on all. */
export function help(topic: Command | "all"): string {
  if (topic !== "all") {
    const command: Usage = COMMANDS[topic];
    const options = command.options.map((name) => OPTIONS.get(name) ?? ([name, ""] as const));
    const width = Math.max(...options.map(([left]) => left.length));
    return [
      `${command.about}.`,
      "",
      `Usage: tephra-chain ${command.line} [options]`,
      "",
      "Options:",
      ...options.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
      "",
      "Examples:",
      ...command.examples.map((example) => `  ${example}`),
    ].join("\n");
  }
  const commands = Object.entries(COMMANDS);
  return [
    "Deploy and use Ewasm contracts on a Substrate chain with pallet-ewasm.",
    "",
    "Usage: tephra-chain COMMAND [options]",
    "",
    "Commands:",
    ...commands.map(([name, command]) => `  ${name.padEnd(9)} ${command.about}`),
    "",
    "To begin, with a node started by `tephra-node --dev`:",
    "  tephra-chain deploy token.wasm Token TOK 18 1000 --name token",
    "  tephra-chain view token balanceOf alice",
    "  tephra-chain call token transfer bob 3",
    "  tephra-chain events token",
    "",
    "Accounts:",
    "  An address can be alice, bob, charlie, dave, eve, ferdie (or //Alice, …), an account in SS58,",
    "  a name given with `deploy --name`, or 0x and 40 hexadecimal digits.",
    "",
    "Exit codes:",
    "  0  done",
    "  1  the contract reverted or failed, or the chain refused the transaction",
    "  2  the command line is wrong",
    "  3  a file cannot be read or written, or is not valid",
    "  4  the node cannot be reached or used",
    "",
    "`tephra-chain help COMMAND` explains a command and shows examples.",
  ].join("\n");
}
