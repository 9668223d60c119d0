/** What can go wrong, and the exit codes of the command. */

/** Who has to do something about it. */
export type Fault =
  /** The contract reverted or failed, or the chain refused the transaction. */
  | "contract"
  /** The words that were given make no sense. */
  | "usage"
  /** A file, or what is in it, cannot be used. */
  | "input"
  /** The node cannot be reached or used. */
  | "node";

/** The exit code for each fault. */
export const EXIT_CODE: Record<Fault, number> = { contract: 1, usage: 2, input: 3, node: 4 };

/** An error for a person: one sentence that names the thing, the place and the remedy. */
export class TephraError extends Error {
  constructor(
    readonly fault: Fault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "TephraError";
  }
}

/** Words that make no sense. */
export const usage = (message: string): TephraError => new TephraError("usage", message);

/** A file or data that cannot be used. */
export const input = (name: string, reason: string): TephraError =>
  new TephraError("input", `${name}: ${reason}`);

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
