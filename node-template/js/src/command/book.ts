/** The file with the names and ABIs of contracts, for each chain by the hash of its first block. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { parseAbi, type Abi } from "../abi/index.js";
import { DEVELOPMENT } from "../accounts.js";
import { input, messageOf, usage } from "../errors.js";
import type { Names } from "../names.js";
import { shorten } from "../text.js";
import { unreadable } from "./files.js";

/** A deployed contract. */
interface Entry {
  name: string | null;
  /** The ABI as JSON text; null when it was not given. */
  abi: string | null;
}

/** Contracts by chain and address. */
type Contents = Record<string, Record<string, Entry>>;

/** The contracts of one chain. */
export class Book {
  readonly #abis = new Map<string, Abi | undefined>();

  private constructor(
    readonly file: string,
    private readonly contents: Contents,
    private readonly chain: string,
  ) {}

  /** Reads the file. A missing file counts as one without contracts. */
  static async open(file: string, chain: string): Promise<Book> {
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Book(file, {}, chain);
      throw unreadable(file, error);
    }
    try {
      return new Book(file, check(JSON.parse(text)), chain);
    } catch (error) {
      throw input(
        file,
        `not a list of contracts (${shorten(messageOf(error))}); ` +
          "remove it, or name another with --contracts",
      );
    }
  }

  /** The addresses and names of the contracts of this chain. */
  get contracts(): { address: string; name: string | null }[] {
    return Object.entries(this.#here).map(([address, { name }]) => ({ address, name }));
  }

  get #here(): Record<string, Entry> {
    return this.contents[this.chain] ?? {};
  }

  /** Adds the names of the contracts to `names`. */
  introduce(names: Names): void {
    for (const { address, name } of this.contracts) if (name !== null) names.add(name, address);
  }

  /** The ABI of a contract, if it is stored. */
  abi(address: string): Abi | undefined {
    const entry = this.#here[address];
    if (entry === undefined || entry.abi === null) return undefined;
    if (!this.#abis.has(address)) {
      let abi: Abi | undefined;
      try {
        abi = parseAbi(this.file, entry.abi);
      } catch {
        // A damaged ABI counts as none.
      }
      this.#abis.set(address, abi);
    }
    return this.#abis.get(address);
  }

  /** Throws unless a contract can have this name. */
  checkName(name: string): void {
    if (!/^[A-Za-z][\w.-]{0,63}$/.test(name)) {
      throw usage(
        `\`${shorten(name)}\` cannot be a name; ` +
          "use a letter, then letters, digits, and any of _ . -",
      );
    }
    if ((DEVELOPMENT as readonly string[]).includes(name))
      throw usage(`the name \`${name}\` belongs to an account`);
  }

  /**
   * Stores a contract. The newest contract takes over a name. The file is replaced whole or not at
   * all.
   */
  async add(address: string, name: string | null, abi: string | null): Promise<void> {
    for (const entry of Object.values(this.#here)) if (entry.name === name) entry.name = null;
    this.contents[this.chain] = { ...this.#here, [address]: { name, abi } };
    const partial = `${this.file}.${process.pid}.partial`;
    try {
      await writeFile(partial, `${JSON.stringify(this.contents, null, 2)}\n`);
      await rename(partial, this.file);
    } catch (error) {
      throw input(
        this.file,
        `cannot be written: ${messageOf(error)}; name another file with --contracts`,
      );
    }
  }
}

function check(json: unknown): Contents {
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const isText = (value: unknown): boolean => value === null || typeof value === "string";
  const fits =
    isRecord(json) &&
    Object.values(json).every(
      (chain) =>
        isRecord(chain) &&
        Object.values(chain).every(
          (entry) => isRecord(entry) && isText(entry["name"]) && isText(entry["abi"]),
        ),
    );
  if (!fits) throw new Error("it has another form");
  return json as Contents;
}
