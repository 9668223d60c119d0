/** Names of accounts and contracts, both ways. */
import { getAddress } from "ethers/address";
import { isAddress } from "@polkadot/util-crypto";
import { DEVELOPMENT, developmentAccounts } from "./accounts.js";
import type { Chain } from "./chain.js";
import { usage } from "./errors.js";
import { plain, shorten } from "./text.js";

/** Whether a text looks like the address of a contract: `0x` and 40 digits. */
export const looksLikeAddress = (word: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(word);

/** An address with the checksum of EIP-55. One in mixed case must have it already. */
export function checkedAddress(word: string): string {
  try {
    return getAddress(word);
  } catch {
    throw usage(
      `the address ${shorten(word)} has a wrong checksum (EIP-55); a digit may be mistyped`,
    );
  }
}

/** The names that are known on a chain. */
export class Names {
  readonly #byName = new Map<string, string>();
  readonly #byAddress = new Map<string, string>();
  readonly #chain: Chain;

  private constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** The development accounts, whose addresses the chain tells. */
  static async of(chain: Chain): Promise<Names> {
    const names = new Names(chain);
    const accounts = await developmentAccounts(chain.ss58Format);
    const addresses = await Promise.all(
      accounts.map(({ account }) => chain.pallet.addressOf(account)),
    );
    accounts.forEach(({ name }, at) => names.add(name, addresses[at] ?? ""));
    return names;
  }

  /** Gives an address a name. Nobody can take that of a development account. */
  add(name: string, address: string): void {
    if (this.#byName.has(name) && (DEVELOPMENT as readonly string[]).includes(name)) return;
    this.#byName.set(name, address);
    this.#byAddress.set(address.toLowerCase(), name);
  }

  /** The address that somebody means: by a name, in hexadecimal, or by an account. */
  async resolve(word: string): Promise<string> {
    const known =
      this.#byName.get(word) ??
      this.#byName.get(/^\/\/[A-Z]/.test(word) ? word.slice(2).toLowerCase() : "");
    if (known !== undefined) return known;
    if (looksLikeAddress(word)) return checkedAddress(word);
    if (!word.startsWith("0x") && isAddress(word)) return this.#chain.pallet.addressOf(word);
    throw usage(
      `nobody is called \`${shorten(word)}\`; known are ${[...this.#byName.keys()].join(", ")}, accounts in SS58, and addresses of 0x and 40 hexadecimal digits`,
    );
  }

  /** The name of an address, if it has one. */
  name(address: string): string | undefined {
    return this.#byAddress.get(address.toLowerCase());
  }

  /** How an address is shown to people: by its name, or in hexadecimal. */
  readonly show = (address: string): string => {
    const name = this.name(address);
    return name === undefined ? address : plain(name);
  };
}
