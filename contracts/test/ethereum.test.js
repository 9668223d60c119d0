// The binding declares each function of the Ewasm interface with its exact signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { compile } from "./compile.js";

// Ewasm interface, revision 4, then the extensions: parameters → results; i is i32, I is i64.
const SIGNATURES = {
  useGas: "I →",
  getGasLeft: "→ I",
  getBlockGasLimit: "→ I",
  getBlockNumber: "→ I",
  getBlockTimestamp: "→ I",
  getCallDataSize: "→ i",
  getCodeSize: "→ i",
  getReturnDataSize: "→ i",
  getAddress: "i →",
  getCaller: "i →",
  getTxOrigin: "i →",
  getBlockCoinbase: "i →",
  getCallValue: "i →",
  getTxGasPrice: "i →",
  getBlockDifficulty: "i →",
  getExternalBalance: "ii →",
  getBlockHash: "Ii → i",
  callDataCopy: "iii →",
  codeCopy: "iii →",
  returnDataCopy: "iii →",
  externalCodeCopy: "iiii →",
  getExternalCodeSize: "i → i",
  storageLoad: "ii →",
  storageStore: "ii →",
  log: "iiiiiii →",
  call: "Iiiii → i",
  callCode: "Iiiii → i",
  callDelegate: "Iiii → i",
  callStatic: "Iiii → i",
  create: "iiii → i",
  selfDestruct: "i →",
  finish: "ii →",
  revert: "ii →",
  create2: "iiiii → i",
  getChainId: "i →",
};

test("the binding has every function of the interface, with its signature", async () => {
  const letters = (type) =>
    binaryen
      .expandType(type)
      .map((each) => (each === binaryen.i64 ? "I" : "i"))
      .join("");
  const calls = Object.entries(SIGNATURES).map(([name, signature]) => {
    const args = Array.from(signature.split("→")[0].trim(), () => "0");
    return `ethereum.${name}(${args.join(", ")});`;
  });
  const bytes = await compile(
    `import * as ethereum from "./ethereum";\nexport function main(): void { ${calls.join("\n")} }`,
  );

  const module = binaryen.readBinary(bytes);
  const found = {};
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const {
      module: from,
      base,
      params,
      results,
    } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (from === "ethereum") found[base] = `${letters(params)} → ${letters(results)}`.trim();
  }
  module.dispose();
  assert.deepEqual(found, SIGNATURES);
});
