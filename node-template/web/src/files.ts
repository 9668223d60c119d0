/** Dropped or chosen files: a module and its ABI, in any order. */
import { type Abi, messageOf, parseAbi, readModule, TephraError } from "tephra-chain";

export interface ModuleFile {
  name: string;
  code: Uint8Array;
}

export interface AbiFile {
  name: string;
  text: string;
  abi: Abi;
}

export interface Chosen {
  module: ModuleFile | null;
  abi: AbiFile | null;
}

// Twice the largest module, as hexadecimal digits. Larger files are mistakes.
const LARGEST = 4 << 20;

/** Adds files to those chosen before. Their contents tell them apart, not their names. */
export async function addFiles(chosen: Chosen, files: Iterable<File>): Promise<Chosen> {
  let next = chosen;
  for (const file of files) {
    if (file.size > LARGEST)
      throw new TephraError("input", `${file.name}: larger than any contract can be`);
    const contents = await read(file);
    const text = new TextDecoder().decode(contents);
    if (/^\s*[[{]/.test(text))
      next = { ...next, abi: { name: file.name, text, abi: parseAbi(file.name, text) } };
    else next = { ...next, module: { name: file.name, code: readModule(file.name, contents) } };
  }
  return next;
}

async function read(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new TephraError("input", `${file.name}: cannot be read: ${messageOf(error)}`);
  }
}

/** The name of a contract from that of its file: `token` for `token.wasm`. */
export const contractName = (file: string): string =>
  file.replace(/(\.abi)?\.(wasm|json|hex)$/i, "") || file;
