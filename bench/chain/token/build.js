// Compiles Token.sol: token.evm is its init code as EVM bytecode, token.polkavm its code for
// PolkaVM. `npm ci && npm run build`; with --check it writes nothing, and fails when they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "@parity/resolc";
import solc from "solc";

const place = (name) => new URL(name, import.meta.url);
const sources = { "Token.sol": { content: readFileSync(place("Token.sol"), "utf8") } };

function bytecode(output) {
  const errors = (output.errors ?? []).filter((error) => error.severity === "error");
  if (errors.length > 0) {
    throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  }
  return Buffer.from(output.contracts["Token.sol"].Token.evm.bytecode.object, "hex");
}

// Both are compiled for speed.
const evm = bytecode(
  JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources,
        settings: {
          optimizer: { enabled: true, runs: 1_000_000 },
          metadata: { appendCBOR: false },
          outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
        },
      }),
    ),
  ),
);
const polkavm = bytecode(await compile(sources, { optimizer: { enabled: true, mode: "3" } }));

for (const [name, code] of [["token.evm", evm], ["token.polkavm", polkavm]]) {
  if (!process.argv.includes("--check")) {
    writeFileSync(place(name), code);
    console.log(`${name}: ${code.length} bytes`);
  } else if (readFileSync(place(name)).equals(code)) {
    console.log(`${name}: as built from its source`);
  } else {
    console.error(`${name} differs from what its source builds: npm run build`);
    process.exitCode = 1;
  }
}
