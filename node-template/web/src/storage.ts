/** What the page remembers in the browser, for each chain by the hash of its first block. */

/** A contract that somebody uses. */
export interface KnownContract {
  address: string;
  name: string;
  /** Its ABI as JSON text; empty when it has none. */
  abi: string;
}

/** A transaction that was sent from this page. */
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

/** What is remembered under a key; null when nothing is, or the browser keeps nothing. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Remembers a text. A browser that keeps nothing, or has no room, forgets it, and the page works
 * on.
 */
export function remember(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // As said above.
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

/** Newest first. */
export const loadPast = (genesis: string): Past[] =>
  read<Past>(pastKey(genesis)).filter(isPast).slice(0, MOST_PAST);
export const savePast = (genesis: string, past: Past[]): void =>
  write(pastKey(genesis), past.slice(0, MOST_PAST));

const URL_KEY = "tephra:url";

/**
 * The node to begin with: what the page's address says (`?node=ws://…`), else the one of last time.
 */
export function loadUrl(): string {
  return (
    new URLSearchParams(location.search).get("node") ?? recall(URL_KEY) ?? "ws://127.0.0.1:9944"
  );
}

export const saveUrl = (url: string): void => remember(URL_KEY, url);
