/** Accounts of browser extensions, which keep their keys. Loaded only on request. */
import { web3Accounts, web3Enable, web3FromSource } from "@polkadot/extension-dapp";
import { type Sender, TephraError } from "tephra-chain";

/** The accounts that extensions share with this page, with consent of the user. */
export async function extensionSenders(ss58Format: number): Promise<Sender[]> {
  const extensions = await web3Enable("Tephra contracts");
  if (extensions.length === 0) {
    throw new TephraError(
      "input",
      "no browser extension with accounts answers; install one, such as that of polkadot.js, " +
        "allow this page in it, and try again",
    );
  }
  const accounts = await web3Accounts({ ss58Format });
  if (accounts.length === 0)
    throw new TephraError(
      "input",
      "the extension shares no account with this page; allow one in its settings",
    );
  return Promise.all(
    accounts.map(async ({ address, meta }) => {
      const { signer } = await web3FromSource(meta.source);
      return { account: address, name: meta.name ?? "", signer };
    }),
  );
}
