/** What the tests against a node share. node-template/test starts the node and says where it is. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseAbi, type Abi } from "../src/abi/index.js";

export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
export const TOKEN = `${ROOT}contracts/token/token.wasm`;
export const TOKEN_ABI = `${ROOT}contracts/token/token.abi.json`;

/** The node's WebSocket. */
export function url(): string {
  const given = process.env["TEPHRA_URL"];
  if (given === undefined)
    throw new Error("these tests need a node: run node-template/test, or set TEPHRA_URL");
  return given;
}

export const tokenAbi = async (): Promise<Abi> =>
  parseAbi(TOKEN_ABI, await readFile(TOKEN_ABI, "utf8"));

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command `tephra-chain`. */
export function command(
  words: string[],
  env: Record<string, string> = {},
  signal?: { after: RegExp; name: NodeJS.Signals },
): Promise<Ran> {
  const program = `${ROOT}node-template/js/bin/tephra-chain.js`;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...words],
      { env: { ...process.env, ...env } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    let shown = "";
    child.stdout?.on("data", (data: string) => {
      shown += data;
      if (signal?.after.test(shown) === true) child.kill(signal.name);
    });
  });
}
