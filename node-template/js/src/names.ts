/** The names of accounts and contracts. */
import { getAddress } from "ethers/address";
import { isAddress } from "@polkadot/util-crypto";
import { DEVELOPMENT, developmentAccounts } from "./accounts.js";
import type { Chain } from "./chain.js";
import { usage } from "./errors.js";
import { plain, shorten } from "./text.js";

/** Whether a text has the form of an address: `0x` and 40 digits. */
export const looksLikeAddress = (word: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(word);

/** An address with the checksum of EIP-55, which one in mixed case must already have. */
export function checkedAddress(word: string): string {
  try {
    return getAddress(word);
  } catch {
    throw usage(
      `the address ${shorten(word)} has a wrong checksum (EIP-55); a digit may be mistyped`,
    );
  }
}

/** The known names of a chain. */
export class Names {
  readonly #byName = new Map<string, string>();
  readonly #byAddress = new Map<string, string>();
  readonly #chain: Chain;

  private constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** Reads the addresses of the development accounts from the chain. */
  static async of(chain: Chain): Promise<Names> {
    const names = new Names(chain);
    const accounts = await developmentAccounts(chain.ss58Format);
    const addresses = await Promise.all(
      accounts.map(({ account }) => chain.pallet.addressOf(account)),
    );
    accounts.forEach(({ name }, at) => names.add(name, addresses[at] ?? ""));
    return names;
  }

  /** Gives an address a name. The names of development accounts cannot be taken. */
  add(name: string, address: string): void {
    if (this.#byName.has(name) && (DEVELOPMENT as readonly string[]).includes(name)) return;
    this.#byName.set(name, address);
    this.#byAddress.set(address.toLowerCase(), name);
  }

  /** The address of a word: a name, an address in hexadecimal, or an account. */
  async resolve(word: string): Promise<string> {
    const known =
      this.#byName.get(word) ??
      this.#byName.get(/^\/\/[A-Z]/.test(word) ? word.slice(2).toLowerCase() : "");
    if (known !== undefined) return known;
    if (looksLikeAddress(word)) return checkedAddress(word);
    if (!word.startsWith("0x") && isAddress(word)) return this.#chain.pallet.addressOf(word);
    throw usage(
      `nobody is called \`${shorten(word)}\`; known are ${[...this.#byName.keys()].join(", ")}, ` +
        "accounts in SS58, and addresses of 0x and 40 hexadecimal digits",
    );
  }

  /** The name of an address, if it has one. */
  name(address: string): string | undefined {
    return this.#byAddress.get(address.toLowerCase());
  }

  /** An address as text: its name, or hexadecimal digits. */
  readonly show = (address: string): string => {
    const name = this.name(address);
    return name === undefined ? address : plain(name);
  };
}
