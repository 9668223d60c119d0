/** Reads modules and ABIs from files. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseAbi, type Abi } from "../abi/index.js";
import { input, messageOf, type TephraError } from "../errors.js";
import { readModule } from "../module.js";

// Far more than the largest module has in its longest notation.
const LARGEST = 64 << 20;

/** The reason why a file cannot be read. */
export function unreadable(file: string, error: unknown): TephraError {
  const remedies: Record<string, string> = {
    ENOENT: "there is no such file; check the path",
    EACCES: "no permission to read it",
    EISDIR: "this is a folder; name a file in it",
  };
  return input(
    file,
    remedies[(error as NodeJS.ErrnoException).code ?? ""] ?? `cannot be read: ${messageOf(error)}`,
  );
}

async function read(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) throw input(file, "larger than any contract can be");
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && error.name === "TephraError") throw error;
    throw unreadable(file, error);
  }
}

/** Reads a module: a WebAssembly binary, or its hexadecimal digits. */
export async function moduleFile(file: string): Promise<Uint8Array> {
  return readModule(file, await read(file));
}

/** Reads an ABI: its text, and the ABI itself. */
export async function abiFile(file: string): Promise<{ text: string; abi: Abi }> {
  const text = (await read(file)).toString("utf8");
  return { text, abi: parseAbi(file, text) };
}

/** Reads the ABI beside a module: `token.abi.json` or `token.wasm.abi.json` for `token.wasm`. */
export async function abiBeside(module: string): Promise<{ text: string; abi: Abi } | null> {
  const name = basename(module);
  const stem = name.replace(/\.[^.]+$/, "");
  for (const candidate of [`${stem}.abi.json`, `${name}.abi.json`]) {
    const file = join(dirname(module), candidate);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() === true) return abiFile(file);
  }
  return null;
}
