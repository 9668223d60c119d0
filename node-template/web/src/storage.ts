/** The page's storage in the browser, for each chain by the hash of its first block. */

/** A stored contract. */
export interface KnownContract {
  address: string;
  name: string;
  /** The ABI as JSON text; empty without one. */
  abi: string;
}

/** A transaction sent from this page. */
export interface Past {
  /** Milliseconds since 1970. */
  time: number;
  title: string;
  status: string;
  block: number | null;
  gasUsed: string;
  gasLimit: string;
  refTime: string;
  proofSize: string;
  fee: string | null;
  deposit: string;
  error: string;
}

const MOST_PAST = 50;

/** The text stored under a key; null without one, or when the browser stores nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores a text. In a browser that stores nothing or has no room, the page works without it. */
export function remember(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // The page works without it.
  }
}

function read<T>(key: string): T[] {
  try {
    const found: unknown = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(found) ? (found as T[]) : [];
  } catch {
    return [];
  }
}

const write = (key: string, value: unknown): void => remember(key, JSON.stringify(value));

const contractsKey = (genesis: string): string => `tephra:contracts:${genesis}`;
const pastKey = (genesis: string): string => `tephra:past:${genesis}`;

const isContract = (entry: Partial<KnownContract> | null): entry is KnownContract =>
  typeof entry?.address === "string" &&
  typeof entry.name === "string" &&
  typeof entry.abi === "string";
const isPast = (entry: Partial<Past> | null): entry is Past =>
  typeof entry?.title === "string" && typeof entry.status === "string";

export const loadContracts = (genesis: string): KnownContract[] =>
  read<KnownContract>(contractsKey(genesis)).filter(isContract);
export const saveContracts = (genesis: string, contracts: KnownContract[]): void =>
  write(contractsKey(genesis), contracts);

/** The transactions, newest first. */
export const loadPast = (genesis: string): Past[] =>
  read<Past>(pastKey(genesis)).filter(isPast).slice(0, MOST_PAST);
export const savePast = (genesis: string, past: Past[]): void =>
  write(pastKey(genesis), past.slice(0, MOST_PAST));

const URL_KEY = "tephra:url";

/** The first node: that in the page's address (`?node=ws://…`), else the last one. */
export function loadUrl(): string {
  return (
    new URLSearchParams(location.search).get("node") ?? recall(URL_KEY) ?? "ws://127.0.0.1:9944"
  );
}

export const saveUrl = (url: string): void => remember(URL_KEY, url);
