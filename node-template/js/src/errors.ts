/** The errors of the library, and the exit codes of the command. */

/** The place of an error. */
export type Fault =
  /** The contract reverted or failed, or the chain refused the transaction. */
  | "contract"
  /** An argument is not valid. */
  | "usage"
  /** A file or its contents cannot be used. */
  | "input"
  /** The node cannot be reached or used. */
  | "node";

/** The exit code for each fault. */
export const EXIT_CODE: Record<Fault, number> = { contract: 1, usage: 2, input: 3, node: 4 };

/** An error that is one sentence, which names the thing, the place and the remedy. */
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

/** The error for an argument that is not valid. */
export const usage = (message: string): TephraError => new TephraError("usage", message);

/** The error for a file or data that cannot be used. */
export const input = (name: string, reason: string): TephraError =>
  new TephraError("input", `${name}: ${reason}`);

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
