/** The command `tephra-chain`. */
import { readFile } from "node:fs/promises";
import { EXIT_CODE, messageOf, TephraError } from "../errors.js";
import { run } from "./commands.js";
import { help } from "./help.js";
import { parse } from "./options.js";
import { complain } from "./output.js";

// The exit code that a shell expects of a program ended by Ctrl-C.
const INTERRUPTED = 130;

/** Runs the command. Returns its exit code. */
export async function main(
  argv: string[],
  env: Record<string, string | undefined>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  // It is no error when a reader closes the pipe (`| head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : EXIT_CODE.input),
  );
  // The libraries print to these what the command reports once, and better.
  console.error = console.warn = console.info = console.log = () => undefined;
  let follows = false;
  try {
    const request = parse(argv, env);
    if ("help" in request) {
      process.stdout.write(`${help(request.help)}\n`);
      return 0;
    }
    if ("version" in request) {
      const manifest = JSON.parse(
        await readFile(new URL("../../../package.json", import.meta.url), "utf8"),
      ) as { version: string };
      process.stdout.write(`tephra-chain ${manifest.version}\n`);
      return 0;
    }
    const aborted = new Promise<number>((resolve) =>
      interruption.signal.addEventListener("abort", () => resolve(INTERRUPTED)),
    );
    follows = request.run.options.follow;
    return await (follows
      ? run(request.run, interruption.signal)
      : Promise.race([run(request.run, interruption.signal), aborted]));
  } catch (error) {
    // An interrupt is how following ends. What was under way then fails, which is no error.
    if (interruption.signal.aborted) return follows ? 0 : INTERRUPTED;
    complain(messageOf(error));
    return error instanceof TephraError ? EXIT_CODE[error.fault] : EXIT_CODE.node;
  }
}
