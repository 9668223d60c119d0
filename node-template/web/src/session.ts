/** A connection to a chain, with the names known there. */
import { type Abi, Chain, Names, parseAbi } from "tephra-chain";
import type { KnownContract } from "./storage.js";

export interface Session {
  chain: Chain;
  names: Names;
}

/** Connects to a node. */
export async function openSession(url: string): Promise<Session> {
  const chain = await Chain.connect(url);
  try {
    return { chain, names: await Names.of(chain) };
  } catch (error) {
    await chain.close();
    throw error;
  }
}

const parsed = new Map<string, Abi | undefined>();

/** The ABI of a contract; undefined without one. It is parsed once. */
export function abiOf(contract: KnownContract | undefined): Abi | undefined {
  if (contract === undefined || contract.abi === "") return undefined;
  if (!parsed.has(contract.abi)) {
    let abi: Abi | undefined;
    try {
      abi = parseAbi(contract.name, contract.abi);
    } catch {
      // The stored ABI is damaged: the contract is used without one.
    }
    parsed.set(contract.abi, abi);
  }
  return parsed.get(contract.abi);
}

/** The contract at an address. */
export const contractAt = (
  contracts: KnownContract[],
  address: string,
): KnownContract | undefined =>
  contracts.find((contract) => contract.address.toLowerCase() === address.toLowerCase());
