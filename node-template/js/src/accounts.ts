/** Senders of transactions: development accounts, secrets, and accounts with an external signer. */
import { Keyring } from "@polkadot/api";
import type { Signer } from "@polkadot/api/types";
import type { KeyringPair } from "@polkadot/keyring/types";
import { cryptoWaitReady, keyExtractSuri, mnemonicValidate } from "@polkadot/util-crypto";
import { usage } from "./errors.js";

/** An account that can sign. */
export interface Sender {
  /** The account in SS58. */
  account: string;
  /** The name, which may be empty. */
  name: string;
  /** The key, if it is known. */
  pair?: KeyringPair;
  /** The signer that has the key otherwise: a browser extension. */
  signer?: Signer;
}

/** Names of the accounts that development chains fund. Their keys are public. */
export const DEVELOPMENT = ["alice", "bob", "charlie", "dave", "eve", "ferdie"] as const;

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The development accounts. */
export async function developmentAccounts(ss58Format = 42): Promise<Sender[]> {
  await cryptoWaitReady();
  const keyring = new Keyring({ type: "sr25519", ss58Format });
  return DEVELOPMENT.map((name) => {
    const pair = keyring.addFromUri(`//${capital(name)}`);
    return { account: pair.address, name, pair };
  });
}

/**
 * The account of a name, of a derivation such as `//Alice`, or of a secret phrase or seed. No error
 * contains the secret.
 */
export async function senderOf(secret: string, ss58Format = 42): Promise<Sender> {
  await cryptoWaitReady();
  const word = secret.trim();
  const name = DEVELOPMENT.find(
    (known) => word.toLowerCase() === known || word === `//${capital(known)}`,
  );
  const keyring = new Keyring({ type: "sr25519", ss58Format });
  try {
    if (name === undefined) mustBeSecret(word);
    const pair = keyring.addFromUri(name === undefined ? word : `//${capital(name)}`);
    return { account: pair.address, name: name ?? "", pair };
  } catch {
    throw usage(
      `the sender is none of ${DEVELOPMENT.join(", ")}, ` +
        "no derivation such as //Alice, and no secret phrase or seed",
    );
  }
}

/**
 * Refuses other words, which the keyring takes as the bytes of a key: a mistyped name would become
 * an unknown sender.
 */
function mustBeSecret(word: string): void {
  if (word.startsWith("//")) return;
  const { phrase } = keyExtractSuri(word);
  if (!/^0x[0-9a-fA-F]{64}$/.test(phrase) && !mnemonicValidate(phrase))
    throw new Error("no secret");
}
